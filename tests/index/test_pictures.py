"""Pictures of a collection: looked at once, found by looks and time, forgotten whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.config import IndexSettings
from assistant.core.documents import Filters
from assistant.core.events import Event, Notice
from assistant.core.picture_search import FoundPictures
from index.fingerprints import differing_bits, fingerprint, tells
from index.loaders.document import Limits
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from index.picture_shelf import SAME_BITS
from index.schema import VERSION, upgrade
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder
from tests.index.conftest import never
from tests.index.picturing import ColourEncoder, OfColour, coloured, save, scene

RED, GREEN, BLUE = OfColour(0), OfColour(1), OfColour(2)


class BlindReader:
    """Reads no text in any picture."""

    name = "blind"

    def read(self, image: object) -> tuple[()]:
        return ()


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    readers = Readers(BlindReader, keeps_pictures=True)
    made = SafeReader(Limits(), readers)
    yield made
    made.close()


@pytest.fixture
def encoder() -> ColourEncoder:
    return ColourEncoder()


@pytest.fixture
def index(tmp_path: Path, reader: SafeReader, encoder: ColourEncoder) -> DocumentIndex:
    return made(tmp_path, reader, encoder)


def made(tmp_path: Path, reader: SafeReader, encoder: ColourEncoder) -> DocumentIndex:
    embedder = HashingEmbedder()
    return DocumentIndex(
        tmp_path / "index", IndexSettings(), lambda: embedder, reader, pictures=lambda: encoder
    )


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Red in 2022, green in 2023, blue without a date of its own."""
    folder = tmp_path / "album"
    save(coloured("red"), folder / "red.jpg", "2022:05:01 10:00:00", (52, 13))
    save(coloured("green"), folder / "green.jpg", "2023:06:01 10:00:00")
    save(coloured("blue"), folder / "blue.jpg")
    return folder


def add(index: DocumentIndex, *paths: Path) -> list[Event]:
    return list(index.add(paths, None, never))


def names(found: FoundPictures) -> list[str]:
    return [Path(picture.path).name for picture in found.pictures]


