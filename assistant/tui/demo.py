"""A short scripted conversation: what the screenshot command shows, without any model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from assistant.core.documents import Passage, Place
from assistant.core.events import (
    Alternative,
    Done,
    Event,
    Routed,
    Sources,
    TextDelta,
    Timings,
    Usage,
)
from assistant.core.messages import Message
from assistant.engine.wire import Job, Status, TurnRequest
from assistant.store.conversations import ConversationStore
from assistant.tui.ports import JobStreamLike, StatusListener

READY = Status(
    "ready",
    model="smollm2-135m-instruct",
    device="cpu",
    documents=12,
)
USAGE = Usage(
    prompt_tokens=412,
    new_tokens=96,
    seconds=1.3,
    first_token_seconds=0.24,
    context_length=4096,
    model=READY.model,
    device=READY.device,
)


class ScriptedStream:
    """The events of one job, as written."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events

    async def __aiter__(self) -> AsyncIterator[Event]:
        for event in self._events:
            yield event

    def cancel(self) -> None:
        """There is nothing to wait for."""


class ScriptedEngine:
    """Answers each text of its script with the events written for it."""

    def __init__(self, script: Mapping[str, Sequence[Event]], listener: StatusListener) -> None:
        self._script = script
        self._listener = listener

    async def start(self) -> None:
        """Ready at once."""
        self._listener(READY)

    def submit(self, job: Job) -> JobStreamLike:
        """The events for a turn; other jobs are done at once."""
        events = self._script[job.text] if isinstance(job, TurnRequest) else (_done(""),)
        return ScriptedStream(events)

    def restart(self) -> None:
        """Nothing to start anew."""

    async def close(self) -> None:
        """Nothing to close."""


def _done(text: str, milliseconds: float = 1300.0) -> Done:
    return Done(text, Timings(7.0, 240.0, milliseconds, USAGE))


def _passage(path: str, quote: str, page: int | None, line: int | None, context: str) -> Passage:
    return Passage(path, quote, Place(page, line), 0, len(quote), 1.0, context)


_ROOTS = (
    "When leaves fall in autumn, trees withdraw most of the nitrogen and phosphorus in them and "
    "store it in the bark and roots."
)
_WATER = "A mature oak moves up to 400 litres of water a day in summer."
_DOCUMENT_ANSWER = f"> {_ROOTS} **[1]**\n\n> {_WATER} **[2]**"
_CODE_ANSWER = """Sort by the number of letters first, then by the alphabet:

```python
def by_length(words: list[str]) -> list[str]:
    return sorted(words, key=lambda word: (len(word), word))
```

A tuple as key compares *part by part*, and `sorted` leaves your list as it is.
"""

SCRIPT: dict[str, tuple[Event, ...]] = {
    "What do trees do with their nutrients before winter?": (
        Routed(
            "qa",
            0.94,
            0.88,
            "A question, and your documents speak of it.",
            (Alternative("generate", 0.05), Alternative("translate", 0.01)),
            ("qa",),
        ),
        TextDelta(_DOCUMENT_ANSWER),
        Sources(
            (
                _passage("~/papers/forest-ecology.pdf", _ROOTS, 118, None, f"{_ROOTS} In spring "
                         "the same stores feed the first leaves."),
                _passage("~/notes/oaks.md", _WATER, None, 12, f"## Water\n{_WATER}"),
            )
        ),
        _done(_DOCUMENT_ANSWER, 210.0),
    ),
    "翻译成葡萄牙语：The train leaves at nine tomorrow morning.": (
        Routed("translate", 0.99, 0.98, "The message asks for Portuguese.", (), ("translate",)),
        TextDelta("O trem sai às nove da manhã."),
        _done("O trem sai às nove da manhã.", 90.0),
    ),
    "Sort words by length in Python?": (
        Routed("generate", 0.97, 0.95, "A request to write code.", (), ("generate",)),
        TextDelta(_CODE_ANSWER),
        _done(_CODE_ANSWER),
    ),
}  # fmt: skip

EARLIER = (
    (0.1, "Plan a weekend in Lisbon"),
    (1.0, "Summarise the meeting notes"),
    (1.2, "给奶奶写一封生日信"),
    (3.0, "What is in this photo?"),
    (12.0, "Receita de pão de queijo"),
    (70.0, "How does a heat pump work?"),
)
"""Days ago and first message of the conversations in the list."""


def fill(store: ConversationStore, set_time: StandingClock) -> None:
    """Write the earlier conversations, each at its time."""
    for days, title in reversed(EARLIER):
        set_time.back(days)
        conversation = store.create()
        store.add_user(conversation.id, Message("user", title))
    set_time.back(0)


class StandingClock:
    """A clock that stands still, at a moment or some days before it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._days = 0.0

    def back(self, days: float) -> None:
        """Stand so many days before the moment."""
        self._days = days

    def __call__(self) -> float:
        return self._now.timestamp() - self._days * 86_400
