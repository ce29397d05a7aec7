"""Looks at images: what they show, how sure that is, the text in them, size and colours."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.documents import Label, TextLine
from assistant.core.errors import AssistantError, DocumentError, ModelError, UsageError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, Progress, TextDelta
from assistant.core.protocols import (
    ImageEncoder,
    ImageLabeler,
    ImageOpener,
    LoadedImage,
    TextReader,
)
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from skills.colours import dominant_colours
from skills.describe_card import CARD
from skills.describe_names import everyday_labels
from skills.describe_open_labels import OpenLabels
from skills.describe_questions import asks_for_text, labels_asked
from skills.describe_wording import facts, fits, seen, spoken_by, text_found
from skills.registry import Services

Labelling = Generator[Event, None, tuple[tuple[Label, ...], str]]
Reading = Generator[Event, None, tuple[tuple[TextLine, ...], str]]

TOP_LABELS = 5
CANDIDATES = 20
"""Labels of the fixed list that compete with everyday words where an encoder judges."""
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


class DescribeSkill:
    """Describes attached images, or those of the last message that had some.

    Args:
        clip: gives None while no such model is on this machine; then labels of the
            person's own can't be scored, which the answer says.
        clip_model: the name under which such a model can be pulled.
        read_text: whether text is looked for even when it wasn't asked for.
    """

    def __init__(
        self,
        *,
        images: Callable[[], ImageOpener],
        labeler: Callable[[], ImageLabeler],
        clip: Callable[[], ImageEncoder | None],
        reader: Callable[[], TextReader],
        detect_language: Callable[[str], str],
        clip_model: str,
        read_text: bool,
    ) -> None:
        self._images = images
        self._labeler = labeler
        self._clip = clip
        self._reader = reader
        self._detect_language = detect_language
        self._clip_model = clip_model
        self._read_text = read_text
        self._open_labels: OpenLabels | None = None

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        paths = _image_paths(request)
        question = self._question(request)
        yield from self._limits(question)
        failures: list[DocumentError] = []
        separator = ""
        for number, path in enumerate(paths):
            if request.cancelled():
                return
            if len(paths) > 1:
                yield Progress("Looking at images", number, len(paths), "images")
            try:
                image = self._images().open(path)
            except DocumentError as error:
                failures.append(error)
                if len(paths) > 1:
                    yield Notice(error.message, error.hint)
                continue
            title = f"`{_shown(path)}`\n\n" if len(paths) > 1 else ""
            yield from self._describe(image, question, separator + title)
            separator = "\n\n"
        if len(failures) == len(paths):
            raise _all_failed(failures)

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
        asked = request.params.labels or labels_asked(text)
        labels = tuple(dict.fromkeys(filter(None, (one_line(label, 100) for label in asked))))
        return _Question("zh" if language == "zh" else "en", asks_for_text(text), labels)

    def _limits(self, question: _Question) -> Iterator[Event]:
        """Say before looking what will not be done."""
        if question.labels and self._open() is None:
            yield Notice(
                "Labels of your own can't be scored without a CLIP model; "
                "the answer comes from a fixed list of labels.",
                f"Run `assistant models pull {self._clip_model}` to get one.",
            )
        if len(question.labels) > MOST_LABELS:
            yield Notice(
                f"Only the first {MOST_LABELS} of {len(question.labels)} labels were looked at.",
                "Ask about the others separately.",
            )

    def _describe(self, image: LoadedImage, question: _Question, before: str) -> Iterator[Event]:
        yield Picture(str(image.path), _shown(image.path))
        labels, labeler = yield from self._label(image, question)
        lines, reader = yield from self._lines(image, question)
        sentence = ""
        if labels:
            yield Labelled(labels, labeler)
            own = question.labels and self._open_labels is not None
            sentence = (fits if own else seen)(labels, question.language)
        text = text_found(lines, question.language, asked=question.text_first and bool(reader))
        yield Carried(before + self._essence(lines, sentence, question))
        parts = [text, sentence] if question.text_first else [sentence, text]
        parts.append(facts(image, dominant_colours(image.pixels), question.language))
        speakers = spoken_by(labeler, reader if lines else "", question.language)
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

    def _label(self, image: LoadedImage, question: _Question) -> Labelling:
        """Labels, best first, and the name of the model that gave them."""
        encoder = self._open()
        if encoder is not None and question.labels:
            return encoder.rank(image.pixels, question.labels[:MOST_LABELS]), encoder.model
        try:
            labeler = self._labeler()
        except ModelError as error:
            if encoder is None:
                yield Notice(f"What the image shows can't be named: {error.message}", error.hint)
                return (), ""
            fixed: tuple[Label, ...] = ()
        else:
            fixed = labeler.label([image.pixels], CANDIDATES if encoder else TOP_LABELS)[0]
            if encoder is None:
                return fixed, labeler.name
        vocabulary = [*everyday_labels(), *(label.label for label in fixed)]
        return encoder.rank(image.pixels, vocabulary)[:TOP_LABELS], encoder.model

    def _lines(self, image: LoadedImage, question: _Question) -> Reading:
        """The text in the image, and the name of the model that read it; "" if none did."""
        if not (self._read_text or question.text_first):
            return (), ""
        try:
            reader = self._reader()
            lines = reader.read(image.pixels)
        except ModelError as error:
            yield Notice(f"Text in the image can't be read: {error.message}", error.hint)
            return (), ""
        return tuple(line for line in lines if line.score >= LEAST_TEXT_SCORE), reader.name

    def _open(self) -> OpenLabels | None:
        """The scorer of labels in any words, once a CLIP model is on this machine."""
        if self._open_labels is None and (encoder := self._clip()) is not None:
            self._open_labels = OpenLabels(encoder)
        return self._open_labels


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
    settings = services.settings.describe
    return DescribeSkill(
        images=services.images,
        labeler=services.labeler,
        clip=services.clip,
        reader=services.reader,
        detect_language=services.detect_language,
        clip_model=settings.clip_model,
        read_text=settings.read_text,
    )
