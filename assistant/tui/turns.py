"""Runs one job of the engine for an answer: shows its events, keeps its text, settles its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from assistant.core.errors import AssistantError, EngineError
from assistant.core.events import (
    Carried,
    Done,
    Event,
    Failed,
    Progress,
    Routed,
    StepStarted,
    TextDelta,
)
from assistant.core.text import sanitize
from assistant.engine.wire import TurnRequest
from assistant.tui.ports import EngineLike, JobStreamLike
from assistant.tui.session import Answer

SAVE_SECONDS = 1.0
"""Partial text is kept this often; a crash of the whole program loses no more."""

Outcome = Literal["complete", "stopped", "failed", "died"]


class AnswerView(Protocol):
    """Where an answer is shown."""

    async def show(self, event: Event) -> None: ...
    async def choose(self, routed: Routed) -> str | None:
        """Let the person choose between the skills of an unsure route; None to stop."""
        ...

    async def settle(self) -> None:
        """Everything was shown; the answer's state is final."""
        ...


class Turn:
    """One answer on its way. `cancel` may be called at any time and more than once."""

    def __init__(
        self,
        engine: EngineLike,
        answer: Answer,
        save: Callable[[Answer], None],
        seconds: Callable[[], float],
        on_death: Failed,
    ) -> None:
        self._engine = engine
        self._answer = answer
        self._save = save
        self._seconds = seconds
        self._on_death = on_death
        self._saved = seconds()
        self._stream: JobStreamLike | None = None
        self._cancelled = asyncio.Event()
        self._fresh = False
        """A step began and has said nothing yet: what the one before said still stands."""

    def cancel(self) -> None:
        """Ask the engine to stop; what is written stays."""
        self._cancelled.set()
        if self._stream is not None:
            self._stream.cancel()

    async def run(self, request: TurnRequest, view: AnswerView) -> Outcome:
        """Run to the end, whatever it is; the answer is complete, stopped or failed after it."""
        outcome: Outcome = "stopped"
        try:
            outcome = await self._follow(request, view)
        except EngineError:
            await self._failed(self._on_death, view)
            outcome = "died"
        except AssistantError as error:
            await self._failed(Failed(error.message, error.hint), view)
            outcome = "failed"
        finally:
            # Also when the program is closed in the middle (CancelledError).
            self._answer.state = "failed" if outcome == "died" else outcome
            self._save(self._answer)
        await view.settle()
        return outcome

    async def _follow(self, request: TurnRequest, view: AnswerView) -> Outcome:
        self._stream = self._engine.submit(request)
        if self._cancelled.is_set():
            self._stream.cancel()
        outcome: Outcome = "stopped"
        doubt: Routed | None = None
        async for event in self._stream:
            if isinstance(event, Failed):
                await self._failed(event, view)
                return "failed"
            if isinstance(event, Routed) and event.unsure and request.ask_if_unsure:
                doubt = event
            if doubt is not None:
                continue  # nothing else happens before the person has chosen
            self._take(event)
            await view.show(event)
            if isinstance(event, Done):
                stopped = event.cancelled or self._cancelled.is_set()
                outcome = "stopped" if stopped else "complete"
        if doubt is None:
            return outcome
        skill = await self._chosen(doubt, view)
        if skill is None:
            self._take(doubt)
            await view.show(doubt)
            return "stopped"
        settled = msgspec.structs.replace(request, skill=skill, ask_if_unsure=False)
        return await self._follow(settled, view)

    async def _chosen(self, doubt: Routed, view: AnswerView) -> str | None:
        """The person's choice, unless they stop the turn first."""
        choice = asyncio.ensure_future(view.choose(doubt))
        stop = asyncio.ensure_future(self._cancelled.wait())
        try:
            await asyncio.wait((choice, stop), return_when=asyncio.FIRST_COMPLETED)
            return choice.result() if choice.done() else None
        finally:
            choice.cancel()
            stop.cancel()

    async def _failed(self, event: Failed, view: AnswerView) -> None:
        self._answer.events += (event,)
        await view.show(event)

    def _take(self, event: Event) -> None:
        self._fresh = self._fresh or isinstance(event, StepStarted)
        if isinstance(event, TextDelta):
            before = "" if self._fresh else self._answer.text
            self._answer.text = before + sanitize(event.text)
            self._fresh = False
            self._save_now_and_then()
        elif isinstance(event, Done):
            self._answer.text = sanitize(event.message) or self._answer.text
            self._answer.events += (event,)
        elif not isinstance(event, Progress | Carried):
            self._answer.events += (event,)

    def _save_now_and_then(self) -> None:
        now = self._seconds()
        if now - self._saved >= SAVE_SECONDS:
            self._saved = now
            self._save(self._answer)


async def drain(stream: JobStreamLike) -> None:
    """Follow a job nobody watches (warming up) to its end; a dead engine ends it too."""
    try:
        async for _ in stream:
            await asyncio.sleep(0)
    except EngineError:
        return
