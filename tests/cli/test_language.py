"""Commands speak the language of the interface; machines are answered in English."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.health import machine
from assistant.cli.main import root
from assistant.cli.speaking import cells, padded
from assistant.config import Places, Settings
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(root, arguments, **options)  # type: ignore[arg-type]


def write_settings(places: Places, text: str) -> None:
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(text)


def test_an_error_and_its_remedy_are_told_in_chinese() -> None:
    result = run("models", "path", "qwen3-0.6b")
    assert result.exit_code == 1
    assert result.stderr == (
        "错误：模型 qwen3-0.6b 还不在这台电脑上。\n下载：assistant models pull qwen3-0.6b\n"
    )


def test_the_setting_chooses_the_language(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSISTANT_LANG")
    monkeypatch.setenv("LC_ALL", "C")
    write_settings(places, '[ui]\nlanguage = "zh"\n')
    assert "没有模型“nothing”" in run("models", "path", "nothing").stderr
    assert "没有命令“nothing”" in run("nothing").stderr
    write_settings(places, '[ui]\nlanguage = "en"\n')
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "There is no model" in run("models", "path", "nothing").stderr


def test_a_mistake_in_the_settings_is_told_in_chinese(places: Places) -> None:
    write_settings(places, '[generate]\nmodell = "x"\n')
    told = run("models", "list").stderr
    assert f"{places.config_file} 第 2 行：没有设置项“generate.modell”。" in told
    assert "你是不是想写“model”？[generate] 可用：model, temperature" in told


def test_a_value_of_the_wrong_kind_is_told_in_chinese(places: Places) -> None:
    write_settings(places, "[generate]\ntop_p = 7\n")
    told = run("models", "list").stderr
    assert "generate.top_p 不能是 7。" in told
    assert "它可以是数，大于 0，最大 1；默认是 0.9。" in told


def test_a_table_of_models_stays_aligned() -> None:
    lines = run("models", "list").stdout.splitlines()
    assert lines[0].split() == ["名称", "用途", "大小", "许可证", "已有", "来源"]
    column = cells(lines[0][: lines[0].index("来源")])
    rows = [line for line in lines if not line.startswith("*")]  # the remark below the table
    assert len(rows) > 10
    assert all(any(cells(line[:at]) == column for at in range(len(line))) for line in rows)


def test_columns_count_wide_characters_twice() -> None:
    assert cells("ab中文") == 6
    assert padded("中", 4) == "中  "
    assert padded("中文", 3) == "中文"


@pytest.mark.usefixtures("_no_imports")
def test_the_doctor_speaks_chinese() -> None:
    told = run("doctor").stdout
    assert "✗ 模型 multilingual-e5-small：还没有下载（查找）" in told
    assert "✓ 对话：还没有" in told


@pytest.fixture
def _no_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "NATIVE_MODULES", {})
    monkeypatch.setattr(machine.check_native_modules, "__defaults__", ((),))


@pytest.mark.usefixtures("_no_imports")
def test_findings_as_json_stay_english() -> None:
    names = {found["name"] for found in json.loads(run("doctor", "--json").stdout)}
    assert {"Memory", "Settings"} <= names


def test_why_a_file_was_not_read_is_told_in_chinese(places: Places, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "notes.txt").write_text("The train leaves at nine.")
    (folder / "broken.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
    index = DocumentIndex(places.indexes, Settings().index, HashingEmbedder)
    for _event in index.add((folder,), None, lambda: False):
        pass
    told = run("index", "status").stdout
    assert f"可以查找 {folder / 'notes.txt'}（1 段）" in told
    assert f"失败     {folder / 'broken.pdf'}（0 段） — 后缀是 .pdf，内容却是 PNG 图片。" in told
    files = json.loads(run("index", "status", "--json").stdout)["files"]
    assert any("It is named .pdf" in file["reason"] for file in files)


def test_requests_of_scripts_are_answered_in_english() -> None:
    result = run("batch", input='{"text": "x", "skill": "nothing"}\n')
    assert json.loads(result.stdout)["error"]["message"].startswith("There is no skill")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", "--foo"), "错误：没有选项 '--foo'。"),
        (("index", "add"), "错误：缺少参数 'PATHS...'。"),
        (("models", "list", "x"), "错误：多余的参数（x）"),
        (("serve", "-p", "99999"), "错误：'-p' / '--port' 的值不对：99999 不在范围"),
        (("screenshot", "x.svg", "--size", "3"), "错误：'--size' 的值不对：'3' 不是大小；"),
    ],
)
def test_a_command_line_that_can_t_be_read_is_told_in_chinese(
    arguments: tuple[str, ...], told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "用法：assistant" in result.stderr.replace("root", "assistant")


def test_in_english_click_speaks_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "en")
    told = run("index", "add").stderr
    assert told.endswith("for help.\n\nError: Missing argument 'PATHS...'.\n")


def test_no_role_of_a_model_stays_english() -> None:
    from assistant.models.catalogue import Catalogue

    roles = {entry.role for entry in Catalogue.load(Settings())}
    table = run("models", "list").stdout
    left = sorted(role for role in roles if f" {role} " in table)
    assert not left
    assert "not known" not in table


def test_names_that_are_near_are_listed_in_chinese() -> None:
    told = run("models", "path", "qwen3-0.6").stderr
    assert "你是不是想写 qwen3-0.6b、qwen3-" in told
    assert " or " not in told
