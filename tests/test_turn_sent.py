"""A turn says to which other machines its text went, once a conversation."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.core.errors import ModelError
from assistant.core.events import Done, Event, Failed, Routed, SentTo, TextDelta
from assistant.core.messages import Message
from assistant.core.skills import SkillRequest
from assistant.core.turns import TurnRequest
from assistant.models.servers.sent import SentLog
from assistant.turn import TurnRunner
from tests.fakes import FakeSkill, FixedRouter
from tests.test_turn import never, no_documents

AWAY = SentTo("api.example.com")


class SendingSkill(FakeSkill):
    """Sends text away before it says anything, and fails if told to."""

    log = SentLog()
    fails = False

    def run(self, request: SkillRequest) -> Iterator[Event]:
        self.log.add(AWAY)
        if self.fails:
            raise ModelError("The server is gone.")
        yield TextDelta("a")
        self.log.add(AWAY)
        yield TextDelta("b")


def run(skill: SendingSkill, *known: str) -> list[Event]:
    skill.log = SentLog()
    skill.log.add(SentTo("before.example.com"))  # by another job; no part of this turn
    runner = TurnRunner(FixedRouter(), {skill.name: skill}, no_documents, skill.log.take)
    history = (Message("user", "x"),) if known else ()
    return list(runner.run(TurnRequest("hello", history=history, known_hosts=known), never))


def test_it_is_said_before_the_answer_and_once() -> None:
    events = run(SendingSkill())
    assert [type(e) for e in events] == [Routed, SentTo, TextDelta, TextDelta, Done]
    assert events[1] == AWAY


def test_it_is_not_said_again_in_the_same_conversation() -> None:
    assert SentTo not in {type(e) for e in run(SendingSkill(), "api.example.com")}


def test_another_host_is_said_all_the_same() -> None:
    assert AWAY in run(SendingSkill(), "other.example.com")


def test_it_is_said_even_when_the_turn_fails() -> None:
    skill = SendingSkill()
    skill.fails = True
    assert [type(e) for e in run(skill)] == [Routed, SentTo, Failed]
