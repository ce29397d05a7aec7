"""Keys of servers: from the environment or the system's keyring, and nowhere else."""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.models.sources.server import ServerSource

if TYPE_CHECKING:
    from assistant.models.catalogue import ModelEntry

SERVICE = "assistant"
"""Under which the keyring keeps them; the user name is the server's origin, so a key never goes
to another server than the one it was given for."""
_KEY = re.compile(r"[\x21-\x7e]{1,4096}")
INSTALL = "pip install keyring"
ANSWER_SECONDS = 60.0
"""For a keyring to answer: it may ask the person for the password that unlocks it."""


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, "" where none is kept; or why the keyring could not be asked, which matters only
    if the server wants one."""

    key: str = field(default="", repr=False)
    problem: ModelError | None = None


def find_key(entry: ModelEntry, source: ServerSource, environ: Mapping[str, str]) -> FoundKey:
    """The key for a model's server; none is kept for most local servers, which suits them.

    The variable the entry names comes first, then the keyring.

    Raises:
        ModelError: the variable is not set, and the keyring has none either; or what is kept
            can't be a key.
    """
    if entry.key_env and (found := environ.get(entry.key_env, "").strip()):
        return FoundKey(checked_key(found))
    kept = kept_key(source)
    if entry.key_env and not kept.key:
        raise ModelError(
            f"The variable {entry.key_env}, which should hold the key of {entry.name}, is not set.",
            f"Set it where the assistant is started, or: assistant models key set {entry.name}",
        )
    return kept


def kept_key(source: ServerSource) -> FoundKey:
    """What the keyring has for a server; a keyring that fails is no error yet.

    Raises:
        ModelError: what is kept can't be a key.
    """
    try:
        found = stored_key(source)
    except ModelError as problem:
        return FoundKey(problem=problem)
    return FoundKey(checked_key(found) if found else "")


def checked_key(key: str) -> str:
    """The key, if it can be one; it is not repeated otherwise.

    Raises:
        ModelError: it holds spaces, line breaks or other characters no key has.
    """
    if _KEY.fullmatch(key):
        return key
    raise ModelError(
        "This can't be a key: keys are letters, digits and signs on one line, without spaces.",
        "Copy it once more.",
    )


def stored_key(source: ServerSource) -> str | None:
    """The key the keyring has for a server; None where there is none, or no keyring.

    Raises:
        ModelError: the keyring is locked, fails, or does not answer.
    """
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = _keyring()
    try:
        found: str | None = _answer(lambda: keyring.get_password(SERVICE, source.origin))
    except keyring.errors.NoKeyringError:
        return None
    return found


def store_key(source: ServerSource, key: str) -> None:
    """Keep a key for a server.

    Raises:
        ModelError: there is no keyring, it refused, or this can't be a key.
    """
    keyring, key = _keyring(), checked_key(key)
    try:
        _answer(lambda: keyring.set_password(SERVICE, source.origin, key))
    except keyring.errors.NoKeyringError as error:
        raise _failed(error) from None


def forget_key(source: ServerSource) -> bool:
    """Delete the key of a server; False where there was none. Raises as `store_key`."""
    keyring = _keyring()
    try:
        _answer(lambda: keyring.delete_password(SERVICE, source.origin))
    except keyring.errors.PasswordDeleteError:
        return False
    except keyring.errors.NoKeyringError as error:
        raise _failed(error) from None
    return True


def _answer(ask: Callable[[], Any]) -> Any:
    """What the keyring answers, in a thread: one that waits for a password nobody types must not
    hold up everything else.

    Raises:
        NoKeyringError, PasswordDeleteError: as the keyring does.
        ModelError: it fails otherwise, or does not answer.
    """
    from keyring.errors import NoKeyringError, PasswordDeleteError

    answers: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def work() -> None:
        try:
            answers.put((ask(), None))
        except Exception as error:  # noqa: BLE001 - this is the seam; backends are plug-ins
            answers.put((None, error))

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        answer, error = answers.get(timeout=ANSWER_SECONDS)
    except Empty:
        raise _failed(TimeoutError()) from None
    if isinstance(error, NoKeyringError | PasswordDeleteError):
        raise error
    if error is not None:
        raise _failed(error) from None
    return answer


def _keyring() -> Any:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise ModelError(
            "Keys are kept by the package keyring, which is not installed.",
            f"Install it ({INSTALL}), or put the key into an environment variable and name that "
            'in the model\'s entry: key_env = "VARIABLE"',
        ) from None
    return keyring


def _failed(error: Exception) -> ModelError:
    return ModelError(
        f"The system's keyring can't be used ({type(error).__name__}).",
        "Unlock it, or put the key into an environment variable and name that in the model's "
        'entry: key_env = "VARIABLE"',
    )
