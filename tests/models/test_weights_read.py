"""Loading takes hardly more memory than the model: how weights are read, quantised and let go."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import pytest
import torch

from assistant.models import row_quantising
from assistant.models.dispatch import DeviceFullError, load_transformers
from assistant.models.placement import Placement, Share
from assistant.models.row_quantising import by_rows
from assistant.models.sizes import Dtype
from assistant.models.transformers_loading import _int4, _int8, load_causal_lm
from tests.models.tiny_llama import write_tiny_llama


def on_cpu(dtype: Dtype) -> Placement:
    return Placement("tiny", (Share("cpu", 1, 0),), dtype, "")


@pytest.fixture(scope="module")
def sharded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama whose head shares its embeddings, in bfloat16, in several files."""
    from transformers import AutoConfig, LlamaForCausalLM

    folder = write_tiny_llama(tmp_path_factory.mktemp("llama"), layers=4)
    config: Any = AutoConfig.from_pretrained(folder)
    config.tie_word_embeddings = True
    (folder / "model.safetensors").unlink()
    model: Any = LlamaForCausalLM(config)
    model.to(torch.bfloat16).save_pretrained(folder, max_shard_size="100KB")
    assert len(list(folder.glob("*.safetensors"))) > 1
    return folder


def parts(tensor: Any) -> list[Any]:
    """What a tensor is kept in, and how."""
    if not hasattr(tensor, "__tensor_flatten__"):
        return [tensor]
    names, attributes = tensor.__tensor_flatten__()
    return [*(getattr(tensor, name) for name in names), type(tensor), attributes]


def assert_same(one: Any, other: Any) -> None:
    for left, right in zip(parts(one), parts(other), strict=True):
        if isinstance(left, torch.Tensor):
            assert left.dtype == right.dtype
            assert torch.equal(left, right)
        else:
            assert left == right


@pytest.mark.parametrize(
    ("dtype", "backends"),
    [("bfloat16", set()), ("as stored", set()), ("float32", {"pread"}), ("int8", {"pread"})],
)
def test_files_are_mapped_only_where_weights_are_used_as_they_are_stored(
    sharded: Path, monkeypatch: pytest.MonkeyPatch, dtype: Dtype, backends: set[str]
) -> None:
    import safetensors
    from transformers import modeling_utils

    opened: set[str] = set()
    real: Any = safetensors.safe_open

    def recording(*arguments: Any, **options: Any) -> Any:
        opened.add(options["backend"])
        return real(*arguments, **options)

    monkeypatch.setattr(modeling_utils, "safe_open", real)  # put back when the test is over
    monkeypatch.setattr(safetensors, "safe_open", recording)
    load_causal_lm(sharded, on_cpu(dtype), sharded / "offload")
    assert opened == backends


@pytest.mark.parametrize("dtype", ["int8", "int4"])
def test_a_model_in_several_files_is_quantised_as_torchao_would(
    sharded: Path, dtype: Dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoModelForCausalLM, TorchAoConfig

    monkeypatch.setattr(row_quantising, "ELEMENTS", 64 * 64)
    config: Any = TorchAoConfig(_int8() if dtype == "int8" else _int4("cpu"))
    whole: Any = AutoModelForCausalLM.from_pretrained(
        sharded, dtype=torch.bfloat16, device_map={"": "cpu"}, quantization_config=config
    )
    found = load_causal_lm(sharded, on_cpu(dtype), sharded / "offload")
    assert found.lm_head.weight is found.model.embed_tokens.weight
    pairs = zip(found.named_parameters(), whole.named_parameters(), strict=True)
    for (name, one), (same_name, other) in pairs:
        assert name == same_name
        assert_same(one, other)


@pytest.mark.parametrize("rows", [32, 64, 96, 128, 160, 4096])
@pytest.mark.parametrize("kind", ["int8", "int4"])
def test_any_number_of_rows_is_quantised_as_the_whole(
    rows: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchao.quantization import quantize_

    monkeypatch.setattr(row_quantising, "ELEMENTS", 64 * 64)
    config = _int8() if kind == "int8" else _int4("cpu")
    in_parts = torch.nn.Linear(64, rows, bias=False, dtype=torch.bfloat16)
    whole = torch.nn.Linear(64, rows, bias=False, dtype=torch.bfloat16)
    whole.weight.data = in_parts.weight.data.clone()
    quantize_(whole, config)
    quantize_(in_parts, by_rows(config))
    assert_same(in_parts.weight, whole.weight)


@pytest.mark.parametrize(("width", "rows"), [(40, 64), (64, 60), (64, 8), (64, 1)])
def test_a_matrix_that_does_not_suit_the_layout_of_4_bits_stays_as_it_is(
    width: int, rows: int
) -> None:
    from torchao.quantization import quantize_

    linear = torch.nn.Linear(width, rows, dtype=torch.bfloat16)
    before = linear.weight.data.clone()
    quantize_(linear, by_rows(_int4("cpu")))
    assert torch.equal(linear.weight, before)


def test_quantising_leaves_the_number_of_threads_as_it_was() -> None:
    from torchao.quantization import quantize_

    threads = torch.get_num_threads()
    quantize_(torch.nn.Linear(64, 64, dtype=torch.bfloat16), by_rows(_int8()))
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes"),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_a_load_that_runs_out_of_memory_says_so_and_holds_nothing(
    sharded: Path, error: Exception
) -> None:
    halves: list[weakref.ref[torch.nn.Module]] = []

    class Heavy:
        @classmethod
        def from_pretrained(cls, *_: Any, **__: Any) -> None:
            half = torch.nn.Linear(1000, 1000)
            halves.append(weakref.ref(half))
            raise error

    with pytest.raises(DeviceFullError) as told:
        load_transformers(Heavy, sharded, on_cpu("bfloat16"), sharded / "offload")
    assert told.value.device == "cpu"
    assert "smaller model" in told.value.hint
    assert halves[0]() is None
