"""Puts what was seen in an image into words, in English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.core.documents import Label, TextLine
from assistant.core.protocols import LoadedImage
from skills.colours import Colour
from skills.describe_names import name_of
from skills.describe_naming import Named
from skills.picturing.facets import told

SURE, LIKELY, GUESS = 0.8, 0.35, 0.15
"""Least probability of the first label for "very likely", "most likely" and "perhaps"."""
WORTH_NAMING = 0.05
"""A further label with a smaller probability is left out."""
FITTING, WORTH_SHARING = 5, 0.01
"""Most labels of the person's own that are told, and the least share of a further one."""
NONE_FITS = 0.5
"""Least probability with which none of the labels is said to fit."""
SHORT_LINES, SHORT_CHARACTERS = 8, 400
"""How much of the text in an image is quoted when it was not asked for."""
LONG_CHARACTERS = 20_000

_AN_SOUNDS = re.compile(r"(?!(?:eu|uni|one\b|use|ur[aeiou]))[aeiou]|hour|honest", re.IGNORECASE)
_SPELLED = re.compile(r"[A-Z](?:[A-Z0-9]|-)")
"""Names whose first letter is read by itself, as in "MP3" and "X-ray"."""
_AN_LETTERS = frozenset("AEFHILMNORSX")
"""Letters whose own names begin with a vowel sound."""


def with_article(noun: str) -> str:
    """The English noun with "a" or "an"."""
    spelled = _SPELLED.match(noun)
    vowel = noun[0] in _AN_LETTERS if spelled else _AN_SOUNDS.match(noun)
    return f"{'an' if vowel else 'a'} {noun}"


def seen(labels: Sequence[Label], language: str) -> str:
    """A sentence that says what the labels say and how sure they are; labels best first."""
    return _seen_in_chinese(labels) if language == "zh" else _seen_in_english(labels)


def _seen_in_english(labels: Sequence[Label]) -> str:
    first, *others = [_english(label) for label in _named(labels)]
    top = labels[0].score
    if top < GUESS:
        guesses = joined([first, *others], ", ", " and ")
        return f"I can't tell what this shows; the closest guesses are {guesses}."
    if top < LIKELY:
        rest = f", or {joined(others, ', ', ' or ')}" if others else ""
        return f"Perhaps {first}{rest}, but I'm not sure."
    start = "Very likely" if top >= SURE else "Most likely"
    rest = f", possibly {joined(others, ', ', ' or ')}" if others else ""
    return f"{start} {first}{rest}."


def _english(label: Label) -> str:
    """ "a kite (bird of prey, 40%)": the name with its article and probability."""
    name = name_of(label.label)
    noun = name.english if name.uncountable else with_article(name.english)
    share = f"{label.score:.0%}"
    return f"{noun[:-1]}, {share})" if noun.endswith(")") else f"{noun} ({share})"


def _seen_in_chinese(labels: Sequence[Label]) -> str:
    first, *others = [f"{name_of(x.label).chinese}（{x.score:.0%}）" for x in _named(labels)]
    top = labels[0].score
    if top < GUESS:
        return f"我看不出这张图里是什么；最接近的猜测是{joined([first, *others], '、', '和')}。"
    if top < LIKELY:
        rest = f"，或者{joined(others, '、', '或')}" if others else ""
        return f"也许是{first}{rest}，但我不确定。"
    start = "很可能是" if top >= SURE else "最可能是"
    rest = f"，也可能是{joined(others, '、', '或')}" if others else ""
    return f"{start}{first}{rest}。"


def fits(labels: Sequence[Label], language: str, none: float = 0.0) -> str:
    """A sentence on how labels in the person's own words fit; shares, best first.

    Args:
        none: probability that none of them does.
    """
    best = labels[:FITTING]
    first, *others = [
        f"“{x.label}”（{x.score:.0%}）" if language == "zh" else f"“{x.label}” ({x.score:.0%})"
        for x in [best[0], *(x for x in best[1:] if x.score >= WORTH_SHARING)]
    ]
    if language == "zh":
        rest = f"，其次是{joined(others, '、', '和')}" if others else ""
        if none > max(labels[0].score, NONE_FITS):
            return f"你给出的说法都不太符合（{none:.0%}）；最接近的是{first}。"
        return f"在你给出的说法里，{first}最符合{rest}。"
    rest = f", then {joined(others, ', ', ' and ')}" if others else ""
    if none > max(labels[0].score, NONE_FITS):
        return f"None of the labels given fits well ({none:.0%}); {first} comes nearest."
    return f"Of the labels given, {first} fits best{rest}."


def _named(labels: Sequence[Label]) -> Sequence[Label]:
    """The labels worth a word: three when unsure, else those that could also be true."""
    if labels[0].score < GUESS:
        return labels[:3]
    return [labels[0], *(label for label in labels[1:3] if label.score >= WORTH_NAMING)]


def joined(parts: Sequence[str], comma: str, last: str) -> str:
    """The parts with commas between, the last with a word of its own."""
    return last.join([comma.join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def text_found(lines: Sequence[TextLine], language: str, *, asked: bool) -> str:
    """The text in the image, verbatim in a code block; cut short where it was not asked for.
    Empty when there is none and nobody asked."""
    chinese = language == "zh"
    if not lines:
        if not asked:
            return ""
        return "图里没有找到文字。" if chinese else "I found no text in it."
    quoted, whole = _quoted([line.text for line in lines], asked)
    if whole:
        title = "图中的文字：" if chinese else "Text in it:"
    else:
        title = "图中文字的开头：" if chinese else "Text in it (the beginning):"
    return f"{title}\n\n{quoted}"


def _quoted(lines: Sequence[str], asked: bool) -> tuple[str, bool]:
    """A code block of the text, and whether it holds all of it."""
    text = "\n".join(lines if asked else lines[:SHORT_LINES])
    limit = LONG_CHARACTERS if asked else SHORT_CHARACTERS
    whole = len(text) <= limit and (asked or len(lines) <= SHORT_LINES)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text[:limit]}\n{fence}", whole


def facts(image: LoadedImage, colours: Sequence[Colour], language: str) -> str:
    """Size, format, colours and time in a sentence; never the place."""
    if language == "zh":
        frames = f"，共 {image.frames} 帧，这里看的是第一帧" if image.frames > 1 else ""
        names = joined([colour.chinese for colour in colours], "、", "和")
        taken = f"拍摄于 {image.taken:%Y-%m-%d %H:%M}。" if image.taken else ""
        return (
            f"{image.format} 图片，{image.width}×{image.height} 像素，主要颜色是{names}{frames}。"
            f"{taken}"
        )
    frames = f"; this is the first of {image.frames} frames" if image.frames > 1 else ""
    names = joined([colour.name for colour in colours], ", ", " and ")
    taken = f" Taken {image.taken:%Y-%m-%d %H:%M}." if image.taken else ""
    return f"{image.format}, {image.width} × {image.height} pixels, mostly {names}{frames}.{taken}"


def naming_told(named: Named, language: str) -> str:
    """What the labels of an image say, in words; "" where there are none."""
    if not named.labels:
        return ""
    if not named.own:
        parts = [seen(named.labels, language), told(named.facets, language)]
        return "\n\n".join(filter(None, parts))
    chosen = fits(named.labels, language, none=named.none)
    gap = "" if language == "zh" else " "
    return f"{chosen}{gap}{seen(named.fixed, language)}" if named.fixed else chosen
