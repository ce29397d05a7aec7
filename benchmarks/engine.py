"""Measures the real engine process: `python -m benchmarks.engine`.

Uses the models in the user's cache (`assistant models pull`) and a data folder of its own.
Printed: time from sending a short prompt to its first text, decoding speed, time from cancelling
to the end of the turn, and the memory of the engine with chat and index warm.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from assistant.core.events import Done, Event, Failed, TextDelta
from assistant.core.turns import TurnRequest
from assistant.engine.client import EngineClient, JobStream
from assistant.engine.wire import IndexAdd, WarmUp

COMMAND = [sys.executable, "-m", "assistant.engine.host"]
THINGS = ("colours", "rivers", "birds", "metals", "planets", "fruits", "games")
LONG = "Write a long story about a lighthouse."


async def finish(stream: JobStream) -> list[Event]:
    """All events of a job; raises where it failed."""
    events = [event async for event in stream]
    if isinstance(events[-1], Failed):
        raise SystemExit(f"{events[-1].message} {events[-1].hint}")
    return events


async def first_text_seconds(client: EngineClient, run: int) -> tuple[float, float]:
    """Seconds from sending to the first text, and tokens a second."""
    started = perf_counter()
    first = 0.0
    speed = 0.0
    async for event in client.submit(TurnRequest(f"Name three {THINGS[run % len(THINGS)]}.")):
        if isinstance(event, TextDelta) and not first:
            first = perf_counter() - started
        if isinstance(event, Done) and event.timings.usage is not None:
            speed = event.timings.usage.tokens_per_second
    return first, speed


async def cancel_seconds(client: EngineClient) -> float:
    """Seconds from cancelling a long answer to the end of its turn."""
    stream = client.submit(TurnRequest(LONG, skill="generate"))
    pieces = 0
    cancelled_at = 0.0
    async for event in stream:
        pieces += isinstance(event, TextDelta)
        if pieces == 20 and not cancelled_at:
            cancelled_at = perf_counter()
            stream.cancel()
    return perf_counter() - cancelled_at


async def measure(runs: int) -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASSISTANT_DATA_DIR"] = folder
        note = Path(folder) / "note.txt"
        note.write_text("The notice period is three months. " * 20, encoding="utf-8")
        client = EngineClient(COMMAND, Path(folder) / "engine.log", lambda _: None)
        await client.start()
        started = perf_counter()
        await finish(client.submit(WarmUp()))
        print(f"start and warm-up            {perf_counter() - started:6.2f} s")
        await finish(client.submit(IndexAdd((str(note),))))
        firsts, speeds = zip(
            *[await first_text_seconds(client, run) for run in range(runs)], strict=True
        )
        print(f"first text, short prompt     {median(firsts) * 1000:6.0f} ms (median of {runs})")
        print(f"decoding                     {median(speeds):6.1f} tokens/s")
        cancels = [await cancel_seconds(client) for _ in range(runs)]
        print(f"cancel to end of turn        {max(cancels) * 1000:6.0f} ms (slowest of {runs})")
        await finish(client.submit(TurnRequest("What is the notice period?", skill="qa")))
        resident = psutil.Process(client.pid).memory_info().rss
        print(f"engine memory, all warm      {resident / 1e6:6.0f} MB")
        await client.close()


def main() -> None:
    """Parse the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    asyncio.run(measure(parser.parse_args().runs))


if __name__ == "__main__":
    main()
