"""Markdown: the text as it stands, what its front matter says as properties."""

from __future__ import annotations

import re
import tomllib

from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import decode

_YAML = re.compile(r"\A---[ \t]*\n(.{0,20000}?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.{0,20000}?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_FIELD = re.compile(r"^([\w][\w -]{0,60}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")


def read(raw: Raw) -> Content:
    """Return the text after the front matter, and the front matter's fields as properties."""
    found = decode(raw.data)
    warnings = list(found.warnings)
    text, properties = found.text, {"encoding": found.encoding}
    if match := _YAML.match(text):
        properties |= _yaml_fields(match.group(1))
        text = text[match.end() :].lstrip("\n")
    elif match := _TOML.match(text):
        try:
            table = tomllib.loads(match.group(1))
        except tomllib.TOMLDecodeError as error:
            warnings.append(f"the front matter is no TOML ({error}); left in the text")
        else:
            properties |= {key.lower(): _as_text(value) for key, value in table.items()}
            text = text[match.end() :].lstrip("\n")
    return Content(text, properties=properties, warnings=warnings)


def _yaml_fields(block: str) -> dict[str, str]:
    # Front matter of documents is flat: names with values or lists. Nested tables are of no use here, and
    # reading only the flat part spares a YAML library and what untrusted YAML can do with it.
    fields: dict[str, str] = {}
    last = None
    for line in block.split("\n"):
        if match := _FIELD.match(line):
            last = match.group(1).lower()
            fields[last] = _unquoted((match.group(2) or "").strip())
        elif last is not None and (item := re.match(r"[ \t]*- (.*)|[ \t]+(\S.*)", line)):
            value = _unquoted((item.group(1) or item.group(2)).strip())
            glue = ", " if item.group(1) else " "
            fields[last] = f"{fields[last]}{glue}{value}" if fields[last] not in ("", "|", ">") else value
    return {key: value for key, value in fields.items() if value}


def _unquoted(value: str) -> str:
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_unquoted(part.strip()) for part in value[1:-1].split(",") if part.strip())
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.split(" #")[0].rstrip()


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return str(value)
