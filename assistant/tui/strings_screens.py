"""The texts of the screens (documents, models, settings), of sources and of work under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.core.picture_search import PictureGroup


@dataclass(frozen=True, slots=True)
class TimeTexts:
    """How long work still takes, and what it is counted in."""

    seconds_left: str
    minutes_left: str
    hours_left: str
    units: Mapping[str, str]
    stages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """What is said around the passages of an answer."""

    searched: str
    only_paths: str
    only_types: str
    after: str
    before: str
    also: str


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """The documents screen."""

    title: str
    in_scope: str
    passage_one: str
    passages: str
    failed: str
    waiting: str
    embedding: str
    picture_one: str
    pictures: str
    """Files of a collection that are pictures."""
    new_collection: str
    filters: Mapping[str, str]
    states: Mapping[str, str]
    find: str
    nothing: str
    nothing_here: str
    folder_one: str
    folder: str
    loading: str
    up_to_date: str
    watching: str
    watching_status: str
    stopped_watching: str
    forget_again: str
    added: str
    add_title: str
    add_placeholder: str
    add_keys: str
    add_this: str
    add_more: str
    add_nothing: str
    name_title: str
    name_placeholder: str
    name_keys: str
    name_bad: str
    scope_now: str
    idle: str
    watch_ended: str

    def passages_of(self, count: int) -> str:
        """ "1 passage", "1,204 passages"."""
        return (self.passage_one if count == 1 else self.passages).format(f"{count:,}")

    def folder_of(self, count: int) -> str:
        """ "folder · 1 file"."""
        return (self.folder_one if count == 1 else self.folder).format(f"{count:,}")


@dataclass(frozen=True, slots=True)
class DuplicateTexts:
    """The screen of pictures that are nearly the same."""

    title: str
    looking: str
    none: str
    count_one: str
    count: str
    identical: str
    alike: str
    largest: str
    how: str

    def counted(self, groups: Sequence[PictureGroup]) -> str:
        """ "2 groups; 3 pictures are copies of another one."."""
        if not groups:
            return self.none
        spare = sum(len(group.paths) - 1 for group in groups)
        return (self.count_one if len(groups) == 1 else self.count).format(
            f"{len(groups):,}", f"{spare:,}"
        )


@dataclass(frozen=True, slots=True)
class ModelTexts:
    """The models screen."""

    title: str
    present: str
    absent: str
    roles: Mapping[str, str]
    in_use: str
    loaded_on: str
    offered: str
    nothing_offered: str
    sent_to: str
    served_here: str
    sent_notice: str
    sent_open: str
    recommended: str
    advice: Mapping[str, str]
    """By best, balanced, lightest."""
    speed: str
    memory: str
    non_commercial: str
    many_languages: str
    offline: str
    use_hint: str
    no_use_needed: str
    used_as: str
    set_to: str
    embed_warning: str
    pull_first: str
    pull_hint: str
    pulled: str
    pull_stopped: str
    waiting: str
    loading: str
    consent_title: str
    consent_fact: str
    consent_means: str
    consent_yes: str
    consent_no: str


@dataclass(frozen=True, slots=True)
class SettingTexts:
    """The settings screen."""

    title: str
    general: str
    sections: Mapping[str, str]
    descriptions: Mapping[str, str]
    """By dotted name; where one is missing, the description in the program's source is shown."""
    default: str
    option: str
    takes: str
    default_is: str
    variable_is: str
    boolean: str
    whole_number: str
    number: str
    text: str
    some_text: str
    one_of: str
    from_to: str
    above_to: str
    key_takes: str
    not_a_number: str
    overridden: str
    saved: str
    reset: str
    was_default: str
    at_next_start: str
    engine_restarts: str
    engine_busy: str
    edit_keys: str
    empty: str


@dataclass(frozen=True, slots=True)
class ScreenStrings:
    """All of them."""

    times: TimeTexts
    sources: SourceTexts
    documents: DocumentTexts
    models: ModelTexts
    settings: SettingTexts
    duplicates: DuplicateTexts
    back: str
