"""What the detect skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="detect",
    summary="find, count and mark things in images",
    accepts=frozenset({"image"}),
    produces=frozenset({"text", "image"}),
    languages=frozenset({"en", "zh"}),
    examples={
        "en": (
            "how many people are in this photo?",
            "find the dogs",
            "where is the cat?",
            "draw boxes around the cars in this picture",
            "count the apples",
            "run object detection on this image",
            "locate the parking meters",
            "mark every face in the photo",
        ),
        "zh": (
            "图里有几个人？",
            "照片里有多少只狗？",
            "猫在哪里？",
            "把图中的汽车框出来",
            "数数有几个橘子",
            "对图片做目标检测",
            "标出照片里的每张脸",
        ),
        "es": (
            "¿cuántas personas hay en esta foto?",
            "encuentra los perros",
            "¿dónde está el gato?",
            "dibuja recuadros alrededor de los coches de la imagen",
        ),
        "pt": (
            "quantas pessoas há nesta foto?",
            "encontre os cachorros",
            "onde está o gato?",
            "desenhe caixas ao redor dos carros da imagem",
        ),
        "de": (
            "wie viele Menschen sind auf diesem Foto?",
            "finde die Hunde",
            "wo ist die Katze?",
            "zeichne Rahmen um die Autos im Bild",
        ),
        "fr": (
            "combien de personnes y a-t-il sur cette photo ?",
            "trouve les chiens",
            "où est le chat ?",
            "dessine des cadres autour des voitures de l'image",
        ),
    },
)
