"""Templates of messages are found whatever fills them, quickly, and only where they fit."""

from __future__ import annotations

import pytest

from assistant.language.messages.catalogue import LONGEST, Catalogue, joined
from assistant.language.messages.speech import own_pairs, read_pairs
from assistant.language.messages.template import Template, parse

PAIRS = list(own_pairs("zh"))
SPOKEN = Catalogue(PAIRS)
FITTING = {"number": "1,234", "size": "2.1 GB", "word": "qwen3-0.6b"}
AWKWARD = (
    "",
    "葡萄牙语 文件.pdf",
    "{path} {{}} {0} %s \\1",
    "two\nlines\tand a tab",
    "(a+)+$ [a-z]* .* ^",
    "x" * 5_000,
    "a.b.c, d: e; There is no file",
    "e\u0301\u202e🙂",
)


def test_both_sides_of_a_pair_hold_the_same() -> None:
    for english, chinese in PAIRS:
        asked = {hole.name for hole in parse(english).holes}
        assert {hole.name for hole in parse(chinese).holes} == asked, english
        assert not any(h.kind for h in parse(chinese).holes), f"{english}: kinds belong before it"


@pytest.mark.parametrize("value", AWKWARD)
def test_a_template_gives_back_what_fills_it(value: str) -> None:
    for english, _ in PAIRS:
        template = parse(english)
        values = {h.name: FITTING.get(h.kind, value) for h in template.holes}
        found = template.match(template.fill(values))
        assert found is not None, english
        assert template.fill(found) == template.fill(values)


@pytest.mark.parametrize("value", AWKWARD)
def test_a_message_keeps_what_fills_it(value: str) -> None:
    told = SPOKEN.translate(f"The model {value} is not on this machine yet.")
    assert told == f"模型 {value} 还不在这台电脑上。"


def test_no_english_text_stands_twice() -> None:
    texts = [english for english, _ in PAIRS]
    assert sorted(texts) == sorted(set(texts))


def test_an_unknown_text_stays_unknown() -> None:
    assert SPOKEN.translate("Lisbon lies on the Tagus.") is None
    assert SPOKEN.translate("") is None


def test_numbers_are_no_words() -> None:
    assert SPOKEN.translate("Files that could not be read: 3.")
    assert not SPOKEN.translate("Files that could not be read: No.")


def test_a_name_that_is_a_message_stays_a_name() -> None:
    told = SPOKEN.translate("The model Reading is not on this machine yet.")
    assert told == "模型 Reading 还不在这台电脑上。"


def test_a_message_in_a_message_is_translated() -> None:
    told = SPOKEN.translate("Step 2 of 3 (translate): There is no text to translate.")
    assert told == "第 2 步，共 3 步（翻译）：没有可以翻译的文字。"


def test_a_fact_and_its_remedy_in_one_text_are_both_translated() -> None:
    told = SPOKEN.translate(
        "The PDF is truncated or damaged. Open it in a reader and save it again."
    )
    assert told == "PDF 不完整或已损坏。请用阅读器打开并重新保存。"


def test_a_text_of_which_a_part_is_unknown_is_not_half_translated() -> None:
    assert SPOKEN.translate("Lisbon is far. Check the path.") is None


def test_the_most_particular_template_is_taken() -> None:
    catalogue = Catalogue(
        [("{a} is empty.", "{a}是空的。"), ("The file {a} is empty.", "文件{a}空。")]
    )
    assert catalogue.translate("The file x is empty.") == "文件x空。"


def test_a_template_that_begins_like_the_text_goes_first() -> None:
    told = SPOKEN.translate("Step 2 of 3 (describe): a.png is not an image that can be read.")
    assert told == "第 2 步，共 3 步（看图）：a.png 不是可以读取的图片。"


def test_the_same_hole_twice_must_hold_the_same() -> None:
    template = parse("pull {name}, then use {name}.")
    assert template.match("pull a, then use a.") == {"name": "a"}
    assert template.match("pull a, then use b.") is None


def test_doubled_braces_are_braces() -> None:
    assert parse("a {{b}} {c}") == Template(("a {b} ", ""), parse("{c}").holes)
    assert Catalogue([("Write {{}}.", "请写 {{}}。")]).translate("Write {}.") == "请写 {}。"


@pytest.mark.parametrize("text", ["{a}{b}", "{a:colour} is it"])
def test_a_template_that_can_t_be_matched_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hole"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "models.a: " * 2_000,
        "There is no file . " * 1_000,
        "a: " * 6_000,
        ": , ; “” () " * 1_500,
        "The model The model " * 900 + "is not on this machine",
        "Check the path. " * 11 + "nothing known",
    ],
)
def test_hostile_texts_cost_a_bounded_number_of_comparisons(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0
    match = Template.match

    def counted(template: Template, said: str) -> dict[str, str] | None:
        nonlocal compared
        compared += 1
        return match(template, said)

    monkeypatch.setattr(Template, "match", counted)
    Catalogue(PAIRS).translate(text[:LONGEST])
    assert compared <= 20_000


def test_what_is_longer_than_any_message_is_not_looked_at() -> None:
    assert SPOKEN.translate("There is no file " + "x" * LONGEST + ".") is None


def test_sentences_are_joined_without_a_space_after_a_full_width_sign() -> None:
    assert joined(("没有。", "请看。")) == "没有。请看。"
    assert joined(("见 /tmp/a", "请看。")) == "见 /tmp/a 请看。"
    assert joined(("", "a", "", "b")) == "a b"


def test_a_line_without_a_tab_is_refused() -> None:
    assert list(read_pairs("# remark\n\nYes.\t是。\nTwo\\nlines\t两\\n行\n")) == [
        ("Yes.", "是。"),
        ("Two\nlines", "两\n行"),
    ]
    with pytest.raises(ValueError, match="unpack"):
        list(read_pairs("Yes."))
