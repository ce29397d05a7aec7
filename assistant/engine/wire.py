"""What the interface and the engine process say to each other, and how it is framed.

A frame is a 4-byte big-endian length and that many bytes of msgpack. Requests carry an id
chosen by the client; everything the engine says about a request carries the same id.
"""

from __future__ import annotations

import struct
from typing import Literal, TypeVar

import msgspec

from assistant.core.errors import EngineError, UsageError
from assistant.core.events import Event
from assistant.core.messages import Message
from assistant.core.text import one_line
from assistant.core.turns import TurnRequest as TurnRequest

HEADER_BYTES = 4
MAX_FRAME_BYTES = 64 * 1024 * 1024
_SHOWN = 40
"""Characters told on either side of one that is no valid text."""
T = TypeVar("T")
_LENGTH = struct.Struct(">I")


class IndexAdd(msgspec.Struct, frozen=True, tag=True):
    """Read files and folders into a collection; streams `Progress`, ends with `Done`."""

    paths: tuple[str, ...]
    collection: str | None = None


class IndexForget(msgspec.Struct, frozen=True, tag=True):
    """Take files or whole roots out of a collection, leaving no byte of their text."""

    paths: tuple[str, ...]
    collection: str | None = None


class IndexSync(msgspec.Struct, frozen=True, tag=True):
    """Bring a collection up to date with its roots; streams `Progress`, ends with `Done`."""

    collection: str | None = None


class IndexWatch(msgspec.Struct, frozen=True, tag=True):
    """Follow the changes below a collection's roots until cancelled; streams what `IndexSync`
    does each time something changed."""

    collection: str | None = None


class IndexList(msgspec.Struct, frozen=True, tag=True):
    """Answered by one `Collections`."""


class IndexStatus(msgspec.Struct, frozen=True, tag=True):
    """Answered by one `Receipt`."""

    collection: str | None = None


class IndexDuplicates(msgspec.Struct, frozen=True, tag=True):
    """Which pictures of a collection are nearly the same; answered by one `Duplicates`."""

    collection: str | None = None


class PullModels(msgspec.Struct, frozen=True, tag=True):
    """Fetch models by name (none: the embedded set); streams `Progress` in bytes."""

    names: tuple[str, ...] = ()
    allowed: str = ""
    """The code of others (`ModelInfo.code`) that the person was shown, and allowed to run."""


class ModelsList(msgspec.Struct, frozen=True, tag=True):
    """Answered by one `Models`."""


class DiscoverModels(msgspec.Struct, frozen=True, tag=True):
    """Ask the model servers of this machine what they offer; answered by one `Models`, of those
    that config.toml does not name yet."""


class WarmUp(msgspec.Struct, frozen=True, tag=True):
    """Load the models an ordinary turn needs, so that the first one is quick."""


class ExplainRoute(msgspec.Struct, frozen=True, tag=True):
    """Why a message would go to its skill; answered by one `Explained`."""

    message: Message
    history: tuple[Message, ...] = ()
    collection: str | None = None


class Teach(msgspec.Struct, frozen=True, tag=True):
    """A message was for that skill: keep it as a correction; answered by one `Taught`, or by
    none where nothing can be learned of it."""

    text: str
    skill: str
    with_images: bool = False
    """Whether it had images: then the words choose among the skills that take some, and none but
    those."""


class Unteach(msgspec.Struct, frozen=True, tag=True):
    """Take back the correction of a text (None: the latest); answered by one `Taught`."""

    text: str | None = None


SideJob = (
    ExplainRoute
    | Teach
    | Unteach
    | IndexAdd
    | IndexForget
    | IndexSync
    | IndexWatch
    | IndexList
    | IndexStatus
    | IndexDuplicates
    | PullModels
    | ModelsList
    | DiscoverModels
    | WarmUp
)
"""What is asked of the engine besides answering a message."""
Job = TurnRequest | SideJob


class Submit(msgspec.Struct, frozen=True, tag=True):
    """Client → engine: do this job."""

    id: int
    job: Job


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Client → engine: stop that job; it still ends with `Done` or `Failed`."""

    id: int


class Happened(msgspec.Struct, frozen=True, tag=True):
    """Engine → client: an event of a job."""

    id: int
    event: Event


class MissingModel(msgspec.Struct, frozen=True):
    """An embedded model that is not on this machine yet; `size` in bytes to fetch."""

    name: str
    size: int


class Status(msgspec.Struct, frozen=True, tag=True):
    """Engine → client: what the status line shows; sent when it changes."""

    phase: Literal["starting", "loading", "ready", "stopped"]
    detail: str = ""
    """What is being loaded, while `phase` is "loading"."""
    model: str = ""
    device: str = ""
    sent_to: tuple[str, ...] = ()
    """Other machines text goes to, for models in use are served there."""
    served_here: tuple[str, ...] = ()
    """Servers on this machine that models in use are served by."""
    documents: int = 0
    """Files indexed in the default collection."""
    missing: tuple[MissingModel, ...] = ()
    """Embedded models that are not on this machine yet."""


ToEngine = Submit | Cancel
FromEngine = Happened | Status

_encoder = msgspec.msgpack.Encoder()


def pack(message: ToEngine | FromEngine) -> bytes:
    """The frame of a message.

    Raises:
        UsageError: it is too large, or holds a text (a file's name, most likely) that is not
            valid Unicode, which msgpack can't carry.
    """
    try:
        body = _encoder.encode(message)
    except UnicodeEncodeError as error:
        raise UsageError(
            f"“{_around(error)}” is not valid text.",
            "If it is the name of a file, rename the file and try again.",
        ) from error
    if len(body) > MAX_FRAME_BYTES:
        raise UsageError(
            f"A message of {len(body) >> 20} MB is too large for the engine.",
            f"The limit is {MAX_FRAME_BYTES >> 20} MB; attach large texts as files.",
        )
    return _LENGTH.pack(len(body)) + body


def _around(error: UnicodeEncodeError) -> str:
    """What stands around the characters that can't be encoded, with their codes for them."""
    near = error.object[max(0, error.start - _SHOWN) : error.end + _SHOWN]
    return one_line(near.encode("utf-8", "backslashreplace").decode())


_to_engine: msgspec.msgpack.Decoder[ToEngine] = msgspec.msgpack.Decoder(ToEngine)
_from_engine: msgspec.msgpack.Decoder[FromEngine] = msgspec.msgpack.Decoder(FromEngine)


def frame_length(header: bytes) -> int:
    """Bytes of the body that follows a frame's 4-byte header.

    Raises:
        EngineError: the length can't be one of ours; the stream is out of step.
    """
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME_BYTES:
        raise EngineError("The engine's stream is out of step.", "Start the assistant again.")
    return int(length)


def unpack_to_engine(body: bytes) -> ToEngine:
    """The message in a frame's body, client → engine; EngineError if it is none."""
    return _decode(_to_engine, body)


def unpack_from_engine(body: bytes) -> FromEngine:
    """The message in a frame's body, engine → client; EngineError if it is none."""
    return _decode(_from_engine, body)


def _decode(decoder: msgspec.msgpack.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise EngineError(
            f"A frame can't be read: {error}.", "Start the assistant again."
        ) from error
