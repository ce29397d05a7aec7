"""The generate skill: what the model is asked and what comes of it."""

from __future__ import annotations

from assistant.core.events import Measured, Notice, TextDelta
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import Sampling
from assistant.core.skills import Params, SkillRequest
from skills.generate import GenerateSkill
from tests.fakes import FakeGenerator


def request(text: str = "hi", payload: str | None = None) -> SkillRequest:
    message = Message("user", text, (TextAttachment("notes", "some text"),))
    history = (Message("user", "before"), Message("assistant", "yes"))
    return SkillRequest(message, history, Params(payload=payload), lambda: False)


def skill(generator: FakeGenerator, system: str = "Be kind.") -> GenerateSkill:
    return GenerateSkill(lambda: generator, system, Sampling())


def test_the_model_sees_system_text_history_and_message() -> None:
    generator = FakeGenerator()
    list(skill(generator).run(request()))
    (conversation,) = generator.asked
    assert [(m.role, m.text) for m in conversation] == [
        ("system", "Be kind."),
        ("user", "before"),
        ("assistant", "yes"),
        ("user", "hi"),
    ]
    assert conversation[-1].texts == ("some text",)


def test_the_model_does_not_see_which_model_gave_an_answer_before() -> None:
    generator = FakeGenerator()
    history = (
        Message("user", "what is this? *Named by me*"),
        Message("assistant", "Perhaps a *dog*.\n\nJPEG, 5 × 3 pixels.\n\n*Named by some-labeler*"),
    )
    message = Message("user", "hi")
    list(skill(generator).run(SkillRequest(message, history, Params(), lambda: False)))
    assert [m.text for m in generator.asked[0][1:3]] == [
        "what is this? *Named by me*",
        "Perhaps a *dog*.\n\nJPEG, 5 × 3 pixels.",
    ]


def test_without_a_system_text_there_is_no_system_message() -> None:
    generator = FakeGenerator()
    list(skill(generator, system="").run(request()))
    assert generator.asked[0][0].role == "user"


def test_the_payload_replaces_the_command_in_the_text() -> None:
    generator = FakeGenerator()
    list(skill(generator).run(request("/generate hi", payload="hi")))
    assert generator.asked[0][-1].text == "hi"


def test_text_streams_and_the_cost_comes_last() -> None:
    events = list(skill(FakeGenerator(pieces=("a", "b"))).run(request()))
    assert events[:2] == [TextDelta("a"), TextDelta("b")]
    assert isinstance(events[2], Measured)
    assert events[2].usage.new_tokens == 2


def test_escape_sequences_of_the_model_are_dropped() -> None:
    (delta, *_) = skill(FakeGenerator(pieces=("\x1b[31mred\x1b[0m",))).run(request())
    assert delta == TextDelta("red")


def test_dropped_turns_are_said() -> None:
    events = list(skill(FakeGenerator(dropped_turns=4)).run(request()))
    (notice,) = [e for e in events if isinstance(e, Notice)]
    assert "4 oldest messages" in notice.text


def test_a_language_the_model_does_not_speak_is_said_once_a_conversation() -> None:
    speaker = GenerateSkill(
        FakeGenerator, "", Sampling(), lambda _text: ("Chinese", ("qwen", "other"))
    )
    message = Message("user", "你好")
    first = SkillRequest(message, (), Params(), lambda: False)
    (notice,) = [e for e in speaker.run(first) if isinstance(e, Notice)]
    assert "not trained on Chinese" in notice.text
    assert "assistant models pull qwen" in notice.hint
    later = SkillRequest(message, (message,), Params(), lambda: False)
    assert not [e for e in speaker.run(later) if isinstance(e, Notice)]


def test_a_model_that_goes_round_in_circles_is_stopped_and_that_is_told() -> None:
    generator = FakeGenerator(pieces=("You are very welcome. ",) * 400)
    events = list(skill(generator).run(request()))
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert 10 <= said.count("welcome") <= 12
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.text == "The model began to repeat itself and was stopped."
    assert isinstance(events[-1], Measured)
