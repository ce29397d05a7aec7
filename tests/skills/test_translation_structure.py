"""Structure is kept whatever a translator does to what it is given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from assistant.core.protocols import Translator
from assistant.models.fast_translator import FastTranslator
from skills.translation.documents import DocumentTranslator
from skills.translation.formats.opening import open_document
from tests.skills.structure_cases import CASES, Case


def keeps(text: str) -> str:
    """A good one: other words, everything else as it was."""
    return " ".join(w if re.search(r"[\dXQ*<>|]", w) else w.upper() for w in text.split(" "))


def forgets(text: str) -> str:
    """Loses everything with a digit in it, which all placeholders have."""
    return " ".join(w.upper() for w in text.split(" ") if not re.search(r"\d", w)) or "NADA"


def turns_around(text: str) -> str:
    """Puts the last word first."""
    return " ".join(reversed(text.split(" ")))


def says_twice(text: str) -> str:
    return f"{text} {text}"


def says_nothing(_text: str) -> str:
    return ""


def writes_chinese(text: str) -> str:
    """Joins words, as a language without spaces does."""
    return re.sub(r"(?<![\w>])[a-z']+(?![\w<])", "词", text, flags=re.IGNORECASE).replace(" ", "")


@dataclass(frozen=True)
class Altering:
    """A translator that does one thing to each sentence."""

    alter: Callable[[str], str]
    name: str = "altering"
    pairs: frozenset[tuple[str, str]] = frozenset({("en", "pt")})

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return [self.alter(sentence) for sentence in sentences]


ALTERATIONS = (keeps, forgets, turns_around, says_twice, says_nothing, writes_chinese)


def translated(case: Case, translator: Translator) -> str:
    document = open_document(case.text.encode(), case.kind, "pt")
    if not document.texts:
        return document.render([]).decode()
    translation = DocumentTranslator(lambda: (translator,), lambda *_: ()).plan(
        document, "en", "pt"
    )
    return document.render(list(translation.run(lambda: False))).decode()


def skeleton(text: str) -> list[str]:
    """Of each line what is not prose: its marks and cells; lines of a paragraph are one."""
    lines: list[str] = []
    for line in text.splitlines():
        marks = re.match(r"[\s>]*(?:[-*+]\s|\d+[.)]\s|\[\^\w+\]:)*(?:\[.\]\s|#+\s)?", line)
        assert marks is not None
        bars = len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line)))
        kind = f"{marks.group()}{'|' * bars}" if line.strip() else ""
        if marks.group() or bars or not line.strip():
            lines.append(kind)
        elif not lines or lines[-1] != "text":
            lines.append("text")
    return lines


def timing(text: str) -> list[str]:
    """Numbers, times and the lines that are empty."""
    return [
        line
        for before, line in zip(["", *text.splitlines()], text.splitlines(), strict=False)
        if "-->" in line or not line or (line.isdigit() and not before)
    ]


def po_strings(text: str) -> list[str]:
    return re.findall(r'^(?:msgid|msgctxt|#).*$|^"X-.*$', text, re.MULTILINE)


def po_arguments(text: str) -> list[str]:
    """Arguments found by their place, in order."""
    return re.findall(r"%[-\d.]*[sdfi@]|\{\}|\{total[^}]*\}", text)


def plain(text: str) -> str:
    """Text with its numbers as digits alone: other languages separate them otherwise."""
    return re.sub(r"(?<=\d)[.,](?=\d)", "", text)


def check(case: Case, made: str) -> None:
    for kept in case.kept:
        assert plain(made).count(plain(kept)) == plain(case.text).count(plain(kept)), kept
    if case.kind == "md":
        assert skeleton(made) == skeleton(case.text)
    elif case.kind in {"srt", "vtt"}:
        assert timing(made) == timing(case.text)
        assert len(made.splitlines()) == len(case.text.splitlines())
    else:
        check_po(case.text, made)


def check_po(source: str, made: str) -> None:
    assert po_strings(made) == po_strings(source)
    assert 'msgstr "Sim"' in made
    message = re.findall(r'^msgid (".+")$', source, re.MULTILINE)[0][1:-1]
    lines = made.partition("msgctxt")[2].partition("msgstr")[2].partition("\n\n")[0]
    made_message = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', lines))
    if not re.search(r"[a-z]{2}", message):
        assert made_message in {"", message}
        return
    assert po_arguments(made_message) == po_arguments(message)
    placeholders = (
        r"%\(\w+\)[sd]|%\d\$s|\{\{.*?\}\}|\{\w+\}|<[^<>]*>|\\[nt]|https?://[a-z./]+|\$[A-Z]+"
    )
    assert Counter(re.findall(placeholders, made_message)) == Counter(
        re.findall(placeholders, message)
    )


def test_there_are_more_than_two_hundred_cases() -> None:
    assert len({(case.kind, case.text) for case in CASES}) == len(CASES) >= 200


@pytest.mark.parametrize("alter", ALTERATIONS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind} {case.name}")
def test_structure_is_kept(case: Case, alter: Callable[[str], str]) -> None:
    check(case, translated(case, Altering(alter)))


@pytest.fixture(scope="module")
def real() -> FastTranslator:
    return FastTranslator()


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: f"{case.kind} {case.name}")
def test_structure_is_kept_with_the_embedded_translator(case: Case, real: FastTranslator) -> None:
    made = translated(case, real)
    check(case, made)
