"""Loads models of transformers where a placement says; backs off from a device that fills up."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.core.errors import ModelError
from assistant.models.devices import Device
from assistant.models.giving_back import give_back_memory
from assistant.models.placement import DISK, Loaded, ModelNeed, Placement, place
from assistant.models.plain_reads import weights_read
from assistant.models.quiet import quiet_transformers

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
_NUMBER = re.compile(r"GPU (\d+)")
_ATTEMPTS = 6
_BACK_OFF = 0.6
"""Of the memory a device was thought to have, once it turned out to have less."""


class DeviceFullError(ModelError):
    """A device had less memory than it seemed to have."""

    def __init__(self, device: str) -> None:
        super().__init__(
            f"The memory of {device} is full.",
            "Close other programs that use it, or choose a smaller model.",
        )
        self.device = device


def load_backing_off(
    need: ModelNeed,
    devices: Callable[[], Sequence[Device]],
    load: Callable[[Placement], T],
    *,
    disk_free: int = 0,
    loaded: Callable[[], Sequence[Loaded]] = tuple,
    leave: Callable[[Iterable[str]], None] = lambda _names: None,
) -> tuple[T, Placement]:
    """Place a model and load it; where a device fills up meanwhile, place it anew with less.

    Args:
        loaded: idle models in memory, which may leave for this one.
        leave: unloads those the placement names.
        devices: looks at the machine; asked again before each attempt.
        load: loads by a placement; `DeviceFullError` where a device is full.

    Raises:
        ModelError: the model fits nowhere, or no attempt succeeded.
    """
    believed: dict[str, float] = {}
    full: DeviceFullError | None = None
    for _ in range(_ATTEMPTS):
        there = [replace(d, free=int(d.free * believed.get(d.id, 1.0))) for d in devices()]
        (placement,) = place([need], there, loaded=loaded(), disk_free=disk_free)
        if not placement.shares:
            raise ModelError(
                f"{need.name} does not fit this machine: it {placement.reason}.",
                "Choose a smaller model: assistant models list",
            ) from full
        if placement.leaves:
            leave(placement.leaves)
        try:
            return load(placement), placement
        except DeviceFullError as error:
            full = error
            believed[error.device] = believed.get(error.device, 1.0) * _BACK_OFF
    raise ModelError(
        f"{need.name} can't be loaded: memory ran out at every attempt.",
        "Close other programs, or choose a smaller model.",
    ) from full


@dataclass(frozen=True, slots=True)
class Room:
    """The machine as a place to load models in.

    Args:
        devices: looks at the machine.
        loaded: idle models in memory, which may leave for another.
        leave: unloads models by name.
    """

    devices: Callable[[], Sequence[Device]]
    loaded: Callable[[], Sequence[Loaded]] = tuple
    leave: Callable[[Iterable[str]], None] = lambda _names: None

    def load(
        self, need: ModelNeed, load: Callable[[Placement], T], *, disk_free: int = 0
    ) -> tuple[T, Placement]:
        """`load_backing_off` in it."""
        return load_backing_off(
            need,
            self.devices,
            load,
            disk_free=disk_free,
            loaded=self.loaded,
            leave=self.leave,
        )


def load_transformers(
    model_class: Any, folder: Path, placement: Placement, offload: Path, **options: Any
) -> Any:
    """A model of transformers, in evaluation mode, on the devices of its placement.

    Weights go from the file straight to their device. Blocks on the disk are kept in `offload`.

    Args:
        model_class: a class of transformers with `from_pretrained`, such as
            `AutoModelForCausalLM`.
        options: more arguments of `from_pretrained`.

    Raises:
        DeviceFullError: a device had less memory than the placement counts on.
        ModelError: the files are damaged, or the model can't be divided so.
    """
    from safetensors import SafetensorError

    try:
        with quiet_transformers(), weights_read(folder, placement):
            return model_class.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch_dtype(placement),
                device_map=_device_map(model_class, folder, placement),
                offload_folder=str(offload),
                **options,
            ).eval()
    except (MemoryError, RuntimeError) as error:
        _let_go(error)
        raise explain_load_error(error, placement) from error
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        _let_go(error)
        if _tells_of_memory(error):
            raise explain_load_error(error, placement) from error
        raise ModelError(
            f"The files of the model {placement.model} can't be loaded: {error}.",
            f"Run `assistant models remove {placement.model}`, then pull it again.",
        ) from error


def _let_go(error: BaseException | None) -> None:
    """Forget what was loaded until the error: its frames hold the half of a model, which would
    stay in memory beside the next attempt."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
    give_back_memory()


