"""`assistant devices`: what models can run on, and where each would run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.speaking import language_spoken, say

if TYPE_CHECKING:
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue, ModelEntry
    from assistant.models.devices import Device
    from assistant.models.plan import Machine, Planned
    from assistant.models.sources.server import ServerSource

_WORDS = {
    "en": {
        "cores": ", {} cores",
        "free": "{} of {} free",
        "absent": " (not on this machine yet)",
    },
    "zh": {"cores": "，{} 核", "free": "空闲 {}，共 {}", "absent": "（还不在这台电脑上）"},
}


@click.command("devices")
@click.pass_obj
def command(context: Context) -> None:
    """Show the devices of this machine and where each model would run, and why.

    Nothing is loaded: models that are not here yet are placed by the catalogue's size.
    """
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue
    from assistant.models.plan import Machine, need_here, plan_models

    language = language_spoken()
    machine = Machine.here()
    for device in machine.devices:
        click.echo(describe_device(device, language))
    cache = ModelCache(context.places.models)
    catalogue = Catalogue.load(context.settings)
    click.echo()
    for entry in catalogue:
        if entry.server:
            say(f"{entry.name}: {describe_server(entry.server)}")
    plan = plan_models(
        _entries(catalogue, context, cache),
        cache.is_present,
        lambda entry: need_here(entry, cache, context.settings, machine),
        machine,
        language=language,
    )
    for planned in plan:
        click.echo(_line(planned, machine, language))


def describe_server(server: ServerSource) -> str:
    """Where a model is served, and what that means for the text it is given."""
    if server.is_local:
        return f"server {server.host} on this machine; nothing is loaded here"
    way = "" if server.is_encrypted else " (not encrypted)"
    return f"another machine: text is sent to {server.host}{way}"


def describe_device(device: Device, language: str = "en") -> str:
    """A device on one line."""
    from assistant.models.placement_words import in_units

    words = _WORDS[language]
    cores = words["cores"].format(device.cores) if device.cores else ""
    memory = words["free"].format(in_units(device.free), in_units(device.total))
    comma = "，" if language == "zh" else ", "
    return f"{device.id}: {device.name}{cores}{comma}{memory}"


def _line(planned: Planned, machine: Machine, language: str) -> str:
    from assistant.models.plan_words import placed

    state = "" if planned.present else _WORDS[language]["absent"]
    where = placed(planned.placement, machine.devices, language)
    colon = "：" if language == "zh" else ": "
    return f"{planned.entry.name}{state} {where}{colon}{planned.placement.reason}"


def _entries(catalogue: Catalogue, context: Context, cache: ModelCache) -> list[ModelEntry]:
    """The models the settings name and those that are here, the ones in use first; what servers
    run is placed nowhere."""
    from assistant.models.footprint import SERVED
    from assistant.models.plan import named_models

    named = named_models(catalogue, context.settings)
    names = {entry.name for entry in named}
    others = (e for e in catalogue if e.name not in names and e.format != SERVED)
    return [*named, *(e for e in others if cache.is_present(e))]
