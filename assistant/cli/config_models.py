"""What `assistant config set` does where a setting names a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.cli.context import Context
from assistant.cli.speaking import say
from assistant.core.errors import ConfigError, ModelMissingError

if TYPE_CHECKING:
    from assistant.models.catalogue import Catalogue


def chosen_model(context: Context, setting: str, value: str) -> str:
    """The name the setting gets; a source without an entry is given one in config.toml.

    Raises:
        AssistantError: there is no such model, it is for something else, or the source is wrong.
    """
    from assistant.config.edit import add_model
    from assistant.models.adopting import adopt, as_source
    from assistant.models.roles import check_choice, role_of

    catalogue = _catalogue(context)
    source = None if any(entry.name == value for entry in catalogue) else as_source(value)
    if source is None:
        return check_choice(catalogue, setting, value).name
    adopted = adopt(catalogue, source, role_of(setting))
    if adopted.entry is not None:
        add_model(context.places.config_file, adopted.name, adopted.entry)
        say(f"Added to {context.places.config_file}: [models.{adopted.name}]", err=True)
    return adopted.name


def say_if_missing(context: Context, name: str) -> None:
    """Tell that a model has to be fetched before it can be used, and how."""
    from assistant.models.cache import ModelCache

    try:
        ModelCache(context.places.models).require(_catalogue(context).get(name))
    except ModelMissingError as error:
        say(error.message, err=True)
        say(error.hint, err=True)


def _catalogue(context: Context) -> Catalogue:
    """The models as the file names them now, other mistakes in it or not: this repairs it."""
    from assistant.config import Settings
    from assistant.config.file import read_config
    from assistant.models.catalogue import Catalogue

    tables = read_config(context.places.config_file).document.get("models", {})
    if not isinstance(tables, dict):
        raise ConfigError(
            f"{context.places.config_file}: models can't be {tables!r}, it is a table.",
            "Write [models.NAME] on a line of its own and what the model is below.",
        )
    entries = {name: entry for name, entry in tables.items() if isinstance(entry, dict)}
    return Catalogue.load(Settings(models=entries))