def test_pictures_are_found_by_what_they_show(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    found = index.find_pictures(RED, None)
    assert names(found) == ["red.jpg"]
    assert (found.matching, found.searched, found.pending) == (1, 3, 0)
    assert found.pictures[0].day == "2022-05-01"
    assert not found.pictures[0].by_file


def test_a_picture_that_matches_nothing_well_is_not_shown(
    index: DocumentIndex, album: Path
) -> None:
    add(index, album)
    assert index.find_pictures(OfColour(0, least=1.01), None).pictures == ()


def test_days_are_those_the_camera_wrote(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    within = Filters(after="2023-01-01", before="2023-12-31")
    assert names(index.find_pictures(None, None, within)) == ["green.jpg"]
    undated = index.find_pictures(BLUE, None)
    assert undated.pictures[0].by_file
    assert undated.undated == 1


def test_filters_by_path_hold_for_pictures_too(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    assert names(index.find_pictures(None, None, Filters(paths=("green",)))) == ["green.jpg"]


def test_a_picture_without_a_word_is_indexed(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    status = index.status(None)
    assert status.count("fresh") == 3
    assert index.summaries()[0].pictures == 3


def test_nothing_is_looked_at_twice(
    index: DocumentIndex, album: Path, encoder: ColourEncoder
) -> None:
    add(index, album)
    shutil.copy(album / "red.jpg", album / "red again.jpg")
    add(index, album)
    assert encoder.seen == [3]
    assert index.find_pictures(RED, None).matching == 2


def test_a_changed_picture_is_looked_at_again(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    save(coloured("green", 5), album / "red.jpg")
    add(index, album)
    assert index.find_pictures(RED, None).matching == 0
    assert index.find_pictures(GREEN, None).matching == 2


def test_another_encoder_looks_at_everything_again(
    tmp_path: Path, reader: SafeReader, index: DocumentIndex, album: Path
) -> None:
    add(index, album)
    later = made(tmp_path, reader, ColourEncoder("sharper"))
    asked = OfColour(0, encoder="sharper")
    assert later.find_pictures(asked, None).pending == 3
    list(later.sync(None, never))
    assert names(later.find_pictures(asked, None)) == ["red.jpg"]
    assert index.find_pictures(RED, None).pending == 3


def test_without_an_encoder_time_and_likeness_of_pixels_are_known(
    tmp_path: Path, reader: SafeReader, album: Path
) -> None:
    index = DocumentIndex(tmp_path / "index", IndexSettings(), HashingEmbedder, reader)
    add(index, album)
    assert names(index.find_pictures(None, None, Filters(before="2022-12-31"))) == ["red.jpg"]


def test_a_broken_picture_has_a_reason_and_others_are_found(
    index: DocumentIndex, album: Path
) -> None:
    whole = (album / "red.jpg").read_bytes()
    (album / "broken.jpg").write_bytes(whole[: len(whole) // 2])
    add(index, album)
    (broken,) = (file for file in index.status(None).files if file.state == "failed")
    assert broken.path.endswith("broken.jpg")
    assert "damaged" in broken.reason
    assert index.picture_count(None) == 3


def test_ignored_pictures_stay_out(index: DocumentIndex, album: Path) -> None:
    (album / ".gitignore").write_text("red*\n")
    add(index, album)
    assert names(index.find_pictures(None, None)) == ["blue.jpg", "green.jpg"]


def test_a_deleted_picture_leaves(index: DocumentIndex, album: Path) -> None:
    add(index, album)
    (album / "red.jpg").unlink()
    list(index.sync(None, never))
    assert index.find_pictures(RED, None).matching == 0


def test_forgetting_leaves_no_byte(index: DocumentIndex, album: Path, tmp_path: Path) -> None:
    save(coloured("red"), album / "red.jpg", "2022:05:01 10:00:00", camera=("Rolleiflex", "T"))
    add(index, album)
    database = tmp_path / "index" / "default" / "index.sqlite3"
    index.find_pictures(RED, None)
    index.forget([album / "red.jpg"], None)
    assert index.find_pictures(RED, None).matching == 0
    assert b"Rolleiflex" not in database.read_bytes()


def test_pictures_travel_with_an_exported_collection(
    index: DocumentIndex, album: Path, tmp_path: Path
) -> None:
    add(index, album)
    file = tmp_path / "album.zip"
    list(index.export("default", file, never))
    list(index.import_(file, "copy", never))
    assert names(index.find_pictures(RED, "copy")) == ["red.jpg"]
    assert [e for e in index.verify("copy", never) if isinstance(e, Notice)] == []


def test_a_collection_exported_before_there_were_pictures_is_imported(
    index: DocumentIndex, album: Path, tmp_path: Path
) -> None:
    (album / "note.txt").write_text("Bello was born in 2019.")
    add(index, album)
    file, raw = tmp_path / "album.zip", tmp_path / "raw.sqlite3"
    list(index.export("default", file, never))
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        raw.write_bytes(archive.read("index.sqlite3"))
    back_to_first_version(raw)
    content = raw.read_bytes()
    manifest |= {
        "schema": 1,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("index.sqlite3", content)
    list(index.import_(file, "old", never))
    assert index.file_count("old") == 4
    assert [e for e in index.verify("old", never) if isinstance(e, Notice)] == []
    list(index.sync("old", never))
    assert names(index.find_pictures(RED, "old")) == ["red.jpg"]


def back_to_first_version(database: Path) -> None:
    """Leave the tables there were before pictures."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for table in ("picture_vectors", "pictures"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP TRIGGER picture_file_touched")
        connection.execute("DELETE FROM meta WHERE name = 'pictured'")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("VACUUM")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pictures SET taken = 'yesterday'",
        "UPDATE pictures SET latitude = 900.0",
        "UPDATE pictures SET fingerprint = 'x'",
        "UPDATE picture_vectors SET vector = x'0000'",
        "UPDATE picture_vectors SET encoder = char(27)",
    ],
)
def test_forged_pictures_are_refused(statement: str) -> None:
    from assistant.core.errors import UsageError
    from index.rows import copy_rows

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as source:
        upgrade(source)
        source.execute(
            "INSERT INTO files (id, path, size, mtime_ns, sha256, state) "
            "VALUES (1, x'2f61', 1, 1, zeroblob(32), 'indexed')"
        )
        source.execute("INSERT INTO pictures VALUES (1, '', NULL, NULL, '', 9, 9, 1)")
        unit = np.array([1, 0], np.float16).tobytes()
        source.execute("INSERT INTO picture_vectors VALUES (1, 'colours', ?)", (unit,))
        source.execute(statement)
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as target:
            upgrade(target)
            with pytest.raises(UsageError, match="can't be imported"):
                list(copy_rows(source, target, never))


def test_a_collection_of_before_pictures_is_brought_up_to_date(
    index: DocumentIndex, album: Path, tmp_path: Path, encoder: ColourEncoder
) -> None:
    add(index, album)
    database = tmp_path / "index" / "default" / "index.sqlite3"
    back_to_first_version(database)
    assert index.file_count(None) == 3
    assert index.picture_count(None) == 0
    list(index.sync(None, never))
    assert names(index.find_pictures(RED, None)) == ["red.jpg"]
    assert [e for e in index.verify(None, never) if isinstance(e, Notice)] == []


def test_an_upgraded_database_is_like_a_new_one() -> None:
    def objects(connection: sqlite3.Connection) -> set[tuple[object, ...]]:
        return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))

    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as old,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as new,
    ):
        upgrade(old, 1)
        upgrade(old)
        upgrade(new)
        assert objects(old) == objects(new)
        assert old.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_damage_to_pictures_is_told(index: DocumentIndex, album: Path, tmp_path: Path) -> None:
    add(index, album)
    database = tmp_path / "index" / "default" / "index.sqlite3"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE picture_vectors SET vector = x'00'")
    told = [e.text for e in index.verify(None, never) if isinstance(e, Notice)]
    assert any("3 vectors of pictures are damaged" in text for text in told)
    assert index.find_pictures(RED, None).pictures == ()


def test_near_duplicates_are_grouped_and_others_are_not(
    index: DocumentIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "album"
    original = scene(3)
    save(original, folder / "original.jpg")
    save(original.resize((160, 120)), folder / "small.jpg")
    save(scene(4), folder / "other.jpg")
    shutil.copy(folder / "other.jpg", folder / "other copy.jpg")
    add(index, folder)
    groups = index.near_duplicates(None)
    found = [([Path(path).name for path in group.paths], group.identical) for group in groups]
    assert sorted(found) == [
        (["original.jpg", "small.jpg"], False),
        (["other copy.jpg", "other.jpg"], True),
    ]


def test_blank_pictures_are_no_copies_of_one_another() -> None:
    blank, grey = np.full((90, 90, 3), 255, np.uint8), np.full((90, 90, 3), 99, np.uint8)
    assert fingerprint(blank) == fingerprint(grey)
    assert not tells(fingerprint(blank))


def test_fingerprints_of_one_picture_are_near_and_of_two_far() -> None:
    prints = [fingerprint(np.asarray(scene(seed))) for seed in range(8)]
    small = [fingerprint(np.asarray(scene(seed).resize((100, 75)))) for seed in range(8)]
    for seed, one in enumerate(prints):
        bits = differing_bits(np.int64(one), np.array(small, np.int64))
        assert bits[seed] <= SAME_BITS
        assert np.delete(bits, seed).min() > SAME_BITS
    assert all(-(1 << 63) <= one < 1 << 63 for one in prints)


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3), (8, 9)])
def test_narrow_pictures_have_fingerprints(shape: tuple[int, int]) -> None:
    assert fingerprint(np.zeros((*shape, 3), np.uint8)) == 0
