"""`assistant config`: where the settings are, what they are, whether they are right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.speaking import say
from assistant.config import Settings
from assistant.config.secrets import HIDDEN, is_secret, without_secrets
from assistant.core.errors import AssistantError, ConfigError


@click.group("config")
def command() -> None:
    """Show and check the settings.

    A setting is taken from the command line, else from the environment (ASSISTANT_SECTION_KEY),
    else from config.toml, else it has its default.
    """


@command.command()
@click.option("--all", "every", is_flag=True, help="Also the folders of data, models and logs.")
@click.pass_obj
def path(context: Context, every: bool) -> None:
    """Print where the configuration file is, or would be."""
    places = context.places
    if not every:
        click.echo(places.config_file)
        return
    for name in ("config_file", "data", "cache", "state"):
        click.echo(f"{name.removesuffix('_file'):8}{getattr(places, name)}")


@command.command()
@click.pass_obj
def show(context: Context) -> None:
    """Print the settings in force as TOML, and where each comes from."""
    click.echo(f"# {context.places.config_file}{_absent(context)}")
    for line in describe(context.settings, context.origins, default_keys()):
        click.echo(line)


@command.command()
@click.pass_obj
def check(context: Context) -> None:
    """Look for mistakes in the settings; the exit status is 1 if there are any."""
    from assistant.cli.reporting import tell
    from assistant.config.load import find_problems

    problems: list[AssistantError] = [*find_problems(context.places, os.environ)]
    problems = problems or list(_deeper_problems(context))
    for problem in problems:
        tell(problem)
    if problems:
        raise click.exceptions.Exit(1)
    say(f"{context.places.config_file}{_absent(context)}: no mistakes.")


@command.command("set")
@click.argument("key")
@click.argument("value")
@click.pass_obj
def set_(context: Context, key: str, value: str) -> None:
    """Change one setting in the configuration file; its comments stay.

    For example: assistant config set generate.model qwen3-1.7b

    Where a setting names a model, its file, repository or address will do, too
    (~/models/chat.gguf, hf:ORG/NAME, openai:http://HOST:PORT/v1#MODEL): it gets an entry of its
    own.
    """
    from assistant.cli.config_models import chosen_model, say_if_missing
    from assistant.config.edit import save_setting
    from assistant.models.roles import names_model

    model = chosen_model(context, key, value) if names_model(key) and value else None
    save_setting(context.places.config_file, key, model or _typed(value))
    click.echo(f"{context.places.config_file}: {key} = {model or value}")
    if model is not None:
        say_if_missing(context, model)


def _typed(value: str) -> bool | int | float | str:
    """A value as TOML would read it; what is no TOML value is a string."""
    import tomllib

    try:
        parsed = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value
    return parsed if isinstance(parsed, bool | int | float | str) else value


def describe(
    settings: Settings, origins: Mapping[str, str], keys: Mapping[str, str]
) -> Iterator[str]:
    """The lines of a TOML document of all settings, the origin of each as a comment.

    `keys` are the default key bindings, shown where the settings name no others.
    """
    values: dict[str, Any] = msgspec.to_builtins(settings)
    models = values.pop("models")
    values["keys"] = {**keys, **settings.keys}
    tables = {name: value for name, value in values.items() if isinstance(value, dict)}
    for name, value in values.items():
        if name not in tables:
            yield _line(name, value, origins.get(name))
    for table, entries in tables.items():
        yield f"\n[{table}]"
        for name, value in entries.items():
            yield _line(name, value, origins.get(f"{table}.{name}"))
    for model, entry in models.items():
        yield f"\n[models.{_quoted(model)}]"
        for name, value in entry.items():
            yield _line(name, _shown(name, value), origins.get(f"models.{model}"))


def _shown(name: str, value: object) -> object:
    """What an entry says, without the secrets that should not be in it."""
    if is_secret(name):
        return HIDDEN
    return without_secrets(value) if isinstance(value, str) else value


def default_keys() -> dict[str, str]:
    """The key bindings by name, as `[keys]` would set them."""
    from assistant.tui.keys import KEYS

    return {key.name: key.keys for key in KEYS}


def _line(name: str, value: object, origin: str | None) -> str:
    import tomlkit

    return f"{_quoted(name)} = {tomlkit.item(value).as_string()}  # {origin or 'default'}"


def _quoted(name: str) -> str:
    """A key as TOML writes it."""
    import tomlkit

    return tomlkit.key(name).as_string()


def _absent(context: Context) -> str:
    return "" if context.places.config_file.exists() else " (not there; the defaults hold)"


def _deeper_problems(context: Context) -> Iterator[AssistantError]:
    """What only the parts that use a setting can judge: models and names of keys."""
    from assistant.tui.keys import KEYS, unknown

    yield from _model_problems(context)
    for name in unknown(context.settings.keys):
        yield ConfigError(
            f'{context.places.config_file}: keys has no "{name}".',
            f"Valid: {', '.join(key.name for key in KEYS)}.",
        )


def _model_problems(context: Context) -> Iterator[AssistantError]:
    """Entries that can't be read, and settings that name no model, or one of another use."""
    from assistant.models.catalogue import Catalogue
    from assistant.models.roles import check_choice, named

    try:
        catalogue = Catalogue.load(context.settings)
    except AssistantError as error:
        yield error
        return
    for _, setting, name in named(context.settings):
        try:
            check_choice(catalogue, setting, name)
        except ConfigError as error:
            yield error
