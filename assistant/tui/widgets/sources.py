"""The numbered passages an answer quotes; each unfolds to its context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.documents import Passage, Scope
from assistant.core.text import one_line, sanitize
from assistant.tui.strings import Strings

QUOTE_CHARACTERS = 240
CONTEXT_CHARACTERS = 4_000
ALSO_SHOWN = 5
INDENT = 4
"""Columns of the sign and the number, under which nothing of the context stands."""
MARK = "bold $success"
QUOTED = "$foreground on $success 18%"


class SourceRow(Vertical, can_focus=True):
    """One passage: number, file, place and quote on a line; its context below when open."""

    DEFAULT_CSS = f"""
    SourceRow {{
        height: auto; width: 1fr; color: $foreground-muted;
        & > .head {{ height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }}
        & > .body {{ height: auto; width: 1fr; padding: 0 1 1 {INDENT}; }}
        &:hover > .head {{ background: $boost; }}
        &.-open {{ background: $surface; }}
        &:focus > .head {{ background: $block-cursor-background; }}
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "unfold", "fold", show=False),
        Binding("o", "open", "open", show=False, id="open"),
    ]

    class Opened(Message):
        """The file is wanted, at the place of the passage."""

        def __init__(self, passage: Passage) -> None:
            super().__init__()
            self.passage = passage

    is_open: reactive[bool] = reactive(False)

    def __init__(self, number: int, passage: Passage, strings: Strings) -> None:
        super().__init__()
        self._number = number
        self._strings = strings
        self._texts = strings.screens.sources
        self._line = Static(classes="head", markup=False)
        self.passage = passage

    def compose(self) -> ComposeResult:
        yield self._line

    async def watch_is_open(self, is_open: bool) -> None:
        """The context is only laid out once it is wanted."""
        self.set_class(is_open, "-open")
        self._line.update(self._head() if is_open else self._folded())
        await self.query(".body").remove()
        if is_open:
            body = Content("\n").join(self._body())
            await self.mount(Static(body, classes="body", markup=False))

    def on_click(self) -> None:
        """Fold or unfold."""
        self.action_unfold()

    def action_unfold(self) -> None:
        """Fold or unfold."""
        self.is_open = not self.is_open

    def action_open(self) -> None:
        """Ask for the file to be opened."""
        self.post_message(self.Opened(self.passage))

    def _head(self) -> Content:
        passage = self.passage
        place = one_line(self._strings.where(passage.place), 60)
        return Content.assemble(
            ("▾ " if self.is_open else "▸ ", "$foreground-muted"),
            (f"{self._number} ", "bold $success"),
            (one_line(Path(passage.path).name, 60), "$foreground"),
            (f" · {place}" if place else ""),
        )

    def _folded(self) -> Content:
        quote = marked_quote(self.passage)
        if len(quote) > QUOTE_CHARACTERS:
            quote = quote[:QUOTE_CHARACTERS] + Content("…")
        return Content.assemble(self._head(), "  “") + quote + Content("”")

    def _body(self) -> Iterator[Content]:
        passage, texts = self.passage, self._texts
        yield in_context(passage)
        if passage.translation:
            translation = " ".join(sanitize(passage.translation).split())
            yield Content.assemble(("⇄ ", "$accent"), (translation, "italic $foreground"))
        path = one_line(passage.path, 300)
        heading = one_line(passage.place.heading, 200)
        yield Content.styled(f"{path} · {heading}" if heading else path, "$foreground-muted")
        if passage.also:
            names = [one_line(path, 120) for path in passage.also[:ALSO_SHOWN]]
            more = ["…"] if len(passage.also) > ALSO_SHOWN else []
            yield Content.styled(
                texts.also.format(self._strings.listed([*names, *more])), "$foreground-muted"
            )


def marked_quote(passage: Passage) -> Content:
    """The quote on one line, what made it match standing out."""
    pieces: list[Content] = []
    at = 0
    for start, end in passage.marks:
        start, end = max(at, start), min(end, len(passage.quote))
        if start < end:
            pieces += [
                Content(_flat(passage.quote[at:start])),
                Content.styled(_flat(passage.quote[start:end]), MARK),
            ]
            at = end
    pieces.append(Content(_flat(passage.quote[at:])))
    quote = Content("").join(pieces).rstrip()
    return quote[len(quote.plain) - len(quote.plain.lstrip()) :]


def in_context(passage: Passage) -> Content:
    """The passage around the quote, which is marked; the quote alone where it isn't in there."""
    quote = marked_quote(passage)
    context = " ".join(sanitize(passage.context)[:CONTEXT_CHARACTERS].split())
    before, found, after = context.partition(quote.plain)
    if not found:
        before, after = "", f"\n{context}" if context else ""
    return Content(before) + quote.stylize_before(QUOTED) + Content(after)


def _flat(text: str) -> str:
    """Sanitized, each run of white space one space."""
    return re.sub(r"\s+", " ", sanitize(text))


def searched(scope: Scope, strings: Strings) -> str:
    """ "Searched papers · 12 documents · in report.pdf"."""
    texts, filters = strings.screens.sources, scope.filters
    limits = [
        (texts.only_paths, strings.listed(filters.paths)),
        (texts.only_types, strings.listed(filters.types)),
        (texts.after, filters.after),
        (texts.before, filters.before),
    ]
    said = texts.searched.format(one_line(scope.collection, 64), strings.documents(scope.files))
    return " · ".join([said, *(text.format(one_line(v, 120)) for text, v in limits if v)])


class SourceList(Vertical):
    """A heading, what was searched, and the rows."""

    DEFAULT_CSS = """
    SourceList { height: auto; margin: 0 0 1 0; }
    SourceList > .heading { height: auto; color: $foreground-muted; }
    """

    def __init__(
        self,
        heading: str,
        passages: Sequence[Passage],
        scope: Scope | None,
        strings: Strings,
    ) -> None:
        super().__init__()
        self._heading = heading
        self._passages = passages
        self._scope = scope
        self._strings = strings

    def compose(self) -> ComposeResult:
        heading = Content.styled(self._heading if self._passages else "", "bold")
        if self._scope is not None:
            gap = "  " if self._passages else ""
            heading += Content(gap + searched(self._scope, self._strings))
        yield Static(heading, classes="heading", markup=False)
        for number, passage in enumerate(self._passages, 1):
            yield SourceRow(number, passage, self._strings)
