"""A language model as translator, where no translator covers a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from assistant.core.events import Event, Notice, TextDelta
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import Sampling, TokenStream
from assistant.core.skills import Cancelled, Params, SkillRequest
from skills.translate import TranslateSkill
from skills.translation.documents import DocumentTranslator
from skills.translation.formats.opening import open_document
from skills.translation.generated import GeneratedTranslator, is_in
from skills.translation.reply import translation_in
from tests.fakes import usage
from tests.models.tiny_llama import write_tiny_llama
from tests.skills.test_translate import MarkingTranslator

GERMAN = {
    "O trem parte às nove horas da manhã.": "Der Zug fährt um neun Uhr morgens ab.",
    "A reunião foi adiada para amanhã.": "Die Besprechung wurde auf morgen verschoben.",
    "Custa 250 euros por mês.": "Es kostet 250 Euro im Monat.",
}


@dataclass
class Speaker:
    """A language model that answers by a function of the text it is to translate."""

    say: Callable[[str, int], str]
    asked: list[tuple[Message, ...]] = field(default_factory=list)
    sampled: list[Sampling] = field(default_factory=list)
    told: int = 0
    name: str = "speaker"
    device: str = "cpu"
    context_length: int = 4096
    grounded: bool = True

    def stream(
        self, messages: Sequence[Message], sampling: Sampling, cancelled: Cancelled
    ) -> TokenStream:
        self.asked.append(tuple(messages))
        self.sampled.append(sampling)
        (attached,) = messages[-1].attachments
        assert isinstance(attached, TextAttachment)
        for letter in self.say(attached.text, len(self.asked)):
            if cancelled():
                break
            self.told += 1
            yield letter
        return usage()

    def close(self) -> None:
        """Nothing to free."""


def dictionary(text: str, _turn: int) -> str:
    return GERMAN.get(text, text)


def skill(speaker: Speaker, *, allowed: bool = True) -> TranslateSkill:
    def fallback(source: str, target: str) -> GeneratedTranslator | None:
        if not allowed:
            return None
        return GeneratedTranslator(lambda: speaker, "speaker", source, target)

    return TranslateSkill(
        lambda: (MarkingTranslator(),),
        lambda *_: ("m2m100-418m",),
        "pt",
        fallback=fallback,
    )


def events(
    speaker: Speaker, text: str, target: str = "de", cancelled: Cancelled = lambda: False
) -> list[Event]:
    params = Params(payload=text, source="pt", target=target)
    request = SkillRequest(Message("user", "traduza"), (), params, cancelled)
    return list(skill(speaker).run(request))


def said(found: list[Event]) -> str:
    return "".join(event.text for event in found if isinstance(event, TextDelta))


def notices(found: list[Event]) -> list[Notice]:
    return [event for event in found if isinstance(event, Notice)]


def test_a_pair_no_translator_covers_is_served_and_labelled() -> None:
    found = events(Speaker(dictionary), "O trem parte às nove horas da manhã.")
    assert said(found) == "Der Zug fährt um neun Uhr morgens ab."
    (notice,) = notices(found)
    assert notice.text.startswith("Translated by speaker, a language model")
    assert "from Portuguese to German" in notice.text
    assert "assistant models pull m2m100-418m" in notice.hint


def test_a_pair_a_translator_covers_never_goes_to_the_language_model() -> None:
    speaker = Speaker(dictionary)
    found = events(speaker, "O trem parte às nove horas da manhã.", "en")
    assert said(found).startswith("«pt>en:")
    assert speaker.asked == []


def test_sentences_come_one_by_one_as_they_are_done() -> None:
    speaker = Speaker(dictionary)
    params = Params(payload=" ".join(GERMAN), source="pt", target="de")
    stream = skill(speaker).run(SkillRequest(Message("user", "x"), (), params, lambda: False))
    shown = list(islice(stream, 2))
    assert said(shown) == "Der Zug fährt um neun Uhr morgens ab."
    assert len(speaker.asked) == 1


def test_it_is_asked_coolly_with_the_text_apart_from_the_instructions() -> None:
    speaker = Speaker(dictionary)
    events(speaker, "O trem parte às nove horas da manhã.")
    system, user = speaker.asked[0]
    assert "from Portuguese into German" in system.text
    assert "O trem" not in system.text + user.text
    assert speaker.sampled[0].temperature == 0
    assert speaker.sampled[0].max_tokens <= 2_048


def test_a_number_the_model_changes_is_put_right() -> None:
    speaker = Speaker(lambda text, _: dictionary(text, 0).replace("250 Euro", "520 Euro"))
    assert "250" in said(events(speaker, "Custa 250 euros por mês."))
    assert "520" not in said(events(speaker, "Custa 250 euros por mês."))


def test_placeholders_come_through_even_where_the_model_drops_them() -> None:
    speaker = Speaker(lambda *_: "Der Zug fährt heute leider nicht mehr.")
    assert "{nome}" in said(events(speaker, "Caro {nome}, o trem não parte hoje."))


def test_an_answer_in_another_language_is_asked_for_again() -> None:
    def stubborn(text: str, turn: int) -> str:
        return "The train leaves at nine o'clock in the morning." if turn == 1 else GERMAN[text]

    speaker = Speaker(stubborn)
    assert said(events(speaker, "O trem parte às nove horas da manhã.")).startswith("Der Zug")
    assert "not in German" in speaker.asked[1][-1].text


def test_a_text_it_never_answers_in_the_language_stays_and_is_said() -> None:
    text = "O trem parte às nove horas da manhã."
    found = events(Speaker(lambda *_: "I'm sorry, but I can't help with that request."), text)
    assert said(found) == text
    assert "could not be translated and stayed as written" in notices(found)[-1].text


def test_a_text_echoed_back_is_no_translation() -> None:
    text = "O trem parte às nove horas da manhã."
    found = events(Speaker(lambda given, _: given), text)
    assert "could not be translated" in notices(found)[-1].text


def test_a_sentence_stopped_in_its_middle_is_left_out() -> None:
    speaker = Speaker(dictionary)
    text = " ".join(GERMAN)
    found = events(speaker, text, cancelled=lambda: speaker.told > 60)
    assert said(found) == "Der Zug fährt um neun Uhr morgens ab."


def test_a_model_that_never_ends_is_no_translation() -> None:
    text = "O trem parte às nove horas da manhã."
    found = events(Speaker(lambda *_: "Der Zug fährt. " * 500), text)
    assert said(found) == text


def test_a_document_goes_the_same_way() -> None:
    speaker = Speaker(dictionary)

    def fallback(source: str, target: str) -> GeneratedTranslator:
        return GeneratedTranslator(lambda: speaker, "speaker", source, target)

    translator = DocumentTranslator(lambda: (), lambda *_: (), fallback=fallback)
    document = open_document(b"O trem parte \xc3\xa0s nove horas da manh\xc3\xa3.\n", "txt", "de")
    plan = translator.plan(document, "pt", "de")
    assert "a language model" in plan.notices[0].text
    assert list(plan.run(lambda: False)) == ["Der Zug fährt um neun Uhr morgens ab."]


def test_beforehand_a_pair_only_the_model_serves_is_no_obstacle() -> None:
    params = Params(source="pt", target="de")
    request = SkillRequest(Message("user", "x"), (), params, lambda: False)
    assert skill(Speaker(dictionary)).obstacle(request) is None
    assert skill(Speaker(dictionary), allowed=False).obstacle(request) is not None


def test_a_real_model_that_knows_no_language_changes_nothing_and_is_told_on(
    tmp_path: Path,
) -> None:
    from assistant.models.devices import Device
    from assistant.models.placement import ModelNeed, place
    from assistant.models.sizes import size_of_folder
    from assistant.models.transformers_generator import TransformersGenerator

    folder = write_tiny_llama(tmp_path / "tiny", context=1_024, layers=1)
    device = Device("cpu", "cpu", "a processor", 1 << 40, 1 << 40, 2)
    (placement,) = place(
        [ModelNeed("tiny", size_of_folder(folder), dtype="float32")], [device], cpu_reserve=0
    )
    model = TransformersGenerator(
        folder, name="tiny", placement=placement, context=0, grounded=True,
        offload=tmp_path / "offload",
    )  # fmt: skip
    translator = GeneratedTranslator(lambda: model, "tiny", "pt", "de")
    text = "- Atrasou 25 minutos: {nome}.\n"
    using = TranslateSkill(lambda: (), lambda *_: (), "pt", fallback=lambda *_: translator)
    params = Params(payload=text, source="pt", target="de")
    found = list(using.run(SkillRequest(Message("user", "x"), (), params, lambda: False)))
    model.close()
    assert said(found).startswith("- ")
    assert all(part in said(found) for part in ("25", "{nome}"))
    assert "tiny, a language model" in notices(found)[0].text


@pytest.mark.parametrize(
    "reply",
    [
        "Der Zug fährt.",
        '"Der Zug fährt."',
        "„Der Zug fährt.“",
        "Sure! Here is the translation:\n\nDer Zug fährt.",
        "Here's the German translation: Der Zug fährt.",
        "Translation: Der Zug fährt.",
        "好的，以下是翻译：\nDer Zug fährt.",
        "<think>\nWhat is trem?\n</think>\n\nDer Zug fährt.",
        "<think></think>Der Zug fährt.\n\nNote: “trem” is Brazilian.",
        "Der Zug fährt.\n(Note: literally, the train goes.)",
        "```\nDer Zug fährt.\n```",
        "[Attached: text]\nDer Zug fährt.\n[End of text]",
        "<translation>Der Zug fährt.</translation>",
    ],
)
def test_only_the_translation_is_left_of_a_reply(reply: str) -> None:
    assert translation_in(reply, "O trem parte.") == "Der Zug fährt."


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Nota: o trem parte.", "Note: the train leaves."),
        ("“O trem parte.”", "“The train leaves.”"),
        ("Desculpe, não posso.", "Sorry, I can't."),
        ("Hinweis: Übersetzung folgt: morgen.", "Note: translation follows: tomorrow."),
        ("Ele disse: vamos.", "He said: let's go."),
        ('"Sim" e "não"', '"Yes" and "no"'),
        ('É "sim" ou "não"', '"yes" or "no"'),
    ],
)
def test_what_the_text_has_itself_is_no_chatter(text: str, reply: str) -> None:
    assert translation_in(reply, text) == reply


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "<think>never ends",
        "As an AI language model, I",
        "抱歉，我无法提供翻译。",
        "Sure! Here:",
    ],
)
def test_what_holds_no_translation_gives_none(reply: str) -> None:
    assert translation_in(reply, "O trem parte.") == ""


def test_languages_hard_to_tell_apart_are_not_held_against_a_reply() -> None:
    assert is_in("Toget går klokken ni i morgen tidlig", "The train leaves", "en", "da")
    assert not is_in("The train leaves at nine tomorrow", "O trem parte às nove", "pt", "da")
    assert not is_in("火车明天早上九点开。", "The train leaves at nine", "en", "ja")
    assert is_in("Ja.", "Sim.", "pt", "de")


def test_a_language_that_can_not_be_told_is_wrong_only_where_it_is_the_source() -> None:
    text = "O trem parte às nove horas da manhã."
    assert is_in("Sitima imanyamuka nthawi ya nine koloko m'mawa", text, "pt", "ny")
    assert not is_in("O trem parte amanhã às nove horas.", text, "pt", "ny")
