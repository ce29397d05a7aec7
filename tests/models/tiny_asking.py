"""ViLT and BLIP models of a few thousand weights, in folders as a model hub keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipForQuestionAnswering,
    BlipImageProcessorPil,
    BlipProcessor,
    ViltConfig,
    ViltForQuestionAnswering,
    ViltImageProcessorPil,
    ViltProcessor,
)

ANSWERS = {0: "yes", 1: "no", 2: "red", 3: "two"}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[ENC]", "[DEC]", "?", "what", "colour",
         "is", "it", "the", "dog", "a", "photo", "of", "red", "two", "cat"]  # fmt: skip


def _tokenizer() -> Any:
    make: Any = BertTokenizer
    return make(vocab={word: i for i, word in enumerate(WORDS)})


def _saved(folder: Path, model: Any, processor: Any) -> None:
    model.train(False).save_pretrained(folder)
    processor.save_pretrained(folder)


def save_tiny_vilt(folder: Path) -> None:
    """Chooses among four answers."""
    torch.manual_seed(0)
    config = ViltConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=20, image_size=32, patch_size=16,
        max_image_length=-1, id2label=ANSWERS, label2id={v: k for k, v in ANSWERS.items()},
    )  # fmt: skip
    make: Any = ViltProcessor
    prepare: Any = ViltImageProcessorPil
    images = prepare(size={"shortest_edge": 32}, size_divisor=16)
    _saved(folder, ViltForQuestionAnswering(config), make(images, _tokenizer()))


def _blip() -> BlipConfig:
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    text = {**tower, "num_attention_heads": 2, "vocab_size": len(WORDS), "bos_token_id": 6,
            "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0, "encoder_hidden_size": 16,
            "max_position_embeddings": 80, "projection_dim": 16}  # fmt: skip
    vision = {**tower, "num_attention_heads": 2, "image_size": 32, "patch_size": 16}
    return BlipConfig(text_config=text, vision_config=vision, projection_dim=16)


def _blip_processor() -> Any:
    make: Any = BlipProcessor
    return make(BlipImageProcessorPil(size={"height": 32, "width": 32}), _tokenizer())


def _talkative(model: Any) -> Any:
    """So that it never ends by itself, and says more than one word."""
    bias = model.text_decoder.cls.predictions.bias
    bias.data[:7] = -10.0
    model.text_decoder.cls.predictions.decoder.weight.data *= 20
    return model


def save_tiny_blip_captioner(folder: Path) -> None:
    """Writes random words."""
    torch.manual_seed(0)
    _saved(folder, _talkative(BlipForConditionalGeneration(_blip())), _blip_processor())


def save_tiny_blip_answerer(folder: Path) -> None:
    """Answers with random words."""
    torch.manual_seed(0)
    _saved(folder, _talkative(BlipForQuestionAnswering(_blip())), _blip_processor())
