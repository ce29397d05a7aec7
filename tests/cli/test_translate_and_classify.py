"""`assistant translate` and `assistant classify` over stand-ins for the models."""

from __future__ import annotations

import csv
import io
import os
import pty
import select
import signal
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO

import pytest
from click.testing import CliRunner, Result

from assistant.cli.classify import command as classify
from assistant.cli.context import Context
from assistant.cli.output_file import write_whole
from assistant.cli.translate import command as translate
from assistant.config import Places, Settings
from assistant.config.settings import TranslateSettings
from assistant.core.errors import AssistantError, DocumentError, UsageError
from tests.fakes import HashingEmbedder


@dataclass
class Shouting:
    """Writes what it is given in capitals; may press Ctrl+C."""

    pairs: frozenset[tuple[str, str]] = frozenset({("en", "pt")})
    name: str = "shouting"
    interrupts: bool = False
    asked: list[str] = field(default_factory=list)

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        self.asked += sentences
        if self.interrupts:
            os.kill(os.getpid(), signal.SIGINT)
        return [sentence.upper() for sentence in sentences]


@dataclass
class Bench:
    """Runs the commands over one translator and the hashing embedder."""

    places: Places
    translator: Shouting = field(default_factory=Shouting)
    settings: Settings = field(default_factory=Settings)

    def translate(self, *arguments: str, piped: bytes = b"") -> Result:
        return CliRunner().invoke(translate, arguments, obj=self.context(), input=piped)

    def classify(self, *arguments: str, piped: str = "") -> Result:
        return CliRunner().invoke(classify, arguments, obj=self.context(), input=piped)

    def context(self) -> Context:
        return Context(self.settings, self.places)


@pytest.fixture
def bench(places: Places, monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(places)

    def build(_settings: Settings, _places: Places) -> SimpleNamespace:
        services = SimpleNamespace(
            translators=lambda: (bench.translator,),
            suggest_translators=lambda *_: (),
            embedder=HashingEmbedder,
            classifier=lambda: None,
        )
        return SimpleNamespace(services=services)

    monkeypatch.setattr("assistant.engine.wiring.build", build)
    return bench


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.md"
    file.write_text("# The house\n\nThe cat is here.\n", encoding="utf-8")
    return file


MADE = "# THE HOUSE\n\nTHE CAT IS HERE.\n"


def test_a_file_goes_to_standard_output(bench: Bench, notes: Path) -> None:
    result = bench.translate(str(notes), "--to", "pt")
    assert (result.exit_code, result.stdout) == (0, MADE)


def test_standard_input_goes_to_standard_output(bench: Bench) -> None:
    result = bench.translate("--to", "Portuguese", "--from", "en", piped=b"The cat is here.")
    assert (result.exit_code, result.stdout) == (0, "THE CAT IS HERE.")


def test_the_format_of_standard_input_can_be_named(bench: Bench) -> None:
    page = b"<p>The <i>red</i> cat is here.</p>"
    result = bench.translate("--to", "pt", "--format", "html", piped=page)
    assert result.stdout == "<p>THE <i>RED</i> CAT IS HERE.</p>"


def test_a_file_is_written_with_ordinary_rights(bench: Bench, notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    assert bench.translate(str(notes), "--to", "pt", "-o", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == MADE
    assert stat.S_IMODE(out.stat().st_mode) & 0o600 == 0o600
    assert sorted(f.name for f in tmp_path.iterdir() if f.suffix == ".md") == ["notes.md", "out.md"]


def test_a_file_that_exists_is_not_replaced_unasked(bench: Bench, notes: Path) -> None:
    result = bench.translate(str(notes), "--to", "pt", "-o", str(notes))
    assert isinstance(result.exception, UsageError)
    assert "--force" in result.exception.hint
    assert bench.translator.asked == []
    assert bench.translate(str(notes), "--to", "pt", "-o", str(notes), "--force").exit_code == 0
    assert notes.read_text(encoding="utf-8") == MADE


def test_ctrl_c_leaves_no_file(bench: Bench, tmp_path: Path) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "b.txt"
    source.write_text("\n\n".join(f"The cat {i} is here." for i in range(50)), encoding="utf-8")
    bench.translator.interrupts = True
    result = bench.translate(str(source), "--to", "pt", "-o", str(out))
    assert result.exit_code == 130
    assert "was not written" in result.stderr
    assert [file.name for file in tmp_path.iterdir() if file.name != "state"].count("b.txt") == 0
    assert len(bench.translator.asked) < 50


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.md", "--to", "pt"), "can't be read"),
        (("x.exe", "--to", "pt"), "can't be translated"),
        (("x.md",), "No language"),
        (("x.md", "--to", "klingonese"), "no language known"),
        (("x.md", "--to", "pt", "-o", "no/such/folder/x.md"), "no folder"),
    ],
)
def test_what_can_not_be_done_is_said_before_any_work(
    bench: Bench, arguments: tuple[str, ...], words: str
) -> None:
    error = bench.translate(*arguments).exception
    assert isinstance(error, AssistantError)
    assert words in error.message
    assert error.hint
    assert bench.translator.asked == []


def test_a_word_document_needs_a_file_to_go_to(bench: Bench, tmp_path: Path) -> None:
    import docx

    source = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("The cat is here.")
    document.save(str(source))
    assert isinstance(bench.translate(str(source), "--to", "pt").exception, UsageError)
    out = tmp_path / "b.docx"
    assert bench.translate(str(source), "--to", "pt", "-o", str(out)).exit_code == 0
    assert docx.Document(str(out)).paragraphs[0].text == "THE CAT IS HERE."


def test_the_settings_name_the_language_and_the_glossary(bench: Bench, tmp_path: Path) -> None:
    terms = tmp_path / "terms.csv"
    terms.write_text("cat,gato\n", encoding="utf-8")
    bench.settings = Settings(translate=TranslateSettings(target="pt", glossary=str(terms)))
    result = bench.translate(piped=b"The cat is here in the house.")
    assert result.stdout == "THE gato IS HERE IN THE HOUSE."


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    out.write_bytes(b"mine")
    with pytest.raises(UsageError):
        write_whole(out, b"new", force=False)
    assert out.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="can't be written"):
        write_whole(tmp_path / "none" / "out.txt", b"new", force=False)


