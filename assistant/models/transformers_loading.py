"""Loads language models of transformers and their tokenizers, quantised where that was chosen."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelError
from assistant.models.dispatch import load_transformers
from assistant.models.placement import Placement
from assistant.models.quiet import quiet_torchao, quiet_transformers
from assistant.models.row_quantising import by_rows
from assistant.models.sizes import Dtype

_GROUP = 32
"""Weights that share a scale in 4 bits; the smallest, which suits every width and errs least."""
_EXTRA = "pip install “assistant[quantised]”, or set generate.dtype to “auto”."


def quantised_dtypes() -> tuple[Dtype, ...]:
    """Data types below 16 bits that a model may be given unasked, the larger first. None on
    Apple's machines, where torchao's kernels for its GPU were never tried."""
    if sys.platform == "darwin" or importlib.util.find_spec("torchao") is None:
        return ()
    return ("int8", "int4")


def load_tokenizer(folder: Path, name: str) -> Any:
    """The tokenizer of a chat model.

    Raises:
        ModelError: it is missing or damaged, or has no chat template.
    """
    from transformers import AutoTokenizer

    try:
        with quiet_transformers():
            tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The tokenizer of the model {name} can't be loaded: {_first_line(error)}.",
            f"Run `assistant models remove {name}`, then `assistant models pull {name}`.",
        ) from error
    if not tokenizer.chat_template:
        raise ModelError(
            f"The model {name} has no chat template: it continues texts, but does not converse.",
            "Choose the “instruct” or “chat” version of it.",
        )
    return tokenizer


def load_causal_lm(folder: Path, placement: Placement, offload: Path) -> Any:
    """The model on its devices; errors as in `load_transformers`, and `ModelError` where the
    library that quantises is missing."""
    from transformers import AutoModelForCausalLM

    if placement.dtype not in {"int8", "int4"}:
        return load_transformers(AutoModelForCausalLM, folder, placement, offload)
    return load_transformers(
        AutoModelForCausalLM,
        folder,
        placement,
        offload,
        quantization_config=_quantisation(placement),
    )


def _quantisation(placement: Placement) -> Any:
    """bitsandbytes on NVIDIA's GPUs, torchao anywhere else."""
    kind = (placement.device or "").partition(":")[0]
    bits = 8 if placement.dtype == "int8" else 4
    if kind == "cuda" and importlib.util.find_spec("bitsandbytes"):
        from transformers import BitsAndBytesConfig

        return BitsAndBytesConfig(load_in_8bit=bits == 8, load_in_4bit=bits == 4)  # type: ignore[no-untyped-call]
    if importlib.util.find_spec("torchao") is None:
        raise ModelError(
            f"Loading {placement.model} in {bits} bits needs a library that is not here.", _EXTRA
        )
    with quiet_torchao():
        from transformers import TorchAoConfig

        return TorchAoConfig(by_rows(_int8() if bits == 8 else _int4(kind)))


def _int8() -> Any:
    """Settings of its compiler, which is not in use here, are left as they are."""
    from torchao.quantization import Int8WeightOnlyConfig

    return Int8WeightOnlyConfig(set_inductor_config=False)


def _int4(kind: str) -> Any:
    """Each kind of device has a layout of its own; the usual one needs a library of Meta's."""
    if kind == "cpu":
        from torchao.prototype.quantization.int4 import PrototypeInt4WeightOnlyConfig

        return PrototypeInt4WeightOnlyConfig(group_size=_GROUP, set_inductor_config=False)
    from torchao.quantization import Int4WeightOnlyConfig

    layout = "plain_int32" if kind == "xpu" else "tile_packed_to_4d"
    return Int4WeightOnlyConfig(
        group_size=_GROUP, int4_packing_format=layout, set_inductor_config=False
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
