"""Looks at images: what they show, how sure that is, the text in them, size and colours."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

from assistant.core.documents import TextLine
from assistant.core.errors import AssistantError, ModelError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture
from assistant.core.protocols import ImageOpener, LoadedImage, ObjectDetector, TextReader
from assistant.core.skills import Cancelled, SkillCard, SkillRequest
from skills.attached_images import Openings, image_paths, no_image, shown_name
from skills.colours import dominant_colours
from skills.describe_answers import NONE, Answering, QuestionAnswerer, counted_faces
from skills.describe_captions import CaptionWriter
from skills.describe_card import CARD
from skills.describe_names import called
from skills.describe_naming import ImageNamer, Named
from skills.describe_place import place_told
from skills.describe_questions import MOST_LABELS, ImageQuestion, read_question
from skills.describe_telling import Paragraphs
from skills.describe_why import Explainer
from skills.describe_wording import facts, naming_told, text_found
from skills.reading.scanning import until
from skills.registry import Services
from skills.speakers import spoken_by

Reading = Generator[Event, None, tuple[tuple[TextLine, ...], str]]

AT_ONCE = 8
"""Images opened and named together."""
LEAST_TEXT_SCORE = 0.7
"""Lines the reader is less sure of are mostly patterns taken for letters."""


class DescribeSkill:
    """Describes attached images, or those of the last message that had some.

    Args:
        namer: says what images show.
        explainer: says why.
        answerer: answers questions in particular.
        captions: writes a sentence, where a model for that is here.
        faces: finds faces; gives None while there is no model for that here.
        read_text: whether text is looked for even when it wasn't asked for.
    """

    def __init__(
        self,
        *,
        images: Callable[[], ImageOpener],
        namer: ImageNamer,
        explainer: Explainer,
        answerer: QuestionAnswerer,
        captions: CaptionWriter,
        faces: Callable[[], ObjectDetector | None],
        reader: Callable[[], TextReader],
        detect_language: Callable[[str], str],
        read_text: bool,
    ) -> None:
        self._images = images
        self._namer = namer
        self._explainer = explainer
        self._answerer = answerer
        self._captions = captions
        self._faces = faces
        self._reader = reader
        self._detect_language = detect_language
        self._read_text = read_text

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        openings = Openings(image_paths(request), self._images(), AT_ONCE)
        question = read_question(request, self._detect_language)
        yield from self._limits(question)
        names: list[Named] = []

        def name(images: Sequence[LoadedImage]) -> Iterator[Event]:
            found, notice = self._namer.name([image.pixels for image in images], question.scored)
            names.extend(found)
            if notice is not None and images:
                yield notice

        def tell(image: LoadedImage, before: str) -> Iterator[Event]:
            named = names.pop(0)
            if question.why is None:
                yield from self._describe(image, named, question, before, request.cancelled)
            else:
                asked, language = question.why, question.language
                yield from self._explainer.explain(image, named, asked, language, before)

        yield from openings.tell_each(request.cancelled, tell, name)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is no image."""
        return no_image(request)

    def _limits(self, question: ImageQuestion) -> Iterator[Event]:
        """Say before looking what will not be done."""
        if question.left_out:
            total = MOST_LABELS + question.left_out
            yield Notice(
                f"Only the first {MOST_LABELS} of {total} labels were looked at.",
                "Ask about the others separately.",
            )

    def _describe(
        self,
        image: LoadedImage,
        named: Named,
        question: ImageQuestion,
        before: str,
        cancelled: Cancelled,
    ) -> Iterator[Event]:
        yield Picture(str(image.path), shown_name(image.path))
        yield from _labelled(named, question.language)
        paragraphs, seen = Paragraphs(before), _Seen()
        if question.text_first:
            yield from self._read(image, question, paragraphs, seen, cancelled)
        yield from self._look(image, named, question, paragraphs, seen, cancelled)
        if not (question.text_first or cancelled()):
            yield from self._read(image, question, paragraphs, seen, cancelled)
        if cancelled():
            return
        yield Carried(before + self._essence(seen.lines, "\n\n".join(seen.told), question))
        language = question.language
        yield from paragraphs.add(facts(image, dominant_colours(image.pixels), language))
        speakers = spoken_by(
            language,
            named=named.model,
            read=seen.reader if seen.lines else "",
            answered=seen.answerer,
            faces=seen.faces,
        )
        yield from paragraphs.add(speakers)

    def _look(
        self,
        image: LoadedImage,
        named: Named,
        question: ImageQuestion,
        paragraphs: Paragraphs,
        seen: _Seen,
        cancelled: Cancelled,
    ) -> Iterator[Event]:
        """What is asked in particular, a caption, names and faces, each as soon as it is known."""
        language = question.language
        place = place_told(image.path, language) if question.place else ""
        yield from paragraphs.add(place)
        answer = yield from paragraphs.stream(self._answered(image, question, cancelled))
        caption = ""
        if question.whole:
            writing = self._captions.write(image, language, cancelled)
            caption = yield from paragraphs.stream(writing)
        if cancelled():
            return
        names = naming_told(named, language)
        yield from paragraphs.add(names)
        faces = NONE
        if question.whole:
            faces = counted_faces(self._faces(), image, language, cancelled)
        yield from paragraphs.add(faces.text)
        seen.answerer, seen.faces = answer.model, faces.model
        seen.told = tuple(filter(None, (place, answer.text, caption, names, faces.text)))

    def _read(
        self,
        image: LoadedImage,
        question: ImageQuestion,
        paragraphs: Paragraphs,
        seen: _Seen,
        cancelled: Cancelled,
    ) -> Iterator[Event]:
        seen.lines, seen.reader = yield from self._lines(image, question, cancelled)
        if cancelled():
            return  # not "no text": nobody knows
        asked = question.text_first and bool(seen.reader)
        yield from paragraphs.add(text_found(seen.lines, question.language, asked=asked))

    @staticmethod
    def _essence(lines: Sequence[TextLine], sentence: str, question: ImageQuestion) -> str:
        """What a following step works on: the text where that was asked for, else what is seen;
        no sizes, no model names, no code marks."""
        text = "\n".join(line.text for line in lines)
        return (
            text
            if text and (question.text_first or not sentence)
            else "\n\n".join(filter(None, [sentence, text]))
        )

    def _answered(
        self, image: LoadedImage, question: ImageQuestion, cancelled: Cancelled
    ) -> Answering:
        """What is said to the question in particular, if there is one."""
        if not question.particular or question.text_first:
            return NONE
        try:
            return (
                yield from self._answerer.answer(
                    image, question.particular, question.language, cancelled
                )
            )
        except ModelError as error:
            yield Notice(error.message, error.hint)
            return NONE

    def _lines(self, image: LoadedImage, question: ImageQuestion, cancelled: Cancelled) -> Reading:
        """The text in the image, and the name of the model that read it; "" if none did."""
        wanted = self._read_text and not question.labels
        if not (wanted or question.text_first):
            return (), ""
        try:
            reader = self._reader()
            with until(reader, cancelled):
                lines = reader.read(image.pixels)
        except ModelError as error:
            yield Notice(f"Text in the image can't be read: {error.message}", error.hint)
            return (), ""
        return tuple(line for line in lines if line.score >= LEAST_TEXT_SCORE), reader.name


@dataclass(slots=True)
class _Seen:
    """What was told of an image so far, and by whom."""

    lines: tuple[TextLine, ...] = ()
    reader: str = ""
    told: tuple[str, ...] = ()
    answerer: str = ""
    faces: str = ""


def _labelled(named: Named, language: str) -> Iterator[Event]:
    if named.labels:
        yield Labelled(called(named.labels, language), named.model)
    if named.facets:
        facets = (facet.label(language == "zh") for facet in named.facets)
        yield Labelled(tuple(facets), named.model)


def make(services: Services) -> DescribeSkill:
    """The skill from the program's services."""
    settings = services.settings.describe
    namer = ImageNamer(
        labeler=services.labeler,
        clip=services.clip,
        embedder=services.embedder,
        clip_model=settings.clip_model,
    )
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
            model_name=settings.vqa_model,
        ),
        captions=CaptionWriter(services.captioner, namer),
        faces=services.faces,
        reader=services.reader,
        detect_language=services.detect_language,
        read_text=settings.read_text,
    )
