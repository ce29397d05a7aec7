"""Reads e-mail: single messages (.eml) and mailboxes (.mbox)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from assistant.core.errors import DocumentError
from assistant.core.text import one_line, sanitize
from index.loaders.builder import Builder
from index.loaders.document import Document, Limits
from index.loaders.encoding import decode
from index.loaders.html import add_page

_BROKEN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    NotImplementedError,
)
"""What the email package raises on headers and parts that aren't what they claim."""
_SHOWN = ("From", "To", "Cc")
_FIELD = re.compile(rb"[!-9;-~]{1,100}:", re.ASCII)
_HEADER = 5_000
"""Characters of a header that are decoded."""
_PARTS = 500
"""Parts of one message that are looked at."""
_ATTACHED = 50
"""Attachments of one message that are named."""


def load(path: Path, limits: Limits) -> Document:
    """Sender, date, text and the names of attachments; pages are the messages of a mailbox,
    headings their subjects."""
    builder = Builder(replace(limits, pages=limits.messages))
    if path.suffix.lower() == ".eml":
        _add_message(builder, path.read_bytes())
    else:
        for message in _messages(path):
            builder.page()
            _add_message(builder, message)
    return builder.document()


def _messages(path: Path) -> Iterator[bytes]:
    """Sources of the messages, which lines beginning with “From ” divide."""
    message: list[bytes] | None = None
    blank = True
    with path.open("rb") as file:
        for line in file:
            if blank and line.startswith(b"From "):
                if message is not None:
                    yield b"".join(message)
                message = []
            elif message is None:
                if line.strip():
                    raise DocumentError("It is no mailbox.", "Give it the ending it should have.")
            else:
                message.append(line[1:] if line.startswith(b">From ") else line)
            blank = not line.strip()
    if message is not None:
        yield b"".join(message)


def _add_message(builder: Builder, source: bytes) -> None:
    if not _FIELD.match(source.lstrip()):
        raise DocumentError("It is no e-mail.", "Give it the ending it should have.")
    message = BytesParser(policy=policy.compat32).parsebytes(source.lstrip())
    subject = _header(message, "Subject")
    if subject:
        builder.add(subject, 1)
    fields = [f"{name}: {_header(message, name)}" for name in _SHOWN if _header(message, name)]
    date = _date(message)
    builder.add("\n".join([*fields, f"Date: {date}"] if date else fields))
    plain, page, attached = _parts(message)
    if plain.strip():
        builder.add(sanitize(plain))
    elif page:
        add_page(builder, page)
    if attached:
        builder.add(f"Attachments: {', '.join(attached)}")


def _header(message: Message, name: str) -> str:
    """A header decoded, on one line; the source's own text where it can't be."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None:
        return ""
    # Bytes that are not ASCII stand as surrogates in it.
    text = _guessed(str(raw)[:_HEADER].encode("utf-8", "surrogateescape"))
    with suppress(*_BROKEN):
        text = str(policy.default.header_factory(name, " ".join(text.split())))
    return one_line(text, 500)


def _date(message: Message) -> str:
    raw = str(message.get("Date", ""))[:200]
    try:
        return parsedate_to_datetime(raw).strftime("%Y-%m-%d %H:%M %z").strip()
    except _BROKEN:
        return one_line(raw, 80)


def _parts(message: Message) -> tuple[str, str, list[str]]:
    """Plain text, HTML and names of attachments, of all parts, nested ones too."""
    plain: list[str] = []
    pages: list[str] = []
    attached: list[str] = []
    waiting: list[Message] = [message]
    for _ in range(_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        name = _name(part)
        if name or part.get_content_disposition() == "attachment":
            attached.append(name or part.get_content_type())
        elif part.is_multipart():
            waiting.extend(reversed([p for p in part.get_payload() if isinstance(p, Message)]))
        elif part.get_content_type() == "text/html":
            pages.append(_text(part))
        elif part.get_content_maintype() == "text":
            plain.append(_text(part))
    return "\n\n".join(plain), "\n".join(pages), attached[:_ATTACHED]


def _name(part: Message) -> str:
    try:
        return one_line(part.get_filename() or "", 120)
    except _BROKEN:
        return "attachment"


def _text(part: Message) -> str:
    try:
        data = part.get_payload(decode=True)
    except _BROKEN:
        data = None
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeError):
        return _guessed(data)


def _guessed(data: bytes) -> str:
    try:
        return decode(data)
    except DocumentError:
        return data.decode("latin-1")
