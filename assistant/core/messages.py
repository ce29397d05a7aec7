"""What a person or the assistant said, and what was attached to it."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["system", "user", "assistant"]


class ImageAttachment(msgspec.Struct, frozen=True, tag="image"):
    """An image file, by path; it is opened only when a skill needs it."""

    path: str


class FileAttachment(msgspec.Struct, frozen=True, tag="file"):
    """Any other file, by path."""

    path: str


class TextAttachment(msgspec.Struct, frozen=True, tag="text"):
    """Text that came with the message: standard input, or a long paste."""

    name: str
    text: str


Attachment = ImageAttachment | FileAttachment | TextAttachment


class Message(msgspec.Struct, frozen=True):
    """One turn of one party."""

    role: Role
    text: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def images(self) -> tuple[str, ...]:
        """Paths of the attached images, in order."""
        return tuple(a.path for a in self.attachments if isinstance(a, ImageAttachment))

    @property
    def files(self) -> tuple[str, ...]:
        """Paths of the attached files other than images, in order."""
        return tuple(a.path for a in self.attachments if isinstance(a, FileAttachment))

    @property
    def texts(self) -> tuple[str, ...]:
        """Attached texts, in order."""
        return tuple(a.text for a in self.attachments if isinstance(a, TextAttachment))
