"""What the screens are made of, without a terminal: receipts, folders, times, viewers, colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from assistant.config import LoadedSettings, Settings
from assistant.config.schema import known_keys
from assistant.core.collections import CollectionStatus, FileReceipt, FileStatus
from assistant.core.documents import Filters, Passage, Place, Scope
from assistant.core.errors import ConfigError
from assistant.core.events import Progress
from assistant.tui import contrast, themes, viewers
from assistant.tui.folders import as_path, exists, look, split, subsequence
from assistant.tui.keys import KEYS
from assistant.tui.preferences import Preferences, parsed
from assistant.tui.receipts import Counts, RootRow, Row, count, relative, rows
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets import gauge
from assistant.tui.widgets.bars import bar
from assistant.tui.widgets.sources import in_context, marked_quote, searched

# --- receipts -----------------------------------------------------------------------------


def file(path: str, state: FileStatus = "fresh") -> FileReceipt:
    return FileReceipt(path, state, "", 1)


STATUS = CollectionStatus(
    "default",
    ("/a", "/a/deep", "/ab.txt", "/empty"),
    (file("/a/1.txt"), file("/a/deep/2.txt", "failed"), file("/ab.txt", "stale")),
    3,
    0,
)


def as_text(listed: list[Row]) -> list[str]:
    return [f"{r.path} {r.files}" if isinstance(r, RootRow) else r.path for r in listed]


def test_files_stand_below_the_deepest_folder_that_holds_them() -> None:
    assert as_text(rows(STATUS, "all", "")) == [
        "/ab.txt",
        "/a 1",
        "/a/1.txt",
        "/a/deep 1",
        "/a/deep/2.txt",
        "/empty 0",
    ]


def test_a_filter_leaves_out_folders_without_such_files() -> None:
    assert as_text(rows(STATUS, "failed", "")) == ["/a/deep 1", "/a/deep/2.txt"]
    assert as_text(rows(STATUS, "stale", "")) == ["/ab.txt"]
    assert rows(STATUS, "waiting", "") == []


def test_a_needle_is_looked_for_in_the_whole_path_whatever_its_case() -> None:
    assert as_text(rows(STATUS, "all", "DEEP/")) == ["/a/deep 1", "/a/deep/2.txt"]


def test_files_are_counted_by_state() -> None:
    assert count(STATUS) == Counts(3, 1, 1, 0)


def test_a_name_is_relative_to_the_deepest_root() -> None:
    assert relative("/a/deep/2.txt", STATUS.roots) == "2.txt"
    assert relative("/abc/2.txt", STATUS.roots) == "/abc/2.txt"
    assert relative("C:\\docs\\a.txt", ["C:\\docs"]) == "a.txt"


# --- folders ------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Papers", "pictures", ".hidden", "合同"):
        (tmp_path / name).mkdir()
    for name in ("paper.txt", "spare.md"):
        (tmp_path / name).touch()
    return tmp_path


def names(typed: str) -> list[str]:
    return [entry.name for entry in look(typed).entries]


def test_folders_come_first_and_hidden_ones_only_when_asked_for(folder: Path) -> None:
    assert names(f"{folder}/") == ["Papers", "pictures", "合同", "paper.txt", "spare.md"]
    assert names(f"{folder}/.h") == [".hidden"]


def test_the_best_match_comes_first(folder: Path) -> None:
    assert names(f"{folder}/pap") == ["Papers", "paper.txt"]
    assert names(f"{folder}/are") == ["spare.md"]
    assert names(f"{folder}/pr") == ["spare.md", "Papers", "paper.txt", "pictures"]
    assert names(f"{folder}/同") == ["合同"]
    assert names(f"{folder}/zzz") == []


def test_what_cannot_be_read_has_no_entries(folder: Path) -> None:
    assert names(f"{folder}/paper.txt/x") == []
    assert names("/no/such/place/") == []
    assert names("~nobody-by-this-name/") == []


@pytest.mark.parametrize("typed", ["~nobody-by-this-name/x", "x" * 300, "a\0b", "/no/such/place"])
def test_an_odd_path_is_not_there_and_does_no_harm(typed: str) -> None:
    assert not exists(as_path(typed))


def test_a_broken_link_is_listed_and_does_no_harm(folder: Path) -> None:
    (folder / "loop").symlink_to(folder / "loop")
    assert "loop" in names(f"{folder}/")


def test_characters_match_in_order_together_first() -> None:
    assert subsequence("ap", "Papap") == (1, 2)
    assert subsequence("pp", "Papap") == (0, 2)
    assert subsequence("px", "Papap") is None


def test_a_typed_path_is_a_folder_and_the_beginning_of_a_name() -> None:
    assert split("~/pa") == ("~/", "pa")
    assert split("pa") == ("", "pa")
    assert split("~") == ("~/", "")
    assert as_path("~/x") == Path.home() / "x"
    assert as_path("") == Path.cwd()


# --- times and sizes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (-1.0, ""),
        (0.0, "about 5 s left"),
        (42.0, "about 40 s left"),
        (130.0, "about 2 min left"),
        (7_000.0, "about 1.9 h left"),
    ],
)
def test_the_time_left_is_rounded_as_people_say_it(seconds: float | None, said: str) -> None:
    assert gauge.left(seconds, ENGLISH) == said


def test_progress_is_said_in_the_person_s_language() -> None:
    event = Progress("Reading", 12, 40, "files", 130.0)
    assert gauge.summary(event, ENGLISH) == "12 / 40 files · about 2 min left"
    assert gauge.summary(event, CHINESE) == "12 / 40 个文件 · 大约还要 2 分钟"


@pytest.mark.parametrize(
    ("done", "total", "cells"), [(0, 10, 0), (5, 10, 5), (99, 10, 10), (3, None, 0)]
)
def test_a_bar_never_leaves_its_cells(done: float, total: float | None, cells: int) -> None:
    drawn = bar(gauge.share(Progress("x", done, total, "files")), 10)
    assert drawn.cell_length == 10
    filled = [span for span in drawn.spans if span.style == "$primary"]
    assert sum(span.end - span.start for span in filled) == cells


def test_sizes_are_said_in_units() -> None:
    assert [gauge.size(n) for n in (0, 10, 98_362_432, 1_834_426_016)] == [
        "",
        "1 MB",
        "98 MB",
        "1.8 GB",
    ]


# --- viewers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("viewer", "command"),
    [
        ("org.gnome.Evince.desktop", ["/bin/evince", "--page-index=7", "/a/b c.pdf"]),
        ("org.kde.okular.desktop", ["/bin/okular", "--page", "7", "/a/b c.pdf"]),
        ("org.pwmt.zathura-pdf-mupdf.desktop", ["/bin/zathura", "--page=7", "/a/b c.pdf"]),
        ("firefox-esr.desktop", ["/bin/firefox", "file:///a/b%20c.pdf#page=7"]),
        ("libreoffice-draw.desktop", None),
        ("", None),
    ],
)
def test_a_viewer_that_takes_a_page_is_given_it(viewer: str, command: list[str] | None) -> None:
    found = viewers.command(viewer, Path("/a/b c.pdf"), 7, lambda name: f"/bin/{name}")
    assert found == command


def test_a_viewer_that_is_not_installed_is_not_used() -> None:
    assert viewers.command("okular.desktop", Path("/a.pdf"), 7, lambda _: None) is None


# --- sources ------------------------------------------------------------------------------


def passage(quote: str, context: str = "", marks: tuple[tuple[int, int], ...] = ()) -> Passage:
    return Passage("/a/b.txt", quote, Place(), 0, len(quote), 1.0, context, marks)


def marked(of: Passage) -> list[str]:
    quote = marked_quote(of)
    return [quote.plain[s.start : s.end] for s in quote.spans]


def test_the_matching_words_are_marked_in_the_quote() -> None:
    quote = passage("  Trees  withdraw\nnitrogen. ", marks=((2, 7), (18, 26)))
    assert marked_quote(quote).plain == "Trees withdraw nitrogen."
    assert marked(quote) == ["Trees", "nitrogen"]


@pytest.mark.parametrize("marks", [((0, 999),), ((5, 2),), ((-4, 3), (1, 2)), ((90, 99),)])
def test_marks_that_make_no_sense_do_no_harm(marks: tuple[tuple[int, int], ...]) -> None:
    assert marked_quote(passage("Trees", marks=marks)).plain == "Trees"


def test_the_quote_is_marked_inside_its_context_whatever_the_white_space() -> None:
    content = in_context(passage("b  c", "a b\nc d"))
    assert content.plain == "a b c d"
    (span,) = content.spans
    assert content.plain[span.start : span.end] == "b c"


def test_a_quote_that_is_not_in_its_context_stands_above_it() -> None:
    assert in_context(passage("x", "a b")).plain == "x\na b"


def test_escape_sequences_are_gone_even_across_a_mark() -> None:
    content = marked_quote(passage("a\x1b[31mb\x1b]0;x\x07c", marks=((0, 3),)))
    assert "\x1b" not in content.plain
    assert "\x07" not in content.plain


def test_what_was_searched_names_every_limit() -> None:
    limits = Filters(("a", "b"), ("pdf",), "2024-01-01", "2024-12-31")
    assert searched(Scope("papers", 1, limits), ENGLISH) == (
        "Searched papers · 1 document · in a, b · of type pdf · changed since 2024-01-01 · "
        "changed until 2024-12-31"
    )
    assert searched(Scope("合同", 9), CHINESE) == "查找范围：合同 · 9 份文档"


# --- settings -----------------------------------------------------------------------------


def preferences(tmp_path: Path) -> Preferences:
    loaded = LoadedSettings(Settings(), {})
    return Preferences(loaded, tmp_path / "config.toml", lambda: loaded, ENGLISH)


def test_every_setting_and_every_key_is_a_row_that_says_what_it_is_for(tmp_path: Path) -> None:
    listed = preferences(tmp_path).rows()
    assert [row.dotted for row in listed] == [*known_keys(), *(f"keys.{k.name}" for k in KEYS)]
    assert all(row.description and row.takes for row in listed)


@pytest.mark.parametrize(
    ("dotted", "typed", "value"),
    [
        ("threads", " 4 ", 4),
        ("generate.context", "32,768", 32_768),
        ("generate.temperature", "1", 1.0),
        ("generate.gpu_layers", " 12 ", 12),
        ("generate.gpu_layers", "auto", "auto"),
        ("translate.target", "", ""),
        ("generate.system", "Be  brief. ", "Be  brief. "),
    ],
)
def test_what_is_typed_becomes_the_setting_s_type(
    tmp_path: Path, dotted: str, typed: str, value: object
) -> None:
    row = next(r for r in preferences(tmp_path).rows() if r.dotted == dotted)
    assert parsed(row, typed, ENGLISH) == value


@pytest.mark.parametrize(
    ("dotted", "typed"),
    [
        ("threads", "four"),
        ("threads", "-1"),
        ("generate.gpu_layers", "many"),
        ("generate.gpu_layers", "1000"),
        ("generate.top_p", "0"),
        ("generate.model", " "),
    ],
)
def test_what_is_not_allowed_is_refused(tmp_path: Path, dotted: str, typed: str) -> None:
    row = next(r for r in preferences(tmp_path).rows() if r.dotted == dotted)
    with pytest.raises(ConfigError):
        parsed(row, typed, ENGLISH)


# --- texts --------------------------------------------------------------------------------


def texts(table: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a table, by its place in it."""
    if isinstance(table, str):
        yield path, table
    elif isinstance(table, Mapping):
        for name, value in table.items():
            yield from texts(value, f"{path}[{name}]")
    elif is_dataclass(table):
        for field in fields(table):
            yield from texts(getattr(table, field.name), f"{path}.{field.name}")


