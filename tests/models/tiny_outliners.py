"""More finders and outliners of the real classes, as small as can be, with their processors."""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.models.tiny_vision import _names, _small_image, fill_masks, hub


def save_maskformer(folder: Path) -> Path:
    torch.manual_seed(0)
    config = hub.MaskFormerConfig(
        backbone_config=hub.SwinConfig(
            image_size=64,
            patch_size=4,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 1, 1],
            window_size=4,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        decoder_config=hub.DetrConfig(
            use_timm_backbone=False,
            backbone_config=hub.ResNetConfig(
                embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic"
            ),
            num_queries=6,
            d_model=32,
            decoder_layers=1,
            decoder_attention_heads=2,
            decoder_ffn_dim=16,
            encoder_layers=1,
        ),
        fpn_feature_size=32,
        mask_feature_size=32,
        **_names(),
    )
    model = hub.MaskFormerForInstanceSegmentation(config)
    fill_masks(model)
    model.save_pretrained(folder)
    hub.MaskFormerImageProcessorPil(size=_small_image(), num_labels=3).save_pretrained(folder)
    return folder


def _sam_parts() -> dict[str, dict[str, object]]:
    return {
        "prompt_encoder_config": {
            "hidden_size": 16,
            "image_size": 64,
            "patch_size": 8,
            "image_embedding_size": 8,
            "mask_input_channels": 4,
        },
        "mask_decoder_config": {
            "hidden_size": 16,
            "mlp_dim": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": 16,
        },
    }


def save_sam_hq(folder: Path) -> Path:
    torch.manual_seed(0)
    parts = _sam_parts()
    config = hub.SamHQConfig(
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
        prompt_encoder_config=parts["prompt_encoder_config"],
        mask_decoder_config={**parts["mask_decoder_config"], "vit_dim": 16},
    )
    hub.SamHQModel(config).save_pretrained(folder)
    images = hub.SamImageProcessorPil(
        size={"longest_edge": 64}, pad_size=_small_image(), mask_pad_size=_small_image(16)
    )
    hub.SamHQProcessor(images).save_pretrained(folder)
    return folder


def save_sam2(folder: Path) -> Path:
    torch.manual_seed(0)
    parts = _sam_parts()
    config = hub.Sam2Config(
        vision_config={
            "backbone_config": {
                "model_type": "sam2_hiera_det_model",
                "hidden_size": 8,
                "num_attention_heads": 1,
                "image_size": [64, 64],
                "blocks_per_stage": [1, 1, 1, 1],
                "embed_dim_per_stage": [8, 16, 32, 64],
                "num_attention_heads_per_stage": [1, 1, 2, 2],
                "window_size_per_stage": [4, 4, 4, 4],
                "global_attention_blocks": [3],
                "window_positional_embedding_background_size": [4, 4],
            },
            "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
            "fpn_hidden_size": 16,
        },
        prompt_encoder_config={**parts["prompt_encoder_config"], "patch_size": 16},
        mask_decoder_config=parts["mask_decoder_config"],
    )
    hub.Sam2Model(config).save_pretrained(folder)
    # Written by hand: the class itself can't be made without torchvision.
    settings = {
        "image_processor_type": "Sam2ImageProcessorFast",
        "processor_class": "Sam2Processor",
        "size": _small_image(),
        "mask_size": _small_image(16),
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    return folder
