"""Puts what a question asks about into the words of Chinese or English documents."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cached_property

from assistant.language.terms import terms
from skills.glossing.aim import Aims
from skills.glossing.concepts import STEM, Chinese, Concept, English, Glosses, stem
from skills.glossing.irregular import BASE
from skills.glossing.lexicon import EN_ZH, ZH_EN, Lexicon, load
from skills.question_terms import telling_terms

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]+")
_OTHER_SCRIPTS = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
"""Kana and Hangul: their Chinese characters are no Chinese words."""
_LONGEST_QUESTION = 1_000
"""Characters looked at; some 2 ms."""
_LONGEST = 8
_GLOSSES_SEARCHED, _WORDS_SEARCHED = 3, 6
"""Translations of a word that are searched for, the latter in two scripts; all of them are looked
for in what is found."""
_ENGLISH_TOO = frozenset({"war", "wars", "die", "son"})
"""Words of asking in other languages that say something in English."""
_FAMILIAR = 0.5
"""Share of a question's telling words to be known, for it to be in English at all."""
_OF_A_FORM = 10
"""Translations taken of each other form of a word."""
_ENDING = 4
"""Letters a form of a word may have beyond its stem."""
_ASKING = frozenset(
    """
    什么 什么样 时候 什么时候 多少 哪里 哪个 哪些 哪种 哪年 哪一 怎么 怎样 如何 是什么 为什么 为何
    一个 这个 那个 这些 那些 他们 它们 以及 可以 没有 进行 之一 因为 由于 根据 关于 中的 其中 对于
    一种 下列 以下 以及 甚麼 什麼 時候 什麼時候 多少 哪裡 哪個 哪些 怎麼 為什麼 一個 這個 這些
    """.split()  # noqa: SIM905
)


class Glossary:
    """The dictionaries, each loaded when it is first needed (0.2 s).

    `aims` tells where what is asked lies among the texts of the other language.
    """

    def __init__(self) -> None:
        self.aims = Aims()
        self._lock = threading.Lock()

    @cached_property
    def _zh_en(self) -> Lexicon:
        return load(ZH_EN)

    @cached_property
    def _en_zh(self) -> Lexicon:
        return load(EN_ZH)

    def glosses(self, question: str) -> Glosses | None:
        """The question for documents in the other of the two languages; None where too little
        of it is known."""
        plain = unicodedata.normalize("NFKC", question[:_LONGEST_QUESTION]).lower()
        if _OTHER_SCRIPTS.search(plain):
            return None
        with self._lock:
            return self._in_english(plain) if _HAN.search(plain) else self._in_chinese(plain)

    def _in_english(self, question: str) -> Glosses | None:
        known = [(word, self._zh_en[word]) for word in self._segments(question)]
        kept = dict.fromkeys(_LATIN.findall(question))
        concepts: list[Concept] = [
            English(tuple(frozenset(map(stem, gloss.split())) for gloss in glosses))
            for _, glosses in known
        ]
        concepts += [English((frozenset((stem(word),)),)) for word in kept]
        searched = [gloss for _, glosses in known for gloss in glosses[:_GLOSSES_SEARCHED]]
        return _glosses("en", concepts, [*kept, *searched]) if known else None

    def _segments(self, question: str) -> list[str]:
        """The longest words of the dictionary in a question, overlapping ones all."""
        found: list[str] = []
        for run in _HAN.findall(question):
            reached = 0
            for start in range(len(run)):
                word = self._longest(run, start)
                if word and start + len(word) > reached:
                    reached = start + len(word)
                    found.append(word)
        return [word for word in dict.fromkeys(found) if word not in _ASKING]

    def _longest(self, run: str, start: int) -> str:
        for end in range(min(len(run), start + _LONGEST), start, -1):
            if self._zh_en[run[start:end]]:
                return run[start:end]
        return ""

    def _in_chinese(self, question: str) -> Glosses | None:
        asked = telling_terms(question) | _ENGLISH_TOO.intersection(terms(question))
        called = {term: self._translations(term) for term in sorted(asked)}
        known = sum(1 for words in called.values() if words)
        if known == 0 or known < _FAMILIAR * len(asked):
            return None
        concepts: list[Concept] = [Chinese(words, term) for term, words in called.items()]
        searched = [
            word for term, words in called.items() for word in (words[:_WORDS_SEARCHED] or (term,))
        ]
        return _glosses("zh", concepts, searched)

    def _translations(self, term: str) -> tuple[str, ...]:
        """Chinese words for an English one and its other forms, words of two characters (most
        words that are in use) first, of one last: those are not searched for."""
        term = BASE.get(term, term)
        found = list(self._en_zh[term])
        if len(term) > STEM and term.isalpha():
            for form, words in self._en_zh.beginning(term[:STEM]):
                if _is_form(form, term):
                    found += words[:_OF_A_FORM]
        return tuple(sorted(dict.fromkeys(found), key=lambda word: (len(word) == 1, len(word))))


def _is_form(one: str, other: str) -> bool:
    """Whether two words that begin alike are forms of one ("discover", "discovered")."""
    shared = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    return max(len(one), len(other)) - shared <= _ENDING


def _glosses(language: str, concepts: list[Concept], words: list[str]) -> Glosses:
    return Glosses(language, tuple(concepts), " ".join(dict.fromkeys(words)))
