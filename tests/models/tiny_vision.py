"""Detectors and segmenters of the real classes, as small as they can be, with their processors."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import torch

hub: Any = import_module("transformers")  # its classes have no types for all they take
LABELS = ("cat", "dog", "traffic light")


def _names() -> dict[str, Any]:
    return {
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: number for number, label in enumerate(LABELS)},
    }


def _resnet() -> Any:
    return hub.ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16],
        depths=[1, 1],
        layer_type="basic",
        out_features=["stage2"],
    )


def _small_image(size: int = 64) -> dict[str, int]:
    return {"height": size, "width": size}


def save_detr(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.DetrConfig(
        use_timm_backbone=False,
        backbone_config=_resnet(),
        num_queries=6,
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        **_names(),
    )
    hub.DetrForObjectDetection(config).save_pretrained(folder)
    hub.DetrImageProcessorPil(size={"shortest_edge": 48, "longest_edge": 80}).save_pretrained(
        folder
    )
    return folder


def save_yolos(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.YolosConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=[64, 64],
        patch_size=16,
        num_detection_tokens=6,
        **_names(),
    )
    hub.YolosForObjectDetection(config).save_pretrained(folder)
    hub.YolosImageProcessorPil(size={"shortest_edge": 48, "longest_edge": 80}).save_pretrained(
        folder
    )
    return folder


def save_rt_detr(folder: Path, version: int = 1) -> Path:
    torch.manual_seed(0)
    backbone = hub.RTDetrResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 8, 16, 16],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    settings = {
        "backbone_config": backbone,
        "encoder_hidden_dim": 16,
        "encoder_in_channels": [8, 16, 16],
        "feat_strides": [8, 16, 32],
        "encoder_layers": 1,
        "encoder_ffn_dim": 16,
        "encoder_attention_heads": 2,
        "d_model": 16,
        "num_queries": 6,
        "decoder_in_channels": [16, 16, 16],
        "decoder_ffn_dim": 16,
        "num_feature_levels": 3,
        "decoder_n_points": 2,
        "decoder_layers": 2,
        "decoder_attention_heads": 2,
        "num_denoising": 0,
        **_names(),
    }
    if version == 1:
        hub.RTDetrForObjectDetection(hub.RTDetrConfig(**settings)).save_pretrained(folder)
    else:
        hub.RTDetrV2ForObjectDetection(hub.RTDetrV2Config(**settings)).save_pretrained(folder)
    hub.RTDetrImageProcessorPil(size=_small_image()).save_pretrained(folder)
    return folder


def save_owlv2(folder: Path) -> Path:
    return _save_owl(folder, "Owlv2", hub.Owlv2ImageProcessorPil(size=_small_image()))


def save_owlvit(folder: Path) -> Path:
    images = hub.OwlViTImageProcessorPil(size=_small_image(), crop_size=_small_image())
    return _save_owl(folder, "OwlViT", images)


def _save_owl(folder: Path, family: str, images: Any) -> Path:
    torch.manual_seed(0)
    letters = sorted(set("aphotofcatdogremzhu"))
    tokens = [*letters, *(f"{x}</w>" for x in letters), "<|startoftext|>", "<|endoftext|>"]
    tower = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    ends = {"bos_token_id": len(tokens) - 2, "eos_token_id": len(tokens) - 1, "pad_token_id": 0}
    config = getattr(hub, f"{family}Config")(
        text_config={**tower, **ends, "vocab_size": len(tokens), "max_position_embeddings": 16},
        vision_config={**tower, "image_size": 64, "patch_size": 16},
        projection_dim=16,
    )
    getattr(hub, f"{family}ForObjectDetection")(config).save_pretrained(folder)
    tokenizer = hub.CLIPTokenizer(vocab={token: i for i, token in enumerate(tokens)}, merges=[])
    tokenizer.model_max_length = 16
    getattr(hub, f"{family}Processor")(images, tokenizer).save_pretrained(folder)
    return folder


def save_mm_grounding_dino(folder: Path) -> Path:
    return save_grounding_dino(folder, "MMGroundingDino")


def save_grounding_dino(folder: Path, family: str = "GroundingDino") -> Path:
    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "cat", "dog", "traffic", "light"]
    words += [f"[unused{number}]" for number in range(1020)]  # the model masks by BERT's numbers
    words[1012] = "."
    vocabulary = {word: number for number, word in enumerate(words)}
    vocabulary.update({"[CLS]": 101, "[SEP]": 102, ".": 1012})
    for number, word in ((101, "[CLS]"), (102, "[SEP]"), (1012, ".")):
        vocabulary = {w: n for w, n in vocabulary.items() if n != number or w == word}
    config = getattr(hub, f"{family}Config")(
        backbone_config=hub.SwinConfig(
            image_size=64,
            patch_size=4,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 1, 1],
            window_size=4,
            out_features=["stage2", "stage3", "stage4"],
        ),
        text_config={
            "model_type": "bert",
            "vocab_size": 1040,
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 16,
            "max_position_embeddings": 64,
        },
        num_queries=6,
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_text_len=64,
    )
    getattr(hub, f"{family}ForObjectDetection")(config).save_pretrained(folder)
    tokenizer = hub.BertTokenizer(vocab=vocabulary)
    images = hub.GroundingDinoImageProcessorPil(size={"shortest_edge": 48, "longest_edge": 80})
    hub.GroundingDinoProcessor(images, tokenizer).save_pretrained(folder)
    return folder


def save_segformer(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.SegformerConfig(
        num_encoder_blocks=2,
        depths=[1, 1],
        sr_ratios=[2, 1],
        hidden_sizes=[8, 16],
        patch_sizes=[7, 3],
        strides=[4, 2],
        num_attention_heads=[1, 2],
        mlp_ratios=[2, 2],
        decoder_hidden_size=16,
        **_names(),
    )
    hub.SegformerForSemanticSegmentation(config).save_pretrained(folder)
    hub.SegformerImageProcessorPil(size=_small_image()).save_pretrained(folder)
    return folder


def save_mask2former(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.Mask2FormerConfig(
        backbone_config=hub.SwinConfig(
            image_size=64,
            patch_size=4,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 1, 1],
            window_size=4,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        feature_size=32,
        mask_feature_size=32,
        hidden_dim=32,
        encoder_feedforward_dim=16,
        encoder_layers=1,
        decoder_layers=2,
        num_attention_heads=2,
        dim_feedforward=16,
        num_queries=6,
        train_num_points=16,
        **_names(),
    )
    model = hub.Mask2FormerForUniversalSegmentation(config)
    fill_masks(model)
    model.class_predictor.weight.data *= 10
    model.save_pretrained(folder)
    hub.Mask2FormerImageProcessorPil(size=_small_image(), num_labels=3).save_pretrained(folder)
    return folder


def fill_masks(model: Any) -> None:
    """Untrained masks are all empty."""
    for name, weights in model.named_parameters():
        if "mask_embedder" in name:
            weights.data *= 20
        elif name == "class_predictor.bias":
            weights.data = torch.tensor([2.5, 0.0, 0.0, -5.0])


def save_sam(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.SamConfig(
        vision_config={
            "hidden_size": 16,
            "num_pos_feats": 8,
            "output_channels": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 64,
            "patch_size": 8,
            "window_size": 4,
            "global_attn_indexes": [0],
            "mlp_dim": 16,
        },
        prompt_encoder_config={
            "hidden_size": 16,
            "image_size": 64,
            "patch_size": 8,
            "image_embedding_size": 8,
            "mask_input_channels": 4,
        },
        mask_decoder_config={
            "hidden_size": 16,
            "mlp_dim": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": 16,
        },
    )
    hub.SamModel(config).save_pretrained(folder)
    images = hub.SamImageProcessorPil(
        size={"longest_edge": 64}, pad_size=_small_image(), mask_pad_size=_small_image(16)
    )
    hub.SamProcessor(images).save_pretrained(folder)
    return folder
