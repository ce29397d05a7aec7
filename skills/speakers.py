"""The line that ends what is said of an image: which model said it."""

from __future__ import annotations

_SPEAKERS = {
    "answered": ("answered by {}", "回答：{}"),
    "named": ("named by {}", "识别：{}"),
    "found": ("found by {}", "查找：{}"),
    "outlined": ("outlined by {}", "分割：{}"),
    "mapped": ("mapped by {}", "热图：{}"),
    "faces": ("faces found by {}", "人脸：{}"),
    "read": ("text read by {}", "文字：{}"),
}
"""What was done → how its model is named, in English and Chinese."""


def spoken_by(language: str, **models: str) -> str:
    """Which models said so, in Markdown; empty where none did.

    Args:
        models: what was done (a key of _SPEAKERS) → name of the model, "" for none.
    """
    chinese = language == "zh"
    parts = [
        saying[chinese].format(models[done])
        for done, saying in _SPEAKERS.items()
        if models.get(done)
    ]
    said = ("；" if chinese else ", ").join(parts)
    return f"*{said[:1].upper()}{said[1:]}*" if said else ""
