"""Looks at images: what they show, how sure that is, the text in them, size and colours."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assistant.core.documents import TextLine
from assistant.core.errors import AssistantError, DocumentError, ModelError, UsageError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, Progress, TextDelta
from assistant.core.protocols import (
    ImageCaptioner,
    ImageOpener,
    LoadedImage,
    ObjectDetector,
    TextReader,
)
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from assistant.language.choices import read_choices
from assistant.language.image_questions import why_asked
from skills.colours import dominant_colours
from skills.describe_answers import Answering, QuestionAnswerer, counted_faces, needs_answer
from skills.describe_captions import check
from skills.describe_captions import told as told_caption
from skills.describe_card import CARD
from skills.describe_naming import ImageNamer, Named
from skills.describe_place import asks_for_place, place_told
from skills.describe_questions import asks_for_text
from skills.describe_why import Explainer
from skills.describe_wording import facts, fits, seen, spoken_by, text_found
from skills.picturing.facets import told
from skills.registry import Services

Captioning = Generator[Event, None, list[str]]
Reading = Generator[Event, None, tuple[tuple[TextLine, ...], str]]

AT_ONCE = 8
"""Images opened and named together."""
MOST_LABELS = 200
"""Labels of the person's own that are looked at; the rest is left out, with a notice."""
LEAST_TEXT_SCORE = 0.7
"""Lines the reader is less sure of are mostly patterns taken for letters."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is wanted of each image."""

    language: str
    text_first: bool
    labels: tuple[str, ...]
    left_out: int
    """Further labels of the person's, beyond what is looked at."""
    why: str | None
    """The label whose reason is wanted; "" is the first one named, None none."""

    place: bool
    """Whether it is asked where a photo was taken; else that is not looked at."""
    particular: str
    """The question, where a description alone would leave it unanswered; else ""."""

    @property
    def whole(self) -> bool:
        """Whether all there is to say is wanted."""
        return not (self.labels or self.text_first or self.particular) and self.why is None

    @property
    def scored(self) -> tuple[str, ...]:
        """Labels to score: the person's own, with the one whose reason is wanted."""
        extra = (self.why,) if self.why and self.why not in self.labels else ()
        return (*self.labels, *extra)


