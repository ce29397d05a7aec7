"""HTML: the text between block tags is translated with its inline tags in place.

The source is not parsed and written anew but cut into tokens, so that everything that is not
translated stays as it was written, byte for byte.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from skills.translation.formats.document import TextDocument, Unit
from skills.translation.formats.marks import MarkedText, room
from skills.translation.markdown import Segment
from skills.translation.patterns import LETTER

_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em",
        "font", "i", "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub",
        "sup", "time", "tt", "u", "code", "kbd", "samp", "var", "img", "wbr", "svg", "math",
        "ruby", "rt", "rp",
    )
)  # fmt: skip
_KEPT = frozenset(
    (
        "script", "style", "pre", "code", "kbd", "samp", "var", "svg", "math", "textarea",
        "template", "noscript", "object", "iframe", "canvas",
    )
)  # fmt: skip
"""Elements whose content is no prose."""
_VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr",
    )
)  # fmt: skip
_SPOKEN_ATTRIBUTE = re.compile(
    r"(\s(?:alt|title|placeholder|aria-label|summary)\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE
)
_DESCRIPTION = re.compile(
    r"\b(?:name|property)\s*=\s*[\"']?(?:description|(?:og|twitter):(?:title|description))\b",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"(\scontent\s*=\s*)(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_LANGUAGE = re.compile(r"(\s(?:xml:)?lang\s*=\s*[\"']?)[A-Za-z][\w-]*", re.IGNORECASE)
_CHARSET = re.compile(r"(charset\s*=\s*[\"']?)(?!utf-?8\b)[\w.:-]+", re.IGNORECASE)
_ENCODING = re.compile(r"(\sencoding\s*=\s*[\"'])(?!utf-?8\b)[\w.:-]+", re.IGNORECASE)
_UNFINISHED = re.compile(r"<[a-zA-Z/!?]")
_NOT_TRANSLATED = re.compile(r"\stranslate\s*=\s*[\"']?no\b|\bnotranslate\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """"text", "open", "close", "void" or "other"."""
    name: str
    raw: str


def hypertext(source: str, target: str) -> TextDocument:
    """The units of a page.

    Args:
        target: language code the page will say it is in.
    """
    pieces: list[str | Unit] = []
    run: list[_Token] = []
    for token in _merged(_tokens(source)):
        if token.kind == "text" or (token.name in _INLINE and token.kind != "other"):
            run.append(token)
            continue
        pieces += [*_run(run), *_block(token, target)]
        run = []
    return TextDocument((*pieces, *_run(run)))


class _Lexer(HTMLParser):
    """Notes where each token starts, in linear time.

    What begins a tag, a comment or a section and never ends it is one token up to the end of the
    source; the parser would look for its end anew from each "<". References are none of its
    business, so it sees no "&".
    """

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *(m.end() for m in re.finditer("\n", source))]
        self.starts: list[tuple[int, str, str]] = []
        rest = _UNFINISHED.search(source, source.rfind(">") + 1)
        end = rest.start() if rest else len(source)
        self.feed(source[:end].replace("&", "_"))
        self.close()
        if rest:
            self.starts.append((end, "other", ""))

    def parse_comment(self, i: int, report: bool = True) -> int:
        end = super().parse_comment(i, report)
        return self._unfinished() if end < 0 else end

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: ARG002
        end = "]]>" if self.rawdata.startswith("<![CDATA[", i) else ">"
        place = self.rawdata.find(end, i)
        if place < 0:
            return self._unfinished()
        self._note("other")
        return place + len(end)

    def _unfinished(self) -> int:
        self._note("other")
        return len(self.rawdata)

    def _note(self, kind: str, name: str = "") -> None:
        line, column = self.getpos()
        self.starts.append((self._lines[line - 1] + column, kind, name))

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - its signature
        self._note("void" if tag in _VOID else "open", tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._note("void", tag)

    def handle_endtag(self, tag: str) -> None:
        self._note("close", tag)

    def handle_data(self, data: str) -> None:  # noqa: ARG002
        self._note("text")

    def handle_comment(self, data: str) -> None:  # noqa: ARG002
        self._note("other")

    def handle_decl(self, decl: str) -> None:  # noqa: ARG002
        self._note("other")

    def handle_pi(self, data: str) -> None:  # noqa: ARG002
        self._note("other")

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002
        self._note("other")


def _tokens(source: str) -> Iterator[_Token]:
    """Tokens that joined are the source."""
    starts = _Lexer(source).starts
    if starts and starts[0][0] > 0:
        yield _Token("other", "", source[: starts[0][0]])
    for place, (start, kind, name) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(source)
        yield _Token(kind, name, source[start:end])
    if not starts and source:
        yield _Token("other", "", source)


def _merged(tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Elements whose content is kept become one token each."""
    held: list[_Token] = []
    depth = 0
    for token in tokens:
        if not held:
            kept = token.name in _KEPT or _NOT_TRANSLATED.search(token.raw)
            if token.kind != "open" or not kept:
                yield token
                continue
        held.append(token)
        if token.name == held[0].name:
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0:
            yield _Token("void", held[0].name, "".join(one.raw for one in held))
            held = []
    if held:
        yield _Token("other", held[0].name, "".join(one.raw for one in held))