def placeholders(text: str) -> int:
    return sum(name is not None for _, name, _, _ in Formatter().parse(text))


def test_both_languages_have_the_same_texts_with_the_same_places_to_fill() -> None:
    english = {k: v for k, v in texts(ENGLISH.screens) if "descriptions" not in k}
    chinese = {k: v for k, v in texts(CHINESE.screens) if "descriptions" not in k}
    assert english.keys() == chinese.keys()
    assert [k for k in english if placeholders(english[k]) != placeholders(chinese[k])] == []


def test_every_setting_is_described_in_chinese() -> None:
    assert CHINESE.screens.settings.descriptions.keys() == known_keys().keys()


# --- colours ------------------------------------------------------------------------------

READABLE = [t for t in (*BUILTIN_THEMES.values(), themes.INK, themes.PAPER) if not t.ansi]


def colours(theme: Theme) -> dict[str, str]:
    """The variables as the style sheets see them."""
    corrected = contrast.legible(theme)
    return {**corrected.to_color_system().generate(), **corrected.variables}


@pytest.mark.parametrize("theme", READABLE, ids=lambda theme: theme.name)
def test_every_text_of_every_theme_is_readable_on_every_ground(theme: Theme) -> None:
    variables = colours(theme)
    grounds = contrast.grounds(variables)
    for name in (*contrast.TEXTS, "foreground-muted"):
        for ground, colour in grounds.items():
            ratio = contrast.ratio(Color.parse(variables[name]), colour)
            assert ratio >= contrast.ENOUGH, (name, ground, ratio)
    for ground in ("background", "surface", "panel"):
        faint = Color.parse(variables["foreground-disabled"])
        assert contrast.ratio(faint, grounds[ground]) >= contrast.ENOUGH, ground


