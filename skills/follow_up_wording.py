"""Words by which a question leans on the one before it, in six languages."""

from __future__ import annotations

import re


def _either(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_OPENING = _either(
    # English
    r"(?:and|but|also)\b",
    r"(?:or|so|then|ok(?:ay)?)\b[\s,]*(?:what|how|when|where|who|why|which|is|are|was|were|do|did)\b",
    r"(?:what|how) about\b",
    r"(?:what|anything|who) else\b",
    r"why(?: not| so)?\W*$",
    r"(?:who|when|where|how|since when|which(?: ones?)?|how (?:many|much|long|often|old|far))\W*$",
    r"(?:tell me )?more(?: details| about (?:it|that|this|them))?\W*$",
    # Spanish, Portuguese
    r"(?:y(?! a-t-il)|pero|entonces|también)\b",
    r"(?:qué|cómo) hay de\b|qué tal\b|por qué\W*$|(?:cuándo|dónde|quién|cuánto)\W*$",
    r"(?:e|mas|então|também)\b\s|por qu[eê]\W*$|(?:quando|onde|quem|quanto)\W*$",
    # German, French
    r"(?:und|aber|oder|dann|auch)\b|(?:wie|was) ist (?:es )?mit\b",
    r"warum\W*$|(?:wann|wo|wer|wie viele?)\W*$",
    r"(?:et|mais|alors|ou bien)\b|qu['’]en est-il\b|pourquoi\W*$|(?:quand|où|qui|combien)\W*$",
)
_ZH_OPENING = _either(
    "^(?:那么?|还有|然后|另外|而且|但是?|不过|其中|再说|后来|此后|之后呢)",
    "^(?:为什么|为何|怎么样?|什么时候|在哪里?|谁|多少|哪一?个)呢?[？?]?$",
    "^第[一二三四五六七八九十0-9]+[个页章节条项](?:呢|是什么|怎么样)?[？?]?$",
    "呢[？?]?$",
)
OPENERS = re.compile(rf"^\W*{_OPENING}|{_ZH_OPENING}", re.IGNORECASE)
"""What only a continuation begins with, or consists of."""

_VERBS = "mean|happen|work|cost|take|end|begin|start"
PRONOUN = re.compile(
    _either(
        r"\b(?:he|she|him|his|hers?|himself|herself|they|them|theirs?|its?|itself|those|these)\b",
        r"\bthe (?:former|latter)(?= one|[?.,]|$)|\b(?:the (?:first|second|other)|that|this) one\b",
        rf"\bthis(?= (?:is|was|{_VERBS})\b)|\b(?:that|this)\W*$",
        rf"\b(?:is|was|does|did|do|about|after|before) that(?= (?:{_VERBS})\b)",
        r"\b(?:él|ella|ellos|ellas|suy[oa]s?|est[eo]s?|es[eo]s?|aquell[oa]s?)\b",
        r"\b(?:ele|ela|eles|elas|del[ea]s?|iss[oe]|estes?|esses)\b",
        r"\b(?:er|sie|es|ihn|ihm|ihr(?:e[nmrs]?)?|seine?[nmrs]?|dessen|deren|diese[rsmn])\b",
        r"\b(?:davon|dazu|damit|dafür)\b",
        r"\b(?:il|elle|ils|elles|lui|leurs?|celui(?:-ci)?|celle(?:-ci)?|ceux)\b",
        r"\b(?:sus?|seus?|suas?|ses?)\s(?=\w{3})",
    ),
    re.IGNORECASE,
)
ZH_PRONOUN = re.compile(
    _either(
        "(?<!其)[他她它]们?",
        "(?<![尤极及与])其(?![中他它实次余])",
        "这[个些位座场次种份]|那[个位座场次种份]",
        r"此[人处次事]|该(?=[\u4e00-\u9fff])|前者|后者",
        "(?<![因如从彼至])此(?!外)",
    )
)

_IT_IS = "possible|necessary|true|important|legal|allowed|safe|better|required|common|known"
DUMMY = re.compile(
    _either(
        rf"\b(?:is|was|does|did|will|would|has|can|could) it (?:take|rain|snow|when|called|said"
        rf"|(?:{_IT_IS}|\w+) (?:to|for|that))\b",
        r"\bhow (?:long|much time|far|many \w+) (?:does|did|will|is|was) it (?:take|to|until)\b",
        r"\b(?:those|these) (?:who|that|which|of)\b",
        r"\b(?:gibt|gab|geht|handelt|heißt|regnet|ist|war|dauert?e?) es\b",
        r"\bes (?:gibt|gab|ist|war)\b",
        r"\b(?:y a-t-il|il y a|est-il (?:possible|nécessaire|vrai|permis|interdit))\b",
        r"\b(?:faut-il|il faut|s['’]agit-il|il s['’]agit|pleut-il)\b",
    ),
    re.IGNORECASE,
)
"""Pronouns that stand for nothing."""

PROPER = re.compile(r"(?<=[\w,'’] )[A-Z]\S+")
"""A capital within a sentence."""

_ASKING = (
    "who whom whose what which when where why how many much long old is are was were do does did "
    "the a an of in on at to for by from and name qué quién cuál cuándo dónde cómo cuánto es era "
    "fue quem qual quando onde como quanto foi wer wen wann wo wie welche welcher welches welchen "
    "ist war hat hatte der die das heißt heisst heißen que quoi quel quelle quels quelles quand où "
    "comment combien est était de du des"
)
ASKING = re.compile(rf"\b(?:{'|'.join(_ASKING.split())})\b", re.IGNORECASE)
"""Words that are no things."""

WHICH = re.compile(
    r"\b(?:which|what|whose|qué|cuál|quel(?:le)?s?|que|qual|quais|welche[rsnm]?) \w{4,}(?: \w+)* "
    r"(?:has|have|had|are|is|uses?|that|do|does)\s+$"
    r"|\b(?!quand|comment|combien)\w{4,}(?: est| a| ont| sont)?-(?:t-)?$",
    re.IGNORECASE,
)
"""A subject right before the pronoun: "which company has its …", « le contrat est-il … »."""

POSSESSIVE = re.compile(
    r"its|his|her|theirs?|itself|himself|herself|sus?|seus?|suas?|ses?|leurs?|ihr(?:e[nmrs]?)?"
    r"|seine?[nmrs]?"
)
OF_PERSONS = frozenset({"his", "her", "himself", "herself"})
CLAUSE = re.compile(
    r",|\b(?:when|while|that|who|which|after|before|if|because|since|where|how|why|and|but|said|says?"
    r"|cuando|que|quien|después|antes|si|porque|donde|y|quando|quem|depois|se|onde|e"
    r"|als|wenn|während|dass?|die|der|nachdem|bevor|weil|wo|und|lorsque|quand|qui|après|avant|où|et)\b",
    re.IGNORECASE,
)
"""Where another clause may begin."""

ZH_ASKING = re.compile(
    r"[什么谁哪里个些时候多少几为何怎样年月日是的在了吗呢？?，,]|请问|根据|从|于|由|被|和|与|对|给|有"
)
"""Characters that are no part of a name."""
