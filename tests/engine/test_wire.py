"""Frames: what goes in comes out, and nonsense is refused."""

from __future__ import annotations

import os

import pytest

from assistant.core.documents import Passage, Place
from assistant.core.errors import EngineError, UsageError
from assistant.core.events import Abstained, Done, Event, Progress, Routed, Sources, Timings, Usage
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.core.turns import TurnRequest
from assistant.engine.wire import (
    HEADER_BYTES,
    MAX_FRAME_BYTES,
    Cancel,
    Happened,
    IndexAdd,
    MissingModel,
    Status,
    Submit,
    ToEngine,
    frame_length,
    pack,
    unpack_from_engine,
    unpack_to_engine,
)

PASSAGE = Passage("/a.pdf", "quote", Place(page=3), 10, 15, 0.5, "a quote")
USAGE = Usage(1, 2, 3.0, 0.5, 4096, "m", "cpu")


@pytest.mark.parametrize(
    "message",
    [
        Submit(1, TurnRequest("hi", (ImageAttachment("/x.png"), TextAttachment("a", "b")))),
        Submit(2, TurnRequest("再说一遍", history=(Message("user", "你好"),), labels=("a", "b"))),
        Submit(3, IndexAdd(("/docs",), "work")),
        Cancel(3),
    ],
)
def test_requests_survive_the_wire(message: ToEngine) -> None:
    frame = pack(message)
    assert frame_length(frame[:HEADER_BYTES]) == len(frame) - HEADER_BYTES
    assert unpack_to_engine(frame[HEADER_BYTES:]) == message


@pytest.mark.parametrize(
    "event",
    [
        Routed("qa", 0.9, 0.5, "a question", (), ("qa",)),
        Progress("Reading", 1, None, "files"),
        Sources((PASSAGE,)),
        Abstained(0.2, (PASSAGE,)),
        Done("text", Timings(1.0, None, 5.0, USAGE)),
    ],
)
def test_events_survive_the_wire(event: Event) -> None:
    frame = pack(Happened(7, event))
    assert unpack_from_engine(frame[HEADER_BYTES:]) == Happened(7, event)


def test_a_status_survives_the_wire() -> None:
    status = Status("loading", "the language model", missing=(MissingModel("a", 5),))
    assert unpack_from_engine(pack(status)[HEADER_BYTES:]) == status


def test_a_length_beyond_the_limit_is_refused() -> None:
    with pytest.raises(EngineError, match="out of step"):
        frame_length((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))


def test_a_message_beyond_the_limit_is_refused_before_it_is_sent() -> None:
    with pytest.raises(UsageError, match="too large"):
        pack(Submit(1, TurnRequest("x" * (MAX_FRAME_BYTES + 1))))


def test_a_file_name_that_is_no_text_is_named_and_refused_before_it_is_sent() -> None:
    name = os.fsdecode(b"/papers/caf\xe9.pdf")
    with pytest.raises(UsageError, match=r"papers/caf\\udce9\.pdf.* rename the file"):
        pack(Submit(1, TurnRequest("hi", (FileAttachment(name),))))


@pytest.mark.parametrize("body", [b"", b"\xff\xff", b"\x80"])
def test_a_body_that_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(EngineError, match="can't be read"):
        unpack_from_engine(body)
