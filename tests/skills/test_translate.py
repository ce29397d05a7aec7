"""The skill that translates, over translators that mark what they were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from assistant.core.errors import ModelError, UsageError
from assistant.core.events import Event, Notice, TextDelta
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import Translator
from assistant.core.skills import Params, SkillRequest
from skills.translate import TranslateSkill


@dataclass
class MarkingTranslator:
    """Translates a sentence into «source>target:sentence»."""

    pairs: frozenset[tuple[str, str]] = frozenset({("en", "pt"), ("pt", "en")})
    name: str = "marking"
    asked: list[str] = field(default_factory=list)

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        self.asked.extend(sentences)
        return [f"«{source}>{target}:{sentence}»" for sentence in sentences]


def suggest(source: str, target: str) -> tuple[str, ...]:
    return (f"translate-{source}-{target}", "big-model") if source == "zh" else ()


def skill(*translators: Translator, home: str = "pt") -> TranslateSkill:
    have = translators or (MarkingTranslator(),)
    return TranslateSkill(lambda: have, suggest, home)


def request(
    payload: str | None = None,
    target: str | None = None,
    source: str | None = None,
    message: Message | None = None,
    history: tuple[Message, ...] = (),
    stop_after: int = 10_000,
) -> SkillRequest:
    asked = iter(range(stop_after))
    return SkillRequest(
        message or Message("user", "translate this"),
        history,
        Params(payload=payload, source=source, target=target),
        lambda: next(asked, None) is None,
    )


def text(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def run(asked: SkillRequest, using: TranslateSkill | None = None) -> str:
    return text(list((using or skill()).run(asked)))


@pytest.mark.parametrize("target", ["pt", "Portuguese", "葡萄牙语", "português", "pt-BR"])
def test_the_target_may_be_a_name_or_a_code(target: str) -> None:
    assert run(request("The train is late.", target)) == "«en>pt:The train is late.»"


def test_the_source_is_found_by_looking() -> None:
    assert run(request("O trem está atrasado.", "en")) == "«pt>en:O trem está atrasado.»"


def test_a_named_source_is_believed() -> None:
    assert run(request("Rio", "en", "Portuguese")) == "«pt>en:Rio»"


def test_without_a_target_it_is_the_persons_language() -> None:
    assert run(request("The train is late.")) == "«en>pt:The train is late.»"


def test_a_text_in_the_persons_language_goes_to_english() -> None:
    assert run(request("O trem está atrasado.")) == "«pt>en:O trem está atrasado.»"


def test_an_english_speakers_english_goes_where_it_can() -> None:
    assert run(request("The train is late."), skill(home="en")) == "«en>pt:The train is late.»"


def test_nowhere_to_go_is_an_error_that_asks_for_a_language() -> None:
    with pytest.raises(UsageError, match="English") as caught:
        run(request("The train is late."), skill(MarkingTranslator(frozenset()), home="en"))
    assert "into Portuguese" in caught.value.hint


@pytest.mark.parametrize(
    ("payload", "message", "expected"),
    [
        ("caderno", "como se diz caderno em inglês?", "«pt>en:caderno»"),
        ("banana", "o que é banana em inglês?", "«pt>en:banana»"),
    ],
)
def test_a_lone_word_is_taken_for_the_language_of_the_request(
    payload: str, message: str, expected: str
) -> None:
    assert run(request(payload, "en", message=Message("user", message))) == expected


def test_text_already_in_the_target_comes_back_with_a_notice() -> None:
    events = list(skill().run(request("O trem está muito atrasado hoje.", "pt")))
    assert text(events) == "O trem está muito atrasado hoje."
    assert isinstance(events[0], Notice)
    assert "Portuguese already" in events[0].text


@pytest.mark.parametrize("payload", ["12345", "😀", "!!!"])
def test_without_words_nothing_is_translated(payload: str) -> None:
    events = list(skill().run(request(payload, "pt")))
    assert text(events) == payload
    assert isinstance(events[0], Notice)


def test_a_pair_not_served_names_the_model_and_the_command() -> None:
    with pytest.raises(ModelError) as caught:
        run(request("火车晚点了。", "pt"))
    assert caught.value.message == "No model on this machine translates from Chinese to Portuguese."
    assert "assistant models pull translate-zh-pt" in caught.value.hint
    assert "big-model" in caught.value.hint


def test_a_pair_no_model_serves_lists_what_can_be_done() -> None:
    with pytest.raises(ModelError) as caught:
        run(request("The train is late.", "sw"))
    assert "English to Portuguese" in caught.value.hint


def test_a_target_that_is_no_language_is_an_error() -> None:
    with pytest.raises(UsageError, match="klingonese"):
        run(request("hello there", "klingonese"))


def test_the_first_translator_that_knows_the_pair_is_used() -> None:
    first = MarkingTranslator(frozenset({("zh", "en")}))
    second = MarkingTranslator()
    run(request("The train is late.", "pt"), skill(first, second))
    assert (first.asked, second.asked) == ([], ["The train is late."])


def test_attached_text_is_translated_when_the_message_has_none() -> None:
    message = Message("user", "translate this", (TextAttachment("stdin", "The dog barks."),))
    assert run(request(None, "pt", message=message)) == "«en>pt:The dog barks.»"


HISTORY = (Message("user", "The cat sleeps."), Message("assistant", "The dog barks."))


def test_else_the_answer_before_is_translated() -> None:
    assert run(request(None, "pt", history=HISTORY)) == "«en>pt:The dog barks.»"


def test_my_last_message_is_the_persons_own() -> None:
    mine = Message("user", "translate my last message")
    assert run(request(None, "pt", message=mine, history=HISTORY)) == "«en>pt:The cat sleeps.»"


def test_no_text_anywhere_is_an_error() -> None:
    with pytest.raises(UsageError, match="no text"):
        run(request())


def test_structure_is_kept_and_sentences_are_streamed() -> None:
    payload = "# Title\n\nOne thing. Another thing.\n\n- item `code`\n"
    events = list(skill().run(request(payload, "pt", "en")))
    assert text(events) == (
        "# «en>pt:Title»\n\n«en>pt:One thing.» «en>pt:Another thing.»\n\n- «en>pt:item `code`»\n"
    )
    assert sum(isinstance(event, TextDelta) and "«" in event.text for event in events) == 4


def test_a_sentence_wrapped_over_lines_is_translated_whole() -> None:
    translator = MarkingTranslator()
    wrapped = (
        "This sentence was wrapped by hand at about sixty characters,\n"
        "so that it goes on in the next line."
    )
    run(request(wrapped, "pt", "en"), skill(translator))
    assert translator.asked == [wrapped.replace("\n", " ")]


def test_cancelling_stops_between_sentences() -> None:
    payload = "One thing. Another thing. A third thing."
    assert run(request(payload, "pt", "en", stop_after=1)) == "«en>pt:One thing.»"


def test_escape_sequences_never_come_out() -> None:
    out = run(request("\x1b[31mThe train\x07 is late.\u202e", "pt", "en"))
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out


def test_a_setting_that_is_no_language_fails_only_where_it_is_needed() -> None:
    wrong = skill(home="klingonese")
    assert run(request("The train is late.", "pt"), wrong) == "«en>pt:The train is late.»"
    with pytest.raises(UsageError, match="klingonese"):
        run(request("The train is late."), wrong)


def test_the_locale_gives_the_persons_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: ("pt_BR", "UTF-8"))
    assert run(request("The train is late."), skill(home="")) == "«en>pt:The train is late.»"


def test_the_card_needs_no_model() -> None:
    def absent() -> tuple[Translator, ...]:
        raise AssertionError("a model was loaded")

    assert TranslateSkill(absent, suggest, "pt").card.name == "translate"
