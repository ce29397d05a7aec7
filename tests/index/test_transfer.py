"""Export and import: what goes out comes in, and what is hostile stays out."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import AssistantError, StoreError, UsageError
from assistant.core.events import Notice
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder
from tests.index.conftest import Add, never

Forge = Callable[..., Path]


@pytest.fixture
def exported(index: DocumentIndex, add: Add, folder: Path, tmp_path: Path) -> Path:
    """The collection `default` as a file."""
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    add(folder)
    file = tmp_path / "papers.zip"
    list(index.export("default", file, never))
    return file


@pytest.fixture
def forge(exported: Path, tmp_path: Path) -> Forge:
    """Changes the exported database or manifest, with all sums right."""

    def forging(
        *statements: str,
        values: Sequence[object] = (),
        manifest: dict[str, object] | None = None,
        database: bytes | None = None,
    ) -> Path:
        with zipfile.ZipFile(exported) as archive:
            told = json.loads(archive.read("manifest.json"))
            raw = tmp_path / "raw.sqlite3"
            raw.write_bytes(archive.read("index.sqlite3") if database is None else database)
        if statements:
            with closing(sqlite3.connect(raw)) as connection:
                for statement in statements:
                    connection.execute(statement, values if "?" in statement else ())
                connection.commit()
        content = raw.read_bytes()
        told |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return packed(tmp_path / "forged.zip", told | (manifest or {}), content)

    return forging


def packed(path: Path, manifest: dict[str, object], database: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("index.sqlite3", database)
    return path


def bring_in(
    index: DocumentIndex, file: Path, name: str | None = None, *, replace: bool = False
) -> str:
    events = index.import_(file, name, never, replace=replace)
    return " ".join(f"{e.text} {e.hint}" for e in events if isinstance(e, Notice))


def problems(index: DocumentIndex, name: str) -> list[str]:
    return [e.text for e in index.verify(name, never) if isinstance(e, Notice)]


def test_what_was_exported_is_imported_with_texts_vectors_and_receipts(
    index: DocumentIndex, exported: Path, embedder: HashingEmbedder
) -> None:
    calls = embedder.calls
    assert "“copy” holds 3 files in 3 chunks." in bring_in(index, exported, "copy")
    assert embedder.calls == calls
    assert index.collections() == ("copy", "default")
    assert index.status("copy").files == index.status("default").files
    for question in ("What is the notice period?", "新版本什么时候发布？"):
        assert [c.text for c in index.retrieve(question, "copy", 3).candidates] == [
            c.text for c in index.retrieve(question, "default", 3).candidates
        ]
    assert index.retrieve("bread", "copy", 3).pending == 0
    assert problems(index, "copy") == []


def test_the_name_in_the_file_is_taken_unless_another_is_given(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder, collection="合同 2024")
    list(index.export("合同 2024", tmp_path / "a.zip", never))
    with pytest.raises(UsageError, match="“合同 2024” already") as caught:
        bring_in(index, tmp_path / "a.zip")
    assert "--as" in caught.value.hint
    other = DocumentIndex(tmp_path / "elsewhere", index._settings, index._embedder)
    bring_in(other, tmp_path / "a.zip")
    assert other.collections() == ("合同 2024",)


def test_replacing_takes_the_old_texts_away_for_good(
    index: DocumentIndex, add: Add, exported: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.txt"
    old.write_text("The passphrase was xyzzyplugh.")
    add(old, collection="work")
    assert index.retrieve("passphrase", "work", 1).candidates
    bring_in(index, exported, "work", replace=True)
    assert index.file_count("work") == 3
    held = b"".join(p.read_bytes() for p in (tmp_path / "index" / "work").iterdir())
    assert b"xyzzyplugh" not in held
    assert problems(index, "work") == []
    found = index.retrieve("bake the bread", "work", 3).candidates
    assert Path(found[0].path).name == "recipe.txt"
    assert all(c.dense is not None for c in found)


def test_a_process_that_reads_meanwhile_follows_a_replaced_collection(
    index: DocumentIndex, add: Add, exported: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    old = tmp_path / "old.txt"
    old.write_text("The kangaroo jumps.\n\nThe fence is high.\n\nThe moon is out.\n")
    add(old, collection="work")
    reader = DocumentIndex(tmp_path / "index", index._settings, lambda: embedder)
    assert reader.retrieve("kangaroo", "work", 1).candidates
    bring_in(index, exported, "work", replace=True)
    found = reader.retrieve("bake the bread", "work", 1).candidates[0]
    assert found.text.startswith("Bake")
    assert found.dense is not None
    assert found.dense > 0.5


def test_folders_of_another_machine_are_said_and_questions_answered(
    index: DocumentIndex, exported: Path, folder: Path, tmp_path: Path
) -> None:
    folder.rename(tmp_path / "gone")
    assert f"Not on this machine: {folder}" in bring_in(index, exported, "copy")
    assert index.retrieve("notice period", "copy", 1).candidates
    assert {f.state for f in index.status("copy").files} == {"stale", "failed"}
    list(index.sync("copy", never))
    assert index.file_count("copy") == 3


def test_what_was_forgotten_stays_forgotten(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    index.forget([folder / "recipe.txt"], None)
    list(index.export("default", tmp_path / "a.zip", never))
    bring_in(index, tmp_path / "a.zip", "copy")
    list(index.sync("copy", never))
    assert index.file_count("copy") == 2


def test_a_file_in_the_way_is_not_written_over(
    index: DocumentIndex, exported: Path, tmp_path: Path
) -> None:
    before = exported.read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        list(index.export("default", exported, never))
    assert exported.read_bytes() == before
    list(index.export("default", exported, never, replace=True))
    with pytest.raises(StoreError, match="can't be written"):
        list(index.export("default", tmp_path / "no folder" / "a.zip", never))


def test_a_stopped_export_leaves_no_file(
    index: DocumentIndex, exported: Path, tmp_path: Path
) -> None:
    list(index.export("default", tmp_path / "b.zip", lambda: True))
    assert not list(tmp_path.glob("b.zip*"))
    assert not list((tmp_path / "index" / "default").glob("export-*"))


def test_a_stopped_import_leaves_no_collection(
    index: DocumentIndex, exported: Path, tmp_path: Path
) -> None:
    for patience in range(6):
        asked = iter(range(99))
        list(index.import_(exported, "copy", lambda p=patience, a=asked: next(a) >= p))  # type: ignore[misc]
        assert index.collections() == ("default",)
    assert not list((tmp_path / "index").glob(".import-*/"))


def test_what_a_killed_import_left_is_no_collection_and_is_cleared_away(
    index: DocumentIndex, exported: Path, tmp_path: Path
) -> None:
    left = tmp_path / "index" / ".import-killed"
    left.mkdir()
    (left / "index.sqlite3").write_bytes(b"half")
    assert index.collections() == ("default",)
    bring_in(index, exported, "copy")
    assert not left.exists()


HOSTILE = [
    ("CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM roots; END", "not as the assistant"),
    ("CREATE VIEW v AS SELECT 1", "not as the assistant"),
    ("CREATE VIRTUAL TABLE more USING fts5(a)", "not as the assistant"),
    ("DROP TRIGGER chunk_out", "not as the assistant"),
    ("ALTER TABLE files ADD COLUMN more", "not as the assistant"),
    ("PRAGMA user_version = 9", "not as the assistant"),
    ("DELETE FROM contents WHERE id = 1", "damaged"),
    ("UPDATE files SET path = 'text' WHERE id = 1", "a path that is none"),
    ("UPDATE files SET path = x'2f6100' WHERE id = 1", "a path that is none"),
    ("UPDATE files SET path = zeroblob(40000) WHERE id = 1", "a path that is none"),
    ("UPDATE files SET sha256 = x'00' WHERE id = 1", "a file's hash"),
    ("UPDATE files SET size = 'large' WHERE id = 1", "a file's figures"),
    ("UPDATE files SET size = -1 WHERE id = 1", "a file's figures"),
    ("UPDATE files SET reason = x'ff' WHERE id = 1", "a text that is none"),
    ("UPDATE contents SET text = x'ff' WHERE id = 1", "a text that is none"),
    ("UPDATE contents SET text = CAST(x'ff' AS TEXT) WHERE id = 1", "does not write"),
    ("UPDATE chunks SET start = 'x' WHERE id = 1", "a chunk's place"),
    ('UPDATE chunks SET "end" = -1 WHERE id = 1', "a chunk's place"),
    ("UPDATE chunks SET page = 'x' WHERE id = 1", "a chunk's page or line"),
    ("UPDATE embedders SET dimension = 1000000000", "an embedder's figures"),
    ("UPDATE embedders SET name = char(27) || '[2J'", "an embedder's name"),
    ("UPDATE vectors SET vector = x'00' WHERE id = 1", "a vector of another length"),
    ("UPDATE vectors SET vector = zeroblob(128) WHERE id = 1", "a vector that is none"),
    ("UPDATE meta SET value = 'x' WHERE name = 'key'", "a key that is none"),
    ("INSERT INTO roots VALUES (x'')", "a path that is none"),
]


@pytest.mark.parametrize(("statement", "why"), HOSTILE)
def test_a_database_that_is_not_what_we_write_is_refused(
    index: DocumentIndex, forge: Forge, tmp_path: Path, statement: str, why: str
) -> None:
    with pytest.raises(UsageError, match="can't be imported") as caught:
        bring_in(index, forge(statement), "copy")
    assert why in caught.value.message
    assert index.collections() == ("default",)
    assert not list((tmp_path / "index").glob(".import-*/"))


def test_a_vector_of_no_numbers_is_refused(index: DocumentIndex, forge: Forge) -> None:
    nan = np.full(64, np.nan, np.float16).tobytes()
    file = forge("UPDATE vectors SET vector = ? WHERE id = 1", values=[nan])
    with pytest.raises(UsageError, match="a vector that is none"):
        bring_in(index, file, "copy")


def test_figures_words_and_escapes_in_the_file_are_not_believed(
    index: DocumentIndex, forge: Forge
) -> None:
    file = forge(
        "UPDATE meta SET value = 99999 WHERE name IN ('chunks', 'contents')",
        "INSERT OR REPLACE INTO meta VALUES ('synced', 4), ('forgotten:../../x', 1)",
        "INSERT INTO words (words) VALUES ('delete-all')",
        "UPDATE embedders SET vectors = 12345",
        "UPDATE contents SET text = char(27) || '[2J' || text, hash = randomblob(32)",
        "UPDATE files SET reason = char(27) || ']0;title' || char(7) WHERE state = 'failed'",
    )
    bring_in(index, file, "copy")
    assert index.retrieve("bread degrees", "copy", 1).chunks == 3
    found = index.retrieve("bread degrees", "copy", 1).candidates[0]
    assert found.text.startswith("Bake the bread")
    assert found.lexical > 0
    assert all("\x1b" not in f.reason for f in index.status("copy").files)
    assert [p for p in problems(index, "copy") if "as long as" not in p] == []


MANIFESTS: list[tuple[dict[str, object], str]] = [
    ({"format": 2}, "newer version"),
    ({"schema": 99}, "newer version"),
    ({"schema": 0}, "no longer read"),
    ({"size": 10}, "damaged"),
    ({"sha256": "0" * 64}, "damaged"),
    ({"size": "x"}, "description can't be read"),
    ({"more": 1}, "description can't be read"),
    ({"name": "../up"}, "name of a collection"),
    ({"name": ".hidden"}, "name of a collection"),
]


@pytest.mark.parametrize(("manifest", "why"), MANIFESTS)
def test_a_manifest_that_is_not_right_is_refused(
    index: DocumentIndex, forge: Forge, manifest: dict[str, object], why: str
) -> None:
    with pytest.raises(AssistantError, match=why):
        bring_in(index, forge(manifest={"name": "copy"} | manifest))
    assert index.collections() == ("default",)


def test_a_bomb_is_not_unpacked(index: DocumentIndex, forge: Forge, tmp_path: Path) -> None:
    file = forge(database=bytes(64 << 20))
    assert file.stat().st_size < 1 << 20
    with pytest.raises(UsageError, match="far more than an export does"):
        bring_in(index, file, "copy")


def test_a_member_that_lies_about_its_size_is_refused(
    index: DocumentIndex, forge: Forge, exported: Path
) -> None:
    raw = bytearray(exported.read_bytes())
    at = raw.rindex(b"PK\x01\x02")  # the directory's entry of the database
    (size,) = struct.unpack_from("<I", raw, at + 24)
    struct.pack_into("<I", raw, at + 24, size + 4096)
    exported.write_bytes(raw)
    with pytest.raises(UsageError, match="damaged"):
        bring_in(index, exported, "copy")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_export_is_refused(index: DocumentIndex, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="can't be imported"):
        bring_in(index, file)


def test_an_archive_with_more_in_it_is_refused(index: DocumentIndex, exported: Path) -> None:
    with zipfile.ZipFile(exported, "a") as archive:
        archive.writestr("../../evil", b"x")
    with pytest.raises(UsageError, match="does not hold what an export holds"):
        bring_in(index, exported, "copy")


def test_files_cut_short_or_changed_anywhere_never_crash_or_come_in_half(
    index: DocumentIndex, exported: Path, tmp_path: Path
) -> None:
    whole = exported.read_bytes()
    damaged = tmp_path / "damaged.zip"
    step = len(whole) // 25
    for at in range(10, len(whole), step):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            damaged.write_bytes(content)
            try:
                bring_in(index, damaged, f"copy {at} {len(content)}")
            except AssistantError:
                continue
            assert problems(index, f"copy {at} {len(content)}") == []


def test_a_database_damaged_with_its_sums_right_never_crashes(
    index: DocumentIndex, forge: Forge, exported: Path
) -> None:
    with zipfile.ZipFile(exported) as archive:
        whole = archive.read("index.sqlite3")
    for at in range(20, len(whole), len(whole) // 40):
        content = whole[:at] + os.urandom(16) + whole[at + 16 :]
        try:
            bring_in(index, forge(database=content), f"copy {at}")
        except AssistantError:
            continue
        assert [p for p in problems(index, f"copy {at}") if "as long as" not in p] == []


def test_a_missing_file_is_told(index: DocumentIndex, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be read: No such file"):
        bring_in(index, tmp_path / "none.zip")
