"""Fitting a conversation into a context."""

from __future__ import annotations

import pytest

from assistant.core.errors import UsageError
from assistant.core.messages import Message
from assistant.models.history import (
    ATTEMPTS,
    MESSAGE_TOKENS,
    TEMPLATE_TOKENS,
    Fitting,
    fit_history,
)


def words(message: Message) -> int:
    return len(message.text.split())


def conversation(turns: int, size: int) -> list[Message]:
    """`turns` questions and answers of `size` words, then a question of one word."""
    told = [
        Message(role, f"{number} " * size)
        for number in range(turns)
        for role in ("user", "assistant")
    ]
    return [*told, Message("user", "now")]


def test_a_conversation_that_fits_stays_as_it_is() -> None:
    messages = conversation(3, 5)
    assert fit_history(messages, 31, words) == (tuple(messages), 0)


def test_the_oldest_turns_leave_first() -> None:
    messages = conversation(10, 5)
    kept, dropped = fit_history(messages, 60, words)
    assert list(kept) == messages[dropped:]
    assert sum(map(words, kept)) <= 60


def test_the_system_text_and_the_last_message_stay() -> None:
    system = Message("system", "be brief")
    messages = [system, *conversation(10, 5)]
    kept, _ = fit_history(messages, 20, words)
    assert kept[0] == system
    assert kept[-1].text == "now"


def test_what_remains_never_starts_with_an_answer() -> None:
    for budget in range(8, 100):
        kept, _ = fit_history(conversation(10, 5), budget, words)
        assert kept[0].role == "user"


def test_an_answer_without_its_question_leaves_even_when_it_fits() -> None:
    messages = [Message("assistant", "welcome"), Message("user", "hello")]
    assert fit_history(messages, 100, words) == ((messages[1],), 1)


def test_the_beginning_stays_the_same_for_several_turns() -> None:
    """So that the model's memory of it stays good; see STEPS."""
    starts = [fit_history(conversation(turns, 5), 100, words)[0][0].text for turns in range(10, 30)]
    assert len(set(starts)) <= 10


def test_a_last_message_that_cannot_fit_is_an_error_with_both_numbers() -> None:
    with pytest.raises(UsageError, match=r"about 7 tokens, where 6 fit"):
        fit_history([Message("user", "a b c d e f g")], 6, words)


def test_the_error_names_the_remedy() -> None:
    with pytest.raises(UsageError) as refused:
        fit_history([Message("user", "a b")], 1, words)
    assert "index" in refused.value.hint


def test_attempts_leave_more_room_for_a_template_that_takes_more_than_was_thought() -> None:
    messages = conversation(20, 5)
    fitting = Fitting(messages, 500, 100, words)
    assert fitting.reserve == 100
    first, _ = fitting.attempt()
    assert sum(map(words, first)) + MESSAGE_TOKENS * len(first) <= 400 - TEMPLATE_TOKENS
    fitting.was_too_long(30)
    second, dropped = fitting.attempt()
    assert len(second) < len(first)
    assert dropped == len(messages) - len(second)
    assert second[-1] == messages[-1]


def test_what_always_stays_is_tried_by_itself_before_it_is_called_too_long() -> None:
    system, last = Message("system", "be kind"), Message("user", "now " * 100)
    fitting = Fitting([system, *conversation(20, 5), last], 500, 100, words)
    fitting.attempt()
    fitting.was_too_long(300)
    kept, _ = fitting.attempt()
    assert kept == (system, last)


def test_the_last_attempt_is_what_always_stays() -> None:
    messages = conversation(20, 5)
    fitting = Fitting(messages, 500, 4, words)
    for _ in range(ATTEMPTS - 1):
        fitting.attempt()
        fitting.was_too_long(1)
    assert fitting.attempt()[0] == (messages[-1],)


def test_attempts_end_with_the_remedy() -> None:
    fitting = Fitting([Message("user", "now")], 500, 100, words)
    for _ in range(ATTEMPTS):
        fitting.attempt()
    with pytest.raises(UsageError, match="doesn't fit") as told:
        fitting.attempt()
    assert "generate.context" in told.value.hint


def test_at_most_a_quarter_of_the_context_is_kept_for_the_answer() -> None:
    assert Fitting([Message("user", "now")], 400, 1000, words).reserve == 100
