"""What an answer from documents says around its quotes, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Pairs are singular and plural; what stands in braces is filled in."""

    lead: str
    unsure: str
    nothing: str
    line: str
    searched: tuple[str, str]
    collection: str
    also: tuple[str, str]
    translated: str
    listed: tuple[str, str]
    compared: str
    side_missing: str
    written: str
    partly: str
    struck: str
    excluded: str
    excluded_together: str
    near: str
    there_are: str
    followed: str
    name_aspect: str


_ENGLISH = Wording(
    lead="Your documents say:",
    unsure="I found no clear answer in your documents ({searched}). The nearest passages:",
    nothing="I found nothing about that in your documents ({searched}).",
    line="line {line}",
    searched=("{files} file searched", "{files} files searched"),
    collection="collection “{name}”",
    also=("also in one other file", "also in {files} other files"),
    translated="Translation",
    listed=("{held} file speaks of this ({searched}):", "{held} files speak of this ({searched}):"),
    compared="What your documents say of each ({searched}):",
    side_missing="I found nothing clear about this.",
    written="The quotes it rests on:",
    partly="only partly in the quotes",
    struck="Struck sentences are not supported by the quotes.",
    excluded="No file passes {filter}.",
    excluded_together="No file passes {filter} together.",
    near="Names like that: {names}.",
    there_are="There are: {names}.",
    followed="Taken as a follow-up to “{question}”.",
    name_aspect="Name what to compare for more: “compare a.pdf and b.pdf on price”.",
)
_WORDINGS: Mapping[str, Wording] = {
    "en": _ENGLISH,
    "zh": Wording(
        lead="你的文件中写道：",
        unsure="在你的文件中没有找到明确的答案（{searched}）。最接近的段落：",
        nothing="在你的文件中没有找到相关内容（{searched}）。",
        line="第 {line} 行",
        searched=("共检索 {files} 个文件", "共检索 {files} 个文件"),
        collection="文档集“{name}”",
        also=("另有 {files} 个文件也有此内容", "另有 {files} 个文件也有此内容"),
        translated="译文",
        listed=("有 {held} 个文件提到（{searched}）：", "有 {held} 个文件提到（{searched}）："),
        compared="你的文件中关于各项的内容（{searched}）：",
        side_missing="没有找到明确的内容。",
        written="所依据的引文：",
        partly="引文只部分支持",
        struck="划掉的句子没有引文支持。",
        excluded="没有文件符合 {filter}。",
        excluded_together="没有文件同时符合 {filter}。",
        near="相近的文件名：{names}。",
        there_are="现有：{names}。",
        followed="按对“{question}”的追问来理解。",
        name_aspect="说明要比较什么会更准确：“比较 a.pdf 和 b.pdf 的价格”。",
    ),
    "es": Wording(
        lead="Sus documentos dicen:",
        unsure="No encontré una respuesta clara en sus documentos ({searched}). "
        "Los pasajes más cercanos:",
        nothing="No encontré nada sobre eso en sus documentos ({searched}).",
        line="línea {line}",
        searched=("{files} archivo consultado", "{files} archivos consultados"),
        collection="colección “{name}”",
        also=("también en otro archivo", "también en otros {files} archivos"),
        translated="Traducción",
        listed=(
            "{held} archivo habla de esto ({searched}):",
            "{held} archivos hablan de esto ({searched}):",
        ),
        compared="Lo que sus documentos dicen de cada uno ({searched}):",
        side_missing="No encontré nada claro sobre esto.",
        written="Las citas en que se basa:",
        partly="solo en parte en las citas",
        struck="Las frases tachadas no tienen apoyo en las citas.",
        excluded="Ningún archivo cumple {filter}.",
        excluded_together="Ningún archivo cumple a la vez {filter}.",
        near="Nombres parecidos: {names}.",
        there_are="Hay: {names}.",
        followed="Entendido como continuación de “{question}”.",
        name_aspect="Diga qué comparar para saber más: “compara a.pdf y b.pdf sobre el precio”.",
    ),
    "pt": Wording(
        lead="Os seus documentos dizem:",
        unsure="Não encontrei uma resposta clara nos seus documentos ({searched}). "
        "As passagens mais próximas:",
        nothing="Não encontrei nada sobre isso nos seus documentos ({searched}).",
        line="linha {line}",
        searched=("{files} arquivo pesquisado", "{files} arquivos pesquisados"),
        collection="coleção “{name}”",
        also=("também em outro arquivo", "também em outros {files} arquivos"),
        translated="Tradução",
        listed=(
            "{held} arquivo fala disso ({searched}):",
            "{held} arquivos falam disso ({searched}):",
        ),
        compared="O que os seus documentos dizem de cada um ({searched}):",
        side_missing="Não encontrei nada claro sobre isto.",
        written="As citações em que se baseia:",
        partly="só em parte nas citações",
        struck="As frases riscadas não têm apoio nas citações.",
        excluded="Nenhum arquivo cumpre {filter}.",
        excluded_together="Nenhum arquivo cumpre ao mesmo tempo {filter}.",
        near="Nomes parecidos: {names}.",
        there_are="Há: {names}.",
        followed="Entendido como continuação de “{question}”.",
        name_aspect="Diga o que comparar para saber mais: “compare a.pdf e b.pdf quanto a preço”.",
    ),
    "de": Wording(
        lead="In Ihren Dokumenten steht:",
        unsure="Eine klare Antwort steht nicht in Ihren Dokumenten ({searched}). "
        "Am nächsten kommt:",
        nothing="Dazu steht nichts in Ihren Dokumenten ({searched}).",
        line="Zeile {line}",
        searched=("{files} Datei durchsucht", "{files} Dateien durchsucht"),
        collection="Sammlung „{name}“",
        also=("auch in einer anderen Datei", "auch in {files} anderen Dateien"),
        translated="Übersetzung",
        listed=(
            "{held} Datei spricht davon ({searched}):",
            "{held} Dateien sprechen davon ({searched}):",
        ),
        compared="Was Ihre Dokumente jeweils sagen ({searched}):",
        side_missing="Dazu steht nichts Klares darin.",
        written="Die Zitate dazu:",
        partly="nur teilweise durch die Zitate gedeckt",
        struck="Durchgestrichene Sätze sind durch die Zitate nicht gedeckt.",
        excluded="Keine Datei entspricht {filter}.",
        excluded_together="Keine Datei entspricht zugleich {filter}.",
        near="Ähnliche Namen: {names}.",
        there_are="Vorhanden: {names}.",
        followed="Als Nachfrage zu „{question}“ verstanden.",
        name_aspect="Genauer wird es mit einem Gesichtspunkt: "
        "„vergleiche a.pdf und b.pdf hinsichtlich Preis“.",
    ),
    "fr": Wording(
        lead="Vos documents disent :",
        unsure="Je n'ai pas trouvé de réponse claire dans vos documents ({searched}). "
        "Les passages les plus proches :",
        nothing="Je n'ai rien trouvé à ce sujet dans vos documents ({searched}).",
        line="ligne {line}",
        searched=("{files} fichier consulté", "{files} fichiers consultés"),
        collection="collection « {name} »",
        also=("aussi dans un autre fichier", "aussi dans {files} autres fichiers"),
        translated="Traduction",
        listed=(
            "{held} fichier en parle ({searched}) :",
            "{held} fichiers en parlent ({searched}) :",
        ),
        compared="Ce que vos documents disent de chacun ({searched}) :",
        side_missing="Je n'ai rien trouvé de clair à ce sujet.",
        written="Les citations sur lesquelles elle s'appuie :",
        partly="en partie seulement dans les citations",
        struck="Les phrases barrées ne sont pas étayées par les citations.",
        excluded="Aucun fichier ne correspond à {filter}.",
        excluded_together="Aucun fichier ne correspond à la fois à {filter}.",
        near="Noms proches : {names}.",
        there_are="Il y a : {names}.",
        followed="Compris comme la suite de « {question} ».",
        name_aspect="Précisez ce qu’il faut comparer : "
        "« compare a.pdf et b.pdf concernant le prix ».",
    ),
}


def wording(language: str) -> Wording:
    """The wording for an ISO 639-1 code, English where there is none."""
    return _WORDINGS.get(language, _ENGLISH)


def counted(forms: tuple[str, str], number: int, **values: object) -> str:
    """The singular or the plural, filled in."""
    return forms[number != 1].format(**values)
