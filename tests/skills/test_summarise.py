"""The summarise skill: which text, how long, word for word, and which way it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.core.errors import ModelError, ModelMissingError, UsageError
from assistant.core.events import Carried, Event, Notice, Sources, TextDelta
from assistant.core.messages import Message, TextAttachment
from assistant.core.protocols import Embedder, Generator, ReadDocument, Sampling, TokenStream
from assistant.core.skills import Cancelled, Params, SkillRequest
from assistant.language.detection import detect
from index.loaders.document import Document
from skills.summarise import SummariseSkill
from skills.summary_length import count_words
from tests.fakes import FakeGenerator, HashingEmbedder, usage

SENTENCES = (
    "The harbour council met on Monday to decide about the old bridge over the river.",
    "Several members arrived late because of the heavy rain that morning.",
    "The council decided to replace the bridge with a new one made of steel.",
    "Coffee and biscuits were served in the break by the staff of the town hall.",
    "The new bridge will cost nine million and be paid for by the harbour fund.",
    "Work on the bridge begins in May and ends in the autumn of next year.",
)
TEXT = " ".join(SENTENCES)
CHINESE = (
    "市议会周一开会，讨论了河上的旧桥。几位议员因为大雨迟到了。会议决定用一座新的钢桥代替旧桥。"
    "休息时提供了咖啡和点心。新桥将耗资九百万，由港口基金支付。新桥工程五月开始，明年秋天结束。"
)


@dataclass
class Shelf:
    """A library of texts by path."""

    texts: dict[str, str] = field(default_factory=dict)

    def paths(self, collection: str | None) -> tuple[str, ...]:
        return tuple(sorted(self.texts))

    def read(self, path: Path) -> ReadDocument:
        return Document(self.texts.get(str(path)) or path.read_text("utf-8"), pages=(0,))


def missing() -> Embedder:
    raise ModelMissingError("No embedder.", "assistant models pull")


def no_generator() -> Generator:
    raise ModelMissingError("No model.", "assistant models pull")


def run(
    text: str,
    *attached: str,
    payload: str | None = None,
    history: tuple[Message, ...] = (),
    shelf: Shelf | None = None,
    embedder: Callable[[], Embedder] = HashingEmbedder,
    generator: Callable[[], Generator] = no_generator,
    cancelled: Cancelled = lambda: False,
) -> list[Event]:
    library = shelf or Shelf()
    skill = SummariseSkill(embedder, generator, lambda: library, detect)
    attachments = tuple(TextAttachment("text", a) for a in attached)
    message = Message("user", text, attachments)
    return list(skill.run(SkillRequest(message, history, Params(payload=payload), cancelled)))


def said(events: list[Event]) -> str:
    return "".join(e.text for e in events if isinstance(e, TextDelta))


def notice(events: list[Event]) -> str:
    return " ".join(e.text for e in events if isinstance(e, Notice))


def test_sentences_are_word_for_word_and_in_the_order_of_the_text() -> None:
    text = said(run("summarise this in two sentences", TEXT))
    chosen = [s for s in SENTENCES if s in text]
    assert text == " ".join(chosen)
    assert len(chosen) == 2


def test_chinese_is_summarised_in_chinese_without_spaces() -> None:
    text = said(run("用两句话总结", CHINESE))
    assert text.count("。") == 2
    assert " " not in text
    assert all(f"{part}。" in CHINESE for part in text.split("。") if part)


def test_a_limit_of_words_is_kept() -> None:
    events = run("summarise in 35 words", TEXT)
    assert 10 < count_words(said(events)) <= 35


def test_a_limit_no_sentence_fits_gives_the_shortest_and_says_so() -> None:
    events = run("summarise in 5 words", TEXT)
    assert said(events) == min(SENTENCES, key=count_words)
    assert "No sentence is as short as 5 words" in notice(events)


def test_many_sentences_are_listed() -> None:
    assert said(run("summarise in five sentences", TEXT)).count("- ") == 5


def test_which_way_it_was_made_is_said() -> None:
    assert "of 6 sentences, word for word, chosen by hashing" in notice(run("summarise", TEXT))


def test_without_an_embedder_the_words_decide_and_it_is_said() -> None:
    events = run("summarise this in two sentences", TEXT, embedder=missing)
    assert said(events).count(".") == 2
    assert "chosen by their words alone" in notice(events)


def test_headings_tables_and_code_are_no_sentences() -> None:
    code = "```\nthe bridge = bridge and the bridge\n```"
    text = f"# The bridge is old\n\n{TEXT}\n\n{code}\n\n| a | b |"
    assert said(run("summarise in six sentences", text)) == "\n".join(f"- {s}" for s in SENTENCES)


def test_text_that_is_all_table_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="no sentences"):
        run("summarise", "| a | b |\n| 1 | 2 |")


def test_escape_sequences_of_a_text_are_dropped() -> None:
    assert "\x1b" not in said(run("summarise", f"\x1b[31m{TEXT}\x1b[0m"))


class TestWhichText:
    def test_the_payload_goes_before_attachments(self) -> None:
        assert SENTENCES[0] in said(run("summarise", "Other text is here too.", payload=TEXT))

    def test_an_indexed_file_named_in_the_message_is_quoted_with_its_place(self) -> None:
        shelf = Shelf({"/docs/Minutes.pdf": TEXT, "/docs/other.pdf": "Nothing to see here at all."})
        events = run("summarise minutes.pdf in two sentences", shelf=shelf)
        (sources,) = [e for e in events if isinstance(e, Sources)]
        first = sources.passages[0]
        assert first.path == "/docs/Minutes.pdf"
        assert TEXT[first.start : first.end] == first.quote
        assert first.place.page == 1
        assert said(events).endswith("[2]")
        assert [e.text for e in events if isinstance(e, Carried)] == [
            " ".join(p.quote for p in sources.passages)
        ]

    def test_a_word_of_a_files_name_is_enough_where_it_is_the_only_one(self) -> None:
        shelf = Shelf({"/docs/bridge-minutes.pdf": TEXT, "/docs/other.pdf": "Nothing."})
        assert "bridge" in said(run("summarise the minutes of the council", shelf=shelf))

    def test_a_file_on_the_disk_named_in_the_message_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "my minutes.md"
        file.write_text(TEXT, "utf-8")
        assert "bridge" in said(run(f"summarise '{file}'"))

    @pytest.mark.parametrize("name", ["~nobody.txt", f"{'a' * 5000}.txt"], ids=["~", "long"])
    def test_a_name_no_file_can_have_is_nowhere(self, name: str) -> None:
        with pytest.raises(UsageError, match="There is no file"):
            run(f"summarise {name}")

    def test_a_web_page_is_not_fetched_and_that_is_said(self) -> None:
        history = (Message("user", "tell me"), Message("assistant", TEXT))
        with pytest.raises(UsageError, match="not fetched") as error:
            run("summarise https://example.com/bridge.html", history=history)
        assert "attach" in error.value.hint

    def test_a_file_that_is_nowhere_is_named(self) -> None:
        with pytest.raises(UsageError, match=r"There is no file “gone\.pdf”"):
            run("summarise gone.pdf")

    @pytest.mark.parametrize(
        "message",
        [
            f"summarise this in two sentences: {TEXT}",
            f"summarise this in two sentences:\n\n{TEXT}",
            f"summarise this in two sentences\n{TEXT}",
            f"{TEXT}\n\nsummarise this in two sentences",
            f"summarise this in two sentences: {TEXT} See notes.txt.",
        ],
        ids=["behind a colon", "below a colon", "below", "above", "with a file's name in it"],
    )
    def test_a_text_in_the_message_itself_is_taken_without_the_request(self, message: str) -> None:
        chosen = said(run(message))
        assert len([s for s in SENTENCES if s in chosen]) == 2
        assert "two sentences" not in chosen

    def test_a_text_behind_a_chinese_colon_is_taken(self) -> None:
        assert said(run(f"用两句话总结：{CHINESE}")).count("。") == 2

    def test_a_length_named_in_the_text_is_none_that_was_asked_for(self) -> None:
        text = f"{TEXT} The clerk wrote all of it down in one sentence."
        assert said(run(f"summarise in three sentences: {text}")).count(".") == 3

    def test_a_remark_behind_a_files_name_is_no_text(self) -> None:
        shelf = Shelf({"/docs/minutes.md": TEXT})
        events = run("summarise minutes.md: only what the council decided", shelf=shelf)
        assert "bridge" in said(events)

    def test_a_remark_about_the_last_answer_is_no_text(self) -> None:
        history = (Message("user", "tell me"), Message("assistant", TEXT))
        events = run("summarise that: what is the bridge made of now", history=history)
        assert "made of now" not in said(events)

    def test_with_nothing_else_the_last_answer_is_meant(self) -> None:
        history = (Message("user", "tell me"), Message("assistant", TEXT))
        assert "bridge" in said(run("summarise that", history=history))

    def test_nothing_at_all_is_refused_with_the_ways_to_give_a_text(self) -> None:
        with pytest.raises(UsageError) as error:
            run("summarise this")
        assert "attach a file" in error.value.hint


@pytest.mark.parametrize(
    ("text", "attached", "hindered"),
    [
        ("summarise this", (), True),
        ("summarise gone.pdf", (), True),
        ("summarise /docs/a.md", (), False),
        ("summarise this", ("",), False),
    ],
)
def test_before_a_chain_runs_it_is_known_whether_there_is_a_text(
    text: str, attached: tuple[str, ...], hindered: bool
) -> None:
    skill = SummariseSkill(
        HashingEmbedder, no_generator, lambda: Shelf({"/docs/a.md": "x"}), detect
    )
    attachments = tuple(TextAttachment("output of qa", a) for a in attached)
    request = SkillRequest(Message("user", text, attachments), (), Params(), lambda: False)
    assert (skill.obstacle(request) is not None) is hindered


class TestWriting:
    def test_a_generator_that_is_not_grounded_is_not_asked(self) -> None:
        generator = FakeGenerator()
        assert "word for word" in notice(run("summarise", TEXT, generator=lambda: generator))
        assert generator.asked == []

    def test_a_grounded_one_writes_and_is_named(self) -> None:
        generator = FakeGenerator(("A new ", "bridge."), grounded=True)
        events = run("summarise in one sentence", TEXT, generator=lambda: generator)
        assert said(events) == "A new bridge."
        assert "Written by fake" in notice(events)
        (asked,) = generator.asked
        assert "in one sentence" in asked[0].text
        assert asked[0].texts == ("\n".join(SENTENCES),)

    def test_a_long_text_is_written_about_part_by_part_then_as_a_whole(self) -> None:
        generator = FakeGenerator(("Notes.",), grounded=True, context_length=900)
        run("summarise", TEXT * 6, generator=lambda: generator)
        *parts, whole = generator.asked
        assert len(parts) > 1
        assert whole[0].texts == ("\n".join(["Notes."] * len(parts)),)

    def test_a_very_long_text_is_cut_to_its_telling_sentences_first(self) -> None:
        generator = FakeGenerator(("Notes.",), grounded=True, context_length=900)
        text = " ".join(
            f"The bridge number {n} was painted {n} times in the year." for n in range(900)
        )
        run("summarise", text, generator=lambda: generator)
        assert len(generator.asked) <= 60

    def test_one_that_fails_before_a_word_leaves_it_to_extraction(self) -> None:
        events = run("summarise", TEXT, generator=lambda: Failing(grounded=True))
        assert "could not write it: Too long." in notice(events)
        assert "bridge" in said(events)

    def test_one_that_says_nothing_leaves_it_to_extraction(self) -> None:
        events = run("summarise", TEXT, generator=lambda: FakeGenerator(("",), grounded=True))
        assert "word for word" in notice(events)

    def test_cancelled_it_adds_nothing(self) -> None:
        generator = FakeGenerator(grounded=True, context_length=900)
        events = run("summarise", TEXT * 6, generator=lambda: generator, cancelled=lambda: True)
        assert said(events) == ""


class Failing(FakeGenerator):
    def stream(self, messages: object, sampling: Sampling, cancelled: Cancelled) -> TokenStream:
        if self.grounded:
            raise ModelError("Too long.", "Shorten it.")
        yield ""
        return usage()
