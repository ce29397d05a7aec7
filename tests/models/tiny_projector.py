"""Writes the part of a GGUF model that looks at images, with random weights: SmolVLM's kind."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

SIDE, PATCH = 64, 16
_HIDDEN, _INNER, _HEADS, _SCALE = 32, 64, 2, 2
TEXT_HIDDEN = 32
"""Of the language model of `tiny_gguf`, into whose space images are put."""


IMAGE_TOKENS = (
    "\n\n",
    "<fake_token_around_image>",
    "<global-img>",
    *(f"<row_{row}_col_{column}>" for row in (1, 2) for column in (1, 2)),
)
"""The language model must know these."""


def write_tiny_projector(path: Path, text_hidden: int = TEXT_HIDDEN) -> Path:
    """A vision transformer of one layer and an Idefics 3 projector."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_clip_has_vision_encoder(True)
    writer.add_clip_projector_type("idefics3")
    writer.add_vision_image_size(SIDE)
    writer.add_vision_preproc_image_size(SIDE)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_embedding_length(_HIDDEN)
    writer.add_vision_feed_forward_length(_INNER)
    writer.add_vision_projection_dim(text_hidden)
    writer.add_vision_block_count(1)
    writer.add_vision_head_count(_HEADS)
    writer.add_vision_attention_layernorm_eps(1e-5)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    writer.add_vision_projector_scale_factor(_SCALE)
    writer.add_vision_use_gelu(True)
    for name, values in _weights(text_hidden).items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _weights(text_hidden: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {
        "v.patch_embd.weight": (_HIDDEN, 3, PATCH, PATCH),
        "v.patch_embd.bias": (_HIDDEN,),
        "v.position_embd.weight": ((SIDE // PATCH) ** 2, _HIDDEN),
        "v.blk.0.ffn_up.weight": (_INNER, _HIDDEN),
        "v.blk.0.ffn_up.bias": (_INNER,),
        "v.blk.0.ffn_down.weight": (_HIDDEN, _INNER),
        "v.blk.0.ffn_down.bias": (_HIDDEN,),
        "mm.model.fc.weight": (text_hidden, _HIDDEN * _SCALE**2),
    }
    for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
        shapes[f"v.blk.0.{part}.weight"] = (_HIDDEN, _HIDDEN)
        shapes[f"v.blk.0.{part}.bias"] = (_HIDDEN,)
    found = {n: random.standard_normal(s).astype(np.float32) * 0.3 for n, s in shapes.items()}
    for norm in ("v.blk.0.ln1", "v.blk.0.ln2", "v.post_ln"):
        found[f"{norm}.weight"] = np.ones(_HIDDEN, np.float32)
        found[f"{norm}.bias"] = np.zeros(_HIDDEN, np.float32)
    return found
