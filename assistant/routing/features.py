"""What can be seen in a message without a model: attachments, a command, tell-tale words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.core.messages import Message
from assistant.language.mentions import Mention, find_mentions
from assistant.routing import request_wording, wording
from assistant.routing.instruction import instruction
from assistant.routing.picture_wording import KINDS, picture_words

_COMMAND = re.compile(r"\s*/([a-z][a-z0-9_-]{1,31})(?=\s|$)")
_FOREIGN_QUOTE = re.compile(r"[\"“”«»„「『‘]|(?<!\w)'[^']+'(?!\w)")
_SHORT = 60  # characters
_VERY_SHORT, _FEW_WORDS, _LONG = 15, 40, 150  # characters, for the classifier
_READ = 400  # characters at either end; what follows is material, not instruction


@dataclass(frozen=True, slots=True)
class Features:
    """The typed features of one message; each says what it saw, not what it means."""

    command: str | None
    """Word after a leading slash, where there is one ("translate" of "/translate …")."""
    text: str
    """The message without its command."""
    images: int
    files: int
    pasted: int
    """Attached texts: standard input, long pastes."""
    mentions: tuple[Mention, ...]
    """Languages, countries and peoples named near either end of the text."""
    translate_word: bool
    say_word: bool
    asks_for_word: bool
    question: bool
    document_word: bool
    own_documents: bool
    picture_word: bool
    to_assistant: bool
    switch_word: bool
    language_topic: bool
    quoted: bool
    writes: bool
    indefinite: bool
    shortens: bool
    sorts: bool
    choice: bool
    material: bool
    paper: bool
    own: bool
    everyday: bool
    grammar: bool
    how_to: bool
    defines: bool
    inside: bool
    towards: bool
    of_picture: frozenset[str]
    """The kinds of wording that tell what is wanted of a picture."""
    payload: bool
    """There is a text beside the instruction: quoted, or after a colon or a line break."""

    @property
    def names_language(self) -> bool:
        return any(mention.kind == "language" for mention in self.mentions)

    @property
    def language_last(self) -> bool:
        """Whether a short message ends in a language: "goodbye in Icelandic"."""
        if len(self.text) > _SHORT or not self.names_language or self.language_topic:
            return False
        last = self.mentions[-1]
        return last.kind == "language" and not self.text[last.end :].strip(" ?!.。？！")

    @property
    def names_text(self) -> bool:
        """Whether the message brings, or points at, a text that something is to be done with."""
        return self.material or self.payload or self.document_word or self.pasted > 0

    @property
    def names_country(self) -> bool:
        return any(mention.kind != "language" for mention in self.mentions)

    def cues(self) -> tuple[float, ...]:
        """The wording as numbers 0 or 1, for the classifier; order and length are fixed.

        Conjunctions stand beside their parts: "say" or "france" alone says little, both do.
        """
        named = bool(self.mentions)
        flags = (
            self.translate_word,
            self.say_word and named,
            self.asks_for_word and named,
            self.asks_for_word and not named,
            self.names_language and len(self.text) < 40,
            self.names_country and not self.say_word,
            self.question,
            self.document_word,
            self.own_documents,
            self.document_word and self.question,
            self.picture_word,
            self.to_assistant and not named,
            self.switch_word and named,
            self.language_topic and named and not self.translate_word,
            self.quoted and named,
            self.language_topic and not self.translate_word,
            self.language_last,
            self.writes and not named,
            self.writes and self.document_word,
            self.indefinite and self.document_word and not self.own_documents,
            self.translate_word and self.question and not self.quoted,
            self.translate_word and not named and not self.quoted,
            self.question and named and not self.say_word and not self.translate_word,
            self.shortens,
            self.sorts,
            self.choice,
            self.material,
            self.paper,
            self.own,
            self.everyday,
            self.grammar,
            self.how_to,
            self.defines,
            self.inside,
            self.how_to and not self.inside,
            self.inside and (self.paper or self.document_word),
            self.towards,
            self.towards and not self.writes and not self.question,
            self.shortens and not self.names_text,
            self.payload,
            self.payload and named,
            self.payload and not named and not self.shortens and not self.sorts,
            len(self.text) < _VERY_SHORT,
            len(self.text) < _FEW_WORDS and not self.question,
            len(self.text) > _LONG,
            *(kind in self.of_picture for kind in KINDS),
        )
        return tuple(map(float, flags))


def read_features(message: Message) -> Features:
    """Look at a message; costs about 0.1 ms whatever its length."""
    found = _COMMAND.match(message.text)
    text = message.text[found.end() :].strip() if found else message.text
    ends = ends_of(text)
    mentions = find_mentions(ends)
    lowered = ends.casefold()
    asked = instruction(lowered)
    return Features(
        command=found.group(1) if found else None,
        text=text,
        images=len(message.images),
        files=len(message.files),
        pasted=len(message.texts),
        mentions=mentions,
        translate_word=wording.TRANSLATE.search(lowered) is not None,
        say_word=wording.SAY.search(lowered) is not None,
        asks_for_word=wording.ASKS_FOR_THE_WORD.search(lowered) is not None,
        question=wording.QUESTION.search(lowered) is not None,
        document_word=wording.DOCUMENTS.search(lowered) is not None,
        own_documents=wording.MINE.search(lowered) is not None,
        picture_word=wording.PICTURE.search(lowered) is not None,
        to_assistant=wording.TO_THE_ASSISTANT.search(wording.POLITELY.sub("", lowered)) is not None,
        switch_word=wording.SWITCH.search(lowered) is not None,
        language_topic=wording.LANGUAGES_THEMSELVES.search(lowered) is not None,
        quoted=_FOREIGN_QUOTE.search(ends) is not None,
        writes=wording.WRITES.search(lowered) is not None,
        indefinite=wording.INDEFINITE.search(lowered) is not None,
        shortens=request_wording.SHORTEN.search(asked) is not None,
        sorts=request_wording.SORT.search(asked) is not None,
        choice=request_wording.CHOICE.search(lowered) is not None,
        material=request_wording.MATERIAL.search(asked) is not None,
        paper=request_wording.PAPERS.search(asked) is not None,
        own=request_wording.OWN.search(asked) is not None,
        everyday=request_wording.EVERYDAY.search(asked) is not None,
        grammar=request_wording.GRAMMAR.search(asked) is not None,
        how_to=request_wording.HOW_TO.search(asked) is not None,
        defines=request_wording.DEFINES.search(asked) is not None,
        inside=request_wording.INSIDE.search(asked) is not None,
        towards=any(
            mention.kind == "language" and request_wording.TOWARDS.search(ends[: mention.start])
            for mention in mentions
        ),
        of_picture=picture_words(asked),
        payload=asked != lowered,
    )


def features_of(text: str) -> Features:
    """What is seen in a text alone."""
    return read_features(Message("user", text))


def ends_of(text: str) -> str:
    """What is looked at of a text; mentions are offsets into this."""
    return text if len(text) <= 2 * _READ else f"{text[:_READ]}\n{text[-_READ:]}"
