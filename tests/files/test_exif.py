"""When, where and with what an image was taken."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from assistant.files.exif import NOTHING, Exif, read_exif


def saved(
    path: Path,
    *,
    main: dict[int, object] | None = None,
    camera: dict[int, object] | None = None,
    gps: dict[int, object] | None = None,
) -> Path:
    """A small image with these tags."""
    parts = {number: part for number, part in ((0x8769, camera), (0x8825, gps)) if part}
    image = Image.new("RGB", (8, 8))
    if path.suffix == ".tiff":
        directory = ImageFileDirectory_v2()
        for number, value in {**(main or {}), **parts}.items():
            directory[number] = value
        image.save(path, tiffinfo=directory)
        return path
    tags = Image.Exif()
    tags.update(main or {})
    for number, part in parts.items():
        tags.get_ifd(number).update(part)
    image.save(path, exif=tags)
    return path


LISBON: dict[int, object] = {
    1: "N",
    2: (38.0, 42.0, 36.0),
    3: "W",
    4: (9.0, 8.0, 24.0),
}


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff", "a.avif"])
def test_time_place_and_camera_are_read_from_every_format(tmp_path: Path, name: str) -> None:
    path = saved(
        tmp_path / name,
        main={0x010F: "Nikon", 0x0110: "D750"},
        camera={0x9003: "2023:02:14 09:30:05"},
        gps=LISBON,
    )
    found = read_exif(path)
    assert found.taken is not None
    assert found.taken.isoformat() == "2023-02-14T09:30:05"
    assert found.latitude == pytest.approx(38.71)
    assert found.longitude == pytest.approx(-9.14)
    assert found.camera == "Nikon D750"


def test_an_open_image_is_read_as_its_file_is(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", main={0x0132: "2020:01:02 03:04:05"})
    with Image.open(path) as image:
        assert read_exif(image) == read_exif(path)


def test_the_shutter_comes_before_the_last_change(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.jpg",
        main={0x0132: "2024:01:01 00:00:00"},
        camera={0x9004: "2019:05:06 07:08:09"},
    )
    assert read_exif(path).taken == datetime.fromisoformat("2019-05-06T07:08:09")


@pytest.mark.parametrize("value", ["0000:00:00 00:00:00", "2023:13:01 10:00:00", "    ", "soon"])
def test_an_impossible_time_is_none(tmp_path: Path, value: str) -> None:
    assert read_exif(saved(tmp_path / "a.jpg", camera={0x9003: value})) == NOTHING


@pytest.mark.parametrize(
    "changed",
    [
        {1: "X"},
        {2: (99.0, 0.0, 0.0)},
        {4: (181.0, 0.0, 0.0)},
        {2: (38.0,)},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (IFDRational(0, 0), 0.0, 0.0)},
    ],
)
def test_half_a_place_or_an_impossible_one_is_none(
    tmp_path: Path, changed: dict[int, object]
) -> None:
    found = read_exif(saved(tmp_path / "a.tiff", gps=LISBON | changed))
    assert (found.latitude, found.longitude) == (None, None)


def test_the_maker_is_not_said_twice_and_controls_are_taken_out(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", main={0x010F: "Canon\0", 0x0110: "Canon \x1b[31mEOS\x07 R5"})
    assert read_exif(path).camera == "Canon EOS R5"


def test_what_is_no_image_or_is_damaged_tells_nothing(tmp_path: Path) -> None:
    text = tmp_path / "a.jpg"
    text.write_text("no image")
    assert read_exif(text) == NOTHING
    assert read_exif(tmp_path / "absent.jpg") == NOTHING
    assert read_exif(tmp_path) == NOTHING


@pytest.mark.parametrize("seed", range(30))
def test_damaged_metadata_never_raises(tmp_path: Path, seed: int) -> None:
    path = saved(tmp_path / "a.jpg", main={0x010F: "Nikon"}, gps=LISBON)
    data = bytearray(path.read_bytes())
    start = data.index(b"Exif")
    for number in range(6):
        data[start + 6 + (seed * 37 + number * 11) % 150] = (seed * 53 + number * 97) % 256
    path.write_bytes(bytes(data))
    assert isinstance(read_exif(path), Exif)
