"""Reads what one part of a message asks for, from how it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from assistant.core.skills import SkillCard
from assistant.language.mentions import Mention, find_mentions
from assistant.routing import wording as general
from assistant.routing.planning import wording
from assistant.routing.translation_languages import INTO
from assistant.routing.translation_request import read_translation

Judge = Callable[[str], Mapping[str, float] | None]
"""Text → probability of each skill by the router's classifier; None where it is not ready."""

TRANSLATE, SUMMARISE, DESCRIBE, ASK, WRITE = "translate", "summarise", "describe", "qa", "generate"
READ = "read"
SURE_BY_WORDING = 0.9
"""Score of a part whose verb tells; of the test half of `benchmarks/chains.py`, 50 of 51 plans are
right."""
_LEAST = 0.5
"""Probability the classifier must give a part whose wording doesn't tell."""
_UNLIKELY = 0.1
_OWN_LENGTH = 4
"""Letters of a verb taken from a card's examples; shorter words open anything."""
_FARTHEST_VERB = 30
"""Characters before a Chinese verb: what may stand there has ambiguous parts, whose combinations
double with each character."""
_TO_LANGUAGE = re.compile(rf"\s*(?:(?:back|again|de volta|zurück)\s+)?{INTO.pattern}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SUBJECT = re.compile(r"\w\s+\w|[\u3400-\u9fff]{4}")
"""More than a bare verb."""
FEWEST_WORDS, FEWEST_HAN = 3, 5
"""A first part without a verb known here has at least as many words, or Chinese characters."""


_OWN_HAN = re.compile("[\u3400-\u9fff](?<![把将请帮给我你这那图照从在用对])")
"""What a Chinese request may begin with that is its own: 把图 opens requests of all kinds."""
_POINTED_AT = re.compile(
    r"(?:(?:the|this|that|these|those|all|it|everything|der|die|das|den|dies\w*|alles|el|la|los|las"
    r"|l[eo]|lo que|est[aeo]s?|es[aeo]s?|todo|os?|as?|isto|isso|tudo|les|ce|cet|cette"
    r"|ces|ça|tout)\b|l['’])(?:\W*\w+){0,2}\W*"
)
""" "the menu", "das Schild": a thing to be seen, where a sentence would be longer."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of the message beside the part."""

    images: int
    has_text: bool
    """Whether a text came along: attached, pasted, after a colon."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The skill a part asks for, with a probability."""

    skill: str
    score: float


class RequestReader:
    """Tells whether words are a request, and for which skill.

    Args:
        cards: the skills there are; the verbs of third parties' skills are those their
            examples begin with.
        judge: the router's classifier.
    """

    def __init__(self, cards: Mapping[str, SkillCard], judge: Judge) -> None:
        self._cards = cards
        self._judge = judge
        self._openers = {
            name: opener
            for name, card in cards.items()
            if name not in (TRANSLATE, SUMMARISE, DESCRIBE, ASK, WRITE, READ)
            and (opener := _opener(card)) is not None
        }

    def opens(self, masked: str, around: Around, later: bool = False) -> str | None:
        """The skill whose request the text begins with, by wording alone; 20 µs.

        Args:
            later: something stands before it, so that "what my notes say" is no question.
        """
        lowered = masked.casefold()
        start = wording.LEAD_IN.match(lowered)
        rest = lowered[start.end() :] if start is not None else lowered
        han = _HAN.search(lowered[:40]) is not None
        kinds = self._han_kinds(lowered, around) if han else self._kinds(rest, around)
        kind = next((kind for kind in kinds if kind in self._cards), None)
        asks = kind in (ASK, DESCRIBE) and not han and wording.SEARCH.match(rest) is None
        return None if later and asks else kind

    def read(self, text: str, masked: str, around: Around, first: bool) -> Asked | None:
        """The skill a part asks for; None where it reads as no request.

        Args:
            first: nothing stands before it, so it may be put in any words.
        """
        opened = self.opens(masked, around, later=not first)
        if opened == SUMMARISE and first and not _points_at_text(masked.casefold(), around):
            opened = WRITE
        if not first:  # only its verb counts: the classifier knows whole messages
            return None if opened is None else Asked(opened, SURE_BY_WORDING)
        scores = self._judge(text)
        if opened is not None and not self._doubted(opened, scores):
            return Asked(opened, max(SURE_BY_WORDING, (scores or {}).get(opened, 0.0)))
        _, bare = trailing_language(text, loose=True) or ("", text)
        if not scores or not may_be_whole(bare):
            return None
        best = max(scores, key=lambda name: scores[name])
        likely = scores[best] >= _LEAST
        if best == TRANSLATE:
            likely = likely and read_translation(text).target is not None
        return Asked(best, scores[best]) if likely else None

    def _doubted(self, opened: str, scores: Mapping[str, float] | None) -> bool:
        """Verbs like "find" open much; the classifier may know better."""
        loose = opened in (ASK, *self._openers)
        return loose and scores is not None and scores.get(opened, 0.0) < _UNLIKELY

    def _kinds(self, rest: str, around: Around) -> Iterable[str]:
        near = re.split(r"[.!?;]\s", rest, maxsplit=1)[0]
        if wording.TRANSLATE.match(rest) or _says_in_language(rest):
            yield TRANSLATE
        if wording.SUMMARISE.match(rest):
            yield SUMMARISE
        if wording.TRANSCRIBE.match(rest) and (general.PICTURE.search(near) or around.images):
            yield READ
        if wording.LOOK.match(rest) and (general.PICTURE.search(near) or around.images):
            yield DESCRIBE
        if _about_documents(near) and (wording.SEARCH.match(rest) or general.QUESTION.search(near)):
            yield ASK
        for name, opener in self._openers.items():
            if opener.match(rest):
                yield name
        if wording.WRITE.match(rest):
            yield WRITE

    def _han_kinds(self, text: str, around: Around) -> Iterable[str]:
        near = re.split(r"[，。；！？,;]", text, maxsplit=1)[0]
        if _whole_is_language(near):
            yield TRANSLATE
            return
        verb = _han_verb(near)
        picture = general.PICTURE.search(near) or "图" in near or "照片" in near or around.images
        documents = _about_documents(near)
        for name, opener in self._openers.items():
            if opener.match(near):
                yield name
        if picture and wording.HAN_TRANSCRIBE.search(near):
            yield READ
        if verb in (TRANSLATE, SUMMARISE):
            yield verb
        elif verb == WRITE:
            yield WRITE
        elif picture and wording.HAN_LOOK.search(near):
            yield DESCRIBE
        elif documents and (verb == ASK or general.QUESTION.search(near)):
            yield ASK


def _han_verb(near: str) -> str | None:
    """The kind of the verb that comes first after what may precede one."""
    found: dict[str, int] = {}
    for kind, pattern in (
        (TRANSLATE, wording.HAN_TRANSLATE),
        (SUMMARISE, wording.HAN_SUMMARISE),
        (ASK, wording.HAN_SEARCH),
        (WRITE, wording.HAN_WRITE),
    ):
        for verb in pattern.finditer(near[: _FARTHEST_VERB + 2]):
            if wording.HAN_LEAD_IN.fullmatch(near[: verb.start()]):
                found[kind] = verb.start()
                break
    return min(found, key=lambda kind: found[kind], default=None)


def _says_in_language(rest: str, bare: bool = False) -> bool:
    """ "put it into Portuguese", "give them to me in Spanish"; `bare`: "back into English"."""
    head = None if bare else wording.SAY_IT.match(rest)
    if head is None and not bare:
        return _says_in_language(rest, bare=True)
    end = 0 if head is None else head.end()
    mention = next(iter(find_mentions(rest[end : end + 40])), None)
    if mention is None or mention.kind != "language":
        return False
    before = rest[end : end + mention.start]
    return _TO_LANGUAGE.fullmatch(before) is not None


def is_bare_language(masked: str) -> bool:
    """Whether it begins with a language to say it in, without a verb: "into English"."""
    lowered = masked.casefold()
    if _HAN.search(lowered[:40]):
        return False
    start = wording.LEAD_IN.match(lowered)
    rest = lowered[start.end() :] if start is not None else lowered
    return not wording.TRANSLATE.match(rest) and _says_in_language(rest, bare=True)


def _whole_is_language(near: str) -> bool:
    """ "用英语回答", "用英语说出来": nothing but a language to say it in."""
    for mention in find_mentions(near):
        before = wording.HAN_SPEAKS.search(near[: mention.start])
        if mention.kind == "language" and before is not None and before.start() == 0:
            return wording.HAN_SPEAKS_END.fullmatch(near[mention.end :].strip()) is not None
    return False


def _about_documents(text: str) -> bool:
    return bool(general.DOCUMENTS.search(text) or general.MINE.search(text))


def _points_at_text(lowered: str, around: Around) -> bool:
    """Whether there is a text to summarise, named or at hand."""
    return bool(
        around.has_text
        or around.images
        or "\ue000" in lowered
        or wording.REFERENCE.search(lowered)
        or general.DOCUMENTS.search(lowered)
        or not _SUBJECT.search(lowered)
    )


def may_be_whole(masked: str) -> bool:
    """Whether a part whose verb is unknown may be a request by itself."""
    if wording.HOW_TO.search(masked.casefold()):
        return False
    return len(masked.split()) >= FEWEST_WORDS or len(_HAN.findall(masked)) >= FEWEST_HAN


def is_about_picture(kind: str, text: str, masked: str) -> bool:
    """Whether a request to translate or summarise names a picture, or brings no words or file
    of its own."""
    if general.PICTURE.search(text.casefold()):
        return True
    payload = None if kind == SUMMARISE else read_translation(text).payload
    bare = payload is None or _POINTED_AT.fullmatch(payload.casefold()) is not None
    return bare and "\ue000" not in masked


def is_complete(text: str) -> bool:
    """Whether a request to translate has all it needs: words to translate need a language."""
    params = read_translation(text)
    return params.payload is None or params.target is not None


def trailing_language(text: str, loose: bool) -> tuple[str, str] | None:
    """The code of a language asked for at the end ("…, in Portuguese"), or in Chinese before
    the verb ("用英语总结…"), and the text without it.

    Args:
        loose: also without a comma before it.
    """
    mentions = [m for m in find_mentions(text) if m.kind == "language"]
    for mention in reversed(mentions):
        cut = _spoken_in(text, mention, loose)
        if cut is not None:
            start, end = cut
            rest = f"{text[:start]}{text[end:]}".strip(" ,，;；:")
            if len(rest) > 1:
                return mention.code, rest
    return None


def _spoken_in(text: str, mention: Mention, loose: bool) -> tuple[int, int] | None:
    """Where the phrase around a language begins and ends, if it asks for an answer in it."""
    if _HAN.match(text[mention.start]):
        before = wording.HAN_SPEAKS.search(text[: mention.start])
        after = wording.HAN_SPEAKS_END.match(text, mention.end)
        end = mention.end if after is None else after.end()
        return None if before is None else (before.start(), end)
    before = wording.SPEAKS.search(text[: mention.start].casefold())
    rest = wording.AFTERTHOUGHT.fullmatch(text[mention.end :].casefold())
    if before is None or rest is None:
        return None
    marked = before["open"].strip() or before["verb"] or rest[0].strip(" ?!.。")
    if not (loose or marked):
        return None
    return before.start("open"), mention.end if rest["kept"] else len(text)


def _opener(card: SkillCard) -> re.Pattern[str] | None:
    words = {
        example[:2] if _HAN.match(example) else example.split()[0]
        for examples in card.examples.values()
        for example in (" ".join(e.casefold().split()) for e in examples)
        if example
    }
    kept = sorted(re.escape(w) for w in words if len(w) >= _OWN_LENGTH or _OWN_HAN.match(w))
    return re.compile(rf"(?:{'|'.join(kept)})(?:(?!\w)|(?<=[\u3400-\u9fff]))") if kept else None
