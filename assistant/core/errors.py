"""The one error type a person can see: what happened, then what to do about it."""

from __future__ import annotations


class AssistantError(Exception):
    """A failure worth telling the person about.

    Args:
        message: the fact, in plain words, without a trailing remedy.
        hint: the remedy, or the valid choices; empty where there is none.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class ConfigError(AssistantError):
    """A setting that can't be read, or whose value is not allowed."""


class ModelError(AssistantError):
    """A model that is unknown, absent, broken or refused."""


class ModelMissingError(ModelError):
    """A known model whose files are not on this machine yet."""


class DocumentError(AssistantError):
    """A document or image that can't be read."""


class EngineError(AssistantError):
    """The engine process is gone or spoke out of turn."""


class StoreError(AssistantError):
    """The conversation or index database refused an operation."""


class OfflineError(AssistantError):
    """A network access was asked for while `offline = true`."""


class UsageError(AssistantError):
    """A request that contradicts itself or lacks something."""