def torch_dtype(placement: Placement) -> torch.dtype | str:
    """The data type of a placement as transformers takes it; quantised ones are made of 16 bits."""
    import torch

    named = {
        "float32": torch.float32,
        "float16": torch.float16,
        "bfloat16": torch.bfloat16,
        "int8": torch.bfloat16,
        "int4": torch.bfloat16,
    }
    return named.get(placement.dtype, "auto")


def _device_map(model_class: Any, folder: Path, placement: Placement) -> dict[str, Any]:
    """Module → device. accelerate divides by its own rules within the room the placement gives,
    for it knows which modules can't be divided and which share weights."""
    if placement.is_whole:
        return {"": placement.shares[0].device}
    from accelerate import infer_auto_device_map, init_empty_weights
    from transformers import AutoConfig

    with quiet_transformers(), init_empty_weights():
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        model = model_class.from_config(config)
    model.tie_weights()
    found: dict[str, Any] = infer_auto_device_map(
        model,
        max_memory=_rooms(model, placement),
        no_split_module_classes=list(model._no_split_modules or ()),  # noqa: SLF001 - its one name
        dtype=torch_dtype(placement),
    )
    on_disk = any(share.device == DISK for share in placement.shares)
    if not on_disk and DISK in found.values():
        raise DeviceFullError(placement.shares[-1].device)
    return found


def _rooms(model: Any, placement: Placement) -> dict[int | str, int | str]:
    """Bytes by device, as accelerate counts: it keeps room for the largest layer on the first
    GPU and on the CPU, where parts that wait elsewhere are brought to compute."""
    from accelerate.utils import compute_module_sizes, get_max_layer_size

    sizes = compute_module_sizes(model, dtype=torch_dtype(placement))
    largest, _ = get_max_layer_size(
        list(model.named_children()),
        sizes,
        list(model._no_split_modules or ()),  # noqa: SLF001 - its one name
    )
    rooms: dict[int | str, int | str] = {}
    for place_number, share in enumerate(placement.shares):
        if share.device == DISK:
            continue
        keeps = place_number == 0 or share.device == "cpu"
        rooms[_accelerate_id(share.device)] = share.bytes + (largest if keeps else 0)
    return rooms


def _accelerate_id(device: str) -> int | str:
    """accelerate numbers GPUs."""
    kind, _, number = device.partition(":")
    return int(number) if number and kind in {"cuda", "xpu"} else device


def explain_load_error(error: Exception, placement: Placement) -> ModelError:
    """What ran out; an error of another kind is told as damage."""
    words = str(error)
    if _tells_of_memory(error):
        return DeviceFullError(_full_device(words, placement))
    first = words.splitlines()[0] if words else repr(error)
    return ModelError(
        f"The model {placement.model} can't be loaded: {first}.",
        f"Run `assistant models remove {placement.model}`, then pull it again.",
    )


def _tells_of_memory(error: Exception) -> bool:
    """Whether memory ran out, in the words of any of the libraries that may have asked for it."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or "alloc" in words or "out of memory" in words


def _full_device(words: str, placement: Placement) -> str:
    used = [share.device for share in placement.shares if share.device != DISK]
    if found := _NUMBER.search(words):
        named = [device for device in used if device.endswith(f":{found[1]}")]
        used = named or used
    elif "CPUAllocator" in words and "cpu" in used:
        return "cpu"
    return used[0] if used else "cpu"
