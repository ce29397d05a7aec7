"""`assistant models recommend`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.cli import models
from assistant.cli.context import Context
from assistant.config import Places, Settings
from assistant.core.errors import UsageError
from assistant.models.devices import Device

GB = 1_000_000_000


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Device("cpu", "cpu", "a processor", 16 * GB, 12 * GB, 8),)
    monkeypatch.setattr("assistant.models.devices.list_devices", lambda: found)
    monkeypatch.setattr("assistant.models.llamacpp_devices.llamacpp_devices", lambda: found)
    monkeypatch.setattr("assistant.models.bandwidth.read_speed", lambda _device: 40e9)
    monkeypatch.setattr("assistant.models.disk.free_bytes", lambda _folder: 500 * GB)
    monkeypatch.setenv("ASSISTANT_LANG", "en")


def run(places: Places, *arguments: str) -> Result:
    context = Context(Settings(), places)
    return CliRunner().invoke(models.command, ["recommend", *arguments], obj=context)


def as_json(places: Places, *arguments: str) -> dict[str, Any]:
    result = run(places, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_three_models_are_told_with_what_they_take_and_how_to_fetch_them(places: Places) -> None:
    result = run(places)
    assert result.exit_code == 0, result.output
    assert "cpu reads 40.0 GB of memory a second (measured)" in result.output
    assert "qwen3-8b · best that fits" in result.output
    assert "604 MB of it for the conversation" in result.output
    assert "slower than reading, Apache-2.0" in result.output
    assert "assistant models pull qwen3-8b" in result.output
    assert "smollm2-135m-instruct · lightest" in result.output


def test_it_speaks_chinese_where_the_interface_does(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh_CN.UTF-8")
    result = run(places, "--languages", "zh")
    assert "放得下的最好的" in result.output
    assert "每秒约" in result.output
    assert "最小的 Qwen3" in result.output


def test_what_is_known_comes_as_json(places: Places) -> None:
    found = as_json(places, "--task", "documents", "--languages", "zh,en")
    assert found["task"] == "documents"
    assert found["bandwidth"] == {"cpu": 40e9}
    best = found["choices"][0]
    assert (best["name"], best["kinds"], best["device"]) == ("qwen3-8b", ["best"], "cpu")
    assert best["memory"] > best["disk"] > 5e9
    assert 1 < best["tokens_per_second"] < 8
    assert found["rejected"]["qwen3-0.6b"] == "grounded"


@pytest.mark.parametrize("named", ["Chinese,English", "中文，en", " zh , en ,"])
def test_languages_may_be_named_in_any_way(places: Places, named: str) -> None:
    found = as_json(places, "--task", "translate", "--languages", named)
    assert found["choices"][0]["directions"] == ["zh>en", "en>zh"]


def test_limits_are_kept(places: Places) -> None:
    found = as_json(places, "--memory", "2.5", "--disk", "2", "--speed", "10")
    assert found["choices"]
    for choice in found["choices"]:
        assert choice["memory"] <= 2.5 * GB
        assert choice["disk"] <= 2 * GB
        assert choice["tokens_per_second"] >= 10


def test_a_licence_without_commercial_use_is_told(places: Places) -> None:
    result = run(places, "--task", "translate", "--languages", "zh,ja")
    assert "CC-BY-NC-4.0, not for commercial use" in result.output


def test_where_nothing_suits_it_says_what_is_lacking(places: Places) -> None:
    result = run(places, "--memory", "0.01")
    assert result.exit_code == 1
    assert "No model of the catalogue suits this." in result.output
    assert "qwen3-8b: memory" in result.output


def test_an_unknown_language_is_refused(places: Places) -> None:
    error = run(places, "--languages", "zh,nonsense").exception
    assert isinstance(error, UsageError)
    assert "“nonsense” is no language" in error.message


@pytest.mark.parametrize(
    ("task", "one_of_them", "en", "zh"),
    [
        ("captions", "blip-base", "sentences on images", "图片说明"),
        ("questions", "smolvlm-256m-gguf", "questions about images", "图片问答"),
        ("find", "yolos-tiny", "finding things in images", "在图中找物"),
        ("outline", "mask2former-coco-instance", "outlines in images", "勾出图中物体"),
    ],
)
def test_models_that_look_at_images_are_recommended_by_what_they_do(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    task: str,
    one_of_them: str,
    en: str,
    zh: str,
) -> None:
    english = run(places, "--task", task)
    assert english.exit_code == 0, english.output
    assert f"For {en}, " in english.output
    assert f"assistant models pull {one_of_them}" in english.output
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    assert f"用于{zh}：" in run(places, "--task", task).output
