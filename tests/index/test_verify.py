"""Every kind of damage is found, told with its remedy, and the remedy helps."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import UsageError
from assistant.core.events import Notice
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder
from tests.index.conftest import Add, never

REBUILD = 'Run: assistant index rebuild -c "default"'
EMBED = 'Run: assistant index rebuild --embed -c "default"'


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "index" / "default" / "index.sqlite3"


Damage = Callable[..., None]


@pytest.fixture
def damage(database: Path) -> Damage:
    """Changes the database behind the program's back."""

    def damaging(*statements: str, values: Sequence[object] = ()) -> None:
        with closing(sqlite3.connect(database)) as connection:
            for statement in statements:
                connection.execute(statement, values if "?" in statement else ())
            connection.commit()

    return damaging


def problems(index: DocumentIndex) -> Iterator[tuple[str, str]]:
    for event in index.verify(None, never):
        if isinstance(event, Notice):
            yield event.text, event.hint


def rebuild(index: DocumentIndex, *, embed: bool = False) -> list[object]:
    return list(index.rebuild(None, never, embed=embed))


def test_a_sound_collection_has_no_problems(index: DocumentIndex, add: Add, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "copy.txt").write_text((folder / "recipe.txt").read_text())
    add(folder)
    (folder / "recipe.txt").write_text("Boil the rice, then the Füße, then ４００.")
    add(folder)
    index.forget([folder / "copy.txt"], None)
    assert list(problems(index)) == []


@pytest.mark.parametrize(
    ("statements", "told", "remedy"),
    [
        (["DELETE FROM words_docsize WHERE id = 1"], "The word index differs", REBUILD),
        (["INSERT INTO words (rowid, terms) VALUES (99, 'stray')"], "word index differs", REBUILD),
        (
            ["INSERT INTO words (words, rowid, terms) VALUES ('delete', 1, 'nothing')"],
            "word index differs",
            REBUILD,
        ),
        (["UPDATE meta SET value = 77 WHERE name = 'chunks'"], "77 chunks are kept", REBUILD),
        (["UPDATE meta SET value = 77 WHERE name = 'contents'"], "77 contents are kept", REBUILD),
        (["UPDATE embedders SET vectors = 9"], "9 vectors of hashing are kept", REBUILD),
        (["DELETE FROM chunks WHERE content = 1"], "1 texts belong to no file", REBUILD),
        (["UPDATE vectors SET vector = zeroblob(128) WHERE id = 2"], "1 vectors of", EMBED),
        (["UPDATE vectors SET vector = zeroblob(12) WHERE id = 2"], "1 vectors of", EMBED),
    ],
)
def test_damage_that_can_be_put_right_is_found_and_put_right(
    index: DocumentIndex,
    add: Add,
    folder: Path,
    damage: Damage,
    statements: Sequence[str],
    told: str,
    remedy: str,
) -> None:
    add(folder)
    damage(*statements)
    found = list(problems(index))
    assert any(told in text and hint == remedy for text, hint in found), found
    rebuild(index, embed=remedy == EMBED)
    assert list(problems(index)) == []
    assert index.retrieve("bake bread", None, 3).pending == 0


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE contents SET text = 'lies' WHERE text LIKE 'Bake%'", "1 texts are not what was"),
        ('UPDATE chunks SET "end" = "end" + 1 WHERE id = 1', "Chunks are not as long"),
        ("UPDATE files SET state = 'failed' WHERE id = 1", "Files that were not read hold text"),
    ],
)
def test_texts_that_are_wrong_are_told_with_their_files(
    index: DocumentIndex, add: Add, folder: Path, damage: Damage, statement: str, told: str
) -> None:
    add(folder)
    damage(statement)
    found = list(problems(index))
    assert any(told in text and str(folder) in text for text, _ in found), found
    files = [folder / name for name in ("contract.txt", "recipe.txt", "笔记.md")]
    index.forget(files, None)
    add(*files)
    assert list(problems(index)) == []