@pytest.mark.parametrize("theme", READABLE, ids=lambda theme: theme.name)
def test_a_quoted_sentence_and_its_marks_are_readable(theme: Theme) -> None:
    variables = colours(theme)
    ground = contrast.quote_ground(variables)
    for name in ("foreground", "success"):
        assert contrast.ratio(Color.parse(variables[name]), ground) >= contrast.ENOUGH, name


def test_body_text_of_our_themes_is_dark_enough_for_thin_strokes() -> None:
    for theme in (themes.INK, themes.PAPER):
        variables = colours(theme)
        text, ground = Color.parse(variables["foreground"]), Color.parse(variables["background"])
        assert contrast.ratio(text, ground) >= 10


def test_black_on_white_has_the_highest_contrast() -> None:
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert contrast.ratio(black, white) == contrast.ratio(white, black) == 21


def test_the_terminal_s_own_colours_are_left_alone() -> None:
    for theme in BUILTIN_THEMES.values():
        if theme.ansi:
            assert contrast.legible(theme) is theme


def test_a_readable_colour_stays_as_it_is() -> None:
    assert contrast.readable(Color(0, 0, 0), [Color(255, 255, 255)]) == Color(0, 0, 0)


def test_a_root_may_be_the_whole_disk() -> None:
    status = CollectionStatus("default", ("/",), (file("/a.txt"),), 1, 0)
    assert as_text(rows(status, "all", "")) == ["/ 1", "/a.txt"]


def test_a_place_is_told_in_the_language_of_the_interface() -> None:
    page, line, heading = Place(page=3), Place(line=7), Place(heading="A › B")
    assert [ENGLISH.where(p) for p in (page, line, heading)] == ["p. 3", "line 7", "A › B"]
    assert [CHINESE.where(p) for p in (page, line)] == ["第 3 页", "第 7 行"]
