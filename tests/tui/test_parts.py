"""The parts that need no terminal: history, days, commands, keys, strings, opening, themes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from assistant.config import Settings
from assistant.models.catalogue import Catalogue
from assistant.tui import keys, moments, opening, strings, themes
from assistant.tui.commands import Invocation, Unknown, commands, completions, parse
from assistant.tui.days import by_day
from assistant.tui.history import PromptHistory
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.conversation_list import marked

NOW = datetime(2026, 5, 14, 0, 30, tzinfo=UTC)
README = Path(__file__).parents[2] / "README.md"
TABLE = commands(("generate", "translate"), ENGLISH)


def test_history_walks_back_and_forth_and_keeps_the_draft() -> None:
    history = PromptHistory(["one", "two", "two"])
    assert history.older("draft") == "two"
    assert history.older("two") == "one"
    assert history.older("one") is None
    assert history.newer() == "two"
    assert history.newer() == "draft"
    assert history.newer() is None


@dataclass(frozen=True)
class Listed:
    id: int
    title: str
    updated: float
    pinned: bool = False
    archived: bool = False
    collection: str | None = None


def listed(**ago: float) -> Listed:
    return Listed(1, "t", (NOW - timedelta(**ago)).timestamp())


def test_conversations_are_grouped_by_calendar_day_not_by_hours() -> None:
    conversations = [
        Listed(9, "kept", 0, pinned=True),
        listed(minutes=10),
        listed(hours=1),
        listed(days=2),
        listed(days=20),
        listed(days=100),
    ]
    groups = [(heading, len(group)) for heading, group in by_day(conversations, NOW, ENGLISH)]
    assert groups == [
        ("Pinned", 1),
        ("Today", 1),
        ("Yesterday", 1),
        ("Last 7 days", 1),
        ("Last 30 days", 1),
        ("February 2026", 1),
    ]


@pytest.mark.parametrize("updated", [1e20, -1e20, float("inf"), float("nan")])
def test_a_time_that_no_calendar_has_is_the_epoch(updated: float) -> None:
    odd = Listed(1, "t", updated)
    assert [heading for heading, _ in by_day([odd], NOW, ENGLISH)] == ["January 1970"]
    assert moments.written(updated, UTC) == "1970-01-01 00:00"


def test_no_conversations_make_no_groups() -> None:
    assert list(by_day([], NOW, CHINESE)) == []


def test_a_slash_and_a_known_word_is_a_command() -> None:
    meant = parse("/translate  the train\nleaves", TABLE)
    assert isinstance(meant, Invocation)
    assert (meant.command.name, meant.text) == ("translate", "the train\nleaves")
    assert isinstance(parse("/NEW", TABLE), Invocation)


@pytest.mark.parametrize("text", ["hello", "/", "/home/me/cat.jpg", "a /new", "/cat.jpg what?"])
def test_paths_and_prose_are_no_commands(text: str) -> None:
    assert parse(text, TABLE) is None


def test_an_unknown_command_is_told_apart_from_text() -> None:
    assert parse("/nwe", TABLE) == Unknown("nwe")


def test_a_beginning_is_completed_until_the_word_is_over() -> None:
    assert [c.name for c in completions("/ne", TABLE)] == ["new"]
    assert len(completions("/", TABLE)) == len(TABLE)
    assert completions("/translate x", TABLE) == ()
    assert completions("/translate ", TABLE) == ()
    assert completions("hello", TABLE) == ()


def test_every_key_has_words_in_both_languages() -> None:
    names = {key.name for key in keys.KEYS}
    for table in (ENGLISH, CHINESE):
        assert set(keys.groups()) == set(table.groups)
        assert names <= set(table.keys)


def test_every_command_and_skill_has_words_in_both_languages() -> None:
    assert set(ENGLISH.commands) == set(CHINESE.commands)
    assert set(ENGLISH.skills) == set(CHINESE.skills) == set(ENGLISH.skill_summaries)
    assert set(ENGLISH.model_roles) == set(CHINESE.model_roles)


def test_the_first_start_says_what_each_model_it_fetches_is_for() -> None:
    fetched = {entry.name for entry in Catalogue.load(Settings()).embedded() if entry.size}
    for table in (ENGLISH, CHINESE):
        assert fetched <= set(table.model_roles)


def test_the_readme_says_how_much_the_first_start_fetches() -> None:
    size = sum(entry.size for entry in Catalogue.load(Settings()).embedded())
    assert f"fetches {size / 1e6:.0f} MB of models" in README.read_text(encoding="utf-8")


def test_both_languages_fill_in_the_same_places() -> None:
    for field in fields(strings.Strings):
        english, chinese = getattr(ENGLISH, field.name), getattr(CHINESE, field.name)
        if isinstance(english, str) and field.name != "month_format":
            assert english.count("{}") == chinese.count("{}"), field.name
            assert english
            assert chinese


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "pt_BR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "ASSISTANT_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_follows_the_environment(environ: dict[str, str], language: str) -> None:
    assert strings.choose(environ).language == language


def test_keys_are_written_the_way_people_write_them() -> None:
    assert keys.current("newline", {}) == ("^J", "⇧⏎")
    assert keys.current("previous", {}) == ("Alt+↑",)
    assert keys.current("new", {"new": "ctrl+t,f4"}) == ("^T", "F4")


def test_unknown_key_names_are_found() -> None:
    assert keys.unknown({"new": "f4", "nwe": "f5"}) == ["nwe"]


def test_no_two_keys_of_one_place_are_the_same() -> None:
    taken = [(key.where, k) for key in keys.KEYS for k in key.keys.split(",")]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        (["vim"], 12, ["vim", "+12", "/a.md"]),
        (["/usr/bin/code", "-w"], 12, ["/usr/bin/code", "-w", "-g", "/a.md:12"]),
        (["hx"], 12, ["hx", "/a.md:12"]),
        (["vim"], None, ["vim", "/a.md"]),
        (["notepad"], 3, ["notepad", "/a.md"]),
    ],
)
def test_editors_are_told_the_line_in_their_own_way(
    command: list[str], line: int | None, expected: list[str]
) -> None:
    assert opening.at_line(command, Path("/a.md"), line) == expected


def test_the_editor_is_the_one_the_person_set() -> None:
    assert opening.editor({"EDITOR": "nano -w"}) == ["nano", "-w"]
    assert opening.editor({"EDITOR": "nano", "VISUAL": "code --wait"}) == ["code", "--wait"]


def test_an_editor_whose_quotes_do_not_match_is_taken_as_it_stands() -> None:
    assert opening.editor({"EDITOR": 'vim "'}) == ['vim "']


def test_matches_of_a_search_are_marked_and_everything_else_is_literal() -> None:
    content = marked("the \x02[b]train\x03 leaves [/b] at \x02nine\x03")
    assert content.plain == "the [b]train leaves [/b] at nine"
    found = [content.plain[span.start : span.end] for span in content.spans]
    assert found == ["[b]train", "nine"]


@pytest.mark.parametrize("theme", [themes.INK, themes.PAPER])
def test_text_stands_out_from_the_background(theme: Theme) -> None:
    background = Color.parse(theme.background or "")
    muted = Color.parse(theme.variables["foreground-muted"])
    assert background.get_contrast_text(1.0)
    assert _contrast(Color.parse(theme.foreground or ""), background) >= 10
    assert _contrast(muted, background) >= 4.5
    for name in (theme.primary, theme.secondary, theme.accent, theme.success, theme.error):
        assert _contrast(Color.parse(name or ""), background) >= 4.5, name


def _contrast(one: Color, two: Color) -> float:
    """WCAG 2.2 contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: Color) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(c / 255) for c in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
