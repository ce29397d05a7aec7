"""`assistant batch`: one JSON request a line in, one JSON result a line out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.learning import tell_learning
from assistant.cli.result import ErrorOut, TurnResult, collect
from assistant.cli.speaking import say
from assistant.core.documents import Filters
from assistant.core.errors import UsageError
from assistant.core.messages import ImageAttachment, Message, Role
from assistant.core.turns import TurnRequest


class HistoryIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A turn that came before."""

    role: Role
    text: str


class FiltersIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files to answer from, as the flags of `assistant ask` say it."""

    within: tuple[str, ...] = msgspec.field(default=(), name="in")
    type: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    def as_filters(self) -> Filters:
        """
        Raises:
            UsageError: a type or a date can't be read.
        """
        from skills.filter_values import make_filters

        return make_filters(self.within, self.type, self.after, self.before)


class RequestIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of input."""

    text: str
    id: Any = None
    skill: str | None = None
    images: tuple[str, ...] = ()
    collection: str | None = None
    target: str | None = None
    source: str | None = None
    labels: tuple[str, ...] = ()
    route_only: bool = False
    history: tuple[HistoryIn, ...] = ()
    filters: FiltersIn = FiltersIn()

    def as_turn(self) -> TurnRequest:
        """The turn this line asks for.

        Raises:
            UsageError: a filter can't be read.
        """
        return TurnRequest(
            text=self.text,
            attachments=tuple(ImageAttachment(path) for path in self.images),
            history=tuple(Message(turn.role, turn.text) for turn in self.history),
            skill=self.skill,
            source=self.source,
            target=self.target,
            labels=self.labels,
            collection=self.collection,
            filters=self.filters.as_filters(),
            route_only=self.route_only,
        )


@click.command()
@click.pass_obj
def command(context: Context) -> None:
    """Answer JSON requests, one a line from standard input, in order.

    Models are loaded once. A bad line gives a result with "error" and the run goes on; the
    exit status is 1 if any line failed.
    """
    failed = False
    for result in _results(context, sys.stdin.buffer):
        failed = failed or result.error is not None
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()
    if failed:
        sys.exit(1)


def _results(context: Context, lines: Iterable[bytes]) -> Iterable[TurnResult]:
    from assistant.engine.guard import guarded
    from assistant.engine.wiring import build

    engine = build(context.settings, context.places, tell_learning)
    for source in engine.servers():
        if not source.is_local:
            say(f"Note: text is sent to {source.destination}, where a model is served.", err=True)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            request = msgspec.json.decode(line, type=RequestIn)
            turn = request.as_turn()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            yield _bad_line(number, line, error)
            continue
        except UsageError as error:
            yield TurnResult(_id_of(line, number), error=ErrorOut(error.message, error.hint))
            continue
        turn_id = number if request.id is None else request.id
        events = engine.turns.run(turn, _never)
        yield collect(turn_id, guarded(events, f"{context.places.state}"))


def _bad_line(number: int, line: bytes, error: Exception) -> TurnResult:
    fields = ", ".join(RequestIn.__struct_fields__)
    return TurnResult(
        _id_of(line, number),
        error=ErrorOut(f"Line {number} is no request: {error}.", f"The fields are: {fields}."),
    )


def _id_of(line: bytes, number: int) -> object:
    """The id of a line that is JSON but no request, else its number."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return number
    return value.get("id", number) if isinstance(value, dict) else number


def _never() -> bool:
    """Nobody can cancel a line; the run as a whole ends with Ctrl+C."""
    return False
