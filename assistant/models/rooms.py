"""How much memory each device has left while models are being placed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.models.devices import Device, Kind
from assistant.models.sizes import Dtype

_DTYPES: Mapping[Kind, Dtype] = {
    "cpu": "float32",
    "cuda": "float16",
    "mps": "float16",
    "xpu": "bfloat16",
    "vulkan": "float16",
}


class _Holder(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def holds(self) -> tuple[tuple[str, int], ...]: ...


@dataclass(slots=True)
class Rooms:
    """Free bytes by device, reserves taken off."""

    devices: Mapping[str, Device]
    free: dict[str, int]
    language: str = "en"
    """In which reasons are told."""

    @classmethod
    def of(
        cls,
        devices: Sequence[Device],
        gpu_reserve: float,
        cpu_reserve: int,
        language: str = "en",
    ) -> Rooms:
        """The rooms of a machine.

        Args:
            gpu_reserve: share of a GPU's memory that is not given away.
            cpu_reserve: bytes of main memory that are not given away; a tenth where that is less.
        """
        free = {
            device.id: device.free
            - (
                min(cpu_reserve, device.total // 10)
                if device.kind == "cpu"
                else int(device.total * gpu_reserve)
            )
            for device in devices
        }
        return cls({device.id: device for device in devices}, free, language)

    @property
    def gpus(self) -> list[str]:
        """Ids of what is no CPU; of several kinds, those of the first: a model can't be
        divided between different makers' devices."""
        kinds = [d.kind for d in self.devices.values() if d.kind != "cpu"]
        return [d.id for d in self.devices.values() if kinds and d.kind == kinds[0]]

    @property
    def cpu(self) -> str:
        """Id of the CPU, "" where it is not to be used."""
        return next((d.id for d in self.devices.values() if d.kind == "cpu"), "")

    def dtype(self, device: str) -> Dtype:
        """The data type models run in there: bfloat16 where the hardware computes in it."""
        found = self.devices.get(device)
        if found is None:
            return "float32"
        return "bfloat16" if found.kind != "cpu" and found.bfloat16 else _DTYPES[found.kind]

    def take(self, device: str, size: int) -> None:
        """Note that memory is given away; Apple's GPU and CPU have the same."""
        for holder in self._sharing(device):
            self.free[holder] -= size

    def copy(self) -> Rooms:
        """The same, to try something with."""
        return Rooms(self.devices, dict(self.free), self.language)

    def without(self, loaded: Iterable[_Holder], leaving: Collection[str]) -> Rooms:
        """What there would be if some loaded models left."""
        rooms = self.copy()
        for model in loaded:
            if model.name in leaving:
                for device, size in model.holds:
                    rooms.take(device, -size)
        return rooms

    def _sharing(self, device: str) -> list[str]:
        kinds = {d.kind for d in self.devices.values()}
        found = self.devices.get(device)
        if found is not None and found.kind in {"cpu", "mps"} and "mps" in kinds:
            return [d.id for d in self.devices.values() if d.kind in {"cpu", "mps"}]
        return [device] if device in self.free else []
