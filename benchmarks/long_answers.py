"""Long answers and large folders: what they cost, and how long they keep the keyboard waiting.

`python -m benchmarks.long_answers` streams an answer of each kind through the real app without a
terminal, while a probe measures how late the event loop comes back, then changes the size of the
terminal; and it walks a folder of 50,000 files and searches it as the `@` of the prompt does.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from textual.pilot import Pilot

from assistant.config import Settings
from assistant.core.events import Done, Event, Routed, TextDelta, Timings
from assistant.files.walk import walk
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.demo import ScriptedEngine, StandingClock
from assistant.tui.fuzzy import PathSearch
from assistant.tui.screenshot import MOMENT
from assistant.tui.strings import choose

PIECE_LINES = 50
PROBE_SECONDS = 0.01
FOLDERS, FILES_EACH = 500, 100
QUERIES = ("f", "file_4", "f42md", "zzz")


def answers() -> dict[str, list[str]]:
    """Lines of an answer, by kind."""
    return {
        "2,000 lines": [f"line {n} with words {'word ' * (n % 12)}\n" for n in range(2_000)],
        "300 paragraphs": [f"Some **prose** {n}, 你好 {'w ' * (n % 18)}\n\n" for n in range(300)],
        "2,000 lines of code": [
            "```python\n",
            *(f"x{n} = f({n})\n" for n in range(2_000)),
            "```\n",
        ],
        "1,000 items": [f"{n}. **item** {n} 你好 {'x' * (n % 90)}\n" for n in range(1, 1_001)],
    }


def script(lines: list[str]) -> list[Event]:
    """An answer in pieces of some lines."""
    text = "".join(lines)
    starts = range(0, len(lines), PIECE_LINES)
    pieces = [TextDelta("".join(lines[at : at + PIECE_LINES])) for at in starts]
    return [Routed("generate", 1.0, 1.0, ""), *pieces, Done(text, Timings(1.0, 1.0, 1.0))]


async def probe(lags: list[float]) -> None:
    """Note how late each short sleep ends."""
    while True:
        started = perf_counter()
        await asyncio.sleep(PROBE_SECONDS)
        lags.append(perf_counter() - started - PROBE_SECONDS)


async def resized(pilot: Pilot[int]) -> float:
    """Seconds until a narrower terminal is drawn."""
    started = perf_counter()
    await pilot.resize_terminal(70, 24)
    await pilot.pause()
    return perf_counter() - started


async def measure(kind: str, lines: list[str], folder: Path) -> None:
    """Stream one answer and print what it cost."""
    store = ConversationStore(folder / f"{kind}.sqlite3", StandingClock(MOMENT))
    app = AssistantApp(
        Settings(),
        store,
        lambda listener: ScriptedEngine({"go": script(lines)}, listener),
        strings=choose({}),
        now=lambda: MOMENT,
        config_file=folder / "config.toml",
    )
    lags: list[float] = []
    async with app.run_test(size=(110, 30)) as pilot:
        await pilot.pause()
        probing = asyncio.create_task(probe(lags))
        started = perf_counter()
        await app.ask("go")
        took = perf_counter() - started
        probing.cancel()
        print(
            f"{kind:20} {took:6.2f} s, longest wait {max(lags):5.2f} s, "
            f"resize {await resized(pilot):5.2f} s, {len(app.screen.query('*'))} widgets"
        )
    store.close()


def measure_files(folder: Path) -> None:
    """Walk and search a folder of 50,000 files."""
    for number in range(FOLDERS):
        inner = folder / f"a{number % 20}" / f"b{number}"
        inner.mkdir(parents=True)
        for file in range(FILES_EACH):
            (inner / f"file_{number}_{file}.md").touch()
    (folder / ".gitignore").write_text("*.log\nbuild/\n!keep.log\n", encoding="utf-8")
    started = perf_counter()
    paths = list(walk(str(folder)))
    print(f"walk                 {perf_counter() - started:6.2f} s for {len(paths):,} paths")
    search = PathSearch(paths)
    for query in QUERIES:
        started = perf_counter()
        search.best(query, 50)
        print(f"search {query:13} {1000 * (perf_counter() - started):6.0f} ms")


def main() -> None:
    """Measure everything, one thing after another."""
    with tempfile.TemporaryDirectory(prefix="assistant-") as name:
        folder = Path(name)
        for kind, lines in answers().items():
            asyncio.run(measure(kind, lines, folder))
        measure_files(folder / "files")


if __name__ == "__main__":
    main()
