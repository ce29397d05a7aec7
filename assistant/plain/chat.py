"""The chat line by line, for screen readers and terminals that can't be drawn on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from contextlib import suppress
from time import monotonic

from assistant.core.errors import AssistantError
from assistant.core.events import Failed
from assistant.core.messages import Attachment, Message
from assistant.core.text import one_line, sanitize
from assistant.engine.wire import Status, TurnRequest
from assistant.plain.loop import BackgroundLoop
from assistant.plain.strings import PlainStrings
from assistant.plain.voice import Voice, Write
from assistant.tui.attachments import (
    MAX_PATHS,
    attach,
    existing_file,
    images_of_folder,
    label,
    merged,
    typed_files,
)
from assistant.tui.commands import Command, Invocation, Unknown, parse
from assistant.tui.ports import EngineLike, StoreLike
from assistant.tui.session import ChatSession, Exchange
from assistant.tui.strings import Strings
from assistant.tui.turns import Turn

TWICE_SECONDS = 2.0
"""Ctrl+C leaves when pressed again within this time."""
LOOK_SECONDS = 0.5
"""A wait without an end does not hear Ctrl+C on Windows."""
LISTED = 20
HITS = 20
AUTO = "auto"
COMMANDS = ("help", "skill", "attach", "again", "new", "list", "search", "open", "read", "quit")
Read = Callable[[str], str]
"""Asks for a line; raises EOFError at the end, KeyboardInterrupt for Ctrl+C."""


class PlainChat:
    """Reads lines, answers them, keeps the conversation in the store.

    Args:
        read: asks for a line.
        write: writes text at once.
        skills: names of the skills there are.
    """

    def __init__(
        self,
        store: StoreLike,
        engine: EngineLike,
        loop: BackgroundLoop,
        *,
        read: Read,
        write: Write,
        skills: Sequence[str],
        strings: Strings,
        plain: PlainStrings,
    ) -> None:
        self._store = store
        self._engine = engine
        self._loop = loop
        self._read = read
        self._write = write
        self._skills = tuple(skills)
        self._names = strings
        self._strings = plain
        own = tuple(Command(name, "", is_skill=False, takes_text=True) for name in COMMANDS)
        of_skills = tuple(Command(name, "", is_skill=True, takes_text=True) for name in skills)
        self._table = own + of_skills
        self._session = ChatSession(store, self._tell)
        self._skill: str | None = None
        self._attached: tuple[Attachment, ...] = ()
        self._listed: list[tuple[int, int | None]] = []
        self._interrupted = -TWICE_SECONDS
        self._leaving = False

    def run(self) -> None:
        """Chat until the person leaves or the input ends."""
        self._line(self._strings.welcome)
        with suppress(KeyboardInterrupt):  # a second one, before the first was answered in full
            while not self._leaving:
                try:
                    text = self._message()
                    self._interrupted = -TWICE_SECONDS
                    self._do(text)
                except EOFError:
                    break
                except KeyboardInterrupt:
                    self._interrupt()
        self._line(self._strings.bye)

    def heard(self, status: Status) -> None:
        """What the engine says of itself: models that are missing."""
        if status.missing:
            names = ", ".join(model.name for model in status.missing)
            told = f"{self._strings.missing.format(names)} {self._strings.missing_hint}"
            self._line(self._strings.note.format(told))

    # --- reading --------------------------------------------------------------------------

    def _message(self) -> str:
        lines = [self._read(self._strings.you)]
        while lines[-1].endswith("\\"):
            lines[-1] = lines[-1][:-1]
            lines.append(self._read(self._strings.goes_on))
        return sanitize("\n".join(lines)).strip()

    def _interrupt(self) -> None:
        now = monotonic()
        self._leaving = now - self._interrupted < TWICE_SECONDS
        self._interrupted = now
        self._write("\n")
        if not self._leaving:
            self._line(self._strings.quit_hint)

    def _do(self, text: str) -> None:
        meant = parse(text, self._table)
        try:
            if isinstance(meant, Unknown):
                self._line(self._strings.no_command.format(one_line(meant.word, 40)))
            elif isinstance(meant, Invocation) and not meant.command.is_skill:
                self._command(meant.command.name, meant.text)
            elif isinstance(meant, Invocation):
                self._ask(meant.text, meant.command.name)
            elif text or self._attached:
                self._ask(text, self._skill)
        except AssistantError as error:
            self._tell(error)

    # --- answering ------------------------------------------------------------------------

    def _ask(self, text: str, skill: str | None) -> None:
        rest, paths = typed_files(text)
        attachments = merged(self._attached, (attach(path) for path in paths))
        for attachment in attachments[len(self._attached) :]:
            self._line(self._strings.attached.format(label(attachment)))
        self._attached = ()
        self._answer(self._session.ask(Message("user", rest, attachments)), skill)

    def _answer(self, exchange: Exchange, skill: str | None) -> None:
        """Answer, and wait; Ctrl+C stops the answer, twice it leaves."""
        answer = self._session.begin(exchange)
        voice = Voice(self._write, self._names, self._strings)
        death = Failed(self._strings.engine_died, self._strings.engine_died_hint)
        turn = Turn(self._engine, answer, self._session.save, monotonic, death)
        user = exchange.user
        request = TurnRequest(
            user.text,
            user.attachments,
            self._session.history(exchange),
            skill,
            known_hosts=self._session.known_hosts(exchange),
        )
        work = self._loop.start(turn.run(request, voice))
        while not work.done() and not self._leaving:
            try:
                wait([work], timeout=LOOK_SECONDS)
            except KeyboardInterrupt:
                self._loop.call(turn.cancel)
                self._interrupt_answer()
        wait([work], timeout=TWICE_SECONDS)  # time to save what is written, when leaving
        if answer.state == "stopped":
            self._line(self._strings.stopped)

    def _interrupt_answer(self) -> None:
        now = monotonic()
        self._leaving = now - self._interrupted < TWICE_SECONDS
        self._interrupted = now

    # --- commands -------------------------------------------------------------------------

    def _command(self, name: str, text: str) -> None:
        {
            "help": self._help,
            "skill": self._choose_skill,
            "attach": self._attach,
            "again": self._again,
            "new": self._new,
            "list": self._list,
            "search": self._search,
            "open": self._open,
            "read": self._read_again,
            "quit": self._quit,
        }[name](text)

    def _help(self, _text: str) -> None:
        self._line(self._strings.help)
        self._line(self._strings.skills.format(", ".join(self._skills)))

    def _choose_skill(self, name: str) -> None:
        known = ", ".join((*self._skills, AUTO))
        if not name:
            self._line(self._strings.skills.format(known))
        elif name == AUTO:
            self._skill = None
            self._line(self._strings.skill_auto)
        elif name in self._skills:
            self._skill = name
            self._line(self._strings.skill_set.format(self._names.skill(name)))
        else:
            self._line(self._strings.no_skill.format(one_line(name, 40), known))

    def _attach(self, text: str) -> None:
        written = text.strip("'\"")
        path = existing_file(written)
        paths = images_of_folder(written) if path is None else (path,)
        if not paths:
            self._line(self._strings.no_file.format(one_line(text)))
            return
        if len(paths) > MAX_PATHS:
            self._line(self._strings.attached_first.format(MAX_PATHS, len(paths)))
        for attachment in map(attach, paths[:MAX_PATHS]):
            self._attached = merged(self._attached, [attachment])
            self._line(self._strings.attached.format(label(attachment)))

    def _again(self, _text: str) -> None:
        if self._session.exchanges:
            self._answer(self._session.exchanges[-1], self._skill)
        else:
            self._line(self._strings.nothing)

    def _new(self, _text: str) -> None:
        self._session = ChatSession(self._store, self._tell)
        self._line(self._strings.new)

    def _list(self, _text: str) -> None:
        found = self._store.recent(LISTED)
        self._listed = [(conversation.id, None) for conversation in found]
        self._line(self._strings.conversations if found else self._strings.none)
        for number, conversation in enumerate(found, start=1):
            self._line(f"{number}. {one_line(conversation.title) or self._names.untitled}")

    def _search(self, text: str) -> None:
        if not text:
            self._line(self._strings.search_needs_words)
            return
        # A title is made from the first message: both would be found, and read the same.
        hits = list(
            {(h.conversation, h.snippet): h for h in self._store.search(text, HITS)}.values()
        )
        self._listed = [(hit.conversation, hit.message) for hit in hits]
        if not hits:
            self._line(self._strings.no_hits)
        for number, hit in enumerate(hits, start=1):
            place = f": {one_line(hit.snippet)}" if hit.message is not None else ""
            self._line(f"{number}. {one_line(hit.title)}{place}")

    def _open(self, text: str) -> None:
        if not self._listed:
            self._listed = [(found.id, None) for found in self._store.recent(LISTED)]
        if not text.isdecimal() or not 1 <= int(text) <= len(self._listed):
            self._line(self._strings.no_number)
            return
        conversation, message = self._listed[int(text) - 1]
        session = ChatSession.opened(conversation, self._store, self._tell, message)
        self._session = session
        self._line(self._strings.opened.format(one_line(self._store.get(conversation).title)))
        found = (e for e in session.exchanges if message in e.messages)
        for exchange in [next(found)] if message is not None else session.exchanges[-1:]:
            self._say(exchange)

    def _read_again(self, text: str) -> None:
        count = int(text) if text.isdecimal() else 1
        for exchange in self._session.exchanges[-min(count, 1_000) :] if count else ():
            self._say(exchange)

    def _quit(self, _text: str) -> None:
        self._leaving = True

    def _say(self, exchange: Exchange) -> None:
        """An exchange as it was kept."""
        self._line(f"{self._strings.you}{sanitize(exchange.user.text)}")
        for attachment in exchange.user.attachments:
            self._line(self._strings.attached.format(label(attachment)))
        for answer in exchange.answers[-1:]:
            voice = Voice(self._write, self._names, self._strings)
            for event in answer.events:
                voice.say(event)
            voice.line(sanitize(answer.text))
            voice.finish(stopped=answer.state == "stopped")

    # --- writing --------------------------------------------------------------------------

    def _tell(self, error: AssistantError) -> None:
        self._line(self._strings.error.format(one_line(self._names.tell_error(error), 1_000)))

    def _line(self, text: str) -> None:
        self._write(text + "\n")
