"""The real engine process, before any model was fetched."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from assistant.config import Places
from assistant.core.events import Done, Failed
from assistant.core.turns import TurnRequest
from assistant.engine.client import EngineClient
from assistant.engine.wire import IndexAdd, Submit, WarmUp, pack

COMMAND = [sys.executable, "-m", "assistant.engine.host"]


@pytest.fixture
async def client(places: Places) -> AsyncIterator[EngineClient]:
    client = EngineClient(COMMAND, places.engine_log, lambda _: None)
    await client.start()
    yield client
    await client.close()


async def test_a_turn_without_models_fails_with_the_command_that_fetches_them(
    client: EngineClient,
) -> None:
    async with asyncio.timeout(300):
        events = [e async for e in client.submit(TurnRequest("hello"))]
    assert isinstance(events[-1], Failed)
    assert "assistant models pull" in events[-1].hint


async def test_the_status_names_the_models_that_are_missing(client: EngineClient) -> None:
    async with asyncio.timeout(300):
        events = [e async for e in client.submit(WarmUp())]
    assert isinstance(events[-1], Done)
    assert "smollm2-135m-instruct" in {model.name for model in client.status.missing}


async def test_documents_are_searchable_by_words_before_there_are_models(
    client: EngineClient, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("The password of the safe is tulip.", encoding="utf-8")
    async with asyncio.timeout(300):
        added = [e async for e in client.submit(IndexAdd((str(tmp_path / "note.txt"),)))]
    assert isinstance(added[-1], Done), added
    assert client.status.documents == 1


def test_the_engine_ends_with_its_interface_even_mid_turn(tmp_path: Path) -> None:
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(pack(Submit(1, TurnRequest("hello"))))
    process.stdin.close()
    assert process.wait(60) == 0
    assert not psutil.pid_exists(process.pid)
    process.stdout.close()


def test_a_broken_configuration_ends_the_engine_with_its_reason(places: Places) -> None:
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text("ofline = true\n", encoding="utf-8")
    result = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert result.returncode == 1
    assert b"offline" in result.stderr
