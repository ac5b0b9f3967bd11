"""Outlook mail (`.msg`): the fields and the plain body from the OLE container."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

from offtext.errors import MissingExtra
from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import decode
from offtext.readers.mail import compose

# MAPI property ids, as in the names of the streams of a .msg file
_SUBJECT, _BODY, _HTML = "0037", "1000", "1013"
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP = "0C1A", "0C1F", "5D01"
_TO, _CC = "0E04", "0E03"
_TIMES = (0x00390040, 0x0E060040)  # sent, received


def read(raw: Raw) -> Content:
    """Return header lines and body like an `.eml`; attachments are counted in a warning.

    Raises:
        MissingExtra: olefile is not installed.
    """
    try:
        import olefile
    except ImportError:
        raise MissingExtra("olefile", "msg", "Reading Outlook mail (.msg)") from None
    with olefile.OleFileIO(io.BytesIO(raw.data)) as container:
        sender, address = (
            _string(container, _SENDER),
            _string(container, _SENDER_SMTP) or _string(container, _SENDER_ADDRESS),
        )
        fields = {
            "from": f"{sender} <{address}>" if sender and "@" in address else sender or address,
            "to": _string(container, _TO),
            "cc": _string(container, _CC),
            "date": _sent(container),
            "subject": _string(container, _SUBJECT),
        }
        body = _string(container, _BODY)
        if not body.strip() and (page := _bytes(container, f"__substg1.0_{_HTML}0102")):
            from offtext.readers.html import from_html

            body = from_html(decode(page).text, whole=True).text
        attached = {entry[0] for entry in container.listdir() if entry[0].startswith("__attach")}
    warnings = [f"{len(attached)} attachments not read"] if attached else []
    return compose({key: " ".join(value.split()) for key, value in fields.items()}, body, warnings)


def _bytes(container: Any, name: str) -> bytes:
    return container.openstream(name).read() if container.exists(name) else b""


def _string(container: Any, identity: str) -> str:
    wide = _bytes(container, f"__substg1.0_{identity}001F")
    text = (
        wide.decode("utf-16-le", "replace") if wide else decode(_bytes(container, f"__substg1.0_{identity}001E")).text
    )
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\0")


def _sent(container: Any) -> str:
    # Fixed-size properties stand in one stream: after a header of 32 bytes, 16 bytes each: tag, flags, value.
    table = _bytes(container, "__properties_version1.0")[32:]
    times = {}
    for at in range(0, len(table) - 15, 16):
        tag, _, value = struct.unpack_from("<IIQ", table, at)
        times[tag] = value
    for tag in _TIMES:
        if times.get(tag):
            try:
                when = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=times[tag] // 10)
            except OverflowError:
                continue
            return when.strftime("%Y-%m-%d %H:%M")
    return ""
