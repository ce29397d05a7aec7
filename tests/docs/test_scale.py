"""What docs/scale.md tells people to write is what the program takes."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import msgspec

from assistant.cli.main import root
from assistant.config import Settings
from assistant.config.schema import known_keys
from assistant.models.catalogue import Catalogue, ModelEntry

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")


def test_the_lines_for_config_toml_name_a_model_that_is_used() -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    settings = msgspec.convert(tomllib.loads(block), Settings)
    entry = Catalogue.load(settings).get(settings.generate.model)
    assert entry.server is not None
    assert (entry.role, entry.server.host) == ("generate", "gpu-box:8000")
    assert len([line for line in block.splitlines() if "=" in line]) == 2


def test_every_command_of_the_assistant_exists_with_its_options() -> None:
    lines = re.findall(r"^assistant ([^#\n]+)", PAGE, re.MULTILINE)
    assert len(lines) > 5
    for line in lines:
        words, command = shlex.split(line), root
        context = click.Context(root)
        while isinstance(command, click.Group) and words:
            found = command.get_command(context, words.pop(0))
            assert found is not None, line
            command = found  # type: ignore[assignment]
        options = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("-")} <= options, line


def test_every_key_of_an_entry_and_of_the_servers_is_there() -> None:
    (table,) = re.findall(r"^## The entry\n(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    keys = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert keys <= set(ModelEntry.__struct_fields__)
    settings = {name for name in known_keys() if name.startswith("servers.")}
    assert all(f"`{name.partition('.')[2]}`" in table for name in settings)
