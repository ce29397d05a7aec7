"""Opening images within the limits."""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.core.errors import DocumentError
from assistant.core.protocols import LoadedImage
from assistant.files.images import WORKING_PIXELS, PillowOpener
from tests.files.heic import HEIC

LIMIT = 90_000_000


@pytest.fixture
def opener() -> PillowOpener:
    return PillowOpener(LIMIT)


def two_halves(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def is_red(pixel: np.ndarray) -> bool:
    return bool(pixel[0] > 180 and pixel[1] < 90 and pixel[2] < 90)


def is_blue(pixel: np.ndarray) -> bool:
    return bool(pixel[2] > 180 and pixel[0] < 90)


@pytest.mark.parametrize(
    ("name", "kind", "mode"),
    [
        ("a.jpg", "JPEG", "RGB"),
        ("a.png", "PNG", "RGB"),
        ("a.png", "PNG", "RGBA"),
        ("a.png", "PNG", "P"),
        ("a.webp", "WEBP", "RGB"),
        ("a.gif", "GIF", "P"),
        ("a.bmp", "BMP", "RGB"),
        ("a.tiff", "TIFF", "RGB"),
        ("a.jpg", "JPEG", "CMYK"),
        ("a.tiff", "TIFF", "CMYK"),
    ],
)
def test_every_kind_of_image_becomes_rgb_pixels(
    opener: PillowOpener, tmp_path: Path, name: str, kind: str, mode: str
) -> None:
    two_halves(mode).save(tmp_path / name)
    image = opener.open(tmp_path / name)
    assert (image.format, image.width, image.height, image.frames) == (kind, 40, 20, 1)
    assert image.pixels.shape == (20, 40, 3)
    assert image.pixels.dtype == np.uint8
    assert is_red(image.pixels[10, 5])
    assert is_blue(image.pixels[10, 35])


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff"])
def test_the_rotation_of_the_camera_is_applied(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its left side
    two_halves().save(tmp_path / name, exif=exif)
    image = opener.open(tmp_path / name)
    assert (image.width, image.height) == (20, 40)
    assert image.pixels.shape == (40, 20, 3)
    assert is_red(image.pixels[5, 10])
    assert is_blue(image.pixels[35, 10])


def test_transparency_is_laid_over_white(opener: PillowOpener, tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (opener.open(tmp_path / "clear.png").pixels == 255).all()


def test_a_transparent_palette_colour_is_laid_over_white(
    opener: PillowOpener, tmp_path: Path
) -> None:
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([10, 20, 30, 40, 50, 60])
    palette.save(tmp_path / "clear.gif", transparency=0)
    assert (opener.open(tmp_path / "clear.gif").pixels == 255).all()


def test_sixteen_bits_keep_their_brightness(opener: PillowOpener, tmp_path: Path) -> None:
    levels = np.full((8, 8), 0x8000, np.uint16)
    Image.fromarray(levels).save(tmp_path / "grey.png")
    assert opener.open(tmp_path / "grey.png").pixels[0, 0].tolist() == [127, 127, 127]


def test_measurements_in_floating_point_are_stretched_to_what_is_brightest(
    opener: PillowOpener, tmp_path: Path
) -> None:
    levels = np.array([[0.0, 500.0], [np.nan, 1000.0]], np.float32)
    Image.fromarray(levels).save(tmp_path / "heat.tiff")
    assert opener.open(tmp_path / "heat.tiff").pixels[:, :, 0].tolist() == [[0, 127], [0, 255]]


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_of_an_animation_the_first_frame_is_taken(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "lime")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    image = opener.open(tmp_path / name)
    assert image.frames == 3
    assert is_red(image.pixels[8, 8])


def test_a_photo_with_a_preview_beside_it_is_one_jpeg(opener: PillowOpener, tmp_path: Path) -> None:
    preview = two_halves(size=(16, 8))
    two_halves().save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[preview])
    image = opener.open(tmp_path / "a.jpg")
    assert (image.format, image.frames, image.width) == ("JPEG", 1, 40)


@pytest.mark.parametrize("name", ["wide.jpg", "wide.png"])
def test_large_images_are_scaled_down_but_say_their_size(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    two_halves(size=(9000, 3000)).save(tmp_path / name)
    image = opener.open(tmp_path / name)
    assert (image.width, image.height) == (9000, 3000)
    height, width, _ = image.pixels.shape
    assert WORKING_PIXELS * 0.3 < height * width <= WORKING_PIXELS
    assert width / height == pytest.approx(3, rel=0.01)
    assert is_red(image.pixels[50, 100])


def test_a_long_screenshot_keeps_its_sharpness(opener: PillowOpener, tmp_path: Path) -> None:
    two_halves(size=(400, 12_000)).save(tmp_path / "long.png")
    assert opener.open(tmp_path / "long.png").pixels.shape == (12_000, 400, 3)


def test_a_missing_file_is_named(opener: PillowOpener, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"There is no file .*gone\.jpg"):
        opener.open(tmp_path / "gone.jpg")


def test_a_folder_is_no_image(opener: PillowOpener, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="is a folder"):
        opener.open(tmp_path)


def test_an_empty_file_is_said_to_be_empty(opener: PillowOpener, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(DocumentError, match="is empty"):
        opener.open(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_instead_of_waited_for(opener: PillowOpener, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(DocumentError, match="no regular file"):
        opener.open(tmp_path / "a.png")


def test_a_file_that_may_not_be_read_says_so(
    opener: PillowOpener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_halves().save(tmp_path / "a.png")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.raises(DocumentError, match="may not be read"):
        opener.open(tmp_path / "a.png")


def test_text_is_not_an_image_and_the_kinds_that_are_get_listed(
    opener: PillowOpener, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_text("just words", encoding="utf-8")
    with pytest.raises(DocumentError, match="not an image") as caught:
        opener.open(tmp_path / "a.jpg")
    assert "WEBP" in caught.value.hint


def test_a_photo_of_a_phone_is_read_with_its_time(opener: PillowOpener, tmp_path: Path) -> None:
    (tmp_path / "IMG_1.HEIC").write_bytes(HEIC)
    image = opener.open(tmp_path / "IMG_1.HEIC")
    assert (image.format, image.width, image.height, image.frames) == ("HEIF", 64, 32, 1)
    assert is_red(image.pixels[10, 5])
    assert is_blue(image.pixels[10, 50])
    assert image.taken == datetime.fromisoformat("2023-02-14T09:30:05")


@pytest.mark.parametrize("end", [12, 40, 300, 700])
def test_a_broken_photo_of_a_phone_is_a_clear_error(
    opener: PillowOpener, tmp_path: Path, end: int
) -> None:
    (tmp_path / "a.heic").write_bytes(HEIC[:end])
    with pytest.raises(DocumentError, match=r"a\.heic is (damaged|not an image)"):
        opener.open(tmp_path / "a.heic")


@pytest.mark.parametrize("seed", range(20))
def test_a_garbled_photo_of_a_phone_raises_nothing_else(
    opener: PillowOpener, tmp_path: Path, seed: int
) -> None:
    data = bytearray(HEIC)
    for at in np.random.default_rng(seed).integers(12, len(data), 8):
        data[at] ^= 0x5A
    (tmp_path / "a.heic").write_bytes(bytes(data))
    with suppress(DocumentError):
        assert opener.open(tmp_path / "a.heic").pixels.ndim == 3


def test_pages_of_a_scan_are_opened_by_number(opener: PillowOpener, tmp_path: Path) -> None:
    small, large = Image.new("RGB", (20, 10), "red"), Image.new("1", (30, 40), 1)
    small.save(tmp_path / "scan.tiff", save_all=True, append_images=[large])
    first, second = (opener.open(tmp_path / "scan.tiff", number) for number in (0, 1))
    assert (first.width, first.height, first.frames) == (20, 10, 2)
    assert (second.width, second.height, second.frames) == (30, 40, 2)
    assert is_red(first.pixels[5, 5])
    assert second.pixels.min() == 255
    with pytest.raises(DocumentError, match="has 2 pages"):
        opener.open(tmp_path / "scan.tiff", 2)


def test_a_page_too_large_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    pages = [Image.new("1", (20, 10)), Image.new("1", (2000, 1000))]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    with pytest.raises(DocumentError, match="the limit is 1 megapixels"):
        PillowOpener(1_000_000).open(tmp_path / "scan.tiff", 1)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.avif"])
def test_frames_of_every_kind_of_animation_are_counted_and_opened(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    assert opener.open(tmp_path / name).frames == 3
    assert is_red(opener.open(tmp_path / name).pixels[8, 8])
    assert is_blue(opener.open(tmp_path / name, 2).pixels[8, 8])


def test_what_an_image_holds_in_memory_does_not_say_where_it_was_taken() -> None:
    assert {field.name for field in fields(LoadedImage)} == {
        "path", "pixels", "width", "height", "format", "frames", "taken",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tiff"])
def test_a_truncated_file_is_damaged(opener: PillowOpener, tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DocumentError, match=r"damaged|not an image"):
        opener.open(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tiff"])
def test_garbled_bytes_never_raise_anything_but_a_clear_error(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    two_halves().save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    random = np.random.default_rng(1)
    for _ in range(60):
        garbled = bytearray(whole)
        for place in random.integers(4, len(whole), 6):
            garbled[place] = random.integers(0, 256)
        (tmp_path / name).write_bytes(garbled)
        with suppress(DocumentError):
            assert opener.open(tmp_path / name).pixels.ndim == 3


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "remedy"), [((10_000, 10_000), "raise max_pixels"), ((60_000, 60_000), "smaller.")]
)
def test_too_many_megapixels_are_refused_from_the_header(
    opener: PillowOpener, tmp_path: Path, size: tuple[int, int], remedy: str
) -> None:
    (tmp_path / "bomb.png").write_bytes(png_header(*size))
    with pytest.raises(DocumentError, match="megapixels") as caught:
        opener.open(tmp_path / "bomb.png")
    assert remedy in caught.value.hint


def test_the_limit_is_the_one_in_the_settings(tmp_path: Path) -> None:
    two_halves(size=(40, 20)).save(tmp_path / "a.png")
    assert PillowOpener(800).open(tmp_path / "a.png").width == 40
    with pytest.raises(DocumentError, match="40 × 20 pixels"):
        PillowOpener(799).open(tmp_path / "a.png")


def test_opening_leaves_pillows_own_limit_alone(opener: PillowOpener, tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS
    two_halves().save(tmp_path / "a.png")
    opener.open(tmp_path / "a.png")
    assert before == Image.MAX_IMAGE_PIXELS


def test_escape_sequences_in_a_name_do_not_reach_the_message(
    opener: PillowOpener, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError) as caught:
        opener.open(tmp_path / "\x1b[31mred\x07.jpg")
    assert "\x1b" not in caught.value.message
    assert "\x07" not in caught.value.message
    assert "red.jpg" in caught.value.message


def test_a_name_that_is_no_unicode_can_still_be_shown(opener: PillowOpener, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        opener.open(tmp_path / os.fsdecode(b"caf\xe9.jpg"))
    assert caught.value.message.encode("utf-8")


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.webp", "a.tiff", "a.avif"])
def test_only_the_first_bytes_of_an_image_are_said_to_be_damaged_not_to_be_something_else(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    two_halves().save(path)
    path.write_bytes(path.read_bytes()[:16])
    with pytest.raises(DocumentError, match=r"damaged or incomplete"):
        opener.open(path)


@pytest.mark.parametrize(
    ("content", "said", "remedy"),
    [
        (b'<?xml version="1.0"?>\n<SVG xmlns="http://www.w3.org/2000/svg"/>', "SVG", "PNG"),
        (b"%PDF-1.7\n", "is a PDF", "assistant read"),
    ],
)
def test_what_is_no_image_is_told_by_its_kind_whatever_its_name(
    opener: PillowOpener, tmp_path: Path, content: bytes, said: str, remedy: str
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=said) as caught:
        opener.open(path)
    assert remedy in caught.value.hint


def test_a_link_to_itself_is_said_to_be_one(opener: PillowOpener, tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to("a.png")
    with pytest.raises(DocumentError, match="leads back to itself"):
        opener.open(tmp_path / "a.png")


def test_a_link_to_nothing_is_a_missing_file(opener: PillowOpener, tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to("gone.png")
    with pytest.raises(DocumentError, match="There is no file"):
        opener.open(tmp_path / "a.png")


@pytest.mark.parametrize("size", [(50_000, 10), (10, 50_000), (1, 1)])
def test_an_image_of_any_shape_is_opened(
    opener: PillowOpener, tmp_path: Path, size: tuple[int, int]
) -> None:
    Image.new("RGB", size, "red").save(tmp_path / "a.png")
    image = opener.open(tmp_path / "a.png")
    assert (image.width, image.height) == size
    assert is_red(image.pixels[0, 0])


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff"])
def test_a_broken_colour_profile_is_passed_over(
    opener: PillowOpener, tmp_path: Path, name: str
) -> None:
    two_halves().save(tmp_path / name, icc_profile=b"no profile" * 50)
    assert is_red(opener.open(tmp_path / name).pixels[10, 5])


@pytest.mark.parametrize("name", ["two words.png", "图片.png", "😀 [x] `b`.png", "-i.png"])
def test_any_name_is_opened(opener: PillowOpener, tmp_path: Path, name: str) -> None:
    two_halves().save(tmp_path / name)
    assert opener.open(tmp_path / name).path.name == name
