"""`offline = true`: no socket of this process reaches beyond this machine.

An audit hook (PEP 578) sees every socket Python opens, whichever library asks for it, before
the system does; a patched `socket` module would miss those that imported it earlier. Unix
sockets stay allowed: an event loop wakes itself through a pair of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.core.errors import OfflineError

OFFLINE_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
"""Tells the libraries, and the child processes, not even to try."""

NO_TELEMETRY = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""ONNX Runtime (from 1.32) notes its use in `~/.cache/Microsoft` and sends it to its makers from
native code, which no guard of Python's sockets sees; it begins with the import."""

_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_USES = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_LOOPBACK = {"127.0.0.1", "::1"}


@dataclass(slots=True)
class OfflineGuard:
    """The audit hook; hooks can't be taken away, so it can be switched off instead.

    With `loopback`, sockets that stay on this machine are allowed.
    """

    active: bool = True
    loopback: bool = sys.platform == "win32"
    # Windows has no Unix pair: its event loop connects two local sockets instead.

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if not self.active or not event.startswith("socket."):
            return
        if _reaches_out(event, args, loopback=self.loopback):
            raise OfflineError(
                "Something tried to reach the network while offline is on.",
                "Turn it off in config.toml (offline = false) for what needs the network.",
            )


def forbid_telemetry() -> None:
    """Keep the model libraries from reporting on their use, in this process and its children.

    Call it before any of them is imported, offline or not: nothing leaves this machine unasked.
    """
    os.environ.update(NO_TELEMETRY)


def forbid_network(*, loopback: bool = False) -> OfflineGuard:
    """Forbid it from now on, in this process and, by environment, in the libraries of others.

    Call it first thing: the model libraries read the environment when they are imported.

    Args:
        loopback: allow what stays on this machine (a server on 127.0.0.1).
    """
    os.environ.update(OFFLINE_ENVIRONMENT)
    guard = OfflineGuard()
    guard.loopback = guard.loopback or loopback
    sys.addaudithook(guard)
    return guard


@contextmanager
def network_forbidden(*, loopback: bool = False) -> Iterator[None]:
    """Forbid it for the length of a block; the environment is put back at the end."""
    before = {name: os.environ.get(name) for name in OFFLINE_ENVIRONMENT}
    guard = forbid_network(loopback=loopback)
    try:
        yield
    finally:
        guard.active = False
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _reaches_out(event: str, args: tuple[object, ...], *, loopback: bool) -> bool:
    import socket

    if event in _LOOKUPS:
        return True
    unix = getattr(socket, "AF_UNIX", None)
    if event == "socket.__new__":
        # Where local ones are allowed, only the address can tell.
        return not loopback and args[1] not in {unix, -1}
    if event in _USES:
        return _family(args[0]) != unix and not (loopback and _is_local(args))
    return False


def _family(sock: object) -> object:
    return getattr(sock, "family", None)


def _is_local(args: tuple[object, ...]) -> bool:
    address = args[1] if len(args) > 1 else None
    return isinstance(address, tuple) and address[0] in _LOOPBACK
