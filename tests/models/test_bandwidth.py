"""Measuring how fast memory is read, once a machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.models.bandwidth import fingerprint, measured, on_torch, read_speed
from assistant.models.devices import Device

MB = 1_000_000
CPU = Device("cpu", "cpu", "a processor", 64 * MB, 64 * MB, 2)
GPU = Device("cuda:0", "cuda", "a card", 24 * MB, 24 * MB)


class Stopwatch:
    """A probe that counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, device: Device) -> float:
        self.asked.append(device.id)
        return 10.0


def test_a_machine_is_measured_once(tmp_path: Path) -> None:
    probe, file = Stopwatch(), tmp_path / "deep" / "bandwidth.json"
    first = measured([GPU, CPU], file, probe)
    filled_up = replace(CPU, free=1 * MB)
    assert measured([GPU, filled_up], file, probe) == first == {"cuda:0": 10.0, "cpu": 10.0}
    assert probe.asked == ["cuda:0", "cpu"]


def test_another_machine_or_a_wish_for_it_measures_anew(tmp_path: Path) -> None:
    probe, file = Stopwatch(), tmp_path / "bandwidth.json"
    measured([CPU], file, probe)
    measured([replace(CPU, cores=8)], file, probe)
    measured([replace(CPU, cores=8)], file, probe, anew=True)
    assert probe.asked == ["cpu"] * 3


def test_a_damaged_or_unwritable_file_is_no_matter(tmp_path: Path) -> None:
    probe, file = Stopwatch(), tmp_path / "bandwidth.json"
    for damage in (b"", b"{", b'{"fingerprint": 1}', b'{"\xff": 1}', b"\xff\xfe"):
        file.write_bytes(damage)
        assert measured([CPU], file, probe) == {"cpu": 10.0}
    (tmp_path / "taken").write_text("")
    assert measured([CPU], tmp_path / "taken" / "x.json", probe) == {"cpu": 10.0}
    file.write_text(f'{{"fingerprint": "{fingerprint([CPU])}", "bytes_a_second": {{"cpu": -1}}}}')
    assert measured([CPU], file, probe) == {"cpu": 10.0}


def test_a_device_torch_was_not_built_for_is_left_out(tmp_path: Path) -> None:
    vulkan = Device("vulkan:0", "vulkan", "a card", 64 * MB, 64 * MB)
    xpu = Device("xpu:0", "xpu", "a card", 64 * MB, 64 * MB)
    found = measured([vulkan, xpu, CPU], tmp_path / "private" / "bandwidth.json")
    assert set(found) == {"cpu"}
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


def test_the_fingerprint_is_of_the_hardware_alone() -> None:
    assert fingerprint([CPU]) == fingerprint([replace(CPU, free=1)])
    assert fingerprint([CPU]) != fingerprint([replace(CPU, name="another")])


def test_memory_is_really_read() -> None:
    assert 1e8 < read_speed(CPU) < 1e13
    assert 1e8 < on_torch("cpu", 16 * MB) < 1e13
