"""`assistant devices`: what models can run on, and where each would run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.config import Settings
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue, ModelEntry
    from assistant.models.devices import Device
    from assistant.models.placement import ModelNeed

PORTABLE_FORMATS = frozenset(
    {
        "gguf",
        "e5-q4",
        "efficientnet-pth",
        "package",
        "sentence-transformers",
        "clip",
        "centerface-onnx",
        "u2net-onnx",
    }
)
"""Loaded on the CPU here: by llama.cpp, ONNX Runtime or an engine of their own, and of torch's
models the embedders and CLIP."""


@click.command("devices")
@click.pass_obj
def command(context: Context) -> None:
    """Show the devices of this machine and where each model would run, and why."""
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue
    from assistant.models.devices import list_devices
    from assistant.models.placement import place

    devices = list_devices()
    for device in devices:
        click.echo(describe_device(device))
    cache = ModelCache(context.places.models)
    entries = _entries(Catalogue.load(context.settings), context.settings, cache.is_present)
    click.echo()
    needs = [_need(entry, cache) for entry in entries]
    for entry, placement in zip(entries, place(needs, devices), strict=True):
        state = "" if cache.is_present(entry) else " (not on this machine yet)"
        where = f"{placement.device}, {placement.dtype}" if placement.device else "nowhere"
        click.echo(f"{entry.name}{state}: {where}: {placement.reason}")


def describe_device(device: Device) -> str:
    """A device on one line."""
    from assistant.models.placement_words import in_units

    cores = f", {device.cores} cores" if device.cores else ""
    memory = f"{in_units(device.free)} of {in_units(device.total)} free"
    return f"{device.id}: {device.name}{cores}, {memory}"


def _need(entry: ModelEntry, cache: ModelCache) -> ModelNeed:
    """By the headers of its files where they are here; hubs keep weights in 16 bits."""
    from assistant.models.placement import ModelNeed
    from assistant.models.sizes import of_bytes, size_of_folder

    portable = entry.format in PORTABLE_FORMATS
    if not portable and cache.is_present(entry):
        return ModelNeed(entry.name, size_of_folder(cache.folder(entry)))
    return ModelNeed(entry.name, of_bytes(entry.memory or entry.size, 2), portable=portable)


def _entries(
    catalogue: Catalogue, settings: Settings, is_present: Callable[[ModelEntry], bool]
) -> list[ModelEntry]:
    """The models the settings name and those that are here, the ones in use first."""
    named = (
        settings.generate.model,
        settings.embed.model,
        settings.translate.model,
        settings.describe.label_model,
    )
    wanted = [entry for entry in catalogue if entry.name in named]
    return wanted + [e for e in catalogue if e.name not in named and is_present(e)]
