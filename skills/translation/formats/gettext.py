"""Message catalogues (.po, .pot): untranslated messages get translations, all else stays.

The file is not written anew but changed in place: only the lines of empty translations, and of
the header what names the language. Format: the GNU gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from skills.translation.formats.document import TextDocument, Unit
from skills.translation.markdown import lines
from skills.translation.patterns import LETTER

_KEYWORD = re.compile(r"\s*(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s*(\".*\")\s*$")
_CONTINUED = re.compile(r"\s*(\".*\")\s*$")
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"])|([0-7]{1,3})|x([0-9a-fA-F]{1,2}))")
_ESCAPED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\",
    '"': '"',
}  # fmt: skip
_BACK = {value: f"\\{key}" for key, value in _ESCAPED.items()}
_FORMS = re.compile(r"nplurals\s*=\s*([1-6])(?!\d)")
"""No language has more than six."""
_WIDTH = 76

_SLAVIC = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
_ALONE = "nplurals=2; plural=(n != 1);"
_PLURALS = {
    **dict.fromkeys(
        ("zh", "ja", "ko", "vi", "th", "id", "ms", "lo", "km", "my"), "nplurals=1; plural=0;"
    ),
    **dict.fromkeys(["fr", "pt", "oc", "wa"], "nplurals=2; plural=(n > 1);"),
    **dict.fromkeys(
        (
            "en", "de", "es", "it", "nl", "sv", "da", "no", "fi", "el", "he", "hu", "tr", "bg",
            "ca", "et", "eu", "gl", "eo", "sw",
        ),
        _ALONE,
    ),
    **dict.fromkeys(["ru", "uk", "sr", "hr", "be", "bs"], _SLAVIC),
    **dict.fromkeys(
        ("cs", "sk"), "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;"
    ),
    "pl": (
        "nplurals=3; plural=(n==1 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
    ),
}  # fmt: skip
"""From the table in the gettext manual, "Plural forms"."""


@dataclass(slots=True)
class _Entry:
    """A message in the making: its texts, and the lines its translation stands on."""

    before: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    @property
    def translated(self) -> bool:
        return any(text for key, text in self.texts.items() if key.startswith("msgstr"))


def messages(source: str, target: str) -> TextDocument:
    """The messages of a catalogue that have no translation yet.

    Args:
        target: language code for the header, whose rule of plurals decides how many forms a
            message gets.
    """
    ending = "\r\n" if "\r\n" in source else "\n"
    pieces: list[str | Unit] = []
    header = _FORMS.search(_PLURALS.get(target, ""))
    forms = int(header[1]) if header else 0
    for entry in _entries(source):
        pieces.append("".join(entry.before))
        if entry.texts.get("msgid") == "" and "msgctxt" not in entry.texts:
            made = _header("".join(entry.made), target)
            found = _FORMS.search(made)
            forms = int(found[1]) if found else forms
            pieces.append(made)
        elif entry.translated or not LETTER.search(entry.texts.get("msgid", "")):
            pieces.append("".join(entry.made))
        else:
            pieces.append(_unit(entry, forms, ending))
    return TextDocument(tuple(pieces))


def _entries(source: str) -> Iterator[_Entry]:
    """Entries that joined (`before` and `made`) are the source."""
    entry, key = _Entry(), ""
    for line in source.splitlines(keepends=True):
        found = _KEYWORD.match(line)
        more = None if found else _CONTINUED.match(line)
        if entry.made and (not line.strip() or line.lstrip().startswith("#")):
            yield entry
            entry, key = _Entry(), ""
        if found:
            if entry.made and not found[1].startswith("msgstr"):
                yield entry
                entry = _Entry()
            key = found[1]
            entry.texts[key] = _unquoted(found[3])
        elif more and key:
            entry.texts[key] += _unquoted(more[1])
        in_translation = key.startswith("msgstr") and bool(found or more)
        (entry.made if in_translation else entry.before).append(line)
    yield entry


def _unit(entry: _Entry, forms: int, ending: str) -> Unit:
    singular = tuple(lines(entry.texts["msgid"]))
    if "msgid_plural" not in entry.texts:
        return Unit((singular,), partial(_written, ("msgstr",), ending))
    present = sum(key.startswith("msgstr[") for key in entry.texts)
    keys = tuple(f"msgstr[{number}]" for number in range(forms or max(present, 1)))
    return Unit(
        (singular, tuple(lines(entry.texts["msgid_plural"]))), partial(_written, keys, ending)
    )


def _written(keys: Sequence[str], ending: str, made: Sequence[str]) -> str:
    """Lines of the translation. The first of several forms is the singular, a lone one of a
    message with a plural is the plural."""
    texts = [made[0] if number == 0 and len(keys) > 1 else made[-1] for number in range(len(keys))]
    return "".join(
        f"{line}{ending}"
        for key, text in zip(keys, texts, strict=True)
        for line in _field(key, text)
    )


def _field(key: str, text: str) -> Iterator[str]:
    whole = _quoted(text)
    if "\n" not in text.rstrip("\n") and len(key) + len(whole) < _WIDTH:
        yield f"{key} {whole}"
        return
    yield f'{key} ""'
    for line in text.splitlines(keepends=True):
        part = ""
        for word in re.findall(r"\S*\s*", line):
            if part and len(_quoted(part + word.rstrip())) > _WIDTH:
                yield _quoted(part)
                part = ""
            part += word
        if part:
            yield _quoted(part)


def _header(made: str, target: str) -> str:
    made = re.sub(r"(\"Language:\s*)[^\\\"]*", rf"\g<1>{target}", made)
    made = re.sub(r"(charset=)[\w-]+", r"\g<1>UTF-8", made)
    if target in _PLURALS:
        made = re.sub(r"nplurals=INTEGER;\s*plural=EXPRESSION;", _PLURALS[target], made)
    return made


def _unquoted(quoted: str) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1]:
            return _ESCAPED[match[1]]
        return chr(int(match[2], 8) if match[2] else int(match[3], 16))

    return _ESCAPE.sub(character, quoted[1:-1])


def _quoted(text: str) -> str:
    return '"' + "".join(_BACK.get(character, character) for character in text) + '"'
