"""Answers a question about an image: by a model for such questions where one is present, else from
what the other models tell, which is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass

from assistant.core.errors import ModelError
from assistant.core.events import Event, Labelled, Notice
from assistant.core.protocols import ImageAnswerer, LoadedImage, ObjectDetector, Translator
from assistant.core.skills import Cancelled
from assistant.language.image_questions import asks_particular, count_asked, presence_asked
from skills.colours import dominant_colours
from skills.describe_answer_words import AnswerWords, Back
from skills.describe_naming import ImageNamer
from skills.describe_wording import joined
from skills.labelling.kinds import in_english, meaning

PRESENT, ABSENT = 0.6, 0.25
"""Probabilities from which something is said to be in an image, and up to which not to be."""
_COLOUR = re.compile(
    r"\bcolou?rs?\b|颜色|\bcolor(?:es)?\b|\bcor(?:es)?\b|\bfarben?\b|couleur", re.I
)
_NAMES_IT = re.compile(
    r"\b(?:what|which) (?:kind|sort|type|breed|species|animal|plant|bird|dog|cat|fish|insect|object"
    r"|fruit|vegetable|food|vehicle|flower|tree|instrument)\b|什么(?:动物|植物|品种|鸟|狗|猫|鱼|水果|东西"
    r"|车|花)|\bqu[eé] (?:animal|planta|raza)\b|\bque (?:animal|planta|raça)\b"
    r"|\bwelches? (?:tier|rasse|pflanze)\b|\bquel(?:le)? (?:animal|plante|race)\b",
    re.IGNORECASE,
)
"""Asks for a name, which labels are."""
_PEOPLE = frozenset(
    {"person", "people", "man", "men", "woman", "women", "face", "faces", "人", "脸"}
)


def needs_answer(text: str) -> bool:
    """Whether a description alone would leave the message unanswered."""
    return asks_particular(text) and _NAMES_IT.search(text) is None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question, and the model that says so; both "" where nothing can be said."""

    text: str
    model: str = ""


NONE = Answer("")
Answering = Generator[str | Event, None, Answer]
"""Yields the answer as it is written, with events on the way; returns the whole."""


