"""Translates text, keeping its structure, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.core.errors import AssistantError, ModelError, UsageError
from assistant.core.events import Event, Notice, TextDelta
from assistant.core.protocols import Translator
from assistant.core.skills import Cancelled, SkillCard, SkillRequest
from assistant.core.text import one_line, sanitize
from assistant.language.detection import EXPECTED, UNKNOWN, detect
from assistant.language.names import find_language, language_name
from assistant.language.sentences import split_sentences
from skills.markup import Segment, segments, translate_inline
from skills.registry import Services

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

Suggest = Callable[[str, str], tuple[str, ...]]
Detect = Callable[[str, Sequence[str] | None], str]


class TranslateSkill:
    """Translates the text of a message, of an attachment, or of the turn before.

    Args:
        translators: gives the translators on this machine, the preferred one first.
        suggest: (source, target) → names of catalogue models that would serve.
        home: the person's language by name or code, translated into where a message names
            none; "" = the one of the locale.
        identify: language of a text, given the ones to expect.
    """

    def __init__(
        self,
        translators: Callable[[], tuple[Translator, ...]],
        suggest: Suggest,
        home: str,
        identify: Detect = detect,
    ) -> None:
        self._translators = translators
        self._suggest = suggest
        self._home = home
        self._identify = identify

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
        translator = self._translator(source, target)
        yield from _stream(text, translator, source, target, request.cancelled)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """Why nothing can be translated so, as far as the languages are known beforehand."""
        try:
            source, target = _code(request.params.source), _code(request.params.target)
            if target is not None and source not in (None, target):
                self._translator(source, target)
        except AssistantError as error:
            return error
        reachable = {other for _, other in self._pairs()}
        if target is None or source is not None or target in reachable:
            return None
        names = self._suggest(_COMMON, target)
        return ModelError(
            f"No model on this machine translates into {language_name(target)}.",
            _remedy(names) if names else f"It can do: {_listed(self._pairs())}.",
        )

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

    def _translator(self, source: str, target: str) -> Translator:
        for translator in self._translators():
            if (source, target) in translator.pairs:
                return translator
        names = self._suggest(source, target)
        pair = f"from {language_name(source)} to {language_name(target)}"
        raise ModelError(
            f"No model on this machine translates {pair}.",
            _remedy(names) if names else f"It can do: {_listed(self._pairs())}.",
        )

    def _pairs(self) -> set[tuple[str, str]]:
        return {pair for translator in self._translators() for pair in translator.pairs}


def make(services: Services) -> TranslateSkill:
    """The skill from the program's services."""
    home = services.settings.translate.target
    return TranslateSkill(services.translators, services.suggest_translators, home)


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


def _stream(
    text: str, translator: Translator, source: str, target: str, cancelled: Cancelled
) -> Iterator[Event]:
    """A `TextDelta` a sentence; what is not prose goes along untouched."""

    def translate(sentence: str) -> str:
        flat = " ".join(sentence.split())
        return translator.translate([flat], source, target)[0]

    for segment in segments(text):
        if not segment.prose:
            if segment.text:
                yield TextDelta(sanitize(segment.text))
            continue
        for gap, sentence in _sentences(segment, source):
            if cancelled():
                return
            yield TextDelta(sanitize(gap + translate_inline(sentence, translate)))


def _sentences(segment: Segment, language: str) -> Iterator[tuple[str, str]]:
    """Each sentence with the space before it."""
    end = 0
    for start, stop in split_sentences(segment.text, language):
        yield segment.text[end:start], segment.text[start:stop]
        end = stop


def _remedy(names: Sequence[str]) -> str:
    others = f" (or {', '.join(names[1:4])})" if len(names) > 1 else ""
    return f"{names[0]}{others} would: assistant models pull {names[0]}"


def _listed(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(
        f"{language_name(one)} to {language_name(other)}" for one, other in sorted(pairs)
    )
