"""`assistant devices`: what models can run on, and where each would run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.speaking import language_spoken, say, told
from assistant.core.errors import ConfigError, ModelMissingError

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
        "present": " ({})",
        "absent": " ({}; not on this machine yet)",
    },
    "zh": {
        "cores": "，{} 核",
        "free": "空闲 {}，共 {}",
        "present": "（{}）",
        "absent": "（{}；还不在这台电脑上）",
    },
}


@click.command("devices")
@click.pass_obj
def command(context: Context) -> None:
    """Show the devices of this machine and where each model would run, and why.

    Of everything the settings name, whether it is here or not, and of what is here besides.
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
    for line in _missing(context, catalogue, cache, [p.entry for p in plan if not p.present]):
        click.echo(line)


def describe_server(server: ServerSource) -> str:
    """Where a model is served, and what that means for the text it is given."""
    if server.is_local:
        return f"server {server.host} on this machine; nothing is loaded here"
    way = "" if server.is_encrypted else " (not encrypted)"
    return f"another machine: text is sent to {server.destination}{way}"


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

    state = _WORDS[language]["present" if planned.present else "absent"]
    where = placed(planned.placement, machine.devices, language)
    colon = "：" if language == "zh" else ": "
    about = state.format(role_in_words(planned.entry.role))
    return f"{planned.entry.name}{about} {where}{colon}{planned.placement.reason}"


def role_in_words(role: str) -> str:
    """What a model is for, as the models screen says it."""
    from assistant.tui.strings import choose

    return choose(os.environ, language_spoken()).screens.models.roles.get(role, role)


def _missing(
    context: Context, catalogue: Catalogue, cache: ModelCache, absent: Sequence[ModelEntry]
) -> Iterator[str]:
    """What the settings name in vain, each with what brings it; then all of it in one command."""
    from assistant.models.disk import readable_size
    from assistant.models.roles import check_choice, named
    from assistant.models.sources.reference import PackageSource

    lines = []
    for _, setting, name in named(context.settings):
        try:
            check_choice(catalogue, setting, name)
        except ConfigError as error:
            lines.append(told(error.message, error.hint))
    for entry in absent:
        try:
            cache.require(entry)
        except ModelMissingError as error:
            size = readable_size(entry.size) if entry.size else told("size not known")
            lines.append(f"{told(error.hint)}  # {role_in_words(entry.role)}, {size}")
    if not lines:
        return
    yield ""
    yield told("Missing:")
    yield from (f"  {line}" for line in lines)
    fetched = [entry.name for entry in absent if not isinstance(entry.origin, PackageSource)]
    if len(fetched) > 1:
        yield told(f"All of it: assistant models pull {' '.join(fetched)}")


def _entries(catalogue: Catalogue, context: Context, cache: ModelCache) -> list[ModelEntry]:
    """The models the settings name and those that are here, the ones in use first; what servers
    run is placed nowhere."""
    from assistant.models.footprint import SERVED
    from assistant.models.plan import named_models

    named = named_models(catalogue, context.settings)
    names = {entry.name for entry in named}
    others = (e for e in catalogue if e.name not in names and e.format != SERVED)
    return [*named, *(e for e in others if cache.is_present(e))]
