"""Measures the interface: `python -m benchmarks.ui`; what it must reach stands beside each figure.

Drives the real app without a terminal, at 120×36. While the real engine process loads its
models and reads a folder of documents, a scripted answer streams at 100 tokens a second; how late
the event loop wakes from naps of ten milliseconds is its lag. Then a search over 50,000 messages
is typed letter by letter, and conversations of 500 messages are opened; both are timed to the
paint. `--first-screen` adds the time to the first screen, from exec, in a pseudo-terminal.

Uses the models in the user's cache (`assistant models pull`) and a data folder of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from textual import events
from textual.widgets import Input
from textual.widgets.option_list import Option

from assistant.config import Settings, find_places
from assistant.core.events import Done, Event, Failed, Routed, TextDelta, Timings
from assistant.engine.client import EngineClient
from assistant.engine.wire import IndexAdd, Job, TurnRequest
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.ports import JobStreamLike, StatusListener
from assistant.tui.run import local_time
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.sidebar import Sidebar
from benchmarks.library import ANSWER, CHINESE, WORDS, fill

SIZE = (120, 36)
NAP_SECONDS = 0.01
TOKENS_A_SECOND = 100
DOCUMENTS = 300
QUERIES = ("the train le", "火车九点", "platform storm", "oak summer w")
DEADLINE_SECONDS = 60.0
Condition = Callable[[], bool]


class ScriptedStream:
    """Markdown at TOKENS_A_SECOND; a token is four characters."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __aiter__(self) -> AsyncIterator[Event]:
        yield Routed("generate", 0.97, 0.95, "scripted", (), ("generate",))
        text = (ANSWER.format(" ".join(WORDS) + "。" + CHINESE, "1", "x") + "\n") * 100
        begun = perf_counter()
        for number in range(int(self._seconds * TOKENS_A_SECOND)):
            late = begun + number / TOKENS_A_SECOND - perf_counter()
            if late > 0:
                await asyncio.sleep(late)
            yield TextDelta(text[number * 4 : number * 4 + 4])
        yield Done("", Timings(1.0, 1.0, self._seconds * 1000))

    def cancel(self) -> None:
        """It ends by itself."""


