"""What a translation must leave alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from skills.translation.asks import run
from skills.translation.markdown import paragraphs, segments
from skills.translation.nodes import has_prose, original, parse
from skills.translation.sentence import SentenceTranslation


def translate_inline(sentence: str, translate: Callable[[str], str]) -> str:
    work = [(len(sentence), SentenceTranslation().translate(sentence))]
    (made,) = run(work, lambda texts: [translate(text) for text in texts], lambda: False)
    return made


def shout(text: str) -> str:
    """A translator that keeps words without lower-case letters, as the real ones keep XQ1X."""
    return " ".join(word if word.startswith("XQ") else word.upper() for word in text.split(" "))


def forgetful(text: str) -> str:
    """A translator that loses every placeholder."""
    return " ".join(word.upper() for word in text.split(" ") if not word.startswith("XQ"))


def prose(text: str) -> list[str]:
    return [segment.text for segment in segments(text) if segment.prose]


TEXTS = [
    "",
    "\n",
    "one",
    "# Title\n\nText.\n",
    "- a\n- b\n   - c\n",
    "1. one\n2) two\n",
    "> quoted\n> more\n",
    "| a | b |\n|---|:-:|\n| c | `d|e` |\n",
    "```python\nprint('x')\n```\nafter",
    "~~~\ncode\n",
    "text\n\n    code\n\ntext",
    "[id]: https://example.com\n",
    "- [ ] task\n- [x] done\n",
    "# Title #\n",
    "line one\r\nline two\r\n",
    "a\x0bb\x0cc\u2028d\x85e",
    "```\nunclosed fence\n",
    "|" * 500,
    "*" * 500,
    "> " * 100 + "deep",
]


@pytest.mark.parametrize("text", TEXTS)
def test_segments_joined_are_the_text(text: str) -> None:
    assert "".join(segment.text for segment in segments(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\nSome text.\n", ["Title", "Some text."]),
        ("- one\n  - two\n* three\n", ["one", "two", "three"]),
        ("1. one\n- [ ] two\n- [x] three\n", ["one", "two", "three"]),
        ("> quoted\n", ["quoted"]),
        ("| name | use |\n|------|-----|\n| chat | talk |\n", ["name", "use", "chat", "talk"]),
        ("before\n```\ncode here\n```\nafter\n", ["before", "after"]),
        ("```\n~~~\nstill code\n```\nafter\n", ["after"]),
        ("text\n\n    code here\n\nmore\n", ["text", "more"]),
        ("- item\n\n    still the item\n", ["item", "still the item"]),
        ("wrapped in\nmid sentence\n", ["wrapped in\nmid sentence"]),
        ("[1]: https://example.com words\n", []),
        ("---\n***\n===\n", []),
        ("12345\n", []),
    ],
)
def test_only_prose_is_marked_for_translation(text: str, expected: list[str]) -> None:
    assert prose(text) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a plain sentence", "A PLAIN SENTENCE"),
        ("run `make test` first", "RUN `make test` FIRST"),
        ("see https://example.com/a.b?c=d now", "SEE https://example.com/a.b?c=d NOW"),
        ("mail bob@example.com today", "MAIL bob@example.com TODAY"),
        ("open config.toml now", "OPEN config.toml NOW"),
        ("read [the book](https://example.com) now", "READ [THE BOOK](https://example.com) NOW"),
        ("see ![alt text](cat.png) here", "SEE ![alt text](cat.png) HERE"),
        ("the ~~old~~ price", "THE ~~OLD~~ PRICE"),
        ("use <b class='x'> here", "USE <b class='x'> HERE"),
        ("hello {name} there", "HELLO {name} THERE"),
        ("good morning 😀🎉", "GOOD MORNING 😀🎉"),
        ("😀", "😀"),
        ("`code`", "`code`"),
        ("https://example.com", "https://example.com"),
        ("``a ` b`` stays", "``a ` b`` STAYS"),
        ("so it is.then what", "SO IT IS.THEN WHAT"),
    ],
)
def test_code_links_and_emoji_survive(sentence: str, expected: str) -> None:
    assert translate_inline(sentence, shout) == expected


def test_a_lost_placeholder_is_put_back_by_translating_in_pieces() -> None:
    assert translate_inline("run `make test` first", forgetful) == "RUN `make test` FIRST"


def test_text_that_holds_a_placeholder_of_its_own_is_not_confused() -> None:
    assert translate_inline("The XQ1X of `code`", str.lower) == "the XQ1X of `code`"


def test_many_placeholders_keep_their_places() -> None:
    sentence = " and ".join(f"`c{i}`" for i in range(12))
    assert translate_inline(sentence, shout) == sentence.replace("and", "AND")


def test_a_plain_sentence_reaches_the_translator_as_it_is() -> None:
    seen: list[str] = []

    def keep(text: str) -> str:
        seen.append(text)
        return text

    translate_inline("The train, which is late, leaves at 9:30 for $3.50.", keep)
    assert seen == ["The train, which is late, leaves at 9:30 for $3.50."]


def test_emphasis_is_put_where_its_words_are() -> None:
    known = {"this is very good news": "isto é muito bom para nós", "very good": "Muito bom"}
    assert translate_inline("this is **very good** news", known.__getitem__) == (
        "isto é **muito bom** para nós"
    )


def test_emphasis_whose_words_are_not_found_again_is_kept_all_the_same() -> None:
    known = {"a b c": "x y z", "b": "w", "a XQ1X c": "x XQ1X z"}
    assert translate_inline("a **b** c", known.__getitem__) == "x **w** z"


def test_words_that_stand_twice_in_the_translation_are_not_guessed_at() -> None:
    known = {"the b and b": "o b e b", "b": "b", "the XQ1X and b": "o XQ1X e b"}
    assert translate_inline("the **b** and b", known.__getitem__) == "o **b** e b"


@pytest.mark.parametrize("depth", [50, 51, 1500])
def test_tags_nested_however_deep_come_through(depth: int) -> None:
    sentence = "<b>" * depth + "hi" + "</b>" * depth
    assert translate_inline(sentence, shout) == sentence.replace("hi", "HI")


@pytest.mark.parametrize("hidden", ["{} ", "\U00100001"])
def test_a_sentence_of_more_placeholders_than_can_be_told_apart_stays(hidden: str) -> None:
    sentence = "a cat " + hidden * 70_000
    assert original(parse(sentence)) == sentence
    assert not has_prose(parse(sentence))


def test_characters_that_serve_as_stand_ins_are_kept_where_a_sentence_has_them() -> None:
    sentence = "a \U00100001 cat \U0010fffd `c` \U00100000"
    assert original(parse(sentence)) == sentence
    assert translate_inline(sentence, shout) == sentence.replace("a ", "A ").replace("cat", "CAT")


@pytest.mark.parametrize("gap", [" ", "\t", "\n", " \r", "\u3000", " #", "{#a} "])
def test_a_very_long_gap_between_words_is_no_matter(gap: str) -> None:
    text = f"the{gap * 200_000}cat"  # hours, were it read in quadratic time
    for division in (segments, paragraphs):
        assert "".join(segment.text for segment in division(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# The cat ##\n", "The cat"),
        ("# The cat {#a-cat}\n", "The cat"),
        ("# The cat ## {#a}  \n", "The cat"),
        ("# The cat#\n", "The cat#"),
        ("# C# {a}\n", "C# {a}"),
        ("# The cat\\\n", "The cat"),
        ("# The cat \\\n", "The cat \\"),
    ],
)
def test_what_closes_a_heading_is_no_prose(text: str, expected: str) -> None:
    assert prose(text) == [expected]


def test_paragraphs_are_what_blank_lines_divide() -> None:
    text = " \n a cat\nsat \n \t\n\n12\n\n a dog\n"
    assert [(s.text, s.prose) for s in paragraphs(text) if s.text.strip()] == [
        ("a cat\nsat", True), ("12", False), ("a dog", True),
    ]  # fmt: skip
