"""Finds pictures among the indexed ones: by what they show, by time, by likeness."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from assistant.core.errors import AssistantError, DocumentError, UsageError
from assistant.core.events import Abstained, Event, Notice, Picture, TextDelta
from assistant.core.protocols import ImageOpener
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line
from assistant.files.exif import read_exif
from assistant.files.image_troubles import check_file
from skills.attached_images import image_paths
from skills.finding.asking import PictureRequest, continued, goes_on, read_request
from skills.finding.card import CARD
from skills.finding.searching import PictureSearch
from skills.finding.spaces import subject
from skills.finding.wording import Wording, caption, listed, shown_name, when, wording
from skills.registry import Services


def today() -> date:
    """In the local time zone."""
    return datetime.now().astimezone().date()


class FindSkill:
    """Shows the best pictures, with name, day and why.

    Args:
        search: finds them.
        opener: opens an attached picture.
        detect_language: ISO 639-1 code of a text.
        now: the day "last year" is counted from.
    """

    def __init__(
        self,
        search: PictureSearch,
        opener: Callable[[], ImageOpener],
        detect_language: Callable[[str], str],
        now: Callable[[], date] = today,
    ) -> None:
        self._search = search
        self._opener = opener
        self._detect_language = detect_language
        self._now = now

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        words = wording(self._detect_language(request.message.text))
        images = any(m.images for m in (request.message, *request.history))
        asked = self._asked(request, has_image=images)
        if asked.where and images:
            yield from _places(request, words)
            return
        collection = request.params.collection
        if not self._search.count(collection):
            raise _nothing_indexed(collection)
        if asked.similar or (request.message.images and not asked.topic):
            yield from self._similar(request, asked, words)
        else:
            yield from self._showing(request, asked, words)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There are no pictures to find any in."""
        collection = request.params.collection
        return None if self._search.count(collection) else _nothing_indexed(collection)

    def _asked(self, request: SkillRequest, *, has_image: bool) -> PictureRequest:
        """What is asked for, completed by the question before where it goes on from one.

        Raises:
            UsageError: as `read_request`.
        """
        named, today = request.params.filters, self._now()
        asked = read_request(request.subject, named, today, has_image=has_image)
        before = next((m.text for m in reversed(request.history) if m.role == "user"), "")
        if not before or not goes_on(request.subject):
            return asked
        return continued(asked, read_request(before, named, today, has_image=False))

    def _showing(
        self, request: SkillRequest, asked: PictureRequest, words: Wording
    ) -> Iterator[Event]:
        found = self._search.showing(asked.topic, request.params.collection, asked.filters)
        about = one_line(asked.topic, 80)
        days = when(asked.filters.after, asked.filters.before, words)
        main = subject(asked.topic) if asked.topic else ""
        if main != asked.topic and not self._search.reads_sentences:
            yield Notice(words.subject_only.format(subject=one_line(main, 80)))
        yield from _pending(found.pending)
        if not found.pictures:
            yield Abstained(0.0, ())
            yield TextDelta(
                words.none.format(searched=found.searched, when=days, topic=about or "…")
            )
            return
        one_or_many = 0 if found.matching == 1 else 1
        what = words.of[one_or_many].format(topic=about) if about else words.anything
        yield TextDelta(_lead(found.matching, found.searched, what, days, words))
        yield TextDelta(listed(found, words, similar=False))
        for picture in found.pictures:
            yield Picture(picture.path, caption(picture, words, similar=False))

    def _similar(
        self, request: SkillRequest, asked: PictureRequest, words: Wording
    ) -> Iterator[Event]:
        path, *others = image_paths(request)
        if others:
            yield Notice(
                f"Pictures like {one_line(path.name, 80)} alone were looked for, the first of "
                f"{1 + len(others)}.",
                "Ask with the others one by one.",
            )
        image = self._opener().open(path)
        found = self._search.like(image, request.params.collection, asked.filters)
        yield from _pending(found.pending)
        days = when(asked.filters.after, asked.filters.before, words)
        if not found.pictures:
            yield Abstained(0.0, ())
            name = shown_name(str(path))
            yield TextDelta(words.none.format(searched=found.searched, when=days, topic=name))
            return
        what = words.like[0 if found.matching == 1 else 1]
        yield TextDelta(_lead(found.matching, found.searched, what, days, words))
        yield TextDelta(listed(found, words, similar=True))
        for picture in found.pictures:
            yield Picture(picture.path, caption(picture, words, similar=True))


def _lead(matching: int, searched: int, what: str, days: str, words: Wording) -> str:
    template = words.shown[0 if matching == 1 else 1]
    line = template.format(count=matching, searched=searched, what=what, when=days)
    return f"{' '.join(line.split()).replace(' ,', ',')}\n\n"


def _pending(count: int) -> Iterator[Notice]:
    if count:
        pictures = "1 picture was" if count == 1 else f"{count:,} pictures were"
        yield Notice(
            f"{pictures} not looked at by the model in use yet.",
            "“assistant index sync” takes the work up.",
        )


def _places(request: SkillRequest, words: Wording) -> Iterator[Event]:
    """Where attached pictures were taken: the one time a place is told.

    Raises:
        DocumentError: none of them can be looked at.
    """
    lines: list[str] = []
    failures: list[DocumentError] = []
    for path in image_paths(request):
        try:
            check_file(path)
        except DocumentError as error:
            failures.append(error)
        else:
            lines.append(_place(path, words))
    if not lines:
        raise failures[0]
    yield from (Notice(error.message, error.hint) for error in failures)
    yield TextDelta("\n\n".join(lines))


def _place(path: Path, words: Wording) -> str:
    exif, name = read_exif(path), shown_name(str(path))
    if exif.latitude is None or exif.longitude is None:
        return words.no_place.format(name=name)
    halves = ("北", "南", "东", "西") if words.place.endswith("。") else ("N", "S", "E", "W")
    return words.place.format(
        name=name,
        latitude=abs(exif.latitude),
        longitude=abs(exif.longitude),
        ns=halves[exif.latitude < 0],
        ew=halves[2 + (exif.longitude < 0)],
    )


def _nothing_indexed(collection: str | None) -> UsageError:
    if collection is None:
        return UsageError("No pictures are indexed yet.", "assistant index add FOLDER")
    return UsageError(
        f"No pictures are indexed in the collection “{one_line(collection, 80)}”.",
        f"assistant index add FOLDER --collection {one_line(collection, 80)}",
    )


def make(services: Services) -> FindSkill:
    """The skill from the program's services."""
    return FindSkill(
        PictureSearch(services.pictures, services.retriever, services.picture_space),
        services.images,
        services.detect_language,
    )
