"""`assistant read`, with stand-ins for what opens files and reads text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import read
from assistant.cli.context import Context
from assistant.config import Settings, find_places
from assistant.core.documents import TextLine
from skills.reading.scanning import Scanner
from tests.skills.reading import PageOpener, PageReader, Pages, grid, line

CELLS = [["Item", "Qty", "Price"], ["Apples", "12", "3.50"], ["Tea", "1", "12.00"]]
PAGES: dict[int, tuple[TextLine, ...]] = {
    1: (line("Prices", 0, -90), *grid(CELLS, (0, 200, 400))),
    2: (line("The end", 0, 0), line("l1l", 0, 60, score=0.6)),
    3: (),
}


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    scanner = Scanner(PageOpener, lambda path, cancelled: Pages(("Typed.", "")),
                      lambda: PageReader(PAGES))  # fmt: skip
    monkeypatch.setattr(read, "_scanner", lambda _: scanner)
    return Context(Settings(), find_places({"HOME": str(tmp_path)}))


def run(context: Context, *arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(read.command, [str(a) for a in arguments], obj=context)
    said = result.stderr + ("" if result.exception is None else str(result.exception))
    return result.exit_code, result.stdout, said


def test_text_is_printed_with_the_cells_of_a_row_on_one_line(context: Context) -> None:
    status, said, _ = run(context, "a1.png")
    assert status == 0
    assert said == "Prices\n\nItem\tQty\tPrice\nApples\t12\t3.50\nTea\t1\t12.00\n"


def test_pages_follow_one_another_and_doubts_go_to_standard_error(context: Context) -> None:
    _, said, told = run(context, "a2.tiff")
    assert said.endswith("The end\n\nl1l\n")
    assert "doubtful (60%) a2.tiff, p. 2: l1l" in told


def test_doubts_are_told_in_the_language_of_the_interface(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    assert "存疑（60%）a2.tiff，第 2 页：l1l" in run(context, "a2.tiff")[2]


def test_only_some_pages(context: Context) -> None:
    assert run(context, "a2.tiff", "--pages", "2")[1].startswith("The end")
    assert "names no pages" in run(context, "a2.tiff", "--pages", "two")[2]
    assert "a2.tiff has 2 pages." in run(context, "a2.tiff", "--pages", "7")[2]
    assert "a1.png has 1 page." in run(context, "a1.png", "--pages", "7")[2]


def test_tables_alone_as_markdown(context: Context) -> None:
    assert run(context, "a1.png", "--tables")[1].startswith("| Item | Qty | Price |\n| --- |")


def test_json_has_a_line_a_page(context: Context) -> None:
    _, said, _ = run(context, "a2.tiff", "--json")
    first, second = map(json.loads, said.splitlines())
    assert (first["page"], second["page"]) == (1, 2)
    assert first["tables"] == [CELLS]
    assert second["lines"][1]["score"] == 0.6


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("out.md", "Prices\n\n| Item |"),
        ("out.txt", "Prices\n\nItem\t"),
        ("out.csv", "Item,Qty,Price\nApples,12,3.50\n"),
        ("out.json", '{"path": "a1.png", "page": 1'),
    ],
)
def test_a_file_is_written_as_its_ending_says(
    context: Context, tmp_path: Path, name: str, beginning: str
) -> None:
    status, said, told = run(context, "a1.png", "-o", tmp_path / name)
    assert (status, said) == (0, "")
    assert "1 page in" in told
    assert (tmp_path / name).read_text().startswith(beginning)


def test_a_file_that_is_there_is_kept(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    out.write_text("mine")
    assert "exists" in run(context, "a1.png", "-o", out)[2]
    assert out.read_text() == "mine"
    assert run(context, "a1.png", "-o", out, "--force")[0] == 0


def test_a_result_goes_below_the_home_folder_and_may_have_a_long_name(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    name = f"{'页' * 80}.md"  # 243 bytes
    assert run(context, "a1.png", f"--output=~/{name}")[0] == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("Prices")


def test_another_ending_is_refused(context: Context, tmp_path: Path) -> None:
    assert "No text is written as .xlsx" in run(context, "a1.png", "-o", tmp_path / "a.xlsx")[2]


def test_a_document_is_read_page_by_page(context: Context) -> None:
    assert run(context, "scan.pdf")[1].startswith("Typed.\nThe end")


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(context: Context) -> None:
    status, said, told = run(context, "missing.png", "a1.png")
    assert status == 1
    assert "Prices\n" in said
    assert "There is no file missing.png" in told


def test_a_folder_stands_for_its_images(context: Context, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("b1.png", "a1.jpg", "notes.txt"):
        (folder / name).touch()
    said = run(context, folder)[1]
    assert said.count("Prices") == 2
    names = [line for line in said.splitlines() if line.startswith(str(folder))]
    assert len(names) == 2, "each text stands under the name of its file"


def test_a_page_without_text_is_told_beside_the_others(context: Context) -> None:
    status, said, told = run(context, "a3.tiff")
    assert status == 0
    assert said.endswith("The end\n\nl1l\n"), "no empty line stands for it"
    assert "a3.tiff, p. 3: no text found" in told
    assert json.loads(run(context, "a3.tiff", "--json")[1].splitlines()[2])["page"] == 3
