"""Turns the 4-bit file of multilingual-e5-small into an ONNX model and its tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.models.conversion.bert_graph import BertGraph
from assistant.models.conversion.e5_file import E5File, read_e5_file
from assistant.models.conversion.unigram import build_tokenizer


def convert(source: Path, folder: Path) -> None:
    """Write `model.onnx`, `tokenizer.json` and `config.json` into the existing folder.

    Takes a few seconds and about 500 MB of memory for the 72 MB file.

    Raises:
        ModelError: the source is no such file or is damaged, or the folder can't be written.
    """
    parsed = read_e5_file(source)
    model = BertGraph(parsed).build().SerializeToString()
    tokenizer = build_tokenizer(parsed.pieces).to_str()
    try:
        (folder / "model.onnx").write_bytes(model)
        (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
        (folder / "config.json").write_text(_config(parsed), encoding="utf-8")
    except OSError as error:
        raise ModelError(
            f"Can't write the converted model to {folder}: {error.strerror}.",
            "Make room on that disk, or set ASSISTANT_CACHE_DIR to another place.",
        ) from error


def _config(parsed: E5File) -> str:
    """What the embedder needs to know beside the graph."""
    return json.dumps(
        {
            "dimension": parsed.shape.hidden,
            "max_tokens": parsed.shape.positions,
            "padding_id": parsed.pieces.padding,
            "query_prefix": "query: ",
            "document_prefix": "passage: ",
        },
        indent=2,
    )
