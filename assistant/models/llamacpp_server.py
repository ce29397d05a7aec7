"""Starts llama.cpp's server object in this process, with no way in from outside.

xllamacpp offers inference only through llama.cpp's HTTP server, which always listens. Here it
listens on a Unix socket in a private folder, and that socket is shut as soon as it is there;
inference is called directly and never went through it. Where there are no Unix sockets
(Windows) it listens on the loopback address behind a random key.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.core.errors import ModelError

if TYPE_CHECKING:
    import xllamacpp

SOCKET_PATH_BYTES = 103
"""The shortest limit there is (macOS: 104 with the closing zero)."""
CPU_BATCH = 64
"""Prompt tokens computed at a time. Generation can only be stopped between batches: 64 take
about 0.2 s with a 135M model on two cores, and cost 7 % of the speed of 512."""
GPU_BATCH = 512
IMAGE_BATCH = 1024
"""With a projector: some models read all of an image (256 tokens and more) in one batch."""
CACHE_MIB = 256
"""Memory for the prompts of other conversations (llama.cpp's own default is 8 GiB)."""

Reply = Mapping[str, Any]


class ChatServer(Protocol):
    """The part of `xllamacpp.Server` in use; replies are those of the OpenAI interface."""

    def handle_chat_completions(
        self, body: dict[str, Any], callback: Callable[[dict[str, Any]], bool] | None = None
    ) -> Reply | None:
        """With a callback and `"stream": True`, calls it with each chunk, in this thread,
        until it returns True."""
        ...

    def handle_completions(self, body: dict[str, Any]) -> Reply: ...


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to load a model; 0 threads = one a physical core, 0 GPU layers = none."""

    model: Path
    context: int
    threads: int
    gpu_layers: int
    template: str = ""
    """Name of a chat template of llama.cpp's own; "" = the one in the file."""
    projector: Path | None = None
    """The file that turns images into what the model reads; None = it sees none."""
    image_tokens: int = 0
    """Most tokens of an image, for models that take one in its own size."""


class ModelRefusedError(ModelError):
    """llama.cpp is here, but does not load the file."""


def start_server(options: ServerOptions) -> ChatServer:
    """The model loaded and ready, with no socket left open (Windows: see above).

    Raises:
        ModelError: llama.cpp is missing a system library.
        ModelRefusedError: it does not load the model.
    """
    xllamacpp = import_llamacpp()
    params = _parameters(xllamacpp, options)
    try:
        if not hasattr(socket, "AF_UNIX") or sys.platform == "win32":
            return _build(xllamacpp, params)
        with _private_socket() as address:
            params.hostnames = [address]
            server = _build(xllamacpp, params)
            shut_listener(address)
            return server
    except RuntimeError as error:
        raise ModelRefusedError(
            f"llama.cpp can't load {options.model}.",
            "The file may be damaged, of a kind llama.cpp doesn't know, or too large for the "
            "memory. Remove the model and pull it again, or choose another one.",
        ) from error


def _build(xllamacpp: Any, params: xllamacpp.CommonParams) -> ChatServer:
    server: ChatServer = xllamacpp.Server(params)
    return server


def import_llamacpp() -> Any:
    """The library.

    Raises:
        ModelError: a system library it needs is missing.
    """
    # A waiting OpenMP thread that spins for long starves the interface when the cores are
    # busy: twice the prompt speed then, and no loss on idle cores. Read when libgomp loads.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(
            f"llama.cpp can't start: {error}.",
            "Install the system library it names (Debian, Ubuntu: apt install libgomp1; "
            "Fedora: dnf install libgomp).",
        ) from error
    return xllamacpp


def _parameters(xllamacpp: Any, options: ServerOptions) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(options.model)
    params.n_ctx = options.context
    params.n_parallel = 1
    if options.template:
        params.chat_template = options.template
    params.n_gpu_layers = options.gpu_layers
    params.n_batch = params.n_ubatch = GPU_BATCH if options.gpu_layers else CPU_BATCH
    if options.projector is not None:
        _add_projector(params, options, options.projector)
    params.fit_params = False  # it would load the model once more to measure it: that is planned
    params.cache_ram_mib = CACHE_MIB
    params.verbosity = -1  # nothing of its own on the terminal
    params.offline = True
    params.ui = False
    params.endpoint_slots = False
    params.n_threads_http = 1
    params.api_keys = [secrets.token_urlsafe(32)]
    if options.threads > 0:
        params.cpuparams.n_threads = options.threads
        params.cpuparams_batch.n_threads = options.threads
    return params


def _add_projector(params: Any, options: ServerOptions, projector: Path) -> None:
    params.mmproj.path = str(projector)
    params.mmproj_use_gpu = options.gpu_layers > 0
    params.image_max_tokens = options.image_tokens
    params.n_batch = params.n_ubatch = min(IMAGE_BATCH, options.context)
    params.warmup = False  # it would look at an image of its own for as long as at the first one


@contextmanager
def _private_socket() -> Iterator[str]:
    """A path for a socket in a folder of mode 0700 that is gone afterwards."""
    folder = _private_folder()
    try:
        yield str(folder / "s.sock")  # the server takes a name for a socket by this ending
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private_folder() -> Path:
    # The system's own folder can be too long for a socket's address; /tmp never is.
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes it private
        try:
            folder = Path(tempfile.mkdtemp(prefix="llm-", dir=parent))
        except OSError:
            continue
        if len(os.fsencode(folder / "s.sock")) <= SOCKET_PATH_BYTES:
            return folder
        folder.rmdir()
    raise ModelError(
        "There is no temporary folder to start llama.cpp in.",
        f"Make {tempfile.gettempdir()} writable, or set TMPDIR to a short path.",
    )


def shut_listener(address: str) -> None:
    """Shut every Unix socket of this process that is bound to the address.

    The server's listening thread ends and closes it. Where the system refuses (macOS), the
    socket stays, but its path is gone and no one can reach it.
    """
    for entry in Path("/dev/fd").iterdir():
        descriptor = int(entry.name)
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            handle = socket.socket(fileno=descriptor)
        except OSError:  # closed meanwhile: the folder's own descriptor is one of them
            continue
        try:
            if handle.family == socket.AF_UNIX and handle.getsockname() == address:
                handle.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        finally:
            handle.detach()