@dataclass(frozen=True, slots=True)
class QuestionAnswerer:
    """Answers with the best there is.

    Args:
        model: for questions about images; gives None while there is none here.
        namer: names images.
        detector: finds and counts things of a fixed list; None while there is none.
        faces: finds faces; None while there is none.
        translators: put questions into English and answers back.
        model_name: of a model that can be pulled.
    """

    model: Callable[[], ImageAnswerer | None]
    namer: ImageNamer
    detector: Callable[[], ObjectDetector | None]
    faces: Callable[[], ObjectDetector | None]
    translators: Callable[[], tuple[Translator, ...]]
    model_name: str

    def answer(
        self, image: LoadedImage, question: str, language: str, cancelled: Cancelled
    ) -> Answering:
        """What can be said to it."""
        model = self.model()
        if model is not None:
            return (yield from self._by_model(model, image, question, language, cancelled))
        answer = yield from self._without(image, question, language, cancelled)
        yield answer.text
        return answer

    def _by_model(
        self,
        model: ImageAnswerer,
        image: LoadedImage,
        question: str,
        language: str,
        cancelled: Cancelled,
    ) -> Answering:
        asked, back = self._in_english(question, language)
        if asked == question and language == "zh":
            yield Notice(
                f"No translator from Chinese is here; {model.name} gets the question as it is.",
                "Run `assistant models pull opus-mt-zh-en` and `opus-mt-en-zh` to get one.",
            )
        text = AnswerWords(language, back)
        found = yield from text.heard(model.answer(image.pixels, asked, cancelled))
        if not found:
            return Answer(text.whole, model.name if text.whole else "")
        yield Labelled(found, model.name)
        yield from text.finished(found[0])
        return Answer(text.whole, model.name)

    def _in_english(self, question: str, language: str) -> tuple[str, Back | None]:
        """The question as an English model takes it, and what turns sentences of an answer back;
        None where nothing does."""
        if language == "en":
            return question, None
        try:
            translators = self.translators()
        except ModelError:
            return question, None
        there = next((t for t in translators if (language, "en") in t.pairs), None)
        home = next((t for t in translators if ("en", language) in t.pairs), None)
        if there is None:
            return question, None
        asked = there.translate([question], language, "en")[0]
        if home is None:
            return asked, None
        return asked, lambda sentences: home.translate(sentences, "en", language)

    def _without(
        self, image: LoadedImage, question: str, language: str, cancelled: Cancelled
    ) -> Answering:
        zh = language == "zh"
        yield Notice(
            "There is no model for questions about images here; the answer comes from labels, "
            "text, colours and detections.",
            f"Run `assistant models pull {self.model_name}` to get one.",
        )
        if counted := count_asked(question):
            return self._count(image, counted, zh, cancelled)
        if wanted := presence_asked(question):
            return self._presence(image, wanted, zh)
        if _COLOUR.search(question):
            colours = dominant_colours(image.pixels)
            names = [colour.chinese if zh else colour.name for colour in colours]
            said = joined(names, "、", "和") if zh else joined(names, ", ", " and ")
            said = f"整张图主要是{said}。" if zh else f"The image as a whole is mostly {said}."
            return Answer(said)
        return NONE

    def _presence(self, image: LoadedImage, wanted: str, zh: bool) -> Answer:
        (named,), _ = self.namer.name([image.pixels], [wanted])
        if not named.own:
            return NONE
        score = named.labels[0].score
        share = f"（{score:.0%}）" if zh else f" ({score:.0%})"
        if score >= PRESENT:
            said = f"应该有“{wanted}”{share}。" if zh else f"Probably yes: “{wanted}”{share}."
        elif score <= ABSENT:
            said = (
                f"主要的东西不像是“{wanted}”{share}。"
                if zh
                else f"Probably not: what is mainly seen is not “{wanted}”{share}."
            )
        else:
            said = f"说不准有没有“{wanted}”{share}。" if zh else f"I can't tell: “{wanted}”{share}."
        return Answer(said, named.model)

    def _count(self, image: LoadedImage, counted: str, zh: bool, cancelled: Cancelled) -> Answer:
        detector = self._counter(counted)
        if detector is None:
            said = "没有检测模型，数不出来。" if zh else "Without a detector I can't count them."
            return Answer(said)
        found = next(detector.detect([image.pixels], None, cancelled), None)
        if found is None:
            return NONE
        hits = [one for one in found if _is_one(one.label, counted)]
        said = f"找到 {len(hits)} 个“{counted}”。" if zh else f"I found {len(hits)} “{counted}”."
        return Answer(said, detector.name)

    def _counter(self, counted: str) -> ObjectDetector | None:
        detector = self.detector()
        if detector is not None and any(_is_one(label, counted) for label in detector.labels):
            return detector
        return self.faces() if in_english(counted).casefold() in _PEOPLE else None


def _is_one(label: str, counted: str) -> bool:
    """Whether a detector's label is what is to be counted."""
    word, name = in_english(counted).casefold(), label.casefold()
    if word in {name, f"{name}s", f"{name}es"} or (name in _PEOPLE and word in _PEOPLE):
        return True
    wide, narrow = meaning(counted), meaning(label)
    return bool(wide and narrow and wide.whole and narrow.members <= wide.members)


def counted_faces(
    detector: ObjectDetector | None, image: LoadedImage, language: str, cancelled: Cancelled
) -> Answer:
    """How many faces there are; nothing where there are none, or nothing that finds them."""
    if detector is None:
        return NONE
    found = next(detector.detect([image.pixels], None, cancelled), ())
    if not found:
        return NONE
    n = len(found)
    said = f"图里有 {n} 张脸。" if language == "zh" else f"{n} face{'s' if n > 1 else ''} in it."
    return Answer(said, detector.name)
