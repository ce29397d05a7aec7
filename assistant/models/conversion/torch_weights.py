"""Turns the weights of a PyTorch Hub model into safetensors, so that no pickle is met again."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelError
from assistant.models.sources.torch_hub import LABELS, REPOSITORY, WEIGHTS

SAFE = "model.safetensors"
_WRAPPERS = ("state_dict", "model_state_dict", "model", "model_ema")
"""Keys under which training scripts put the state of the network."""
_PREFIX = "module."
"""What DataParallel puts before every name."""


def convert(fetched: Path, folder: Path) -> None:
    """Move a fetched repository and its labels into `folder`, and write its weights anew.

    Raises:
        ModelError: the file holds anything but tensors.
    """
    write_safetensors(fetched / WEIGHTS, folder / SAFE)
    (fetched / REPOSITORY).replace(folder / REPOSITORY)
    (fetched / LABELS).replace(folder / LABELS)


def write_safetensors(weights: Path, target: Path) -> None:
    """A state dict as safetensors.

    Args:
        weights: safetensors, or a checkpoint of PyTorch, which is read with `weights_only`.

    Raises:
        ModelError: it is neither.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(weights, framework="pt"):
            pass
    except SafetensorError:
        _save(_state_of(weights), target)
    else:
        shutil.move(weights, target)


def _save(state: Mapping[str, Any], target: Path) -> None:
    from safetensors.torch import save_file

    save_file({name: tensor.contiguous().clone() for name, tensor in state.items()}, target)


def _state_of(weights: Path) -> dict[str, Any]:
    import torch

    try:
        loaded = torch.load(weights, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            "The weights are a pickle that holds more than numbers, and could run code.",
            "Look for them as safetensors, or saved by torch.save(model.state_dict(), …).",
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError) as error:
        raise _no_weights() from error
    while isinstance(loaded, Mapping) and (inner := _wrapped(loaded)) is not None:
        loaded = inner
    if not isinstance(loaded, Mapping) or not loaded:
        raise _no_weights()
    if not all(isinstance(tensor, torch.Tensor) for tensor in loaded.values()):
        raise _no_weights()
    return {str(name).removeprefix(_PREFIX): tensor for name, tensor in loaded.items()}


def _wrapped(loaded: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = (loaded[key] for key in _WRAPPERS if isinstance(loaded.get(key), Mapping))
    return next(found, None)


def _no_weights() -> ModelError:
    return ModelError(
        "The file of weights is no state dict of PyTorch and no safetensors file.",
        "Check what ?weights= names in the model's source.",
    )
