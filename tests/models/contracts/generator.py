"""What every `Generator` does; a test class inherits this and provides the `generator` fixture."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.core.errors import UsageError
from assistant.core.events import Usage
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import Generator, Sampling
from assistant.core.skills import Cancelled

QUESTION = (Message("user", "Count to three."),)
SHORT = Sampling(temperature=0.0, max_tokens=12, seed=1)


def never() -> bool:
    return False


def answer(
    generator: Generator,
    messages: tuple[Message, ...] = QUESTION,
    sampling: Sampling = SHORT,
    cancelled: Cancelled = never,
) -> tuple[str, Usage]:
    """The whole answer and what it cost."""
    stream = generator.stream(messages, sampling, cancelled)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as ended:
            usage: Usage = ended.value
            return "".join(pieces), usage


class GeneratorContract:
    """Inherit and add a `generator` fixture."""

    def test_says_what_it_is(self, generator: Generator) -> None:
        assert generator.name
        assert generator.device
        assert generator.context_length > 0
        assert isinstance(generator.grounded, bool)

    def test_streams_text_and_returns_what_it_cost(self, generator: Generator) -> None:
        text, usage = answer(generator)
        assert text
        assert 0 < usage.new_tokens <= SHORT.max_tokens
        assert usage.prompt_tokens > 0
        assert 0 < usage.first_token_seconds <= usage.seconds
        assert (usage.model, usage.device) == (generator.name, generator.device)
        assert usage.context_length == generator.context_length
        assert usage.dropped_turns == 0

    def test_greedy_answers_repeat_themselves(self, generator: Generator) -> None:
        assert answer(generator)[0] == answer(generator)[0]

    def test_the_same_seed_draws_the_same_answer(self, generator: Generator) -> None:
        drawn = Sampling(temperature=1.0, max_tokens=12, seed=7)
        assert answer(generator, sampling=drawn)[0] == answer(generator, sampling=drawn)[0]

    def test_stops_before_a_stop_text(self, generator: Generator) -> None:
        text, _ = answer(generator)
        stop = next(letter for letter in text[1:] if letter.isascii() and letter.isprintable())
        cut, _ = answer(generator, sampling=Sampling(0.0, max_tokens=12, stop=(stop,), seed=1))
        assert stop not in cut
        assert text.startswith(cut)

    def test_a_cancelled_answer_ends_with_what_there_is(self, generator: Generator) -> None:
        asked = itertools.count()
        long = Sampling(max_tokens=400)
        text, usage = answer(generator, QUESTION, long, lambda: next(asked) >= 5)
        assert len(text) < 400
        assert usage.new_tokens <= 5

    def test_cancelled_before_it_began_it_says_nothing(self, generator: Generator) -> None:
        assert list(generator.stream(QUESTION, SHORT, lambda: True)) == []

    def test_cancelled_while_it_reads_it_says_next_to_nothing_and_is_free_again(
        self, generator: Generator
    ) -> None:
        whole, _ = answer(generator)
        long = (Message("user", "word " * (generator.context_length // 10)),)
        asked = itertools.count()
        _, usage = answer(generator, long, Sampling(max_tokens=400), lambda: next(asked) >= 1)
        assert usage.new_tokens <= 1
        assert answer(generator)[0] == whole

    def test_two_who_ask_at_once_are_both_answered(self, generator: Generator) -> None:
        alone = [answer(generator, (Message("user", text),))[0] for text in ("One?", "Two?")]
        with ThreadPoolExecutor(2) as pool:
            asked = [
                pool.submit(answer, generator, (Message("user", text),))
                for text in ("One?", "Two?")
            ]
            assert [future.result(60)[0] for future in asked] == alone

    def test_can_be_used_again_after_an_answer_was_left_early(self, generator: Generator) -> None:
        whole, _ = answer(generator)
        left = generator.stream(QUESTION, Sampling(max_tokens=400), never)
        next(left)
        left.close()
        assert answer(generator)[0] == whole

    def test_the_oldest_turns_leave_when_the_conversation_is_too_long(
        self, generator: Generator
    ) -> None:
        turns = [
            Message(role, "word " * (generator.context_length // 20))
            for _ in range(20)
            for role in ("user", "assistant")
        ]
        messages = (Message("system", "Be brief."), *turns, *QUESTION)
        text, usage = answer(generator, messages)
        assert text
        assert 0 < usage.dropped_turns < len(turns)
        assert usage.prompt_tokens + usage.new_tokens <= generator.context_length

    def test_a_last_message_that_cannot_fit_is_refused(self, generator: Generator) -> None:
        endless = (Message("user", "word " * (2 * generator.context_length)),)
        with pytest.raises(UsageError, match="too long"):
            answer(generator, endless)

    def test_no_messages_are_refused(self, generator: Generator) -> None:
        with pytest.raises(UsageError, match="no message"):
            answer(generator, ())

    def test_attached_text_is_part_of_what_it_reads(self, generator: Generator) -> None:
        attached = Message("user", "Count to three.", (TextAttachment("a.txt", "one two " * 10),))
        assert answer(generator, (attached,))[1].prompt_tokens > answer(generator)[1].prompt_tokens

    @pytest.mark.parametrize(
        "text", ["", "  ", "数到三。", "👍🏽🇨🇳", "\ud800", "\x00\x1b[31m", "<|im_end|>"]
    )
    def test_takes_any_text(self, generator: Generator, text: str) -> None:
        _, usage = answer(generator, (Message("user", text),))
        assert usage.new_tokens >= 0

    def test_takes_two_turns_of_one_party_in_a_row(self, generator: Generator) -> None:
        twice = (Message("user", "Hello."), Message("user", "Are you there?"))
        assert answer(generator, twice)[1].prompt_tokens > 0
