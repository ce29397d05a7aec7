"""Loads a model, lets it work, closes it; prints resident bytes before, with it and after.

Run in a process of its own: `python -m tests.models.memory_child KIND FOLDER`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.giving_back import give_back_memory
from assistant.models.placement import Placement, Share
from assistant.models.sizes import Dtype

QUESTION = (Message("user", "hello"),)
WHOLE = Placement("m", (Share("cpu", 1, 0),), "float32", "")


def main() -> None:
    """Measure one kind."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    make, work = KINDS[kind]
    before = _warm(kind)
    model = make(folder)
    work(model)
    loaded = _resident()
    model.close()
    del model
    give_back_memory()
    print(before, loaded, _resident())


def _warm(kind: str) -> int:
    """Resident bytes once the libraries, which stay, are imported."""
    if kind == "llamacpp":
        import xllamacpp  # noqa: F401
    elif kind == "onnx":
        import onnxruntime  # noqa: F401
    elif kind == "sentence-transformers":
        import sentence_transformers  # noqa: F401
    else:
        import accelerate
        import transformers.models.llama.modeling_llama  # noqa: F401
        from transformers import AutoModelForCausalLM, AutoTokenizer  # noqa: F401
        from transformers.generation.utils import GenerationMixin  # noqa: F401

        accelerate.infer_auto_device_map  # noqa: B018 - it is imported at its first use
        if kind == "int8":
            import torchao.quantization  # noqa: F401
    return _resident()


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


def _transformers(folder: Path, dtype: Dtype = "float32") -> Any:
    from assistant.models.transformers_generator import TransformersGenerator

    placement = replace(WHOLE, dtype=dtype)
    return TransformersGenerator(
        folder, name="m", placement=placement, context=0, grounded=False, offload=folder / "o"
    )


def _int8(folder: Path) -> Any:
    return _transformers(folder, "int8")


def _sentence_transformers(folder: Path) -> Any:
    from assistant.models.sentence_transformers_embedder import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(folder, name="m", device="cpu", batch_size=2)


def _onnx(folder: Path) -> Any:
    from assistant.models.onnx_labeler import OnnxLabeler

    return OnnxLabeler(folder, name="m", threads=1)


def _llamacpp(folder: Path) -> Any:
    from assistant.models.llamacpp import LlamaCppGenerator

    return LlamaCppGenerator(folder, name="m", context=0, threads=1, grounded=False)


def _answer(model: Any) -> None:
    for _ in model.stream(QUESTION, Sampling(max_tokens=4, temperature=0), lambda: False):
        pass


def _embed(model: Any) -> None:
    model.embed_documents(["a b c"])


def _label(model: Any) -> None:
    import numpy as np

    model.label([np.zeros((8, 8, 3), np.uint8)], 1)


KINDS: dict[str, tuple[Callable[[Path], Any], Callable[[Any], None]]] = {
    "transformers": (_transformers, _answer),
    "int8": (_int8, _answer),
    "sentence-transformers": (_sentence_transformers, _embed),
    "onnx": (_onnx, _label),
    "llamacpp": (_llamacpp, _answer),
}

if __name__ == "__main__":
    main()
