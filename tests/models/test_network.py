"""`offline = true`: sockets stay closed, whoever asks; event loops go on."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.errors import OfflineError
from assistant.models.network import network_forbidden

FORBIDDEN: dict[str, Callable[[], object]] = {
    "an IPv4 socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "an IPv6 socket": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "a name looked up": lambda: socket.getaddrinfo("example.invalid", 80),
    "a connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "a server": lambda: socket.create_server(("127.0.0.1", 0)),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_refused_while_offline(what: str) -> None:
    with network_forbidden(), pytest.raises(OfflineError, match="offline"):
        FORBIDDEN[what]()


def test_a_socket_opened_before_can_no_longer_connect() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        network_forbidden(),
        pytest.raises(OfflineError),
    ):
        sock.connect(("127.0.0.1", 9))


def test_an_event_loop_still_runs() -> None:
    async def work() -> str:
        return await asyncio.to_thread(lambda: "done")

    with network_forbidden():
        assert asyncio.run(work()) == "done"


def test_child_processes_still_run() -> None:
    with network_forbidden():
        done = subprocess.run(
            [sys.executable, "-c", "print('up')"], capture_output=True, check=True
        )
    assert done.stdout.strip() == b"up"


def test_all_is_as_before_after_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    with network_forbidden():
        assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"
    assert os.environ["HF_HUB_OFFLINE"] == "0"
    assert "TRANSFORMERS_OFFLINE" not in os.environ
    socket.socket().close()


def test_the_hubs_client_is_stopped_too() -> None:
    code = (
        "from assistant.models.network import forbid_network; forbid_network()\n"
        "import httpx2\n"
        "from assistant.core.errors import OfflineError\n"
        "try: httpx2.get('http://127.0.0.1:9/')\n"
        "except OfflineError: print('stopped')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"stopped"


def test_a_server_on_this_machine_may_be_allowed_and_nothing_beyond_it() -> None:
    with network_forbidden(loopback=True):
        with socket.create_server(("127.0.0.1", 0)) as server:
            address = server.getsockname()
            with socket.socket() as client:
                client.connect(address)
        for reach in ("0.0.0.0", "192.0.2.1", ""):  # noqa: S104 - refused, which is the point
            with socket.socket() as other:
                with pytest.raises(OfflineError):
                    other.bind((reach, 0))
                with pytest.raises(OfflineError):
                    other.connect((reach, 9))
        with pytest.raises(OfflineError):
            socket.getaddrinfo("example.invalid", 80)


_OPENED = """
import runpy, sys
from pathlib import Path
from assistant.core.errors import ModelError
from assistant.models.onnx_embedder import _load_session
if sys.argv[1] == "command line":
    sys.argv = ["assistant", "--version"]
    try:
        runpy.run_module("assistant", run_name="__main__")
    except SystemExit:
        import onnxruntime
else:
    try:
        _load_session(Path("nowhere"), "none", 1)
    except ModelError:
        pass
print("onnxruntime" in sys.modules)
"""


@pytest.mark.parametrize("way", ["command line", "library"])
def test_onnx_runtime_notes_and_sends_nothing_of_its_use(way: str, tmp_path: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if "TELEMETRY" not in k and k[:4] != "XDG_"}
    done = subprocess.run(
        [sys.executable, "-c", _OPENED, way],
        env={**environ, "HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("True\n")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
