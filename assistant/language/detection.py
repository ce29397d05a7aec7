"""Identifies the language a text is written in, from its script and then its letters."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from assistant.language.evidence import common_words, evidence

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"
"""ISO 639-2's code for an undetermined language: no letters to go by."""

EXPECTED = ("en", "zh", "pt", "es", "fr", "de")
"""Languages taken for likelier than others when a text is short."""

_ONE_LANGUAGE = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "GREEK": "el",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "TAMIL": "ta",
    "TELUGU": "te", "GUJARATI": "gu", "GURMUKHI": "pa", "KANNADA": "kn", "MALAYALAM": "ml",
    "SINHALA": "si", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "TIBETAN": "bo",
    "ETHIOPIC": "am", "ORIYA": "or", "THAANA": "dv",
}  # fmt: skip
_SEVERAL_LANGUAGES = {
    "CYRILLIC": (
        "ru", "uk", "bg", "sr", "be", "mk", "kk", "mn", "ky", "tg", "tt", "ba", "os", "udm",
    ),
    "ARABIC": ("ar", "fa", "ur", "ps", "ug", "ckb", "sd"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "HEBREW": ("he", "yi"),
    "BENGALI": ("bn", "as"),
}  # fmt: skip
_NEIGHBOURS = {
    "ast": ("es", "an", "gl"), "ckb": ("fa", "ug", "ur", "ar"), "dsb": ("pl", "cs", "hr", "bs"),
    "hsb": ("pl", "cs", "bs", "sk"), "ia": ("it", "es", "la", "fr"), "io": ("eo", "es", "pt"),
    "kab": ("en", "jv", "de", "mt"), "os": ("ba", "ru", "mn"), "udm": ("ru", "ba", "be"),
    "tk": ("tr", "az"), "uz": ("az", "tr", "id"), "sd": ("ur", "ar"), "yi": ("he",), "as": ("bn",),
}  # fmt: skip
"""Languages py3langid has no statistics of → those of a similar spelling, whose scores stand in for
theirs, for words and letters of their own to add to."""
_NEIGHBOUR_PENALTY = 1.0
_LEAST_SCORE = -12.0
"""Log odds: however sure letters seem of a language, others stay possible."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
_EAST_ASIAN_WEIGHT = 3  # letters of an alphabet that say about as much as one such character
_KANA_SHARE = 0.08  # of Han and kana: less is Chinese that quotes a Japanese word
_LOOKED_AT = 4000  # characters; more adds nothing
_EXPECTED_BONUS = 3.0  # log odds
_FADES_FROM, _FADED_AT = 12, 40
"""Characters between which expectations and common words lose their say to the letters. Of five
ranges tried on the catalogues of Django the one that was right most often (benchmarks/detection.py;
60 characters and more: .88 of 87 languages, .82 where it never faded)."""
_SAME = {"nn": "no", "nb": "no"}
_SHORT_BONUS = 30.0  # log odds × characters: single words say little
_RANK_STEP, _LEAST = 0.15, 0.4  # of that bonus, which falls with the place in the list
_WORD_BONUS = 2.0  # log odds for a word common in the one language only
_WORDS_COUNTED = 12
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def detect(text: str, among: Sequence[str] | None = None) -> str:
    """ISO 639-1 code of the language of a text; `UNKNOWN` where it has no letters.

    `among` are the languages to expect, the likeliest first: short Latin text is taken for one
    of them unless it clearly is not (default `EXPECTED`). The first call costs 0.7 s (letter
    statistics of py3langid) unless the script alone decides; later ones about 0.2 ms.
    """
    sample = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    scripts = _scripts(sample)
    if not scripts:
        return UNKNOWN
    script = scripts.most_common(1)[0][0]
    if script in _EAST_ASIAN:
        return _east_asian(scripts)
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if script in _SEVERAL_LANGUAGES:
        scores = _letter_scores(sample)
        _add(evidence(sample), scores)
        return _likeliest(scores, _SEVERAL_LANGUAGES[script])
    if among is None:
        return _by_letters(sample, dict.fromkeys(EXPECTED, 1.0))
    shares = (max(1 - _RANK_STEP * rank, _LEAST) for rank in range(len(among)))
    return _by_letters(sample, dict(zip(among, shares, strict=True)))


@cache
def known_languages() -> frozenset[str]:
    """Every code `detect` can give; costs as much as its first call."""
    codes = {code for code, _ in _identifier().rank("a") if len(code) == 2}
    codes |= {*_NEIGHBOURS, *_ONE_LANGUAGE.values(), "zh", "ja", "ko"}
    codes |= {code for several in _SEVERAL_LANGUAGES.values() for code in several}
    return frozenset(_SAME.get(code, code) for code in codes)


def _scripts(text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for character in text:
        if character.isalpha():
            script = _script(character)
            counts[script] += _EAST_ASIAN_WEIGHT if script in _EAST_ASIAN else 1
    return counts


@cache
def _script(character: str) -> str:
    """First word of the character's Unicode name, which is its script for letters."""
    return unicodedata.name(character, "LATIN").split(" ", 1)[0].split("-", 1)[0]


def _east_asian(scripts: Counter[str]) -> str:
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    han = scripts["CJK"]
    if scripts["HANGUL"] > han + kana:
        return "ko"
    return "ja" if kana > _KANA_SHARE * (kana + han) else "zh"


def _by_letters(text: str, expected: Mapping[str, float]) -> str:
    """The likeliest language, given the share of the bonus for brevity each expected one gets."""
    scores = _letter_scores(text)
    say = min(max((_FADED_AT - len(text)) / (_FADED_AT - _FADES_FROM), 0.0), 1.0)
    _add(evidence(text), scores, 1 - say)
    for code, count in _common_words_in(text).items():
        scores[code] = scores.get(code, -_EXPECTED_BONUS) + say * _WORD_BONUS * count
    brevity = _SHORT_BONUS / len(text)
    for code, share in expected.items():
        if code in scores:
            scores[code] += say * (_EXPECTED_BONUS + brevity * share)
    best = max(scores, key=lambda code: scores[code])
    return _SAME.get(best, best)


def _likeliest(scores: dict[str, float], languages: tuple[str, ...]) -> str:
    """Of languages that share a script; the first one where a text is too short to tell."""
    bonus = {languages[0]: _EXPECTED_BONUS / 2}
    return max(languages, key=lambda code: scores.get(code, -math.inf) + bonus.get(code, 0.0))


def _add(found: Mapping[str, float], scores: dict[str, float], share: float = 1.0) -> None:
    for code, odds in found.items():
        if code in scores:
            scores[code] += share * odds


def _letter_scores(text: str) -> dict[str, float]:
    """Natural logarithm of each language's probability, from byte n-grams."""
    scores = {
        code: max(math.log(max(probability, 1e-12)), _LEAST_SCORE)
        for code, probability in _identifier().rank(text)
        if len(code) == 2
    }
    for code, neighbours in _NEIGHBOURS.items():
        if code not in scores:
            near = max(scores.get(other, _LEAST_SCORE) for other in neighbours)
            scores[code] = near - _NEIGHBOUR_PENALTY
    return scores


def _common_words_in(text: str) -> dict[str, float]:
    """Each word counts for as much as it tells: one shared by n languages for 1/n."""
    counts: dict[str, float] = defaultdict(float)
    words = common_words()
    for word in _WORD.findall(text.casefold())[:_WORDS_COUNTED]:
        languages = words.get(word.replace("’", "'"), ())
        for code in languages:
            counts[code] += 1 / len(languages)
    return counts


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