class DescribeSkill:
    """Describes attached images, or those of the last message that had some.

    Args:
        namer: says what images show.
        explainer: says why.
        answerer: answers questions in particular.
        captioner: writes a sentence; gives None while there is none here.
        faces: finds faces; gives None likewise.
        read_text: whether text is looked for even when it wasn't asked for.
    """

    def __init__(
        self,
        *,
        images: Callable[[], ImageOpener],
        namer: ImageNamer,
        explainer: Explainer,
        answerer: QuestionAnswerer,
        captioner: Callable[[], ImageCaptioner | None],
        faces: Callable[[], ObjectDetector | None],
        reader: Callable[[], TextReader],
        detect_language: Callable[[str], str],
        read_text: bool,
    ) -> None:
        self._images = images
        self._namer = namer
        self._explainer = explainer
        self._answerer = answerer
        self._captioner = captioner
        self._faces = faces
        self._reader = reader
        self._detect_language = detect_language
        self._read_text = read_text

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        paths = _image_paths(request)
        question = self._question(request)
        yield from self._limits(question)
        failures: list[DocumentError] = []
        separator = ""
        for start in range(0, len(paths), AT_ONCE):
            if request.cancelled():
                return
            opened = self._opened(paths[start : start + AT_ONCE])
            images = [image for image in opened if isinstance(image, LoadedImage)]
            named, notice = self._namer.name([image.pixels for image in images], question.scored)
            if notice is not None and images:
                yield notice
            captions = yield from self._captions(images, question)
            waiting = iter(zip(named, captions, strict=True))
            for number, image in enumerate(opened, start):
                if number and request.cancelled():
                    return
                if len(paths) > 1:
                    yield Progress("Looking at images", number, len(paths), "images")
                if isinstance(image, DocumentError):
                    failures.append(image)
                    if len(paths) > 1:
                        yield Notice(image.message, image.hint)
                    continue
                title = f"`{_shown(image.path)}`\n\n" if len(paths) > 1 else ""
                before = separator + title
                one, caption = next(waiting)
                yield from self._tell(image, one, caption, question, before)
                separator = "\n\n"
        if len(failures) == len(paths):
            raise _all_failed(failures)

    def _opened(self, paths: Sequence[Path]) -> list[LoadedImage | DocumentError]:
        """The images, each with its own error where it can't be opened; decoded together."""
        opener = self._images()

        def open_one(path: Path) -> LoadedImage | DocumentError:
            try:
                return opener.open(path)
            except DocumentError as error:
                return error

        if len(paths) == 1:
            return [open_one(paths[0])]
        with ThreadPoolExecutor() as pool:
            return list(pool.map(open_one, paths))

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is no image."""
        try:
            _image_paths(request)
        except UsageError as error:
            return error
        return None

    def _question(self, request: SkillRequest) -> _Question:
        text = request.subject
        language = request.params.target or (self._detect_language(text) if text.strip() else "")
        asked = request.params.labels or read_choices(text)
        labels = tuple(dict.fromkeys(filter(None, (one_line(label, 100) for label in asked))))
        return _Question(
            "zh" if language == "zh" else "en",
            asks_for_text(text),
            labels[:MOST_LABELS],
            len(labels[MOST_LABELS:]),
            why_asked(text) if request.params.why is None else request.params.why,
            asks_for_place(text),
            "" if labels or not needs_answer(text) else text,
        )

    def _limits(self, question: _Question) -> Iterator[Event]:
        """Say before looking what will not be done."""
        if question.left_out:
            total = MOST_LABELS + question.left_out
            yield Notice(
                f"Only the first {MOST_LABELS} of {total} labels were looked at.",
                "Ask about the others separately.",
            )

    def _captions(self, images: Sequence[LoadedImage], question: _Question) -> Captioning:
        """A sentence on each image, "" where none is wanted or no model here writes any."""
        captioner = self._captioner() if question.whole else None
        if captioner is None or not images:
            return [""] * len(images)
        try:
            captions = captioner.caption([image.pixels for image in images])
        except ModelError as error:
            yield Notice(error.message, error.hint)
            return [""] * len(images)
        encoder = self._namer.open_labels
        rows = encoder.see([image.pixels for image in images]) if encoder is not None else None
        checked = [
            check(encoder, rows[i], caption) if encoder and rows is not None else None
            for i, caption in enumerate(captions)
        ]
        return [
            told_caption(caption, seen_again, captioner.name, question.language)
            for caption, seen_again in zip(captions, checked, strict=True)
        ]

    def _tell(
        self,
        image: LoadedImage,
        named: Named,
        caption: str,
        question: _Question,
        before: str,
    ) -> Iterator[Event]:
        if question.why is None:
            yield from self._describe(image, named, caption, question, before)
        else:
            yield from self._explainer.explain(
                image, named, question.why, question.language, before
            )

    def _describe(
        self,
        image: LoadedImage,
        named: Named,
        caption: str,
        question: _Question,
        before: str,
    ) -> Iterator[Event]:
        yield Picture(str(image.path), _shown(image.path))
        if named.labels:
            yield Labelled(named.labels, named.model)
        if named.facets:
            chinese = question.language == "zh"
            yield Labelled(tuple(facet.label(chinese) for facet in named.facets), named.model)
        lines, reader = yield from self._lines(image, question)
        answer = yield from self._answered(image, question)
        parts = [
            place_told(image.path, question.language) if question.place else "",
            answer,
            caption,
            _sentence(named, question.language),
            self._seen_faces(image, question),
        ]
        sentence = "\n\n".join(filter(None, parts))
        text = text_found(lines, question.language, asked=question.text_first and bool(reader))
        yield Carried(before + self._essence(lines, sentence, question))
        parts = [text, sentence] if question.text_first else [sentence, text]
        parts.append(facts(image, dominant_colours(image.pixels), question.language))
        speakers = spoken_by(named.model, reader if lines else "", question.language)
        parts.append(f"*{speakers}*" if speakers else "")
        yield TextDelta(before + "\n\n".join(filter(None, parts)))

    @staticmethod
    def _essence(lines: Sequence[TextLine], sentence: str, question: _Question) -> str:
        """What a following step works on: the text where that was asked for, else what is seen;
        no sizes, no model names, no code marks."""
        text = "\n".join(line.text for line in lines)
        return (
            text
            if text and (question.text_first or not sentence)
            else "\n\n".join(filter(None, [sentence, text]))
        )

    def _answered(self, image: LoadedImage, question: _Question) -> Answering:
        """A sentence on the question in particular; "" where there is none, or no answer."""
        if not question.particular or question.text_first:
            return ""
        try:
            return (yield from self._answerer.answer(image, question.particular, question.language))
        except ModelError as error:
            yield Notice(error.message, error.hint)
            return ""

    def _seen_faces(self, image: LoadedImage, question: _Question) -> str:
        return counted_faces(self._faces(), image, question.language) if question.whole else ""

    def _lines(self, image: LoadedImage, question: _Question) -> Reading:
        """The text in the image, and the name of the model that read it; "" if none did."""
        wanted = self._read_text and not question.labels
        if not (wanted or question.text_first):
            return (), ""
        try:
            reader = self._reader()
            lines = reader.read(image.pixels)
        except ModelError as error:
            yield Notice(f"Text in the image can't be read: {error.message}", error.hint)
            return (), ""
        return tuple(line for line in lines if line.score >= LEAST_TEXT_SCORE), reader.name


def _sentence(named: Named, language: str) -> str:
    """What the labels say, in words."""
    if not named.labels:
        return ""
    if not named.own:
        facets = told(named.facets, language)
        return "\n\n".join(filter(None, [seen(named.labels, language), facets]))
    chosen = fits(named.labels, language, none=named.none)
    gap = "" if language == "zh" else " "
    return f"{chosen}{gap}{seen(named.fixed, language)}" if named.fixed else chosen


def _image_paths(request: SkillRequest) -> tuple[Path, ...]:
    """The images attached to the message, else to the last one before it that had any."""
    for message in (request.message, *reversed(request.history)):
        if message.images:
            return tuple(Path(path).expanduser() for path in message.images)
    raise UsageError(
        "There is no image to look at.",
        "Attach one: paste or drop its path in the chat, or use `assistant ask -i FILE`.",
    )


def _shown(path: Path) -> str:
    """The file's name, safe to show, to encode and to stand in Markdown."""
    name = one_line(path.name.encode("utf-8", "replace").decode("utf-8"), 80)
    return name.replace("`", "'")


def _all_failed(failures: Sequence[DocumentError]) -> DocumentError:
    if len(failures) == 1:
        return failures[0]
    first = failures[0]
    return DocumentError(
        f"None of the {len(failures)} images can be opened; the first: {first.message}", first.hint
    )


def make(services: Services) -> DescribeSkill:
    """The skill from the program's services."""
    namer = ImageNamer(labeler=services.labeler, clip=services.clip, embedder=services.embedder)
    return DescribeSkill(
        images=services.images,
        namer=namer,
        explainer=Explainer(namer, services.picture_folder),
        answerer=QuestionAnswerer(
            model=services.answerer,
            namer=namer,
            detector=services.detector,
            faces=services.faces,
            translators=services.translators,
            model_name=services.settings.describe.vqa_model,
        ),
        captioner=services.captioner,
        faces=services.faces,
        reader=services.reader,
        detect_language=services.detect_language,
        read_text=services.settings.describe.read_text,
    )
