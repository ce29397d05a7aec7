"""Models that write of images, of the real classes and as small as they can be: captioners, and
language models with eyes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from tests.models.tiny_vision import hub

WORDS = (
    "what", "is", "it", "the", "dog", "a", "red", "cat", "sofa", "describe", "this", "image", "in",
    "one", "sentence", ".", "?",
)  # fmt: skip
CHAT = (
    "{% for m in messages %}{% for c in m['content'] %}"
    "{% if c['type'] == 'image' %}IMAGE {% else %}{{ c['text'] }}{% endif %}"
    "{% endfor %}{% endfor %}"
)
TOWER = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1}


def _tokenizer(*marks: str, chat: str = "", **named: str) -> Any:
    """Words of a message, and marks that stand for parts of images."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: i for i, word in enumerate(["<pad>", "<unk>", "<s>", "</s>", *WORDS])}
    model: Any = models.WordLevel(vocabulary, unk_token="<unk>")
    inner = Tokenizer(model)
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = hub.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", unk_token="<unk>", bos_token="<s>",
        eos_token="</s>", **({"extra_special_tokens": named} if named else {}),
    )  # fmt: skip
    tokenizer.add_special_tokens({"additional_special_tokens": list(marks)})
    if chat:
        tokenizer.chat_template = chat
    return tokenizer


def _language(tokens: int, **more: Any) -> dict[str, Any]:
    return {
        **TOWER,
        "vocab_size": tokens,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": 1024,
        "bos_token_id": 2,
        "eos_token_id": 3,
        "pad_token_id": 0,
        **more,
    }


def _talkative(model: Any, words_from: int = 4) -> Any:
    """So that it says several different words, and doesn't end at once."""
    weights = model.get_output_embeddings().weight.data
    weights *= 20
    weights[:words_from] = 0.0
    weights[words_from + len(WORDS) :] = 0.0
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    return model