def _run(tokens: Sequence[_Token]) -> Iterator[str | Unit]:
    """Text and inline tags between two block tags."""
    raw = "".join(token.raw for token in tokens)
    if not any(token.kind == "text" and LETTER.search(token.raw) for token in tokens):
        for token in tokens:
            yield from _attributes(token)
        return
    if sum(token.kind != "text" for token in tokens) > room(_plain(tokens)):
        yield raw
        return
    start, end = len(raw) - len(raw.lstrip()), len(raw.rstrip())
    yield raw[:start]
    yield _unit(tokens)
    yield raw[end:]


def _plain(tokens: Sequence[_Token]) -> str:
    return "".join(html.unescape(token.raw) for token in tokens if token.kind == "text")


def _unit(tokens: Sequence[_Token]) -> Unit:
    marked = MarkedText(_plain(tokens))
    texts: list[tuple[Segment, ...]] = []
    tags: list[tuple[str, tuple[str | Unit, ...]]] = []
    for token in tokens:
        if token.kind == "text":
            marked.text(re.sub(r"[ \t\r\n\f]+", " ", html.unescape(token.raw)))
            continue
        mark = marked.mark(token.kind, token.name)
        pieces = tuple(_attributes(token))
        tags.append((mark, pieces))
        texts += [text for piece in pieces if isinstance(piece, Unit) for text in piece.texts]
    whole = (Segment(marked.joined.strip(), True),)

    def finish(made: Sequence[str]) -> str:
        rest = iter(made[1:])
        shown = {
            mark: "".join(p if isinstance(p, str) else p.finish([next(rest)]) for p in pieces)
            for mark, pieces in tags
        }
        escaped = html.escape(made[0], quote=False)
        return "".join(shown.get(character, character) for character in escaped)

    return Unit((whole, *texts), finish)


def _block(token: _Token, target: str) -> Iterator[str | Unit]:
    if token.kind == "open" and token.name == "html":
        yield _LANGUAGE.sub(rf"\g<1>{target}", token.raw)
    elif token.name == "meta" and not _DESCRIPTION.search(token.raw):
        yield _CHARSET.sub(r"\g<1>utf-8", token.raw)
    elif token.kind == "other" and token.raw.startswith("<?xml"):
        yield _ENCODING.sub(r"\g<1>utf-8", token.raw)
    else:
        yield from _attributes(token)


def _attributes(token: _Token) -> Iterator[str | Unit]:
    """A tag, with its attributes that are read by people as units."""
    is_tag = token.raw.startswith("<") and token.kind in {"open", "void"}
    if not is_tag or token.name in _KEPT or _NOT_TRANSLATED.search(token.raw):
        yield token.raw
        return
    described = token.name == "meta" and _DESCRIPTION.search(token.raw)
    done = 0
    for found in (_CONTENT if described else _SPOKEN_ATTRIBUTE).finditer(token.raw):
        value = html.unescape(found[2][1:-1])
        if not LETTER.search(value):
            continue
        quote = found[2][0]
        yield token.raw[done : found.start(2)] + quote
        yield Unit(((Segment(value, True),),), lambda made: html.escape(made[0], quote=True))
        done = found.end() - 1
    yield token.raw[done:]
