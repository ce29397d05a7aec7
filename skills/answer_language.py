"""The language a skill that speaks English and Chinese answers in."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.skills import SkillRequest


def languages(request: SkillRequest, detect_language: Callable[[str], str]) -> tuple[str, str]:
    """The language of the message ("" where it has no words), and that of the answer: "zh" where
    Chinese is spoken or asked for, else "en"."""
    text = request.subject
    said = detect_language(text) if text.strip() else ""
    return said, "zh" if (request.params.target or said) == "zh" else "en"