def test_rows_that_point_to_nothing_are_found(
    index: DocumentIndex, add: Add, folder: Path, damage: Damage
) -> None:
    add(folder)
    damage("DELETE FROM files WHERE id = 1")
    assert any("Rows point to nothing (chunks)" in text for text, _ in problems(index))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER chunk_out",
        "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM roots; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP INDEX chunks_by_file",
    ],
)
def test_tables_that_are_not_ours_are_found(
    index: DocumentIndex, add: Add, folder: Path, damage: Damage, statement: str
) -> None:
    add(folder)
    damage(statement)
    ((text, hint),) = problems(index)
    assert "not as the assistant makes them" in text
    assert "add the documents again" in hint


def test_a_damaged_page_is_found(
    index: DocumentIndex, add: Add, folder: Path, database: Path
) -> None:
    add(folder)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'chunks_by_file'"
        ).fetchone()
    content = bytearray(database.read_bytes())
    content[(page - 1) * 4096 + 8 : (page - 1) * 4096 + 40] = b"\xff" * 32
    database.write_bytes(content)
    assert any("The database is damaged" in text for text, _ in problems(index))


def test_a_file_of_vectors_that_disagrees_is_found_and_made_anew(
    index: DocumentIndex, add: Add, folder: Path, damage: Damage, embedder: HashingEmbedder
) -> None:
    add(folder)
    other = embedder.embed_documents(["something else"])[0].astype(np.float16).tobytes()
    damage("UPDATE vectors SET vector = ? WHERE id = 1", values=[other])
    assert list(problems(index)) == [
        ("The file of vectors is not what the database says.", REBUILD)
    ]
    rebuild(index)
    assert list(problems(index)) == []


def test_a_file_of_vectors_cut_short_is_found(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    (file,) = (tmp_path / "index").rglob("vectors-*")
    file.write_bytes(file.read_bytes()[:-5])
    assert [text for text, _ in problems(index)] == [
        "The file of vectors is not what the database says."
    ]


def test_an_older_file_of_vectors_is_no_problem(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    (file,) = (tmp_path / "index").rglob("vectors-*")
    old = file.read_bytes()
    (folder / "recipe.txt").write_text("The kangaroo jumps over the fence.")
    add(folder)
    file.write_bytes(old)
    assert list(problems(index)) == []


def test_rebuilding_embeds_again_only_when_asked(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    calls = embedder.calls
    rebuild(index)
    assert embedder.calls == calls
    rebuild(index, embed=True)
    assert embedder.calls == calls + 1


def test_a_model_of_another_size_behind_the_same_name_is_taken_in(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    embedder.dimension = 32
    rebuild(index, embed=True)
    assert list(problems(index)) == []
    assert index.retrieve("bake the bread", None, 1).candidates[0].dense is not None


def test_an_interrupted_rebuild_is_sound_and_goes_on(
    index: DocumentIndex,
    add: Add,
    folder: Path,
    embedder: HashingEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.embedding.BATCH_MOST", 32)
    for number in range(70):
        (folder / f"more{number}.txt").write_text(f"Text number {number} of the series.")
    add(folder)
    calls = embedder.calls
    list(index.rebuild(None, lambda: embedder.calls == calls + 2, embed=True))
    assert embedder.calls == calls + 2
    assert list(problems(index)) == []
    rebuild(index, embed=True)
    assert embedder.calls == calls + 3
    assert list(problems(index)) == []


def test_words_stay_as_they_were_when_a_rebuild_is_stopped(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    list(index.rebuild(None, lambda: True))
    assert list(problems(index)) == []


def test_what_is_no_collection_can_not_be_verified(index: DocumentIndex) -> None:
    with pytest.raises(UsageError, match="no collection"):
        list(index.verify("nowhere", never))
    with pytest.raises(UsageError, match="no collection"):
        list(index.rebuild("nowhere", never))
