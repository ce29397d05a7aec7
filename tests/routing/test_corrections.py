"""The file of corrections: readable, editable, never fatal."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from assistant.core.routing import Correction
from assistant.routing.corrections import CorrectionFile


def correction(text: str, skill: str = "qa") -> Correction:
    return Correction(skill, "en", "2026-05-14", text)


@pytest.fixture
def file(tmp_path: Path) -> CorrectionFile:
    return CorrectionFile(tmp_path / "data" / "corrections.tsv")


def test_no_file_is_no_corrections(file: CorrectionFile) -> None:
    assert file.read().kept == ()
    assert file.read().problems == ()
    assert file.stamp() is None


def test_what_was_added_is_read_in_order(file: CorrectionFile) -> None:
    file.add(correction("one"))
    file.add(correction("two", "translate"))
    assert file.read().kept == (correction("one"), correction("two", "translate"))


def test_the_file_is_lines_a_person_can_read(file: CorrectionFile) -> None:
    file.add(correction("run me  through\nthe numbers"))
    lines = file.path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[-1] == "qa\ten\t2026-05-14\trun me through the numbers"


def test_only_its_owner_may_read_it(file: CorrectionFile) -> None:
    file.add(correction("one"))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_message_corrected_again_counts_once(file: CorrectionFile) -> None:
    file.add(correction("Run the  numbers"))
    file.add(correction("run the numbers", "generate"))
    assert file.read().kept == (correction("run the numbers", "generate"),)


def test_the_latest_is_taken_back_first(file: CorrectionFile) -> None:
    file.add(correction("one"))
    file.add(correction("two"))
    assert file.remove() == correction("two")
    assert file.remove() == correction("one")
    assert file.remove() is None


def test_a_message_is_taken_back_by_its_text(file: CorrectionFile) -> None:
    file.add(correction("one"))
    file.add(correction("two"))
    assert file.remove("ONE ") == correction("one")
    assert file.read().kept == (correction("two"),)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("qa en 2026-05-14 no tabs", "four fields"),
        ("qa\ten\t2026-05-14\t", "four fields"),
        ("q a\ten\t2026-05-14\ttext", "no name of a skill"),
        ("qa\tEnglish\t2026-05-14\ttext", "no language code"),
        ("qa\ten\tyesterday\ttext", "no day"),
        (b"qa\ten\t2026-05-14\t\xff\xfe".decode("utf-8", "surrogateescape"), "UTF-8"),
    ],
)
def test_a_broken_line_is_reported_and_the_others_count(
    file: CorrectionFile, line: str, problem: str
) -> None:
    file.add(correction("one"))
    with file.path.open("ab") as out:
        out.write(line.encode("utf-8", "surrogateescape") + b"\n")
    found = file.read()
    assert found.kept == (correction("one"),)
    assert problem in found.problems[0]
    assert found.problems[0].startswith("line 4: ")


def test_a_broken_line_and_comments_survive_a_write(file: CorrectionFile) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b"# mine\nnonsense \xff\r\nqa\ten\t2026-05-14\tone")
    file.add(correction("two"))
    assert file.path.read_bytes().startswith(b"# mine\nnonsense \xff\n")
    assert file.read().kept == (correction("one"), correction("two"))


def test_a_line_cut_off_in_the_middle_is_only_reported(file: CorrectionFile) -> None:
    file.add(correction("one"))
    whole = file.path.read_bytes()
    for cut in range(len(whole)):
        file.path.write_bytes(whole[:cut])
        assert set(file.read().kept) <= {correction("one"[:n]) for n in range(1, 4)}


def test_a_change_by_hand_is_noticed(file: CorrectionFile) -> None:
    file.add(correction("one"))
    before = file.stamp()
    file.path.write_text("", "utf-8")
    assert file.stamp() != before


def test_writers_at_the_same_time_lose_nothing(file: CorrectionFile) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: CorrectionFile(file.path).add(correction(f"n {i}")), range(12)))
    assert {c.text for c in file.read().kept} == {f"n {i}" for i in range(12)}


def test_no_temporary_file_stays(file: CorrectionFile) -> None:
    file.add(correction("one"))
    left = {path.name for path in file.path.parent.iterdir()}
    assert left <= {"corrections.tsv", ".corrections.lock"}


def test_a_folder_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    blocked = CorrectionFile(tmp_path / "file" / "corrections.tsv")
    with pytest.raises(StoreError) as told:
        blocked.add(correction("one"))
    assert "readable and writable" in told.value.hint


def test_a_folder_in_its_place_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    found = CorrectionFile(tmp_path).read()
    assert found.kept == ()
    assert "can't be read" in found.problems[0]
