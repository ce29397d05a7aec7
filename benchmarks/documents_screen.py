"""The documents screen with 50,000 files: time to list, to filter, to page; event-loop lag.

Run: python -m benchmarks.documents_screen [files]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from assistant.config import Settings
from assistant.core.collections import CollectionStatus, FileReceipt, FileStatus
from assistant.core.events import Event, Receipt
from assistant.engine.wire import Happened, IndexStatus, Job, pack, unpack_from_engine
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.demo import ScriptedEngine, ScriptedStream
from assistant.tui.ports import JobStreamLike
from assistant.tui.run import local_time
from assistant.tui.screens.documents import DocumentsScreen
from assistant.tui.strings import choose
from assistant.tui.widgets.receipt import ReceiptList

TICK_SECONDS = 0.005
STATES: tuple[FileStatus, ...] = ("fresh", "fresh", "fresh", "failed", "stale", "waiting")


def receipt_frame(files: int) -> bytes:
    """The receipt as it comes from the engine, without the length before it."""
    listed = tuple(
        FileReceipt(f"/home/me/docs/{n // 200:03}/file {n:05}.txt", STATES[n % 6], "", n % 90)
        for n in range(files)
    )
    status = CollectionStatus("default", ("/home/me/docs",), listed, files, 0)
    return pack(Happened(1, Receipt(status)))[4:]


class FullEngine(ScriptedEngine):
    """Unpacks the receipt in the event loop, as the client does."""

    frame = b""

    def submit(self, job: Job) -> JobStreamLike:
        events: tuple[Event, ...] = ()
        if isinstance(job, IndexStatus):
            happened = unpack_from_engine(self.frame)
            events = (happened.event,) if isinstance(happened, Happened) else ()
        return ScriptedStream(events)


async def main(files: int) -> None:
    """Drive the app and print the times."""
    FullEngine.frame = receipt_frame(files)
    lags: list[float] = []

    async def measure_lag() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            lags.append((perf_counter() - before - TICK_SECONDS) * 1000)

    with tempfile.TemporaryDirectory() as folder:
        store = ConversationStore(Path(folder) / "c.sqlite3")
        app = AssistantApp(
            Settings(),
            store,
            lambda listener: FullEngine({}, listener),
            strings=choose({}),
            now=local_time,
            config_file=Path(folder) / "config.toml",
        )
        async with app.run_test(size=(120, 36)) as pilot:

            async def timed(what: str, keys: list[str], until: Callable[[], bool]) -> None:
                started = perf_counter()
                await pilot.press(*keys)
                while not until():
                    await pilot.pause(0.001)
                print(f"{what:28}{(perf_counter() - started) * 1000:8.0f} ms")

            await pilot.pause()
            lag = asyncio.create_task(measure_lag())

            def rows() -> int:
                screen = app.screen
                is_there = isinstance(screen, DocumentsScreen)
                return len(screen.query_one(ReceiptList).rows) if is_there else 0

            await timed("open and list", ["f3"], lambda: rows() == files + 1)
            await timed("show what failed", ["f"], lambda: 0 < rows() < files)
            await timed("show all again", ["f", "f", "f"], lambda: rows() == files + 1)
            await timed("find (four letters)", ["slash", *"0499"], lambda: 0 < rows() < files)
            await pilot.press("escape")
            await timed("100 pages down", ["pagedown"] * 100, lambda: True)
            lag.cancel()
        store.close()
    cuts = quantiles(lags, n=100)
    print(f"event-loop lag p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, most {max(lags):.0f} ms")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
