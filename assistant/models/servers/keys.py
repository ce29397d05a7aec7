"""Keys of servers: from the environment or the system's keyring, and nowhere else."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
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


def find_key(entry: ModelEntry, source: ServerSource, environ: Mapping[str, str]) -> str:
    """The key for a model's server; "" where none is kept, which suits most local servers.

    The variable the entry names comes first, then the keyring.

    Raises:
        ModelError: the variable is not set, and the keyring has none either; or what is kept
            can't be a key.
    """
    if entry.key_env and (found := environ.get(entry.key_env, "").strip()):
        return checked_key(found)
    found = stored_key(source) or ""
    if entry.key_env and not found:
        raise ModelError(
            f"The variable {entry.key_env}, which should hold the key of {entry.name}, is not set.",
            f"Set it where the assistant is started, or: assistant models key set {entry.name}",
        )
    return checked_key(found) if found else ""


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
    """The key the keyring has for a server; None where there is none, or no keyring."""
    if importlib.util.find_spec("keyring") is None:
        return None
    keyring = _keyring()
    try:
        found: str | None = keyring.get_password(SERVICE, source.origin)
    except keyring.errors.NoKeyringError:
        return None
    except keyring.errors.KeyringError as error:
        raise _failed(error) from None
    return found


def store_key(source: ServerSource, key: str) -> None:
    """Keep a key for a server.

    Raises:
        ModelError: there is no keyring, it refused, or this can't be a key.
    """
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, source.origin, checked_key(key))
    except keyring.errors.KeyringError as error:
        raise _failed(error) from None


def forget_key(source: ServerSource) -> bool:
    """Delete the key of a server; False where there was none. Raises as `store_key`."""
    keyring = _keyring()
    try:
        keyring.delete_password(SERVICE, source.origin)
    except keyring.errors.PasswordDeleteError:
        return False
    except keyring.errors.KeyringError as error:
        raise _failed(error) from None
    return True


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
