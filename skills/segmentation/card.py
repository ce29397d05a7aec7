"""What the segment skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="segment",
    summary="cut out and outline things in images, measure their areas",
    accepts=frozenset({"image"}),
    produces=frozenset({"text", "image"}),
    languages=frozenset({"en", "zh"}),
    examples={
        "en": (
            "remove the background",
            "cut out the person in this photo",
            "make the background of this picture transparent",
            "segment this image",
            "how much of the photo is sky?",
            "outline the dog",
            "give me a mask of the car",
        ),
        "zh": (
            "去掉背景",
            "把人抠出来",
            "抠图",
            "把图片背景变透明",
            "分割这张图片",
            "天空占照片的多大面积？",
            "给我狗的轮廓",
        ),
        "es": (
            "quita el fondo",
            "recorta a la persona de la foto",
            "segmenta esta imagen",
            "¿qué parte de la foto es cielo?",
        ),
        "pt": (
            "remova o fundo",
            "recorte a pessoa da foto",
            "segmente esta imagem",
            "que parte da foto é céu?",
        ),
        "de": (
            "entferne den Hintergrund",
            "stelle die Person auf dem Foto frei",
            "segmentiere dieses Bild",
            "wie viel des Fotos ist Himmel?",
        ),
        "fr": (
            "supprime l'arrière-plan",
            "détoure la personne de la photo",
            "segmente cette image",
            "quelle part de la photo est du ciel ?",
        ),
    },
)
