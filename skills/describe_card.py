"""What the describe skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="describe",
    summary="look at images: what they show, the text in them",
    accepts=frozenset({"image"}),
    produces=frozenset({"text", "labels"}),
    languages=frozenset({"en", "zh"}),
    examples={
        "en": (
            "what is this?",
            "describe this picture",
            "what's in the photo?",
            "what animal is in this image?",
            "what does the sign in the photo say?",
            "what is written on the T-shirt?",
            "is this a cat or a dog?",
            "which breed is this dog?",
            "tell me what you see in these pictures",
            "what colours are in this image?",
        ),
        "zh": (
            "这是什么？",
            "这张图里有什么？",
            "描述一下这张图片",
            "照片里是什么动物？",
            "图片上写了什么？",
            "T恤上印的是什么字？",
            "这是猫还是狗？",
            "这是什么品种的狗？",
            "看看这几张照片",
            "这张图主要是什么颜色？",
        ),
        "es": (
            "¿qué es esto?",
            "describe esta imagen",
            "¿qué hay en la foto?",
            "¿qué planta aparece en la imagen?",
            "¿qué dice el cartel de la foto?",
            "¿qué pone en la camiseta?",
            "¿es un gato o un perro?",
            "¿qué ves en estas fotos?",
        ),
        "pt": (
            "o que é isto?",
            "descreva esta imagem",
            "o que há na foto?",
            "que planta aparece na imagem?",
            "o que diz a placa da foto?",
            "o que está escrito na camiseta?",
            "isto é um gato ou um cachorro?",
            "o que você vê nestas fotos?",
        ),
        "de": (
            "was ist das?",
            "beschreibe dieses Bild",
            "was ist auf dem Foto zu sehen?",
            "welche Pflanze wächst auf dem Bild?",
            "was steht auf dem Schild im Foto?",
            "was steht auf dem T-Shirt?",
            "ist das eine Katze oder ein Hund?",
            "was siehst du auf diesen Fotos?",
        ),
        "fr": (
            "qu'est-ce que c'est ?",
            "décris cette image",
            "qu'y a-t-il sur la photo ?",
            "quelle fleur voit-on sur l'image ?",
            "que dit le panneau sur la photo ?",
            "qu'est-ce qui est écrit sur le t-shirt ?",
            "est-ce un chat ou un chien ?",
            "que vois-tu sur ces photos ?",
        ),
    },
)
