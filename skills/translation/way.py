"""The translator for a pair with what the person should know about it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.core.errors import ModelError
from assistant.core.events import Notice
from assistant.core.protocols import Translator
from assistant.core.text import one_line
from assistant.language.names import language_name
from skills.translation.generated import Fallback, GeneratedTranslator, no_fallback
from skills.translation.paths import PIVOT, PivotTranslator, find_path
from skills.translation.sentence import Report

Suggest = Callable[[str, str], tuple[str, ...]]


def find_way(
    translators: Sequence[Translator],
    suggest: Suggest,
    source: str,
    target: str,
    fallback: Fallback = no_fallback,
) -> tuple[Translator, tuple[Notice, ...]]:
    """A translator for a pair, and a notice where it is a detour or a language model.

    Args:
        suggest: (source, target) → names of catalogue models that would serve.
        fallback: gives the language model for pairs no translator covers, not even by a detour.

    Raises:
        ModelError: there is no way; names a model that would open one.
    """
    found = find_path(translators, source, target)
    if found is None and (written := fallback(source, target)) is not None:
        return written, (_by_a_language_model(written, suggest(source, target)),)
    if found is None:
        raise _no_way(translators, suggest, source, target)
    if not isinstance(found, PivotTranslator):
        return found, ()
    names = suggest(source, target)
    notice = Notice(
        f"No model here translates {_pair(source, target)} directly; this goes through "
        f"{language_name(PIVOT)}.",
        f"{_remedy(names)}" if names else "",
    )
    return found, (notice,)


def report_notices(report: Report) -> tuple[Notice, ...]:
    """What came out badly, in words; nothing where all is well."""
    notices: list[Notice] = []
    if report.empty:
        notices.append(
            Notice(
                f"{_sentences(report.empty)} could not be translated and stayed as written.",
                f"See: {_shown(report.empty)}",
            )
        )
    if report.in_pieces:
        notices.append(
            Notice(
                f"{_sentences(report.in_pieces)} had to be translated in pieces, so that numbers, "
                "names, code and formatting stay as they are.",
                f"Read again: {_shown(report.in_pieces)}",
            )
        )
    return tuple(notices)


def _by_a_language_model(translator: GeneratedTranslator, names: Sequence[str]) -> Notice:
    return Notice(
        f"Translated by {translator.name}, a language model: no translator here goes "
        f"{_pair(translator.source, translator.target)}.",
        f"Read it with care; it is slower, too. {_remedy(names) if names else ''}".strip(),
    )


def _no_way(
    translators: Sequence[Translator], suggest: Suggest, source: str, target: str
) -> ModelError:
    pairs = {pair for translator in translators for pair in translator.pairs}
    names = suggest(source, target) or _missing_half(pairs, suggest, source, target)
    return ModelError(
        f"No model on this machine translates {_pair(source, target)}.",
        _remedy(names) if names else f"It can do: {_listed(pairs)}.",
    )


def _missing_half(
    pairs: set[tuple[str, str]], suggest: Suggest, source: str, target: str
) -> tuple[str, ...]:
    """Models that would complete a way through English."""
    if (source, PIVOT) in pairs:
        return suggest(PIVOT, target)
    return suggest(source, PIVOT) if (PIVOT, target) in pairs else ()


def _pair(source: str, target: str) -> str:
    return f"from {language_name(source)} to {language_name(target)}"


def _remedy(names: Sequence[str]) -> str:
    others = f" (or {', '.join(names[1:4])})" if len(names) > 1 else ""
    return f"{names[0]}{others} would: assistant models pull {names[0]}"


def _listed(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(
        f"{language_name(one)} to {language_name(other)}" for one, other in sorted(pairs)
    )


def _sentences(found: Sequence[str]) -> str:
    return "1 sentence" if len(found) == 1 else f"{len(found):,} sentences"


def _shown(found: Sequence[str]) -> str:
    return " · ".join(f"“{one_line(text, 60)}”" for text in found[:3])
