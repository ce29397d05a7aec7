"""A stand-in engine process: does what the text of a turn says, with the real frames."""

from __future__ import annotations

import os
import signal
import sys
from typing import assert_never

from assistant.core.events import Done, Event, TextDelta, Timings
from assistant.core.turns import TurnRequest
from assistant.engine.wire import (
    HEADER_BYTES,
    Cancel,
    FromEngine,
    Happened,
    Status,
    Submit,
    frame_length,
    pack,
    unpack_to_engine,
)


def send(message: FromEngine) -> None:
    sys.stdout.buffer.write(pack(message))
    sys.stdout.buffer.flush()


def happened(job_id: int, event: Event) -> None:
    send(Happened(job_id, event))


def done(job_id: int, *, cancelled: bool = False) -> None:
    happened(job_id, Done("", Timings(None, None, 1.0), cancelled))


def answer(job_id: int, text: str) -> None:
    match text:
        case "die":
            happened(job_id, TextDelta("so far"))
            os.kill(os.getpid(), signal.SIGKILL)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "garbage":
            sys.stdout.buffer.write(b"\xff" * 64)
            sys.stdout.buffer.flush()
        case "noise":
            print("x" * 200_000, file=sys.stderr)
            done(job_id)
        case "wait":
            happened(job_id, TextDelta("waiting"))
        case _:
            happened(job_id, TextDelta(text))
            done(job_id)


def main() -> None:
    if "--die-at-once" in sys.argv:
        sys.exit("no such luck")
    send(Status("ready", model="scripted"))
    stream = sys.stdin.buffer
    while len(header := stream.read(HEADER_BYTES)) == HEADER_BYTES:
        message = unpack_to_engine(stream.read(frame_length(header)))
        match message:
            case Submit(job_id, job):
                answer(job_id, job.text if isinstance(job, TurnRequest) else "")
            case Cancel(job_id):
                done(job_id, cancelled=True)
            case _:
                assert_never(message)
    if "--stay" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pause()


if __name__ == "__main__":
    main()
