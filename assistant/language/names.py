"""Names of languages: "Portuguese", "葡萄牙语", "português", "pt" ↔ ISO 639-1 codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

NAMED_IN = ("en", "zh", "es", "pt", "de", "fr")
"""Languages whose language names are known here; others go through `langcodes.find`."""

_BEYOND_CLDR = "eo gd haw ht ig ku la lb mg mi mt no oc ps rw sd sm so sn tg tk tl tt ug xh yi yo"
_ALIASES = {
    "mandarin": "zh", "mandarin chinese": "zh", "putonghua": "zh", "mandarín": "zh",
    "mandarim": "zh", "mandarino": "zh", "hochchinesisch": "zh", "汉语": "zh", "漢語": "zh",
    "普通话": "zh", "普通話": "zh", "国语": "zh", "华语": "zh", "中文": "zh", "中国话": "zh",
    "简体中文": "zh", "繁体中文": "zh", "粤语": "yue", "广东话": "yue", "白话": "yue",
    "英文": "en", "英语": "en", "英語": "en", "葡语": "pt", "葡文": "pt", "葡萄牙文": "pt",
    "巴西葡萄牙语": "pt", "巴西语": "pt", "西语": "es", "西文": "es", "西班牙文": "es",
    "法文": "fr", "德文": "de", "日文": "ja", "日本语": "ja", "韩文": "ko", "韩国语": "ko",
    "朝鲜语": "ko", "俄文": "ru", "意文": "it", "意语": "it", "阿语": "ar", "阿拉伯文": "ar",
    "泰文": "th", "越语": "vi", "越南文": "vi", "印尼语": "id", "荷语": "nl",
    "farsi": "fa", "castilian": "es", "castellano": "es", "castelhano": "es", "castillan": "es",
    "brazilian": "pt", "brazilian portuguese": "pt", "european portuguese": "pt",
    "português brasileiro": "pt", "português do brasil": "pt", "portugues": "pt",
    "ingles": "en", "frances": "fr", "aleman": "de", "alemao": "de", "japones": "ja",
    "chines": "zh", "italien": "it", "francais": "fr", "hawaii": "haw", "flemish": "nl",
    "british": "en", "british english": "en", "american english": "en", "filipino": "tl",
    "tagalog": "tl", "gaelic": "ga", "hebraic": "he", "norwegian": "no", "noruego": "no",
    "norueguês": "no", "norwegisch": "no", "norvégien": "no", "挪威语": "no", "polonês": "pl",
    "polaco": "pl", "tcheco": "cs", "checo": "cs", "holandês": "nl", "holandés": "nl",
    "holländisch": "nl", "hollandais": "nl", "vietnamita": "vi", "farsi persian": "fa",
}  # fmt: skip
_ENDINGS = (
    ("isch", ("ische", "ischen", "ischer", "isches", "ischem")),
    ("és", ("esa",)), ("ês", ("esa",)), ("án", ("ana",)), ("ão", ("ã",)), ("iano", ("iana",)),
    ("ol", ("ola",)), ("ñol", ("ñola",)), ("sso", ("ssa",)), ("ais", ("aise",)),
    ("ois", ("oise",)), ("and", ("ande",)), ("ien", ("ienne",)), ("gnol", ("gnole",)),
)  # fmt: skip
_LONGEST_NAME = 60  # characters
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*")
_TWO_LETTERS = {"fil": "tl", "nb": "no", "nn": "no"}
_OWN_MACRO = frozenset({"yue"})  # Cantonese is not folded into Chinese


@cache
def lexicon() -> dict[str, str]:
    """Casefolded language name → code, for names in `NAMED_IN` and each language's own.

    Built at the first call (0.2 s, most of it the import of CLDR's names).
    """
    from langcodes import Language
    from langcodes.language_lists import CLDR_LANGUAGES

    names: dict[str, str] = {}
    for tag in sorted({*CLDR_LANGUAGES, *_BEYOND_CLDR.split()} - {"und"}):
        language = Language.get(tag)
        code = _folded(tag)
        for display in (*(language.display_name(named) for named in NAMED_IN), language.autonym()):
            if display != tag:
                names.setdefault(display.casefold(), code)
    known = names | _ALIASES
    for name, code in list(known.items()):
        for form in _other_forms(name):
            known.setdefault(form, code)
    return known


def _other_forms(name: str) -> Iterator[str]:
    """Without accents; and the feminine and declined adjectives of "the French word for"."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    if plain != name:
        yield plain
    for ending, forms in _ENDINGS:
        if name.endswith(ending):
            yield from (name.removesuffix(ending) + form for form in forms)


def find_language(name: str) -> str | None:
    """ISO 639-1 code of a language given by name, in any of many languages, or by code."""
    asked = " ".join(
        name[: 2 * _LONGEST_NAME].casefold().strip(" \t\n.,:;!?\"'“”「」()（）。，：！？").split()
    )
    if not 0 < len(asked) <= _LONGEST_NAME:
        return None
    known = lexicon().get(asked)
    return known or _by_tag(asked) or _by_any_name(asked)


def language_name(code: str, in_language: str = "en") -> str:
    """Name of a language in another one ("Portuguese", "葡萄牙语"); the code where it has none."""
    from langcodes import Language
    from langcodes.tag_parser import LanguageTagError

    try:
        return Language.get(code).display_name(in_language)
    except LanguageTagError:
        return code


def _by_tag(asked: str) -> str | None:
    if _TAG.fullmatch(asked) is None:
        return None
    from langcodes import tag_is_valid

    return _folded(asked) if tag_is_valid(asked) else None


def _by_any_name(asked: str) -> str | None:
    import langcodes

    try:
        found = langcodes.find(asked).language
    except LookupError:
        return None
    code = _folded(found) if found else ""
    return code if len(code) == 2 or code in lexicon().values() else None


@cache
def _folded(tag: str) -> str:
    """The language of a tag without script and region; varieties under their macrolanguage
    (cmn → zh), Filipino under Tagalog's two-letter code."""
    from langcodes import Language, standardize_tag

    code = Language.get(tag).language or tag
    if code in _OWN_MACRO:
        return code
    folded = Language.get(standardize_tag(code, macro=True)).language or code
    return _TWO_LETTERS.get(folded, folded)
