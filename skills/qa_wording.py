"""What an answer from documents says around its quotes, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """`{files}` and `{line}` are filled in."""

    lead: str
    unsure: str
    nothing: str
    line: str


_ENGLISH = Wording(
    lead="Your documents say:",
    unsure="I found no clear answer in your documents ({files} files searched). "
    "The nearest passages:",
    nothing="I found nothing about that in your documents ({files} files searched).",
    line="line {line}",
)
_WORDINGS: Mapping[str, Wording] = {
    "en": _ENGLISH,
    "zh": Wording(
        lead="您的文件中写道：",
        unsure="在您的文件中没有找到明确的答案（共检索 {files} 个文件）。最接近的段落：",
        nothing="在您的文件中没有找到相关内容（共检索 {files} 个文件）。",
        line="第 {line} 行",
    ),
    "es": Wording(
        lead="Sus documentos dicen:",
        unsure="No encontré una respuesta clara en sus documentos ({files} archivos). "
        "Los pasajes más cercanos:",
        nothing="No encontré nada sobre eso en sus documentos ({files} archivos).",
        line="línea {line}",
    ),
    "pt": Wording(
        lead="Os seus documentos dizem:",
        unsure="Não encontrei uma resposta clara nos seus documentos ({files} arquivos). "
        "As passagens mais próximas:",
        nothing="Não encontrei nada sobre isso nos seus documentos ({files} arquivos).",
        line="linha {line}",
    ),
    "de": Wording(
        lead="In Ihren Dokumenten steht:",
        unsure="Eine klare Antwort steht nicht in Ihren Dokumenten ({files} Dateien durchsucht). "
        "Am nächsten kommt:",
        nothing="Dazu steht nichts in Ihren Dokumenten ({files} Dateien durchsucht).",
        line="Zeile {line}",
    ),
    "fr": Wording(
        lead="Vos documents disent :",
        unsure="Je n'ai pas trouvé de réponse claire dans vos documents ({files} fichiers). "
        "Les passages les plus proches :",
        nothing="Je n'ai rien trouvé à ce sujet dans vos documents ({files} fichiers).",
        line="ligne {line}",
    ),
}


def wording(language: str) -> Wording:
    """The wording for an ISO 639-1 code, English where there is none."""
    return _WORDINGS.get(language, _ENGLISH)
