"""Tells a plan on one line: "Qwen3-4B bfloat16 → cuda:0 (7.9 of 23.0 GB)"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.models.devices import Device
from assistant.models.placement import Placement
from assistant.models.placement_words import in_units

_NOWHERE = {"en": "nowhere", "zh": "放不下"}
_AS_STORED = {"en": "as stored", "zh": "原样"}
_OF = {"en": "{} of {}", "zh": "{}，共 {}"}
_ASIDE = {"en": "{} ({})", "zh": "{}（{}）"}


def placed(placement: Placement, devices: Sequence[Device], language: str) -> str:
    """Data type, devices and what is taken of each, as "float16 → cuda:0 (1.2 GB of 24.0 GB)"."""
    if not placement.shares:
        return f"→ {_NOWHERE[language]}"
    known = {device.id: device for device in devices}
    parts = []
    for share in placement.shares:
        taken = in_units(share.bytes)
        device = known.get(share.device)
        if device is not None:
            taken = _OF[language].format(taken, in_units(device.free))
        parts.append(_ASIDE[language].format(share.device, taken))
    dtype = _AS_STORED[language] if placement.dtype == "as stored" else placement.dtype
    return f"{dtype} → {' + '.join(parts)}"
