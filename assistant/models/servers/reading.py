"""Reads the body of an answer as it comes: chunks of a chat, or all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from assistant.core.skills import Cancelled
from assistant.models.servers import failures
from assistant.models.servers.chunks import END, Chunk, EventReader
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.retrying import PassingError


def read_events(
    blocks: Iterator[bytes],
    read: Callable[[bytes], Chunk],
    endpoint: Endpoint,
    stopped: Cancelled,
) -> Iterator[Chunk]:
    """Chunks until the end is announced.

    Raises:
        PassingError: the connection ended before it.
        ModelError: nothing but drops came for too long.
    """
    reader, finished, waited = EventReader(), False, 0.0
    for block, seconds in _timed(blocks):
        waited += seconds
        for data in reader.feed(block) if block is not None else reader.close():
            waited = 0.0
            if data.strip() == END:
                return
            chunk = read(data)
            finished = finished or any(c.finish_reason for c in chunk.choices or ())
            yield chunk
        if waited > endpoint.wait_seconds:  # bytes drip, or there are comments only
            raise failures.explain_silence(endpoint.source, endpoint.wait_seconds)
    if not finished and not stopped():
        raise PassingError(failures.explain_cut(endpoint.source))


def read_all(blocks: Iterator[bytes], endpoint: Endpoint, most: int = 0) -> bytes:
    """A body that has to be there as a whole in the time a piece may take.

    Args:
        most: bytes to read; 0 = to the end.

    Raises:
        ModelError: it takes too long.
    """
    late = time.monotonic() + endpoint.wait_seconds
    whole = bytearray()
    for block in blocks:
        whole += block
        if 0 < most <= len(whole):
            break
        if time.monotonic() > late:
            raise failures.explain_silence(endpoint.source, endpoint.wait_seconds)
    return bytes(whole)


def says_something(chunk: Chunk) -> bool:
    """Whether a chunk holds any of the answer, or of the thoughts before it."""
    for choice in chunk.choices or ():
        delta = choice.delta or choice.message
        if delta is not None and (delta.text or delta.reasoning or delta.reasoning_content):
            return True
    return False


def _timed(blocks: Iterator[bytes]) -> Iterator[tuple[bytes | None, float]]:
    """Each block with the seconds it was waited for, and None after the last. What the reader of
    an answer takes its time for does not count."""
    while True:
        began = time.monotonic()
        block = next(blocks, None)
        yield block, time.monotonic() - began
        if block is None:
            return
