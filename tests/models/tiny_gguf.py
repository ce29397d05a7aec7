"""Writes a GGUF language model of a few kilobytes with random weights."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

CONTEXT = 512
"""Tokens the model says it was trained for."""
CONTROL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
_HIDDEN, _HEADS = 32, 2
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_tiny_gguf(
    folder: Path,
    *,
    inner: int = 64,
    architecture: str = "llama",
    vocabulary: str = "gpt2",
    splitter: str = "gpt-2",
    template: str = _TEMPLATE,
    parts: int = 1,
    more_tokens: tuple[str, ...] = (),
) -> Path:
    """A Llama of one layer whose tokens are the 256 bytes and three control tokens; `inner` is
    the width of its feed-forward part, by which it can be made as large as one likes.

    Args:
        more_tokens: further control tokens, such as those around an image.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.gguf"
    writer = gguf.GGUFWriter(path, architecture)
    _add_shape(writer, inner)
    if parts > 1:
        writer.add_uint16("split.count", parts)
    if vocabulary:
        _add_tokenizer(writer, vocabulary, splitter, more_tokens)
    if template:
        writer.add_chat_template(template)
    _add_weights(writer, inner, len(more_tokens))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_shape(writer: gguf.GGUFWriter, inner: int) -> None:
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(_HIDDEN)
    writer.add_block_count(1)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_HIDDEN // _HEADS)


def _add_tokenizer(
    writer: gguf.GGUFWriter, vocabulary: str, splitter: str, more: tuple[str, ...]
) -> None:
    letters, control = _byte_letters(), (*CONTROL_TOKENS, *more)
    writer.add_vocab_size(len(letters) + len(control))
    writer.add_tokenizer_model(vocabulary)
    writer.add_tokenizer_pre(splitter)
    writer.add_token_list([*letters, *control])
    writer.add_token_types([1] * len(letters) + [3] * len(control))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(257)
    writer.add_eos_token_id(258)
    writer.add_add_bos_token(False)


def _byte_letters() -> list[str]:
    """GPT-2's letter for each byte: itself where it prints, else one from 256 on."""
    printing = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte if byte in printing else next(spare)) for byte in range(256)]


def _add_weights(writer: gguf.GGUFWriter, inner: int, more: int) -> None:
    random = np.random.default_rng(0)
    vocabulary = 256 + len(CONTROL_TOKENS) + more
    matrices = {"token_embd": (vocabulary, _HIDDEN), "output": (vocabulary, _HIDDEN)}
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        matrices[f"blk.0.{part}"] = (_HIDDEN, _HIDDEN)
    matrices |= {
        "blk.0.ffn_gate": (inner, _HIDDEN),
        "blk.0.ffn_up": (inner, _HIDDEN),
        "blk.0.ffn_down": (_HIDDEN, inner),
    }
    for name, shape in matrices.items():
        values = random.standard_normal(shape) * (1.0 if name == "output" else 0.1)
        if name == "output":
            values[:32] = values[127:] = 0  # says printable ASCII nearly always
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(_HIDDEN, np.float32))
