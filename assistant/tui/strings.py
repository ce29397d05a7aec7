"""Every text the interface itself shows, as a table with one instance a language.

Fields that hold `{}` are filled with `str.format`; those that hold the name of a key, as `{send}`,
with `Strings.keyed`, which puts in the key bound to it. Nothing here is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.config.language import AUTO, interface_language
from assistant.core.documents import Place
from assistant.core.errors import AssistantError
from assistant.language.messages.catalogue import joined
from assistant.language.messages.speech import speech_in
from assistant.tui.bound_keys import BoundKeys
from assistant.tui.library_strings import LibraryStrings
from assistant.tui.strings_screens import ScreenStrings

_AMID_CHINESE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Example:
    """Something to try on the empty screen; `text` goes into the prompt."""

    title: str
    summary: str
    text: str
    skill: str


@dataclass(frozen=True, slots=True)
class Strings:
    """The table; `strings_en.ENGLISH` and `strings_zh.CHINESE` are its instances."""

    language: str
    name: str
    tagline: str
    # prompt
    placeholder: str
    prompt_hint: str
    stop_hint: str
    no_command: str
    busy: str
    heat_question: str
    """Sent for the person who wants to see what in a picture speaks for what was said."""
    nothing_to_send: str
    pasted: str
    pasted_line: str
    """The same of a single line."""
    attached_limit: str
    editing: str
    examples: tuple[Example, ...]
    welcome_keys: str
    # skills
    skills: Mapping[str, str]
    skill_summaries: Mapping[str, str]
    commands: Mapping[str, str]
    command_examples: Mapping[str, str]
    auto: str
    # answers
    thinking: str
    between: str
    """What stands between the items of a list."""
    aside: str
    """Something, and what is said of it in brackets: a step of a chain, and its language."""
    stopped: str
    earlier_answer: str
    engine_stopped: str
    engine_stopped_hint: str
    sources: str
    nearest: str
    more_lines: str
    earlier_messages: str
    copied: str
    nothing_to_copy: str
    opened: str
    no_opener: str
    page: str
    line: str
    # why
    why_title: str
    why_keys: str
    why_none: str
    margin: str
    reason: str
    alternatives: str
    timings: str
    why_asking: str
    why_now: str
    seen: str
    neighbours: str
    yours: str
    evidence: str
    would_change: str
    signs: Mapping[str, str]
    changes: Mapping[str, str]
    unsure: str
    unsure_keys: str
    remembered: str
    forgotten: str
    other_skill_title: str
    other_skill_keys: str
    # sidebar
    conversations: str
    search_placeholder: str
    no_conversations: str
    no_hits: str
    today: str
    yesterday: str
    last_week: str
    last_month: str
    pinned: str
    untitled: str
    deleted: str
    undo: str
    library: LibraryStrings
    # status
    starting: str
    loading: str
    learning: str
    ready: str
    engine_off: str
    writing: str
    documents_one: str
    documents_many: str
    context: str
    speed: str
    message_keys: str
    source_keys: str
    chip_keys: str
    code_keys: str
    picture_keys: str
    picture_again: str
    """Beside the name of a picture that was shown before; with its number."""
    below: str
    new_below: str
    answered: str
    copy_hint: str
    choosing: str
    first_word: str
    tokens: str
    # first start
    download_title: str
    download_intro: str
    download_together: str
    download_offline: str
    download_keys: str
    download_running_keys: str
    download_done: str
    download_failed_keys: str
    download_waiting: str
    model_roles: Mapping[str, str]
    # dialogs
    attach_title: str
    attach_keys: str
    attach_here: str
    attach_none: str
    attach_missing: str
    help_title: str
    theme: str
    palette_placeholder: str
    theme_placeholder: str
    help_commands: str
    help_config: str
    close_hint: str
    quit_hint: str
    not_saved: str
    bad_theme: str
    bad_key: str
    indexing: str
    indexed: str
    index_needs_path: str
    editor_missing: str
    # key bindings, by name
    groups: Mapping[str, str]
    keys: Mapping[str, str]
    months: tuple[str, ...]
    month_format: str
    # documents, models, settings, sources
    screens: ScreenStrings
    bound: BoundKeys = field(default_factory=BoundKeys, compare=False)
    """What the texts name keys by."""

    def with_keys(self, keymap: Mapping[str, str]) -> Strings:
        """The same texts, their keys those of a keymap that can change."""
        return replace(self, bound=BoundKeys(keymap))

    def keyed(self, text: str, *values: object) -> str:
        """One of the texts with its keys, and values for its other holes."""
        return self.bound.fill(text, *values)

    def skill(self, name: str) -> str:
        """The name people see for a skill; third parties' skills keep their own."""
        return self.skills.get(name, name)

    def filled(self, text: str, word: str) -> str:
        """A text with a word in its hole, which stands without a space where both are Chinese."""
        return _AMID_CHINESE.sub("", text.format(word))

    def listed(self, items: Iterable[str]) -> str:
        """Items of a list as one text."""
        return self.between.join(items)

    def together(self, *texts: str) -> str:
        """Texts already in this language as one, with a space only where the language has one."""
        return joined(texts)

    def tell(self, *texts: str) -> str:
        """Messages of the engine, the skills and the like in this language, as one text."""
        return speech_in(self.language).tell(*texts)

    def tell_error(self, error: Exception) -> str:
        """What went wrong, and the remedy."""
        if isinstance(error, AssistantError):
            return self.tell(error.message, error.hint)
        return self.tell(str(error))

    def documents(self, count: int) -> str:
        """ "1 document", "5 documents"."""
        return (self.documents_one if count == 1 else self.documents_many).format(f"{count:,}")

    def where(self, place: Place) -> str:
        """Where in a file: its page, else its line, else the heading above."""
        if place.page is not None:
            return self.page.format(place.page)
        return place.heading if place.line is None else self.line.format(place.line)

    def month(self, year: int, month: int) -> str:
        """A month of a year, as a heading."""
        return self.month_format.format(year=year, month=self.months[month - 1])


def choose(environ: Mapping[str, str], setting: str = AUTO) -> Strings:
    """The table of the language the environment or the setting `ui.language` asks for."""
    if interface_language(environ, setting) == "zh":
        from assistant.tui.strings_zh import CHINESE

        return CHINESE
    from assistant.tui.strings_en import ENGLISH

    return ENGLISH
