"""Language models in 8 and 4 bits by torchao, on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from assistant.models.devices import Device
from assistant.models.placement import ModelNeed, place
from assistant.models.sizes import Dtype, size_of_folder
from assistant.models.transformers_generator import TransformersGenerator
from assistant.models.transformers_loading import quantised_dtypes
from tests.models.contracts.generator import answer
from tests.models.tiny_llama import write_tiny_llama

PLENTY = Device("cpu", "cpu", "a processor", 1 << 40, 1 << 40, 2)
PROMPT = torch.tensor([[40, 12, 77, 3, 9, 200, 31, 5]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_llama(tmp_path_factory.mktemp("llama"), layers=6)


def load(folder: Path, dtype: Dtype) -> TransformersGenerator:
    (placement,) = place([ModelNeed("tiny", size_of_folder(folder), dtype=dtype)], [PLENTY])
    return TransformersGenerator(
        folder, name="tiny", placement=placement, context=0, grounded=False, offload=folder / "o"
    )


@pytest.fixture(scope="module")
def unquantised(folder: Path) -> Iterator[TransformersGenerator]:
    generator = load(folder, "bfloat16")
    yield generator
    generator.close()


def layer_bytes(generator: TransformersGenerator) -> int:
    """What the layers' weights take, in whatever parts they are kept."""
    return sum(stored(weight) for weight in generator._model.model.layers.parameters())


def stored(weight: Any) -> int:
    if not hasattr(weight, "__tensor_flatten__"):
        return int(weight.untyped_storage().nbytes())
    names, _ = weight.__tensor_flatten__()
    return sum(int(getattr(weight, name).untyped_storage().nbytes()) for name in names)


def logits(generator: TransformersGenerator) -> torch.Tensor:
    with torch.inference_mode():
        return torch.as_tensor(generator._model(PROMPT).logits).float()


@pytest.mark.parametrize(("dtype", "part", "alike"), [("int8", 0.60, 0.999), ("int4", 0.40, 0.95)])
def test_a_quantised_model_takes_less_memory_and_says_nearly_the_same(
    folder: Path, unquantised: TransformersGenerator, dtype: Dtype, part: float, alike: float
) -> None:
    generator = load(folder, dtype)
    assert layer_bytes(generator) < part * layer_bytes(unquantised)
    found, wanted = logits(generator).flatten(), logits(unquantised).flatten()
    assert torch.nn.functional.cosine_similarity(found, wanted, dim=0) > alike
    text, usage = answer(generator)
    assert text
    assert usage.device == "cpu"
    generator.close()


def test_smaller_data_types_are_given_unasked_where_they_can_be_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert quantised_dtypes() == ()
    monkeypatch.setattr("sys.platform", "linux")
    assert quantised_dtypes() == ("int8", "int4")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert quantised_dtypes() == ()


def test_loading_in_8_bits_says_nothing_on_the_terminal(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    load(folder, "int8").close()
    assert capfd.readouterr() == ("", "")
