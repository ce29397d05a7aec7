"""GGUF models that see: images go through a projector, in llama.cpp itself."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from assistant.config import DescribeSettings, Settings
from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.protocols import ImageAnswerer, Pixels
from assistant.engine.models import Models
from assistant.engine.residents import House
from assistant.engine.runtimes import Runtimes
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry, read_entry
from assistant.models.llamacpp_eyes import LlamaCppEyes, Seeing, start_eyes
from tests.models.pulling import fetch
from tests.models.tiny_gguf import write_tiny_gguf
from tests.models.tiny_projector import IMAGE_TOKENS, write_tiny_projector
from tests.models.writing import cancelled_after, never, whole

QUESTION = "what is it?"


def noise(seed: int = 0, height: int = 50, width: int = 70) -> Pixels:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeing")
    write_tiny_gguf(folder, more_tokens=IMAGE_TOKENS)
    write_tiny_projector(folder / "mmproj.gguf")
    return folder


def start(folder: Path) -> Seeing:
    return start_eyes(folder, name="tiny", threads=1, gpu_layers=0, device="cpu")


@pytest.fixture(scope="module")
def eyes(folder: Path) -> LlamaCppEyes:
    return LlamaCppEyes(name="tiny", start=lambda: start(folder))


def answered(eyes: ImageAnswerer, image: Pixels, question: str = QUESTION) -> Label:
    return whole(eyes.answer(image, question, never))[1][0]


def test_an_answer_is_written_of_what_the_image_shows(eyes: LlamaCppEyes) -> None:
    first, other = answered(eyes, noise(1)), answered(eyes, noise(2))
    assert first.label
    assert first.label != other.label, "the image is not looked at"
    assert 0 < first.score <= 1
    assert answered(eyes, noise(1)).label == first.label


def test_an_answer_comes_in_pieces_that_are_the_whole(eyes: LlamaCppEyes) -> None:
    pieces = list(eyes.answer(noise(1), QUESTION, never))
    assert len(pieces) > 3
    assert "".join(pieces) == answered(eyes, noise(1)).label


def test_a_cancelled_answer_ends_at_once_and_the_next_is_whole(eyes: LlamaCppEyes) -> None:
    heard = cancelled_after(2, lambda cancelled: eyes.answer(noise(1), QUESTION, cancelled))
    assert len(heard) == 2
    assert answered(eyes, noise(1)).label.startswith("".join(heard))


def test_each_image_has_its_own_caption(eyes: LlamaCppEyes) -> None:
    one, other = (whole(eyes.caption(noise(seed), never))[0] for seed in (3, 4))
    assert one
    assert one != other


def test_images_of_any_shape_are_seen(eyes: LlamaCppEyes) -> None:
    for height, width in ((1, 1), (3000, 5), (700, 900)):
        assert answered(eyes, noise(0, height, width)).score > 0


def test_a_question_beyond_the_context_is_an_error_with_a_remedy(eyes: LlamaCppEyes) -> None:
    with pytest.raises(ModelError, match="can't look at the image") as caught:
        answered(eyes, noise(), "what is it? " * 200)
    assert "vqa_model" in caught.value.hint


def test_weights_load_at_the_first_image_and_again_after_they_left(folder: Path) -> None:
    loads: list[str] = []

    def counted() -> Seeing:
        loads.append("loaded")
        return start(folder)

    eyes = LlamaCppEyes(name="tiny", start=counted)
    assert (eyes.device, loads) == ("cpu", [])
    first = answered(eyes, noise())
    eyes.close()
    eyes.close()
    assert answered(eyes, noise()).label == first.label
    assert len(loads) == 2


def test_without_a_projector_it_says_what_is_missing(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path)
    with pytest.raises(ModelError, match="has no projector") as caught:
        start(tmp_path)
    assert "models.tiny.projector" in caught.value.hint


def test_a_language_model_is_no_projector(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path).replace(tmp_path / "mmproj.gguf")
    write_tiny_gguf(tmp_path)
    with pytest.raises(ModelError, match="is none but a “llama” model"):
        start(tmp_path)


def test_a_projector_of_another_model_is_refused(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path, more_tokens=IMAGE_TOKENS)
    write_tiny_projector(tmp_path / "mmproj.gguf", text_hidden=48)
    with pytest.raises(ModelError, match=r"can't load|can't be loaded"):
        start(tmp_path)


def test_a_damaged_projector_is_refused(tmp_path: Path) -> None:
    write_tiny_gguf(tmp_path)
    (tmp_path / "mmproj.gguf").write_bytes(b"GGUF" + b"\xff" * 100)
    with pytest.raises(ModelError, match="tiny"):
        start(tmp_path)


@pytest.mark.parametrize("role", ["vqa", "caption"])
def test_both_files_are_brought_together_and_serve_the_role(
    folder: Path, tmp_path: Path, role: str
) -> None:
    entry = {
        "role": role,
        "source": f"path:{folder / 'model.gguf'}",
        "projector": f"path:{folder / 'mmproj.gguf'}",
    }
    chosen = {"vqa_model" if role == "vqa" else "caption_model": "tiny"}
    settings = Settings(
        models={"tiny": entry}, describe=msgspec.structs.replace(DescribeSettings(), **chosen)
    )
    catalogue, cache = Catalogue.load(settings), ModelCache(tmp_path / "cache")
    house = House()
    models = Models(settings, Runtimes(settings, catalogue, cache), house, lambda _label: None)
    assert not cache.is_present(catalogue.get("tiny"))
    fetch(cache, catalogue.get("tiny"))
    assert cache.is_present(catalogue.get("tiny"))
    assert looked(models, role)
    (inmate,) = house.inmates()
    files = sum((folder / name).stat().st_size for name in ("model.gguf", "mmproj.gguf"))
    assert inmate.holds > files
    assert (folder / "mmproj.gguf").is_file(), "a file of one's own stays where it is"
    house.unload(["tiny"])
    assert house.inmates() == ()


def looked(models: Models, role: str) -> object:
    if role == "vqa":
        answerer = models.eyes.answerer()
        assert answerer is not None
        return answered(answerer, noise())
    captioner = models.eyes.captioner()
    assert captioner is not None
    return whole(captioner.caption(noise(), never))[0]


def test_another_projector_makes_it_another_model(folder: Path, tmp_path: Path) -> None:
    cache = ModelCache(tmp_path / "cache")
    one = entry_of(folder, "mmproj.gguf")
    fetch(cache, one)
    write_tiny_projector(folder / "other.gguf")
    assert cache.is_present(one)
    assert not cache.is_present(entry_of(folder, "other.gguf"))


def entry_of(folder: Path, projector: str) -> ModelEntry:
    values = {
        "role": "vqa",
        "source": f"path:{folder / 'model.gguf'}",
        "projector": f"path:{folder / projector}",
    }
    return read_entry("tiny", values)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"role": "vqa", "source": "hf:a/b:model.gguf"}, "needs a source and a projector"),
        ({"role": "vqa", "source": "hf:a/b", "projector": "hf:a/b:p.gguf"}, "GGUF models that"),
        ({"role": "generate", "source": "hf:a/b:m.gguf", "projector": "hf:a/b:p.gguf"}, "role"),
        (
            {"role": "vqa", "source": "hf:a/b:m.gguf", "projector": "hf:a/b"},
            "no GGUF file of a hub",
        ),
        ({"role": "vqa", "source": "hf:a/b:m.gguf", "projector": "path:p.gguf"}, "relative"),
        ({"role": "vqa", "source": "hf:a/b:m.gguf", "projector": "nonsense"}, "projector"),
    ],
)
def test_a_senseless_projector_is_refused_with_what_is_right(
    values: dict[str, str], said: str
) -> None:
    with pytest.raises(ModelError) as caught:
        read_entry("mine", values)
    assert said in f"{caught.value.message} {caught.value.hint}"
