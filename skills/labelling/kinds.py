"""Words people sort pictures by, in six languages, and the classes each covers.

`kinds.tsv` was written for this program. Columns: English, Chinese, Spanish, Portuguese, German
and French names (several with "|" between, the usual one first), then what the kind covers:
classes and synsets of `wordnet.tsv` with ", " between, those with "-" before them left out
again. WordNet sorts by what a thing is, people by what it is for: a laptop is no "electronic
equipment" there, and no "kitchen utensil" is a cup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from skills.describe_names import imagenet_names
from skills.labelling.taxonomy import Taxonomy, wordnet

LANGUAGES = ("en", "zh", "es", "pt", "de", "fr")
_ENDINGS = ("s", "es", "n", "en", "e", "er")
"""Of plurals in the languages above, all tried, for nobody says which language a label is in."""
_SHORTEST_STEM = 3
_BEFORE = re.compile(
    r"^(?:(?:an?|the|some|un[ae]?|una|el|la|los|las|uma?|o|os|as|eine?n?|der|die|das|le|les|des"
    r"|du)\s+|l['’]|一[只个辆张朵种条棵匹头些把件]|某[种个])+",
    re.IGNORECASE,
)
_PICTURE_OF = re.compile(
    r"^(?:an? )?(?:photo(?:graph)?|picture|image|foto|imagen|imagem|bild)s? (?:of|de|von|einer?) ",
    re.IGNORECASE,
)
_HAN = re.compile("[一-鿿]+")
_OR = re.compile(r"\s*(?:/|,|&|、|\bor\b|\band\b|\boder\b|\bund\b|\bou\b|\bet\b|或|和)\s*")


@dataclass(frozen=True, slots=True)
class Kind:
    """A word for a sort of things: names by language, and the labels of its classes."""

    names: Mapping[str, tuple[str, ...]]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The classes a label covers; `whole` if all its words were understood, not the last only
    ("garden tool")."""

    members: frozenset[str]
    whole: bool = True


BROAD = 150
"""Classes a last word may cover at most to tell anything ("thing" and "animal" cover more)."""


@cache
def kinds() -> tuple[Kind, ...]:
    """All the kinds."""
    text = resources.files("skills.labelling").joinpath("kinds.tsv").read_text("utf-8")
    return tuple(_read(line, wordnet()) for line in text.splitlines())


def _read(line: str, taxonomy: Taxonomy) -> Kind:
    *columns, covers = line.split("\t")
    names = {
        language: tuple(cell.split("|")) for language, cell in zip(LANGUAGES, columns, strict=True)
    }
    parts: tuple[set[str], set[str]] = (set(), set())
    for term in covers.split(", "):
        parts[term.startswith("-")].update(taxonomy.meant(term.removeprefix("-")))
    return Kind(names, frozenset(parts[0] - parts[1]))


def meaning(label: str) -> Meaning | None:
    """What a label covers, by its words alone; None where they are no name that is known.

    "a dog", "Hunde" and 狗 are names; so are the parts of "dog or cat". In English
    and Chinese the end of a longer label tells its kind.
    """
    text = _bare(label)
    if members := _named(text):
        return Meaning(members)
    parts = [part for part in _OR.split(text) if part]
    if len(parts) > 1 and all(found := [_named(_bare(part)) for part in parts]):
        return Meaning(frozenset[str]().union(*found))
    for end in _ends(text):
        if len(members := _named(end)) in range(1, BROAD):
            return Meaning(members, whole=False)
    return None


def in_english(label: str) -> str:
    """The English name of a label that is a known name in another language; else the label."""
    return _english().get(_bare(label), label)


@cache
def _english() -> Mapping[str, str]:
    """Name in another language, in lower case → usual English name; the first kind counts."""
    found = {name.chinese: name.english for name in imagenet_names().values()}
    for kind in reversed(kinds()):
        for language, names in kind.names.items():
            if language != "en":
                found.update({name.casefold(): kind.names["en"][0] for name in names})
    for kind in kinds():
        for name in kind.names["en"]:
            found.pop(name.casefold(), None)
    return found


def _ends(text: str) -> list[str]:
    """Shorter ends of a label, the longest first: its last words, or Chinese characters."""
    if " " in text:
        words = text.split()
        return [" ".join(words[start:]) for start in range(1, len(words))]
    if _HAN.fullmatch(text):
        return [text[start:] for start in range(1, len(text) - 1)]
    return []


def _bare(label: str) -> str:
    """The label without an article or "photo of" before it, in lower case."""
    text = _PICTURE_OF.sub("", label.strip().casefold())
    return _BEFORE.sub("", text).strip() or text


def _named(text: str) -> frozenset[str]:
    """The classes of a name in any language, in the singular or plural; of a kind if one is
    called so, for these were chosen for what people mean."""
    for form in _forms(text):
        if (kind := _kinds_by_name().get(form)) is not None:
            return kind
    for form in _forms(text):
        if found := _classes_by_name().get(form, frozenset()) | wordnet().meant(form):
            return found
    return frozenset()


def _forms(text: str) -> tuple[str, ...]:
    """The text and what it may be the plural of."""
    stems = [text.removesuffix(end) for end in _ENDINGS if text.endswith(end)]
    if text.endswith("ies"):
        stems.append(text[:-3] + "y")
    if text.endswith("类"):
        stems.append(text[:-1])
    if text.endswith("ves"):
        stems.append(text[:-3] + "f")
    return (text, *(stem for stem in stems if len(stem) >= _SHORTEST_STEM or _HAN.fullmatch(stem)))


@cache
def _kinds_by_name() -> Mapping[str, frozenset[str]]:
    """Name in lower case → members; those of several languages that share a name together."""
    found: dict[str, frozenset[str]] = {}
    for kind in kinds():
        for name in {name for names in kind.names.values() for name in names}:
            found[name.casefold()] = found.get(name.casefold(), frozenset()) | kind.members
    return found


@cache
def _classes_by_name() -> Mapping[str, frozenset[str]]:
    """Plain English or Chinese name of a class in lower case → its label."""
    found: dict[str, frozenset[str]] = {}
    for label, name in imagenet_names().items():
        for one in {name.english.casefold(), name.chinese}:
            found[one] = found.get(one, frozenset()) | {label}
    return found
