"""The help of every command is told in Chinese as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import click
import pytest
from click.testing import CliRunner

from assistant.cli.help_text import is_example, paragraphs, summary, wrapped
from assistant.cli.lazy_group import LazyGroup
from assistant.cli.main import COMMANDS, root
from assistant.cli.speaking import cells
from assistant.language.messages.catalogue import Catalogue
from assistant.language.messages.speech import own_pairs

Path = tuple[str, ...]
CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}")
MISSING = """
{count} help texts have no Chinese. Add a line for each to
assistant/language/messages/zh/help.tsv: the English text, a tab, the Chinese text.

{lines}
"""


@cache
def commands() -> dict[Path, click.Command]:
    return dict(_below((), root))


def _below(path: Path, command: click.Command) -> Iterator[tuple[Path, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _below((*path, name), below)


def texts(command: click.Command) -> Iterator[str]:
    """What people read in the help of a command, and in that of the group it is in."""
    yield from (part for part in paragraphs(command.help or "") if not is_example(part))
    yield command.short_help or summary(command.help or "")
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            yield option.help


def test_every_text_of_help_has_a_chinese_one() -> None:
    catalogue = Catalogue(own_pairs("zh"))
    found = {text: path for path, command in commands().items() for text in texts(command)}
    found |= {entry.summary: (name,) for name, entry in COMMANDS.items()}
    assert len(found) > 150
    missing = [
        f"{' '.join(path)}: {text}"
        for text, path in found.items()
        if not CHINESE.search(catalogue.translate(text) or "")
    ]
    assert not missing, MISSING.format(count=len(missing), lines="\n".join(missing))


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"{' '.join(path)} {option.opts[-1]}"
        for path, command in commands().items()
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not option.help
    ]
    assert silent == []


def test_every_command_is_told_with_its_whole_summary() -> None:
    for path, command in commands().items():
        if isinstance(command, click.Group):
            shown = " ".join(help_of(path, "en").split())
            below = [each for at, each in commands().items() if at[:-1] == path and at]
            summaries = (
                [entry.summary for entry in COMMANDS.values()]
                if isinstance(command, LazyGroup)
                else [
                    each.short_help or summary(each.help or "") for each in below if not each.hidden
                ]
            )
            assert summaries
            assert [text for text in summaries if text not in shown] == []


@pytest.mark.parametrize("path", [(), ("ask",), ("index",), ("models", "recommend"), ("serve",)])
def test_help_in_chinese_has_no_english_sentence(path: Path) -> None:
    shown = help_of(path, "zh_CN.UTF-8")
    assert "用法：" in shown
    assert "选项：" in shown
    _, *lines = shown.splitlines()
    prose = [line for line in lines if not line.startswith("    ")]
    assert [line for line in prose if ENGLISH.search(line)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_of_help_is_wider_than_the_terminal(language: str) -> None:
    wide = [
        line
        for path, command in commands().items()
        for line in help_of(path, language).splitlines()
        if cells(line) > 80 and not is_example(line)
    ]
    assert wide == []


def test_what_click_adds_to_an_option_is_told() -> None:
    assert "[默认：120x36]" in help_of(("screenshot",), "zh")
    assert "[default: 120x36]" in help_of(("screenshot",), "en")


def test_examples_stand_line_by_line() -> None:
    shown = help_of(("translate",), "en")
    assert "    assistant translate notes.md --to pt -o notes.pt.md\n    cat film.srt |" in shown


def test_chinese_is_broken_where_a_reader_expects_it() -> None:
    assert wrapped("一二三四，五六（七）", 8) == ["一二三", "四，五六", "（七）"]
    assert wrapped("read 文件 twice", 8) == ["read 文", "件 twice"]
    assert wrapped("", 8) == []


def help_of(path: Path, language: str) -> str:
    variables = {"ASSISTANT_LANG": language, "COLUMNS": "80"}
    shown = CliRunner(env=variables).invoke(root, [*path, "--help"], terminal_width=80)
    assert shown.exit_code == 0, shown.output
    return shown.output
