"""Translates text, keeping its structure, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.core.errors import AssistantError, UsageError
from assistant.core.events import Event, Notice, TextDelta
from assistant.core.protocols import Translator
from assistant.core.skills import SkillCard, SkillRequest
from assistant.core.text import one_line, sanitize
from assistant.language.detection import EXPECTED, UNKNOWN, detect
from assistant.language.names import find_language, language_name
from skills.registry import Services
from skills.translation.generated import Fallback, fallback_of, no_fallback
from skills.translation.glossary import load_glossary
from skills.translation.markdown import segments
from skills.translation.paths import reachable
from skills.translation.text import TextTranslation
from skills.translation.way import Suggest, find_way, report_notices

CARD = SkillCard(
    name="translate",
    summary="translate text, keeping lists, tables and code as they are",
    accepts=frozenset({"text"}),
    produces=frozenset({"text"}),
    examples={
        "en": (
            "translate into Portuguese: good morning, everyone",
            "how do you say cloud in German",
        ),
        "zh": ("翻译成葡萄牙语：大家早上好", "“云”用德语怎么说"),
        "es": ("traduce al portugués: buenos días a todos", "¿cómo se dice nube en alemán?"),
        "pt": ("traduza para o inglês: bom dia a todos", "como se diz nuvem em alemão?"),
        "de": (
            "übersetze ins Portugiesische: guten Morgen zusammen",
            "was heißt Wolke auf Englisch?",
        ),
        "fr": ("traduis en portugais : bonjour à tous", "comment dit-on nuage en allemand ?"),
    },
)
_COMMON = "en"
_USERS_OWN = re.compile(
    r"\b(?:my|mine|i said|mi|mis|minha|meu|meine?[rnm]?|mon|ma|mes)\b|我(?:的|刚|说)", re.IGNORECASE
)

Detect = Callable[[str, Sequence[str] | None], str]


class TranslateSkill:
    """Translates the text of a message, of an attachment, or of the turn before.

    Args:
        translators: gives the translators on this machine, the preferred one first.
        suggest: (source, target) → names of catalogue models that would serve.
        home: the person's language by name or code, translated into where a message names
            none; "" = the one of the locale.
        glossary: path of a file with the person's own terms; "" = none.
        identify: language of a text, given the ones to expect.
        fallback: gives the language model for pairs no translator covers.
    """

    def __init__(
        self,
        translators: Callable[[], tuple[Translator, ...]],
        suggest: Suggest,
        home: str,
        glossary: str = "",
        identify: Detect = detect,
        fallback: Fallback = no_fallback,
    ) -> None:
        self._translators = translators
        self._suggest = suggest
        self._home = home
        self._glossary = glossary
        self._identify = identify
        self._fallback = fallback

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        text = _text_of(request)
        wanted = _code(request.params.target)
        source = _code(request.params.source) or self._source(text, request.message.text, wanted)
        if source in (UNKNOWN, wanted):
            yield _unchanged(source)
            yield TextDelta(sanitize(text))
            return
        target = wanted or self._target(source)
        translator, notices = find_way(
            self._translators(), self._suggest, source, target, self._fallback
        )
        yield from notices
        translation = TextTranslation(translator, source, target, load_glossary(self._glossary))
        for piece in translation.stream(segments(text), request.cancelled):
            yield TextDelta(sanitize(piece))
        yield from report_notices(translation.report)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """Why nothing can be translated so, as far as the languages are known beforehand."""
        try:
            source, target = _code(request.params.source), _code(request.params.target)
            if target is None or source == target:
                return None
            if source is None and any(other == target for _, other in self._pairs()):
                return None
            find_way(self._translators(), self._suggest, source or _COMMON, target, self._fallback)
        except AssistantError as error:
            return error
        return None

    def _source(self, text: str, message: str, target: str | None) -> str:
        """Language of a text. A few words are taken for the language of the request around
        them where letters don't tell, then for one that can be translated."""
        served = sorted(one for one, other in self._pairs() if target in (None, other))
        asked = self._identify(message.replace(text, " "), None)
        likely = dict.fromkeys([asked, *served, *EXPECTED])
        return self._identify(text, [code for code in likely if code != target])

    def _target(self, source: str) -> str:
        """The person's language, or for a text in it the other one they can have."""
        home = _code(self._home) or _locale_language()
        if source != home:
            return home
        reachable = sorted(other for one, other in self._pairs() if one == source)
        if source != _COMMON:
            return _COMMON
        if reachable:
            return reachable[0]
        raise UsageError(
            f"The text is in {language_name(source)}, your own language.",
            "Name the language you want: “into Portuguese: …”.",
        )

    def _pairs(self) -> set[tuple[str, str]]:
        """Every pair there is a way for."""
        return reachable(pair for translator in self._translators() for pair in translator.pairs)


def make(services: Services) -> TranslateSkill:
    """The skill from the program's services."""
    settings = services.settings.translate
    return TranslateSkill(
        services.translators,
        services.suggest_translators,
        settings.target,
        settings.glossary,
        fallback=fallback_of(services),
    )


def _locale_language() -> str:
    import locale

    name = locale.getlocale()[0] or ""
    return find_language(name.partition("_")[0]) or _COMMON


def _text_of(request: SkillRequest) -> str:
    """Payload, else attached text, else what was said before.

    Raises:
        UsageError: there is no text anywhere.
    """
    attached = "\n\n".join(request.message.texts)
    said = _said_before(request)
    text = next((t for t in (request.params.payload, attached, said) if t and t.strip()), None)
    if text is None:
        raise UsageError(
            "There is no text to translate.",
            "Write it after a colon, on the next line, or attach a file.",
        )
    return text


def _said_before(request: SkillRequest) -> str | None:
    role = "user" if _USERS_OWN.search(request.message.text) else "assistant"
    said = [turn for turn in request.history if turn.text.strip() and turn.role != "system"]
    of_role = [turn.text for turn in said if turn.role == role]
    return of_role[-1] if of_role else (said[-1].text if said else None)


def _code(language: str | None) -> str | None:
    """ISO 639-1 code of a language given by name or code."""
    if not language:
        return None
    code = find_language(language)
    if code is None:
        raise UsageError(
            f"“{one_line(language, 40)}” is no language known here.",
            "Give a name or an ISO 639-1 code, like Portuguese or pt.",
        )
    return code


def _unchanged(source: str | None) -> Notice:
    if source == UNKNOWN or source is None:
        return Notice("There are no words to translate in this.")
    return Notice(
        f"The text is in {language_name(source)} already.",
        "If it is not, name its language: “from English to Portuguese: …”.",
    )