class HalfScriptedEngine:
    """The real engine for everything but turns, which are scripted."""

    def __init__(self, client: EngineClient, seconds: float) -> None:
        self._client = client
        self._seconds = seconds

    async def start(self) -> None:
        await self._client.start()

    def submit(self, job: Job) -> JobStreamLike:
        if isinstance(job, TurnRequest):
            return ScriptedStream(self._seconds)
        return self._client.submit(job)

    def restart(self) -> None:
        self._client.restart()

    async def close(self) -> None:
        await self._client.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="of streaming")
    parser.add_argument("--first-screen", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assistant-ui-") as folder:
        asyncio.run(_measure(Path(folder), options.messages, options.seconds))
    if options.first_screen:
        from benchmarks import first_screen

        difference = first_screen.difference(runs=5, conversations=2_000)
        _told("first screen beyond an empty app", [difference], "0.3 s", unit=1.0)


async def _measure(folder: Path, messages: int, seconds: float) -> None:
    for name in ("DATA", "STATE"):
        os.environ[f"ASSISTANT_{name}_DIR"] = str(folder / name.lower())
    places = find_places(os.environ)
    with closing(ConversationStore(places.conversations)) as store:
        fill(store, messages // 50, 25)
        fill(store, 3, 250, seed=8)
        store.search("the")

        def connect(listener: StatusListener) -> HalfScriptedEngine:
            command = [sys.executable, "-m", "assistant.engine.host"]
            return HalfScriptedEngine(EngineClient(command, places.engine_log, listener), seconds)

        app = AssistantApp(
            Settings(), store, connect, strings=ENGLISH, now=local_time,
            config_file=folder / "config.toml",
        )  # fmt: skip
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            await _lag(app, _documents(folder / "documents"))
            await _searches(app)
            await _switches(app, store)


# --- the event loop ------------------------------------------------------------------------


async def _lag(app: AssistantApp, documents: Path) -> None:
    """While the models load (the app warms them up as it starts), a folder is read and an
    answer streams."""
    lags: list[float] = []
    meter = asyncio.create_task(_nap(lags))
    reading = asyncio.create_task(_read(app, documents))
    await app.ask("stream")
    streamed = len(lags)
    failure = await reading
    meter.cancel()
    if failure:
        print(f"the folder was not read: {failure}")
    print(f"{streamed} naps while the answer streamed, {len(lags)} in all")
    _told("event-loop lag", lags, "p95 50 ms, p99 120 ms")


async def _nap(lags: list[float]) -> None:
    while True:
        begun = perf_counter()
        await asyncio.sleep(NAP_SECONDS)
        lags.append(perf_counter() - begun - NAP_SECONDS)


async def _read(app: AssistantApp, documents: Path) -> str:
    failure = ""
    async for event in app.services.engine.submit(IndexAdd((str(documents),))):
        if isinstance(event, Failed):
            failure = f"{event.message} {event.hint}"
    return failure


def _documents(folder: Path) -> Path:
    folder.mkdir()
    for number in range(DOCUMENTS):
        text = "\n\n".join(f"{number} {' '.join(WORDS)} {CHINESE}" for _ in range(30))
        (folder / f"note-{number}.md").write_text(text, encoding="utf-8")
    return folder


# --- search and switching -------------------------------------------------------------------


async def _searches(app: AssistantApp) -> None:
    box = app.screen.query_one("Input.search", Input)
    listed = app.screen.query_one(ConversationList)
    app.screen.query_one(Sidebar).focus_search()
    costs = []
    for query in QUERIES:
        for end in range(1, len(query) + 1):
            before = listed.options[0]

            def another(old: Option = before) -> bool:
                return bool(listed.options) and listed.options[0] is not old

            act = partial(app.post_message, _key(query[end - 1]))
            costs.append(await _painted(app, act, another))
        box.value = ""
        await asyncio.sleep(0.5)
    _told_costs("search, a keystroke", costs, "100 ms")


def _key(character: str) -> events.Key:
    """As it comes from the terminal."""
    return events.Key("space" if character == " " else character, character)


async def _switches(app: AssistantApp, store: ConversationStore) -> None:
    everything = store.recent(store.count())
    long = [c.id for c in everything if len(store.messages(c.id, limit=250)) == 500]
    sidebar = app.screen.query_one(Sidebar)
    costs = []
    for conversation in long * 3:
        last = store.messages(conversation, limit=1)[0].id

        def there(wanted: int = last) -> bool:
            views = app.screen.query(QuestionView)
            return bool(views) and views.last().exchange.id == wanted

        act = partial(sidebar.post_message, Sidebar.Chosen(conversation))
        costs.append(await _painted(app, act, there))
        await asyncio.sleep(0.5)
    _told_costs("opening a conversation of 500 messages", costs, "200 ms")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processor: the second hardly depends on what else the
    machine does."""

    clock: float
    processor: float


async def _painted(app: AssistantApp, act: Callable[[], object], happened: Condition) -> Cost:
    """What it costs until something that was begun has happened and was painted."""
    begun, busy = perf_counter(), process_time()
    act()
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not happened():  # noqa: ASYNC110 - what is measured must not know of it
            await asyncio.sleep(0.001)
        painted = asyncio.Event()
        app.screen.call_after_refresh(painted.set)
        await painted.wait()
    return Cost(perf_counter() - begun, process_time() - busy)


def _told_costs(name: str, costs: list[Cost], target: str) -> None:
    _told(name, [cost.clock for cost in costs], target)
    _told("  of the processor", [cost.processor for cost in costs], "")


def _told(name: str, seconds: list[float], target: str, unit: float = 1000.0) -> None:
    measured = [s * unit for s in seconds]
    name_of_unit = "ms" if unit == 1000.0 else "s"
    if len(measured) < 2:
        print(f"{name}: {measured[0]:.2f} {name_of_unit}   (target {target})")
        return
    percent = quantiles(measured, n=100, method="inclusive")
    aim = f"   (target {target}; n = {len(measured)})" if target else ""
    print(
        f"{name}: median {median(measured):.1f}, p95 {percent[94]:.1f}, p99 {percent[98]:.1f}, "
        f"most {max(measured):.1f} {name_of_unit}{aim}"
    )


if __name__ == "__main__":
    main()
