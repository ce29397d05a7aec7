"""A conversation as Markdown, for people and other programs to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from assistant.core.events import Abstained, Event, Failed, Sources
from assistant.core.messages import TextAttachment
from assistant.core.text import one_line, sanitize
from assistant.store.portable import PortableConversation, PortableMessage

_PERSON, _PROGRAM = "You", "Assistant"
_STATES = {"stopped": "stopped", "failed": "failed", "running": "unfinished"}


def markdown_of(conversation: PortableConversation) -> str:
    """Title, then the branch in view; the other versions of a question follow at the end, each
    with what came of it."""
    in_view = _branch(conversation.messages, conversation.shown)
    shown = {message.id for message in in_view}
    others = [m for m in conversation.messages if m.role == "user" and m.id not in shown]
    parts = [f"# {_flat(conversation.title)}", f"*{conversation.created:%Y-%m-%d %H:%M} UTC*"]
    for question in in_view:
        parts += _exchange(question, conversation.messages)
    if others:
        parts += ["---", "# Other versions"]
    for question in others:
        parts += _exchange(question, conversation.messages)
    return "\n\n".join(parts) + "\n"


def _branch(messages: Sequence[PortableMessage], shown: int | None) -> list[PortableMessage]:
    """The questions from the first to the one shown last."""
    questions = {m.id: m for m in messages if m.role == "user"}
    at = questions.get(shown) if shown is not None else None
    branch = []
    while at is not None:
        branch.append(at)
        at = questions.get(at.parent) if at.parent is not None else None
    return branch[::-1]


def _exchange(question: PortableMessage, messages: Sequence[PortableMessage]) -> Iterator[str]:
    yield f"## {_PERSON}"
    yield from _body(question)
    for answer in messages:
        if answer.role == "assistant" and answer.parent == question.id:
            state = _STATES.get(answer.state, "")
            yield f"## {_PROGRAM}" + (f" ({state})" if state else "")
            yield from _body(answer)


def _body(message: PortableMessage) -> Iterator[str]:
    if message.text:
        yield sanitize(message.text).strip("\n")
    for attachment in message.attachments:
        if isinstance(attachment, TextAttachment):
            yield f"*Attached: {_flat(attachment.name)}*"
            yield _fenced(sanitize(attachment.text))
        else:
            yield f"*Attached: `{_flat(attachment.path)}`*"
    for raw in message.events:
        yield from _remarks(raw)


def _remarks(raw: msgspec.Raw) -> Iterator[str]:
    """The sources of an answer, and why one failed."""
    try:
        event = msgspec.json.decode(raw, type=Event)
    except msgspec.MsgspecError:
        return
    if isinstance(event, Failed):
        yield f"> {_flat(f'{event.message} {event.hint}')}"
    passages = event.passages if isinstance(event, Sources) else ()
    passages = event.nearest if isinstance(event, Abstained) else passages
    if passages:
        yield "\n".join(
            f"{number}. `{_flat(passage.path)}` {_flat(str(passage.place))}: {_flat(passage.quote)}"
            for number, passage in enumerate(passages, start=1)
        )


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def _flat(text: str) -> str:
    return one_line(text, 2_000).replace("`", "'")
