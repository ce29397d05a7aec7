"""What a summary is made of: its length, the prose of a text, the choice of sentences."""

from __future__ import annotations

import numpy as np
import pytest

from skills.summary_length import Length, read_length
from skills.summary_selection import select, vectors_of
from skills.summary_sentences import MOST_COMPARED, read_prose, worth_comparing
from skills.summary_source import file_names
from skills.summary_writer import joined
from tests.fakes import HashingEmbedder


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("in three sentences", Length(3, None, True)),
        ("a two-sentence summary", Length(2, None, True)),
        ("as 5 bullet points", Length(5, None, True)),
        ("boil it down to one line", Length(1, None, True)),
        ("in 100 words", Length(40, 100, True)),
        ("a 50-word summary", Length(40, 50, True)),
        ("in one paragraph", Length(4, None, True)),
        ("briefly", Length(2, None, True)),
        ("用三句话总结", Length(3, None, True)),
        ("概括成100字", Length(40, 100, True)),
        ("一句话总结", Length(1, None, True)),
        ("简短地总结", Length(2, None, True)),
        ("en tres frases", Length(3, None, True)),
        ("en 80 palabras", Length(40, 80, True)),
        ("em duas frases", Length(2, None, True)),
        ("in drei Sätzen", Length(3, None, True)),
        ("in höchstens 60 Wörtern", Length(40, 60, True)),
        ("en une phrase", Length(1, None, True)),
        ("en 30 mots", Length(40, 30, True)),
        ("in 9999 sentences", Length(40, None, True)),
        ("summarise this", Length(5)),
        ("summarise chapter two", Length(5)),
    ],
)
def test_the_length_asked_for_is_read_in_six_languages(message: str, wanted: Length) -> None:
    assert read_length(message, 25) == wanted


@pytest.mark.parametrize(("sentences", "usual"), [(1, 1), (4, 2), (25, 5), (10_000, 7)])
def test_without_a_word_on_length_it_grows_with_the_root_of_the_text(
    sentences: int, usual: int
) -> None:
    assert read_length("summarise", sentences).sentences == usual


def test_sections_begin_at_headings_marked_or_not() -> None:
    second = "The second part is here now. It goes on for long."
    text = f"# One\n\nThe first part is here now.\n\nTwo\n\n{second}"
    prose = read_prose(text)
    assert [(s.section, s.place, s.heading) for s in prose.sentences] == [
        (0, 0, "One"),
        (1, 0, "Two"),
        (1, 1, "Two"),
    ]
    assert prose.sections == 2


def test_list_marks_are_left_off_and_offsets_are_exact() -> None:
    text = "- The first item is a sentence.\n\n> The quoted one is a sentence, too."
    prose = read_prose(text)
    assert [text[s.start : s.end] for s in prose.sentences] == [s.text for s in prose.sentences]
    assert prose.sentences[0].text == "The first item is a sentence."


def test_a_long_text_is_sampled_from_every_section_and_running_headers_count_once() -> None:
    header = "This document is the property of the company."
    pages = [
        f"# Page {p}\n\n{header}\n\n"
        + " ".join(f"Fact {p} of kind {n} is here." for n in range(20))
        for p in range(100)
    ]
    compared = worth_comparing(read_prose("\n\n".join(pages)))
    assert len(compared) == MOST_COMPARED
    assert [s.start for s in compared] == sorted(s.start for s in compared)
    assert sum(s.text == header for s in compared) == 1
    assert len({s.section for s in compared}) == 100


def test_a_text_of_one_endless_line_is_read() -> None:
    assert read_prose("word " * 50_000).sentences
    assert read_prose("x" * 100_000).sentences == ()
    assert read_prose("").sentences == ()


def test_sentences_that_say_the_same_are_not_chosen_together() -> None:
    text = (
        "The red bridge was closed on Monday by the town. "
        "The red bridge was closed on Monday by the city. "
        "Ferries will carry people across the river until May."
    )
    sentences = read_prose(text).sentences
    for embedder in (None, HashingEmbedder()):
        chosen = select(sentences, vectors_of(sentences, embedder), Length(2))
        assert sentences[2] in chosen


def test_what_the_text_is_about_is_chosen_over_what_is_by_the_way() -> None:
    text = (
        "The town will build a new bridge over the river. Coffee was served to all of them there. "
        "The new bridge will be built of steel by the town. The bridge will open to all in May."
    )
    sentences = read_prose(text).sentences
    vectors = np.array([[1, 0], [0, 1], [0.95, 0.31], [0.9, 0.44]], np.float32)
    assert sentences[1] not in select(sentences, vectors, Length(2))


def test_vectors_are_unit_rows_with_and_without_an_embedder() -> None:
    sentences = read_prose("The cat sat on the mat. The dog sat on the cat.").sentences
    for embedder in (None, HashingEmbedder()):
        rows = vectors_of(sentences, embedder)
        assert (rows**2).sum(axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_a_summary_reaches_every_part_of_a_long_text() -> None:
    openings = [
        f"The {name} was opened in {1900 + n} by the mayor of {name}."
        for n, name in enumerate(("Harbour", "Library", "Museum", "Station"))
    ]
    asides = "People liked it a lot in general. It was mostly fine for everybody who went there."
    sentences = read_prose("\n\n".join(f"{one} {asides}" for one in openings)).sentences
    for embedder in (None, HashingEmbedder()):
        chosen = select(sentences, vectors_of(sentences, embedder), Length(4))
        assert [s.text for s in chosen] == openings


def test_paragraphs_are_counted_across_sections() -> None:
    prose = read_prose(
        "# One\n\nFirst it rained all day. Then it stopped at last.\n\nThe sun came out."
    )
    assert [(s.paragraph, s.paragraph_place) for s in prose.sentences] == [(0, 0), (0, 1), (1, 0)]


def test_nothing_is_chosen_from_nothing() -> None:
    assert (
        select((), vectors_of(read_prose("One short sentence is here.").sentences, None), Length(3))
        == ()
    )


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("summarise report.pdf, please", ["report.pdf"]),
        ("summarise '~/my notes/a b.md' now", ["~/my notes/a b.md"]),
        ("sum up ../x/报告.docx and y.txt", ["../x/报告.docx", "y.txt"]),
        ("summarise this. Then that.", []),
    ],
)
def test_file_names_are_found_in_a_message(message: str, names: list[str]) -> None:
    assert file_names(message) == names


def test_paragraphs_are_joined_up_to_a_size_and_long_ones_cut() -> None:
    assert joined(["aa", "bb", "cc"], 5) == ["aa\nbb", "cc"]
    assert joined(["abcdefg"], 3) == ["abc", "def", "g"]
    assert joined([], 3) == [""]