def _saved(folder: Path, model: Any, processor: Any) -> Path:
    _talkative(model).train(False).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def save_llava(folder: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = _tokenizer("<image>", chat=CHAT.replace("IMAGE", "<image>"))
    config = hub.LlavaConfig(
        vision_config=hub.CLIPVisionConfig(
            **TOWER, num_attention_heads=2, image_size=32, patch_size=16
        ),
        text_config=hub.LlamaConfig(**_language(len(tokenizer))),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
    )
    images = hub.CLIPImageProcessorPil(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    processor = hub.LlavaProcessor(
        images, tokenizer, patch_size=16, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, chat_template=tokenizer.chat_template,
    )  # fmt: skip
    return _saved(folder, hub.LlavaForConditionalGeneration(config), processor)


def save_smolvlm(folder: Path) -> Path:
    """The architecture of SmolVLM's first generation."""
    torch.manual_seed(0)
    marks = ("<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>",
             *(f"<row_{r}_col_{c}>" for r in range(1, 5) for c in range(1, 5)))  # fmt: skip
    tokenizer = _tokenizer(*marks, chat=CHAT.replace("IMAGE", "<image>"))
    config = hub.Idefics3Config(
        vision_config={**TOWER, "num_attention_heads": 2, "image_size": 32, "patch_size": 8},
        text_config=hub.LlamaConfig(**_language(len(tokenizer))),
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        scale_factor=2,
    )
    images = hub.Idefics3ImageProcessorPil(
        size={"longest_edge": 64}, max_image_size={"longest_edge": 32}
    )
    processor = hub.Idefics3Processor(
        images, tokenizer, image_seq_len=4, chat_template=tokenizer.chat_template
    )
    return _saved(folder, hub.Idefics3ForConditionalGeneration(config), processor)


def save_qwen(folder: Path) -> Path:
    """Qwen2.5-VL, with its settings for videos beside those for images."""
    torch.manual_seed(0)
    marks = ("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    chat = CHAT.replace("IMAGE", "<|vision_start|><|image_pad|><|vision_end|>")
    tokenizer = _tokenizer(*marks, chat=chat)
    token = tokenizer.convert_tokens_to_ids
    config = hub.Qwen2_5_VLConfig(
        text_config=_language(
            len(tokenizer),
            rope_parameters={"rope_type": "default", "rope_theta": 1e4, "mrope_section": [2, 3, 3]},
        ),
        vision_config={
            "depth": 1, "hidden_size": 32, "intermediate_size": 32, "num_heads": 2,
            "out_hidden_size": 32, "patch_size": 14, "window_size": 56,
            "fullatt_block_indexes": [0],
        },
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
    )  # fmt: skip
    model = hub.Qwen2_5_VLForConditionalGeneration(config)
    _talkative(model).train(False).save_pretrained(folder)
    images = hub.Qwen2VLImageProcessorPil(size={"shortest_edge": 28 * 28, "longest_edge": 56 * 56})
    images.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_blip2(folder: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = _tokenizer("<image>")
    config = hub.Blip2Config(
        vision_config={**TOWER, "num_attention_heads": 2, "image_size": 32, "patch_size": 16},
        qformer_config={**TOWER, "num_attention_heads": 2, "encoder_hidden_size": 32,
                        "vocab_size": len(tokenizer)},
        text_config=hub.OPTConfig(
            vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
            ffn_dim=32, word_embed_proj_dim=32, max_position_embeddings=256, pad_token_id=0,
            bos_token_id=2, eos_token_id=3,
        ),
        num_query_tokens=4,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    images = hub.BlipImageProcessorPil(size={"height": 32, "width": 32})
    processor = hub.Blip2Processor(images, tokenizer, num_query_tokens=4)
    return _saved(folder, hub.Blip2ForConditionalGeneration(config), processor)


def save_git(folder: Path) -> Path:
    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    tokenizer = hub.BertTokenizer(vocab={word: i for i, word in enumerate(words)})
    config = hub.GitConfig(
        vision_config={**TOWER, "num_attention_heads": 2, "image_size": 32, "patch_size": 16},
        vocab_size=len(words), hidden_size=32, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=128, bos_token_id=2, eos_token_id=3,
        pad_token_id=0,
    )  # fmt: skip
    images = hub.CLIPImageProcessorPil(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    return _saved(folder, hub.GitForCausalLM(config), hub.GitProcessor(images, tokenizer))


def save_vit_gpt2(folder: Path) -> Path:
    """An image encoder and a language model put together, kept as the hub keeps such models:
    without a processor of both."""
    torch.manual_seed(0)
    tokenizer = _tokenizer()
    config = hub.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        hub.ViTConfig(**TOWER, num_attention_heads=2, image_size=32, patch_size=16),
        hub.GPT2Config(
            vocab_size=len(tokenizer), n_embd=32, n_layer=1, n_head=2, n_positions=128,
            bos_token_id=2, eos_token_id=3,
        ),
    )  # fmt: skip
    config.decoder_start_token_id, config.pad_token_id = 2, 0
    model = _talkative(hub.VisionEncoderDecoderModel(config))
    model.generation_config.decoder_start_token_id = 2
    model.train(False).save_pretrained(folder)
    hub.ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_florence(folder: Path) -> Path:
    torch.manual_seed(0)
    tokenizer = _tokenizer("<image>", image_token="<image>")
    config = hub.Florence2Config(
        vision_config={
            "depths": (1, 1), "patch_size": (7, 3), "patch_stride": (4, 2), "patch_padding": (3, 1),
            "patch_prenorm": (False, True), "embed_dim": (8, 16), "num_heads": (1, 2),
            "num_groups": (1, 2), "window_size": 4, "projection_dim": 32,
        },
        text_config=hub.BartConfig(
            vocab_size=len(tokenizer), d_model=32, encoder_layers=1, decoder_layers=1,
            encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=32,
            decoder_ffn_dim=32, max_position_embeddings=256, pad_token_id=0, bos_token_id=2,
            eos_token_id=3, decoder_start_token_id=2, forced_eos_token_id=None,
        ),
        image_token_id=tokenizer.image_token_id,
    )  # fmt: skip
    images = hub.CLIPImageProcessorPil(size={"height": 32, "width": 32}, do_center_crop=False)
    images.image_seq_length = 17
    processor = hub.Florence2Processor(images, tokenizer)
    return _saved(folder, hub.Florence2ForConditionalGeneration(config), processor)
