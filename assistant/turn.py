"""One message in, a stream of events out: route, run the skill or the chain, measure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import msgspec

from assistant.chain import Chain
from assistant.core.answer_text import AnswerText
from assistant.core.errors import AssistantError, UsageError
from assistant.core.events import (
    Done,
    Event,
    Failed,
    Measured,
    Routed,
    SentTo,
    TextDelta,
    Timings,
    Usage,
)
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.core.skills import Cancelled, Params, Route, Router, Skill, SkillRequest
from assistant.core.stopping import StoppedError
from assistant.core.text import one_line
from assistant.core.turns import TurnRequest
from assistant.routing.missing_pictures import missing_pictures

ReadDocument = Callable[[Path], str]
Sent = Callable[[], Sequence[SentTo]]
"""Places outside this machine text was sent to since the last call."""


def _nowhere() -> Sequence[SentTo]:
    return ()


class TurnRunner:
    """Answers one message at a time with the skill the router picks.

    Args:
        router: chooses the skill and reads its parameters.
        skills: the skills there are, by name.
        read_document: the text of an attached file; raises DocumentError.
        sent: where models in use have sent text to.
    """

    def __init__(
        self,
        router: Router,
        skills: Mapping[str, Skill],
        read_document: ReadDocument,
        sent: Sent = _nowhere,
    ) -> None:
        self._sent = sent
        self._router = router
        self._skills = skills
        self._read_document = read_document

    def run(self, request: TurnRequest, cancelled: Cancelled) -> Iterator[Event]:
        """Events of the turn; the last one is `Done` or `Failed`."""
        record = _Record()
        self._sent()  # what was sent before is no part of this turn
        told = set(request.known_hosts)
        try:
            message, route = self._routed(request)
            record.routed()
            yield _routed(route)
            yield from self._announced(told)
            if request.ask_if_unsure and route.unsure:
                yield record.done(cancelled())  # the person chooses first
                return
            for event in self._work(route, message, request, cancelled):
                record.see(event)
                yield from self._announced(told)
                yield event
        except StoppedError:
            yield from self._announced(told)
            yield record.done(cancelled=True)
            return
        except AssistantError as error:
            yield from self._announced(told)
            yield Failed(error.message, error.hint)
            return
        yield record.done(cancelled())

    def _announced(self, told: set[str]) -> Iterator[SentTo]:
        """Each place text was sent to that the person was not told of in this conversation."""
        for place in self._sent():
            if place.host not in told:
                told.add(place.host)
                yield place

    def _work(
        self, route: Route, message: Message, request: TurnRequest, cancelled: Cancelled
    ) -> Iterator[Event]:
        """Events of the skill or the chain; of a chain, the plan alone where only that is asked."""
        if route.plan is not None:
            chain = Chain(route.plan, self._skills, message, request)
            planned = chain.planned(cancelled)
            yield planned
            if request.route_only:
                return
            if planned.obstacle is not None:
                raise AssistantError(planned.obstacle.message, planned.obstacle.hint)
            yield from chain.run(cancelled)
        elif not request.route_only:
            params = _merge(route.params, request)
            skill_request = SkillRequest(message, request.history, params, cancelled)
            yield from self._skills[route.skill].run(skill_request)

    def _routed(self, request: TurnRequest) -> tuple[Message, Route]:
        """The message with its files read, unless its first skill takes them as they are."""
        if not request.text.strip() and not request.attachments:
            raise UsageError("The message is empty.", "Type something, or attach a file.")
        _require_pictures(request)
        if self._may_take_files(request):
            message = Message("user", request.text, request.attachments)
            route = self._route(message, request)
            if "file" in self._skills[(route.chain or (route.skill,))[0]].card.accepts:
                return message, route
        message = self._message(request)
        return message, self._route(message, request)

    def _may_take_files(self, request: TurnRequest) -> bool:
        if not any(isinstance(one, FileAttachment) for one in request.attachments):
            return False
        return any("file" in skill.card.accepts for skill in self._skills.values())

    def _message(self, request: TurnRequest) -> Message:
        attachments = tuple(
            TextAttachment(one_line(Path(a.path).name), self._read_document(Path(a.path)))
            if isinstance(a, FileAttachment)
            else a
            for a in request.attachments
        )
        return Message("user", request.text, attachments)

    def _route(self, message: Message, request: TurnRequest) -> Route:
        self._require_known(request.skill)
        route = self._router.route(
            message,
            request.history,
            request.skill,
            request.collection,
            filtered=bool(request.filters),
        )
        for name in route.chain or (route.skill,):
            self._require_known(name)
        return route

    def _require_known(self, skill: str | None) -> None:
        if skill is not None and skill not in self._skills:
            raise UsageError(
                f"There is no skill “{one_line(skill, 40)}”.",
                f"The skills are: {', '.join(sorted(self._skills))}.",
            )


def _require_pictures(request: TurnRequest) -> None:
    """A picture that is not there would be read as a text to translate or to answer.

    Raises:
        UsageError: the message is about a picture by a path where there is none.
    """
    if request.skill is not None or any(
        isinstance(a, ImageAttachment) for a in request.attachments
    ):
        return
    missing = missing_pictures(request.text)
    if missing:
        names = ", ".join(f"“{one_line(path, 80)}”" for path in missing)
        raise UsageError(
            f"There is no picture at {names}.",
            "Correct the path, or attach the picture. To talk about the path itself, choose the "
            "skill: /generate in the chat, --skill generate on the command line.",
        )


def _routed(route: Route) -> Routed:
    return Routed(
        route.skill,
        route.score,
        route.margin,
        route.reason,
        route.alternatives,
        route.chain or (route.skill,),
        route.unsure,
    )


def _merge(params: Params, request: TurnRequest) -> Params:
    """The router's reading of the message, overruled by what was said with flags."""
    return msgspec.structs.replace(
        params,
        source=request.source or params.source,
        target=request.target or params.target,
        labels=request.labels or params.labels,
        collection=request.collection or params.collection,
        filters=request.filters or params.filters,
    )


@dataclass(slots=True)
class _Record:
    """What a turn has said so far, and when."""

    started: float = field(default_factory=perf_counter)
    route_ms: float | None = None
    first_token_ms: float | None = None
    usage: Usage | None = None
    text: AnswerText = field(default_factory=AnswerText)

    def routed(self) -> None:
        self.route_ms = self._elapsed_ms()

    def see(self, event: Event) -> None:
        self.text.take(event)
        if isinstance(event, TextDelta) and self.first_token_ms is None:
            self.first_token_ms = self._elapsed_ms()
        elif isinstance(event, Measured):
            self.usage = event.usage

    def done(self, cancelled: bool) -> Done:
        timings = Timings(self.route_ms, self.first_token_ms, self._elapsed_ms(), self.usage)
        return Done(str(self.text), timings, cancelled)

    def _elapsed_ms(self) -> float:
        return (perf_counter() - self.started) * 1000