def test_each_line_of_a_file_gets_a_label(bench: Bench, tmp_path: Path) -> None:
    source, out = tmp_path / "lines.txt", tmp_path / "out.csv"
    source.write_text("a red apple\n\na blue, blue car\n", encoding="utf-8")
    result = bench.classify(str(source), "--labels", "red, blue", "--csv", str(out))
    assert result.exit_code == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row["line"], row["label"], row["text"]) for row in rows] == [
        ("1", "red", "a red apple"),
        ("3", "blue", "a blue, blue car"),
    ]
    assert all(row["sure"] == "yes" and float(row["score"]) > 0.5 for row in rows)


def test_a_line_no_label_fits_is_marked_unsure(bench: Bench) -> None:
    result = bench.classify("--labels", "red,blue", piped="something else entirely\n")
    (row,) = csv.DictReader(result.stdout.splitlines())
    assert row["sure"] == "no"


def test_without_labels_there_is_nothing_to_choose_from(bench: Bench) -> None:
    error = bench.classify(piped="a line\n").exception
    assert isinstance(error, UsageError)
    assert "--labels" in error.hint


def test_labels_that_are_too_many_are_said_to_be_left_out(bench: Bench) -> None:
    labels = ",".join(["red", "blue", *(f"label {n}" for n in range(300))])
    result = bench.classify("--labels", labels, piped="a red apple\n")
    assert result.stderr == "Only the first 200 of 302 labels are used.\n"
    assert result.stdout.splitlines()[1].startswith("1,red,")


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Our end of a terminal, and a program's."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r+b", buffering=0) as raw:
        yield ours, io.TextIOWrapper(raw, "utf-8", write_through=True)
    os.close(ours)


def test_a_terminal_is_no_text_to_classify(bench: Bench, terminal: tuple[int, TextIO]) -> None:
    ours, theirs = terminal
    os.write(ours, b"\x04")  # Ctrl+D, for whoever does read
    error = bench.classify(os.ttyname(theirs.fileno()), "--labels", "red,blue").exception
    assert isinstance(error, UsageError)
    assert "nothing to classify" in error.message


def test_text_of_a_file_cannot_steer_the_terminal(
    bench: Bench, terminal: tuple[int, TextIO], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "lines.txt"
    source.write_text("a red \x1b]0;title\x07apple\x1b[2J\n", encoding="utf-8")
    ours, theirs = terminal
    monkeypatch.setattr("sys.stdout", theirs)
    classify.main([str(source), "--labels", "red,blue"], standalone_mode=False, obj=bench.context())
    shown = b""
    while b"apple" not in shown and select.select([ours], [], [], 60)[0]:
        shown += os.read(ours, 10_000)  # the terminal hands on line by line
    assert b"a red apple" in shown
    assert b"\x1b" not in shown
    assert b"\x07" not in shown
