"""The machine-readable result of one turn, as `assistant batch` and `ask --json` write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from assistant.core.answer_text import AnswerText
from assistant.core.documents import Label, Passage
from assistant.core.events import (
    Abstained,
    Done,
    Event,
    Failed,
    Labelled,
    Picture,
    Planned,
    Routed,
    Sources,
    StepDone,
    Timings,
)


class SourceOut(msgspec.Struct, frozen=True):
    """A quoted passage; offsets are characters of the text extracted from the file."""

    path: str
    page: int | None
    line: int | None
    start: int
    end: int
    quote: str
    score: float


class PictureOut(msgspec.Struct, frozen=True):
    """A picture that was found or made."""

    path: str
    caption: str


class TimingsOut(msgspec.Struct, frozen=True):
    """Milliseconds from the start of the turn; None where nothing of the kind happened."""

    route_ms: float | None = None
    first_token_ms: float | None = None
    total_ms: float | None = None
    tokens_per_second: float | None = None


class ErrorOut(msgspec.Struct, frozen=True):
    """Why there is no answer: the fact, then the remedy."""

    message: str
    hint: str


class StepOut(msgspec.Struct):
    """A step of a chain; `text` is null for one that did not end."""

    skill: str
    target: str | None
    text: str | None = None


class TurnResult(msgspec.Struct):
    """One line of `assistant batch`'s output."""

    id: Any
    skill: str | None = None
    score: float | None = None
    margin: float | None = None
    chain: list[str] = []
    text: str = ""
    abstained: bool = False
    sources: list[SourceOut] = []
    labels: list[Label] = []
    timings: TimingsOut = TimingsOut()
    error: ErrorOut | None = None
    steps: list[StepOut] = []
    """The steps of a chain, none of a single skill; `text` is the last one's output."""
    obstacle: ErrorOut | None = None
    """Why the steps can't be done; also told where only the route is asked for."""
    pictures: list[PictureOut] = []


def collect(turn_id: object, events: Iterable[Event]) -> TurnResult:
    """Run a turn to its end and gather what it said."""
    result = TurnResult(turn_id)
    text = AnswerText()
    for event in events:
        text.take(event)
        _gather_step(result, event)
        match event:
            case Routed():
                result.skill, result.score, result.margin = event.skill, event.score, event.margin
                result.chain = list(event.chain)
            case Sources(passages):
                result.sources += [_source(p) for p in passages]
            case Abstained(_, nearest):
                result.abstained = True
                result.sources += [_source(p) for p in nearest]
            case Labelled(labels, _):
                result.labels += [Label(found.label, found.score) for found in labels]
            case Picture(path, caption):
                result.pictures.append(PictureOut(path, caption))
            case Done(_, timings, _):
                result.timings = _timings(timings)
            case Failed(message, hint):
                result.error = ErrorOut(message, hint)
            case _:
                continue
    result.text = str(text)
    return result


def _gather_step(result: TurnResult, event: Event) -> None:
    match event:
        case Planned(steps, obstacle):
            result.steps = [StepOut(step.skill, step.target) for step in steps]
            if obstacle is not None:
                result.obstacle = ErrorOut(obstacle.message, obstacle.hint)
        case StepDone(index, said):
            result.steps[index].text = said
        case _:
            return


def _source(passage: Passage) -> SourceOut:
    place = passage.place
    return SourceOut(
        passage.path,
        place.page,
        place.line,
        passage.start,
        passage.end,
        passage.quote,
        passage.score,
    )


def _timings(timings: Timings) -> TimingsOut:
    speed = timings.usage.tokens_per_second if timings.usage else None
    return TimingsOut(timings.route_ms, timings.first_token_ms, timings.total_ms, speed)
