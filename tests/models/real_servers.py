"""Real servers on this machine's loopback: llama.cpp's own, and `transformers serve`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 120


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port where nobody listens, and where no other program can begin to meanwhile."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def free_port() -> int:
    """A port nobody listens at, at this moment."""
    with deaf_port() as port:
        return port


@contextmanager
def llama_server(
    model: Path, *, context: int, embedding: bool = False, key: str = "", threads: int = 1
) -> Iterator[str]:
    """llama.cpp's HTTP server with a GGUF file; its address, `/v1` included."""
    import xllamacpp

    params: Any = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames = ["127.0.0.1"]
    params.port = port = free_port()
    params.n_ctx = context
    params.n_parallel = 1
    params.n_gpu_layers = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_batch = params.n_ubatch = context if embedding else 64
    params.fit_params = False
    params.cache_ram_mib = 256
    params.verbosity = -1
    params.offline = True
    params.ui = False
    params.embedding = embedding
    if embedding:
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    if key:
        params.api_keys = [key]
    server = xllamacpp.Server(params)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        del server


@contextmanager
def transformers_serve(model: Path, log: Path) -> Iterator[str]:
    """`transformers serve MODEL` in a process of its own; its address, `/v1` included."""
    port = free_port()
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(model)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            stdout=output,
            stderr=output,
            env={**os.environ, "HF_HUB_OFFLINE": "1"},
        )
        try:
            wait_until_up(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait()


def wait_until_up(url: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return as soon as a server answers at all."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > end or (process is not None and process.poll() is not None):
                raise
            time.sleep(0.05)
        else:
            return
