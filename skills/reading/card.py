"""What the read skill is, with typical messages the router learns from."""

from __future__ import annotations

from assistant.core.skills import SkillCard

CARD = SkillCard(
    name="read",
    summary="write down the text and tables in images and scanned pages",
    accepts=frozenset({"image", "file"}),
    produces=frozenset({"text"}),
    examples={
        "en": (
            "transcribe this page",
            "ocr this image",
            "extract all the text from this scan",
            "copy out everything that is written here",
            "turn the table in this picture into markdown",
            "type out this letter",
        ),
        "zh": (
            "转录这一页",
            "对这张图做OCR",
            "提取扫描件里的全部文字",
            "把上面写的全部抄下来",
            "把图里的表格转成markdown",
            "把这封信打出来",
        ),
        "es": (
            "transcribe esta página",
            "haz OCR de esta imagen",
            "extrae todo el texto de este escaneo",
            "convierte la tabla de la imagen en markdown",
        ),
        "pt": (
            "transcreva esta página",
            "faça OCR desta imagem",
            "extraia todo o texto desta digitalização",
            "converta a tabela da imagem em markdown",
        ),
        "de": (
            "transkribiere diese Seite",
            "mach OCR von diesem Bild",
            "hol den ganzen Text aus diesem Scan",
            "wandle die Tabelle im Bild in Markdown um",
        ),
        "fr": (
            "transcris cette page",
            "fais l'OCR de cette image",
            "extrais tout le texte de ce scan",
            "convertis le tableau de l'image en markdown",
        ),
    },
)
