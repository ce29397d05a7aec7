"""Writes down what stands in images and documents: text in its order, tables, what is doubtful."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import AssistantError, DocumentError, UsageError
from assistant.core.events import Carried, Event, Notice, Picture, Progress, TextDelta
from assistant.core.paths import with_home
from assistant.core.skills import SkillCard, SkillRequest
from assistant.files.image_troubles import no_such_page
from skills.answer_language import languages
from skills.attached_images import shown_name
from skills.reading.card import CARD
from skills.reading.page import Page
from skills.reading.scanning import PICTURES, Scanner, Sheets, chosen
from skills.reading.telling import Telling, telling_in
from skills.reading.wording import pages_named, wants_tables
from skills.reading.writing import markdown, plain, table_markdown
from skills.registry import Services

MOST_TOLD = 200
"""Pages written into one answer; the command line has no such limit."""

_Opening = Generator[Event, None, Sheets | None]
_Reading = Generator[Event, None, Page | None]


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is wanted of each file."""

    telling: Telling
    pages: frozenset[int]
    tables: bool
    several: bool


class ReadSkill:
    """Transcribes the attached images and documents, or the images of the last message with any.

    Args:
        scanner: reads pages.
        detect_language: text → code of its language.
    """

    def __init__(self, scanner: Scanner, detect_language: Callable[[str], str]) -> None:
        self._scanner = scanner
        self._detect_language = detect_language

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        paths = attached(request)
        wish = self._wish(request, len(paths))
        failures: list[DocumentError] = []
        separator = ""
        for number, path in enumerate(paths):
            if request.cancelled():
                return
            if wish.several:
                yield Progress("Reading files", number, len(paths), "files")
            sheets = yield from self._opened(path, request, wish, failures)
            if sheets is None:
                continue
            for event in self._told(sheets, request, wish, separator):
                separator = "\n\n" if isinstance(event, TextDelta) else separator
                yield event
        if len(failures) == len(paths):
            raise _all_failed(failures)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is nothing to read."""
        try:
            attached(request)
        except UsageError as error:
            return error
        return None

    def _wish(self, request: SkillRequest, files: int) -> _Wish:
        text = request.subject
        _, language = languages(request, self._detect_language)
        return _Wish(telling_in(language), pages_named(text), wants_tables(text), files > 1)

    def _opened(
        self, path: Path, request: SkillRequest, wish: _Wish, failures: list[DocumentError]
    ) -> _Opening:
        try:
            sheets = self._scanner.open(path, request.cancelled)
            if not chosen(sheets.count, wish.pages):
                raise no_such_page(shown_name(path), sheets.count)
        except DocumentError as error:
            failures.append(error)
            if wish.several:
                yield Notice(error.message, error.hint)
            return None
        return sheets

    def _told(
        self, sheets: Sheets, request: SkillRequest, wish: _Wish, separator: str
    ) -> Iterator[Event]:
        """The pages as they are read, then what is doubtful in them."""
        if sheets.path.suffix.lower() in PICTURES:
            yield Picture(str(sheets.path), shown_name(sheets.path))
        read: list[Page] = []
        for step in self._pages(sheets, request, wish):
            if not isinstance(step, Page):
                yield step
                continue
            read.append(step)
            if not wish.tables:  # else what is told of a page depends on the others
                yield from _shown(step, sheets, wish, separator, tables=False)
                separator = "\n\n" if step.parts else separator
        with_tables = [page for page in read if page.tables]
        for page in (with_tables or read) if wish.tables else ():
            yield from _shown(page, sheets, wish, separator, tables=bool(with_tables))
            separator = "\n\n" if page.parts else separator
        remarks = wish.telling.remarks(read, sheets, tables=wish.tables)
        if remarks:
            yield TextDelta(separator + remarks)

    def _pages(self, sheets: Sheets, request: SkillRequest, wish: _Wish) -> Iterator[Page | Event]:
        """The pages wanted, as they are read, until it is cancelled."""
        numbers = chosen(sheets.count, wish.pages)
        for done, number in enumerate(numbers[:MOST_TOLD]):
            if request.cancelled():
                return
            if len(numbers) > 1:
                yield Progress("Reading pages", done, len(numbers), "pages")
            page = yield from self._page(sheets, number)
            if page is not None and not request.cancelled():
                yield page
        if len(numbers) > MOST_TOLD:
            yield _too_many(sheets, len(numbers))

    @staticmethod
    def _page(sheets: Sheets, number: int) -> _Reading:
        """A page; one that can't be drawn is told, and the others go on."""
        try:
            return sheets.read(number)
        except DocumentError as error:
            if sheets.count == 1:
                raise
            yield Notice(error.message, error.hint)
            return None


def attached(request: SkillRequest) -> tuple[Path, ...]:
    """Images and files of the message, else the images of the last one before it that had any.

    Raises:
        UsageError: there are none.
    """
    message = request.message
    for found in ((*message.images, *message.files), *(m.images for m in request.history[::-1])):
        if found:
            return tuple(with_home(path) for path in found)
    raise UsageError(
        "There is nothing to read.",
        "Attach an image or a scanned PDF: paste or drop its path in the chat, or use "
        "`assistant read FILE`.",
    )


def _shown(
    page: Page, sheets: Sheets, wish: _Wish, separator: str, *, tables: bool
) -> Iterator[Event]:
    """A page, or its tables alone, under its title; as Markdown, and for a following step."""
    told = "\n\n".join(map(table_markdown, page.tables)) if tables else markdown([page])
    if not told:
        return
    title = wish.telling.title(sheets.path, page.number, sheets.count, named=wish.several)
    yield Carried(told if tables else plain([page]))
    yield TextDelta(separator + (f"{title}\n\n" if title else "") + told)


def _too_many(sheets: Sheets, count: int) -> Notice:
    name = shown_name(sheets.path)
    return Notice(
        f"Only the first {MOST_TOLD} of {count} pages of {name} were read.",
        "Read the others by their numbers, or all of them with `assistant read FILE -o OUT.md`.",
    )


def _all_failed(failures: Sequence[DocumentError]) -> DocumentError:
    first = failures[0]
    if len(failures) == 1:
        return first
    return DocumentError(
        f"None of the {len(failures)} files can be read; the first: {first.message}", first.hint
    )


def scanner_of(services: Services) -> Scanner:
    """What reads pages, from the program's services."""
    return Scanner(services.images, services.pages, services.reader)


def make(services: Services) -> ReadSkill:
    """The skill from the program's services."""
    return ReadSkill(scanner_of(services), services.detect_language)
