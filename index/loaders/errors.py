"""Errors of reading that are not about what a file holds."""

from __future__ import annotations

from assistant.core.errors import AssistantError, DocumentError


class ReaderDiedError(DocumentError):
    """A file crashed its reader, or kept it busy past the limit."""


class ReadingStoppedError(AssistantError):
    """Somebody cancelled while a file was read; nothing is known of the file."""
