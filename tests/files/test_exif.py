"""What a camera wrote is read as far as it makes sense, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.files.exif import NO_EXIF, read_exif
from tests.index.picturing import save, scene


def test_time_place_and_camera_are_read(tmp_path: Path) -> None:
    path = save(
        scene(1), tmp_path / "a.jpg", "2023:05:01 10:30:00", (-33, 151), ("Canon", "Canon EOS 5D")
    )
    exif = read_exif(path)
    assert exif.taken == "2023-05-01T10:30:00"
    assert (exif.latitude, exif.longitude) == (-33, 151)
    assert exif.camera == "Canon EOS 5D"


def test_escape_sequences_of_a_camera_reach_nobody(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.jpg", camera=("Evil\x1b[31m\n", "One\x00"))
    assert read_exif(path).camera.isprintable()


@pytest.mark.parametrize(
    "taken", ["0000:00:00 00:00:00", "2023:13:45 10:00:00", "soon", "1700:01:01 00:00:00"]
)
def test_times_no_calendar_has_are_none(tmp_path: Path, taken: str) -> None:
    assert read_exif(save(scene(1), tmp_path / "a.jpg", taken)).taken == ""


@pytest.mark.parametrize("place", [(91, 10), (10, 181), (0, 0)])
def test_places_that_are_nowhere_are_none(tmp_path: Path, place: tuple[float, float]) -> None:
    assert not read_exif(save(scene(1), tmp_path / "a.jpg", place=place)).has_place


def test_damaged_data_says_nothing_and_fails_nowhere(tmp_path: Path) -> None:
    whole = save(scene(1), tmp_path / "a.jpg", "2023:05:01 10:30:00", (1, 2)).read_bytes()
    start = whole.index(b"Exif")
    for at in range(start, start + 120):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        (tmp_path / "b.jpg").write_bytes(damaged)
        exif = read_exif(tmp_path / "b.jpg")
        assert exif.latitude is None or -90 <= exif.latitude <= 90


def test_what_is_no_picture_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert read_exif(tmp_path / "a.jpg") == NO_EXIF
    assert read_exif(tmp_path / "missing.jpg") == NO_EXIF
