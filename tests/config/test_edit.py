"""One setting is changed; the rest of the file stays as the person wrote it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from assistant.config.edit import reset_setting, save_setting
from assistant.core.errors import ConfigError


def test_comments_and_order_stay(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\n[ui]\ntheme = "nord"  # calm\nsidebar = "auto"\n')
    save_setting(file, "ui.theme", "dracula")
    assert file.read_text() == '# mine\n[ui]\ntheme = "dracula"  # calm\nsidebar = "auto"\n'


def test_a_missing_file_and_table_are_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    save_setting(file, "ui.theme", "nord")
    save_setting(file, "offline", True)
    assert file.read_text() == 'offline = true\n\n[ui]\ntheme = "nord"\n'


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_new_file_is_private_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_setting(link, "threads", 2)
    assert link.is_symlink()
    assert real.read_text() == "threads = 2\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    real.chmod(0o644)
    save_setting(link, "threads", 3)
    assert stat.S_IMODE(real.stat().st_mode) == 0o644


@pytest.mark.parametrize(("key", "value"), [("ui.thme", "nord"), ("generate.top_p", 7.0)])
def test_a_value_that_could_not_be_read_back_is_refused(
    tmp_path: Path, key: str, value: float | str
) -> None:
    file = tmp_path / "config.toml"
    with pytest.raises(ConfigError):
        save_setting(file, key, value)
    assert not file.exists()


def test_a_broken_file_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[ui\n")
    with pytest.raises(ConfigError, match="not TOML"):
        save_setting(file, "threads", 2)
    assert file.read_text() == "[ui\n"


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="can't be"):
        save_setting(tmp_path / "file" / "config.toml", "threads", 2)


def test_a_setting_goes_back_to_its_default_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\n[ui]\ntheme = "nord"  # calm\nsidebar = "auto"  # as it is\n')
    assert reset_setting(file, "ui.theme")
    assert file.read_text() == '# mine\n[ui]\nsidebar = "auto"  # as it is\n'


@pytest.mark.parametrize("text", ["", "[generate]\ncontext = 1\n", "ui = 3\n"])
def test_what_the_file_does_not_set_is_not_taken_out(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    assert not reset_setting(file, "ui.theme")
    assert file.read_text() == text


def test_a_key_binding_is_set_and_reset(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    save_setting(file, "keys.send", "ctrl+enter")
    assert file.read_text() == '[keys]\nsend = "ctrl+enter"\n'
    assert reset_setting(file, "keys.send")
    assert "send" not in file.read_text()


@pytest.mark.parametrize("dotted", ["ui.colour", "keys.", "models.x"])
def test_what_is_no_setting_is_neither_set_nor_reset(tmp_path: Path, dotted: str) -> None:
    for change in (
        lambda: save_setting(tmp_path / "c", dotted, "x"),
        lambda: reset_setting(tmp_path / "c", dotted),
    ):
        with pytest.raises(ConfigError, match="no setting"):
            change()


def test_a_key_binding_is_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"keys\.send can't be 3"):
        save_setting(tmp_path / "config.toml", "keys.send", 3)


def test_a_table_that_is_unknown_is_named_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        save_setting(tmp_path / "config.toml", "generat.model", "x")
    assert refused.value.hint.startswith('Did you mean "generate"? Valid at the top level: offline')


def test_entries_of_models_are_not_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"models\.mine\.context") as refused:
        save_setting(tmp_path / "config.toml", "models.mine.context", 4096)
    assert "[models.NAME]" in refused.value.hint
