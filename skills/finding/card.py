"""What the find skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="find",
    summary="find pictures by what they show, when they were taken, or what they look like",
    accepts=frozenset({"pictures", "image"}),
    produces=frozenset({"text"}),
    heeds_filters=True,
    languages=frozenset({"en", "zh"}),
    examples={
        "en": (
            "find pictures of dogs",
            "show me photos of snow from 2023",
            "show me my photos of the beach",
            "do I have any pictures of a red car?",
            "photos taken last summer in the mountains",
            "search my photos for a whiteboard",
            "find similar pictures",
            "where was this photo taken?",
        ),
        "zh": (
            "找出有猫的照片",
            "给我看2023年的雪景照片",
            "有没有海边的照片",
            "搜索我照片里的狗",
            "去年拍的日落照片",
            "找相似的图片",
            "这张照片是在哪里拍的？",
        ),
        "es": (
            "busca fotos de perros",
            "muéstrame mis fotos de la nieve de 2023",
            "¿tengo imágenes de un coche rojo?",
            "busca imágenes parecidas",
        ),
        "pt": (
            "encontre fotos de cachorros",
            "mostre minhas fotos de neve de 2023",
            "tenho imagens de um carro vermelho?",
            "procure imagens parecidas",
        ),
        "de": (
            "finde Bilder von Hunden",
            "zeig mir meine Fotos vom Schnee aus 2023",
            "habe ich Bilder von einem roten Auto?",
            "such ähnliche Bilder",
        ),
        "fr": (
            "trouve des photos de chiens",
            "montre-moi mes photos de neige de 2023",
            "ai-je des images d'une voiture rouge ?",
            "cherche des images similaires",
        ),
    },
)
