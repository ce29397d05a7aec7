"""Looks at images: what they show, how sure that is, the text in them, size and colours."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.core.documents import TextLine
from assistant.core.errors import AssistantError, DocumentError, ModelError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, Progress, TextDelta
from assistant.core.protocols import ImageOpener, LoadedImage, ObjectDetector, TextReader
from assistant.core.skills import Cancelled, SkillCard, SkillRequest
from skills.attached_images import image_paths, no_image, shown_name
from skills.colours import dominant_colours
from skills.describe_answers import NONE, Answering, QuestionAnswerer, counted_faces
from skills.describe_captions import CaptionWriter
from skills.describe_card import CARD
from skills.describe_names import called
from skills.describe_naming import ImageNamer, Named
from skills.describe_place import place_told
from skills.describe_questions import MOST_LABELS, ImageQuestion, read_question
from skills.describe_why import Explainer
from skills.describe_wording import facts, naming_told, spoken_by, text_found
from skills.registry import Services

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
        paths = image_paths(request)
        question = read_question(request, self._detect_language)
        yield from self._limits(question)
        failures: list[DocumentError] = []
        for start in range(0, len(paths), AT_ONCE):
            if request.cancelled():
                return
            opened = self._opened(paths[start : start + AT_ONCE])
            first = len(failures) == start  # none could be opened so far
            failures += [image for image in opened if isinstance(image, DocumentError)]
            count = start, len(paths)
            yield from self._together(opened, count, question, request.cancelled, first=first)
        if len(failures) == len(paths):
            raise _all_failed(failures)

    def _together(
        self,
        opened: Sequence[LoadedImage | DocumentError],
        count: tuple[int, int],
        question: ImageQuestion,
        cancelled: Cancelled,
        *,
        first: bool,
    ) -> Iterator[Event]:
        """Some of the images, named together and told one by one.

        Args:
            count: number of the first (from 0), and of all.
            first: nothing was told before.
        """
        start, total = count
        telling = yield from self._named(opened, question)
        for number, image in enumerate(opened, start):
            if number and cancelled():
                return
            if total > 1:
                yield Progress("Looking at images", number, total, "images")
            if isinstance(image, DocumentError):
                if total > 1:
                    yield Notice(image.message, image.hint)
                continue
            title = f"`{shown_name(image.path)}`\n\n" if total > 1 else ""
            named, caption = next(telling)
            yield from self._tell(
                image, named, caption, question, title if first else f"\n\n{title}"
            )
            first = False

    def _named(
        self, opened: Sequence[LoadedImage | DocumentError], question: ImageQuestion
    ) -> Generator[Event, None, Iterator[tuple[Named, str]]]:
        """What each image that could be opened shows, and a sentence on it."""
        images = [image for image in opened if isinstance(image, LoadedImage)]
        named, notice = self._namer.name([image.pixels for image in images], question.scored)
        if notice is not None and images:
            yield notice
        captions = [""] * len(images)
        if question.whole:
            captions = yield from self._captions.write(images, question.language)
        return zip(named, captions, strict=True)

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
        return no_image(request)

    def _limits(self, question: ImageQuestion) -> Iterator[Event]:
        """Say before looking what will not be done."""
        if question.left_out:
            total = MOST_LABELS + question.left_out
            yield Notice(
                f"Only the first {MOST_LABELS} of {total} labels were looked at.",
                "Ask about the others separately.",
            )

    def _tell(
        self,
        image: LoadedImage,
        named: Named,
        caption: str,
        question: ImageQuestion,
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
        question: ImageQuestion,
        before: str,
    ) -> Iterator[Event]:
        yield Picture(str(image.path), shown_name(image.path))
        if named.labels:
            yield Labelled(called(named.labels, question.language), named.model)
        if named.facets:
            chinese = question.language == "zh"
            yield Labelled(tuple(facet.label(chinese) for facet in named.facets), named.model)
        lines, reader = yield from self._lines(image, question)
        answer = yield from self._answered(image, question)
        faces = counted_faces(self._faces(), image, question.language) if question.whole else NONE
        language = question.language
        place = place_told(image.path, language) if question.place else ""
        told = (place, answer.text, caption, naming_told(named, language), faces.text)
        sentence = "\n\n".join(filter(None, told))
        text = text_found(lines, language, asked=question.text_first and bool(reader))
        yield Carried(before + self._essence(lines, sentence, question))
        parts = [text, sentence] if question.text_first else [sentence, text]
        parts.append(facts(image, dominant_colours(image.pixels), language))
        speakers = spoken_by(
            language,
            named=named.model,
            read=reader if lines else "",
            answered=answer.model,
            faces=faces.model,
        )
        parts.append(f"*{speakers}*" if speakers else "")
        yield TextDelta(before + "\n\n".join(filter(None, parts)))

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

    def _answered(self, image: LoadedImage, question: ImageQuestion) -> Answering:
        """What is said to the question in particular, if there is one."""
        if not question.particular or question.text_first:
            return NONE
        try:
            return (yield from self._answerer.answer(image, question.particular, question.language))
        except ModelError as error:
            yield Notice(error.message, error.hint)
            return NONE

    def _lines(self, image: LoadedImage, question: ImageQuestion) -> Reading:
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


def _all_failed(failures: Sequence[DocumentError]) -> DocumentError:
    if len(failures) == 1:
        return failures[0]
    first = failures[0]
    return DocumentError(
        f"None of the {len(failures)} images can be opened; the first: {first.message}", first.hint
    )


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
