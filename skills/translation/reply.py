"""The translation in what a language model replied: thinking, introductions and notes taken off."""

from __future__ import annotations

import re

_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"^```\w*$", re.MULTILINE)
_MARKS = re.compile(r"\[(?:Attached: |End of )[^\]\n]*\]|</?(?:text|translation)>", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:sure|certainly|of course|okay|ok|claro|aquí|aqui|voici|hier|gerne|natürlich|好的|当然)"
    r"\b"
    r"[^:\n：]{0,80}|[^:\n：]{0,60}\b(?:translat\w+|traduc\w+|tradu[çz]\w+|übersetz\w+)\b[^:\n：]{0,60}"
    r"|[^:\n：]{0,20}(?:翻译|译文|翻訳|번역)[^:\n：]{0,20})[:：]\s*",
    re.IGNORECASE,
)
"""What announces a translation: "Sure! Here is the translation:"."""
_NOTE = re.compile(
    r"[(（\[]?\s*(?:note|notes|explanation|literally|nota|remarque|anmerkung|hinweis|注|说明|备注)"
    r"\s*[:：]",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bas an ai\b|\b(?:can(?:no|')t|can’t|cannot|unable to|won't|not able to) "
    r"(?:assist|help|translate|comply|fulfil|provide|do that)"
    r"|(?:无法|不能|不可以)(?:协助|提供|翻译|满足|完成)|作为(?:一个|一名)?(?:AI|人工智能)",
    re.IGNORECASE,
)
_QUOTES = ('""', "''", "“”", "‘’", "«»", "「」", "„“", "``")
_LONGEST_SHARE, _LONGEST_MORE = 4, 80
"""A translation has at most that many characters for each of the text's, and some more; Chinese
into a language of long words takes about three and a half."""


def translation_in(reply: str, text: str) -> str:
    """The translation of one line of text; "" where the reply holds none that can be used.

    Unusable are refusals that the text does not hold itself, and what is far too long.
    """
    reply = _MARKS.sub("", _FENCE.sub("", _THINKING.sub("", reply)))
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    lines = [line for line in lines if _NOTE.match(text) or not _NOTE.match(line)]
    found = _unannounced(lines, text)
    found = _unquoted(found, text)
    if _REFUSAL.search(found) and not _REFUSAL.search(text):
        return ""
    return found if len(found) <= _LONGEST_SHARE * len(text) + _LONGEST_MORE else ""


def _unannounced(lines: list[str], text: str) -> str:
    """The first line that is no mere announcement; one line went out, so one line comes back."""
    for line in lines:
        opening = _OPENING.match(line)
        rest = line if opening is None or _OPENING.match(text) else line[opening.end() :]
        if rest:
            return rest
    return ""


def _unquoted(found: str, text: str) -> str:
    """Without quotation marks around it that the text has not."""
    for pair in _QUOTES:
        if len(found) > 1 and found[0] == pair[0] and found[-1] == pair[1]:
            inner = found[1:-1]
            if text[:1] not in "".join(_QUOTES) and not set(inner) & set(pair):
                return inner.strip()
    return found
