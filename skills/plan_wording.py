"""Words by which lists and comparisons over documents are asked for, in six languages."""

from __future__ import annotations

import re


def _either(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_MENTION = _either(
    r"(?:mentions?|talks? about|discuss(?:es)?|contains?|covers?|includes?|speaks? (?:of|about))\b",
    r"(?:refers? to|(?:is|are) about|deals? with|describes?|ha(?:s|ve)|allows?|requires?)\b",
    r"says? (?:something|anything) about\b",
    r"(?:mencionan?|hablan? del?|contienen?|tratan? del?|incluyen?|se refieren? a)\b",
    r"(?:mencionam?|falam? d[eoa]s?|contêm|contém|tratam? d[eoa]s?|inclu(?:i|em))\b",
    r"(?:erwähn(?:t|en)|enthalten|enthält|behandel[nt]|handel[nt] von|sprechen von|spricht von)\b",
    r"(?:nennen|nennt)\b",
    r"(?:mentionnent?|parlent? d(?:e|es|u)|contien(?:t|nent)|traitent? d(?:e|es|u)|évoquent?)\b",
    r"parlent? d['’]",
)
_ZH_MENTION = _either(
    "提到|提及|讲到|谈到|说到|涉及|包含|包括|含有|写到|讨论|介绍|规定|说明|有关|关于|允许|要求|有"
)
_NOUNS = (
    "documents? files? contracts? papers? notes? reports? e-?mails? pdfs? slides presentations? "
    "articles? letters? invoices? agreements? policies spreadsheets? books? minutes "
    "documentos? archivos? contratos? notas? informes? artículos? cartas? facturas? correos? "
    "arquivos? ficheiros? relatórios? artigos? faturas? "
    "dokumenten? dateien verträgen? notizen berichten? artikeln? briefen? rechnungen "
    "fichiers? contrats? rapports? lettres? factures? courriels?"
)
_DOCUMENTS = rf"(?:[\w-]+\s+)?{_either(*_NOUNS.split())}"
_ZH_DOCUMENT = _either(
    "文件|文档|合同|论文|笔记|报告|邮件|资料|幻灯片|表格|文章|发票|协议|信件|pdf"
)
_OF_MINE = _either(
    r"of (?:all )?(?:my|our|the|these)",
    r"de (?:todos )?(?:mis|los|las|nuestr[oa]s)",
    r"d[oa]s(?: (?:meus|minhas|nossos|nossas))?",
    r"meiner|unserer|der|von (?:meinen|den)",
    r"de (?:mes|nos|ces)",
)
_ALL = (
    r"(?:(?:all|every|todos|todas|alle|tous|toutes)\s+)?"
    r"(?:(?:of my|the|my|los|las|mis|os|as|meus|minhas|meine|les|mes)\s+)?"
)
_WHICH_OF = r"(?:which|what|any|cuál(?:es)?|quais|qual|welche[rs]?|lesquel(?:le)?s|laquelle|lequel)"
_WHICH = r"(?:which|what|qué|quais|que|welche|quel(?:le)?s?)"
_LIST = _either(
    r"(?:please\s+)?(?:list|find|show|name|give)(?:\s+me)?",
    r"(?:enumera|lista|busca|muestra|liste|mostre|encontre)(?:me)?",
    r"(?:zeige?|finde|nenne)(?:\s+mir)?",
    r"(?:montre|trouve|énumère)(?:-moi)?",
)
_WHICH_ZH = "(?:哪[些几]|哪一?[份个篇封])[个份]?"
_TOPIC = "(?P<topic>.+)$"

LISTINGS = _compiled(
    rf"^\W*{_WHICH_OF}\s+{_OF_MINE}\s+[\w-]+(?:\s+[\w-]+)?\s+{_MENTION}\s*{_TOPIC}",
    rf"^\W*{_WHICH}\s+{_DOCUMENTS}\s+(?:that\s+)?{_MENTION}\s*{_TOPIC}",
    rf"^\W*{_LIST}\s+{_ALL}{_DOCUMENTS}\s*,?\s*"
    rf"(?:(?:that|which|que|die|qui)\s+{_MENTION}\s*"
    rf"|(?:about|on|with|mentioning|containing|sobre|con|com|über|mit|zu|sur|avec)\s+){_TOPIC}",
    rf"^\W*in (?:which|welche[nr])\s+(?:{_OF_MINE}\s+)?{_DOCUMENTS}\s+"
    r"(?:is|are|do|does|steht etwas über|geht es um|wird|werden)\s+(?P<topic>.+?)"
    r"(?:\s+(?:mentioned|discussed|covered|described|appear|erwähnt|behandelt|genannt))?\W*$",
    rf"{_WHICH_ZH}{_ZH_DOCUMENT}(?:里面?|中|内)?[都也]?{_ZH_MENTION}[了过到]?{_TOPIC}",
    rf"{_ZH_DOCUMENT}(?:里|中|当中)?有?{_WHICH_ZH}[都也]?{_ZH_MENTION}[了过到]?{_TOPIC}",
    rf"(?:列出|找出|列举|查找|显示)(?:所有|全部)?(?:我的)?{_ZH_MENTION}[了过]?(?P<topic>.+?)"
    rf"的(?:所有|全部)?{_ZH_DOCUMENT}",
)
"""Questions which files speak of a `topic`."""

_REGARDING = _either(
    "in terms of|with regard to|with respect to|regarding|concerning|when it comes to|on|in|about",
    "en cuanto a|respecto a|sobre|em relação a|quanto a",
    "bezüglich|hinsichtlich|in bezug auf|bei|en ce qui concerne|concernant|quant à|sur",
)
_ON = (
    rf"(?:\s*[,:;]?\s*\b{_REGARDING}\s+(?P<aspect>[^?？.!]+?)|\s*[:：]\s*(?P<colon>[^?？]+?))?"
    r"\s*[?？.!。]*\s*$"
)
_AND_ZH = "(?:[和与跟及]|(?<![合不相])同)"
_SIDES_ZH = rf"(?P<sides>.+?{_AND_ZH}.+?)"
_DIFFERENT_ZH = "(?:区别|不同|差别|差异|异同)"

COMPARISONS = _compiled(
    r"^\W*(?:how|in what way|en qué|em que|worin|wie|en quoi|comment)\s+"
    r"(?:(?:do|does|did|se|sich)\s+)?"
    r"(?P<sides>.+?\b(?:and|y|e|und|et)\b.+?)\s+"
    rf"(?:differ|compare|diferencian|diferem|sich unterscheiden|diffèrent|se comparent){_ON}",
    r"^\W*how\s+(?:do|does|did|is|are)\s+(?P<one>.+?)\s+"
    rf"(?:differ from|different from|compare (?:to|with))\s+(?P<other>.+?){_ON}",
    r"^\W*(?:en qué se diferencian|em que (?:se )?diferem|(?:worin|wie) unterscheiden sich"
    rf"|en quoi diffèrent|cómo se comparan)\s+(?P<sides>.+?){_ON}",
    rf"^\W*wie unterscheidet sich\s+(?P<one>.+?)\s+von\s+(?P<other>.+?){_ON}",
    r"^\W*(?:please\s+)?(?:compare[rz]?|comparar?|compara|vergleichen sie|vergleiche?)\s+"
    rf"(?P<sides>.+?){_ON}",
    r"(?:differences?|diferencias?|diferenças?|unterschiede?|différences?)\s+"
    rf"(?:hay |existe |há |il y a )?(?:between|entre|zwischen)\s+(?P<sides>.+?){_ON}",
    rf"^{_SIDES_ZH}(?:之间)?(?:在(?P<aspect>.+?)(?:上|方面))?(?:之间)?"
    rf"[有的]?(?:什么|哪些|何|主要|[一两几三]个)?的?{_DIFFERENT_ZH}(?:是什么|在哪里?|有哪些)?[?？。]?$",
    rf"^请?(?:比较|对比)(?:一下)?{_SIDES_ZH}(?:在(?P<aspect>.+?)(?:上|方面)|的(?P<colon>[^的]+?))?"
    rf"(?:的?{_DIFFERENT_ZH})?[?？。]?$",
)
"""Questions how `sides` (or `one` and `other`) differ, in an aspect (`aspect`, `colon`) or all."""

COMPARING = re.compile(
    r"\b(?:compare[rz]?|compara|comparar|vergleiche?|differ|differences?|diferencias?|diferenças?"
    r"|unterschiede?|différences?)\b|比较|对比|区别|不同|差异",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"\s*[,、，]?\s*\b(?:and|y|e|und|et|with|con|com|mit|avec|versus|vs\.?|to)\b\s*"
    rf"|\s*[,、，]\s*|\s*{_AND_ZH}\s*",
    re.IGNORECASE,
)
"""What stands between two sides."""
ARTICLE = re.compile(
    r"^(?:the|my|our|el|la|los|las|mi|o|a|os|as|meu|minha|der|die|das|dem|den|meine?|le|les|mon|ma)\s+"
    r"|^(?:我的|我们的)\s*|^l['’]",
    re.IGNORECASE,
)
