"""A SigLIP and a SigLIP 2 of a few thousand weights, in folders as a model hub keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import (
    Siglip2Config,
    Siglip2ImageProcessorPil,
    Siglip2Model,
    Siglip2Processor,
    Siglip2Tokenizer,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    SiglipProcessor,
)

SIZE, PATCH, BIAS = 32, 16, -2.5


def _tokenizer() -> Siglip2Tokenizer:
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    return Siglip2Tokenizer(vocab={piece: i for i, piece in enumerate(pieces)}, merges=[])


def _towers(**vision: int) -> dict[str, Any]:
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    tower["num_attention_heads"] = 2
    return {
        "text_config": {**tower, "vocab_size": 40, "max_position_embeddings": 64},
        "vision_config": {**tower, "patch_size": PATCH, **vision},
    }


def _saved(folder: Path, model: Any, processor: Any) -> None:
    with torch.no_grad():
        model.logit_bias.fill_(BIAS)
        model.logit_scale.fill_(1.0)
    model.train(False).save_pretrained(folder)
    processor.save_pretrained(folder)


def save_tiny_siglip(folder: Path) -> None:
    """Images of 32 × 32 pixels in patches of 16."""
    torch.manual_seed(0)
    make: Any = SiglipProcessor
    images = SiglipImageProcessorPil(size={"height": SIZE, "width": SIZE})
    model = SiglipModel(SiglipConfig(**_towers(image_size=SIZE)))
    _saved(folder, model, make(images, _tokenizer()))


def save_tiny_siglip2(folder: Path) -> None:
    """Images of any shape, in at most 16 patches of 16 × 16 pixels."""
    torch.manual_seed(0)
    make: Any = Siglip2Processor
    images = Siglip2ImageProcessorPil(patch_size=PATCH, max_num_patches=16)
    model = Siglip2Model(Siglip2Config(**_towers(num_patches=16)))
    _saved(folder, model, make(images, _tokenizer()))
