"""E-mail (`.eml`): the header fields as Swedish lines above the body; quoted replies and signatures kept."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import decode

_SHOWN = (("from", "Från"), ("to", "Till"), ("cc", "Kopia"), ("date", "Datum"), ("subject", "Ämne"))


def read(raw: Raw) -> Content:
    """Return header lines and the plain body (the html one when there is no other); attachments are warned of."""
    message = email.message_from_bytes(raw.data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # what this policy makes; for the type checker
    if not any(message.get(name) for name in ("from", "to", "subject", "date", "received")):
        raise raw.unreadable("no e-mail: it has none of the header fields of one", "If it is text, name it .txt.")
    fields = {name: _field(message, name) for name in ("from", "to", "cc", "subject")}
    fields["date"] = _date(message)
    body, warnings = _body(message)
    attached = (
        [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
        if message.is_multipart()
        else []
    )
    if attached:
        warnings.append(f"attachments not read: {', '.join(attached)}")
    return compose(fields, body, warnings)


def compose(fields: dict[str, str], body: str, warnings: list[str]) -> Content:
    """Put the header lines above a body; used for every kind of mail."""
    head = "\n".join(f"{swedish}: {fields[name]}" for name, swedish in _SHOWN if fields.get(name))
    properties = {name: value for name, value in fields.items() if value}
    if "subject" in properties:
        properties["title"] = properties["subject"]
    return Content(f"{head}\n\n{body.strip()}".strip(), properties=properties, warnings=warnings)


def _field(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name) or "")
    except Exception:  # the header parser stumbles over some broken addresses
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name), "")
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())


def _date(message: EmailMessage) -> str:
    value = _field(message, "date")
    try:
        return parsedate_to_datetime(value).strftime("%Y-%m-%d %H:%M")
    except (ValueError, TypeError, OverflowError):
        return value


def _body(message: EmailMessage) -> tuple[str, list[str]]:
    part = message.get_body(("plain", "html"))
    if part is None:
        return "", ["the mail has no text"]
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return "", ["the mail's text cannot be decoded"]
    found = decode(payload, part.get_content_charset())
    warnings = list(found.warnings)
    if part.get_content_type() == "text/html":
        from offtext.readers.html import from_html

        return from_html(found.text, whole=True).text, warnings
    text = found.text
    if (part.get_param("format") or "") == "flowed":
        text = _unflowed(text)
    return text, warnings


def _unflowed(text: str) -> str:
    """Join the soft line breaks of `format=flowed`: lines that end in a space go on, except the signature's `-- `."""
    lines: list[str] = []
    open_line = False
    for line in text.split("\n"):
        if open_line and not line.startswith(">"):
            lines[-1] += line
        else:
            lines.append(line)
        open_line = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return "\n".join(line.rstrip() if line != "-- " else line for line in lines)
