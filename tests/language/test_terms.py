"""The terms of lexical search."""

from __future__ import annotations

import pytest

from assistant.language.terms import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Cat sat.", ["the", "cat", "sat"]),
        ("ＦＵＬＬ ｗｉｄｔｈ", ["full", "width"]),
        ("我爱北京", ["我爱", "爱北", "北京"]),
        ("第3章", ["第", "3", "章"]),
        ("iPhone手机壳", ["iphone", "手机", "机壳"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("계약서", ["계약", "약서"]),
        ("ไทย", ["ไท", "ทย"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("snake_case 3.5", ["snake", "case", "3", "5"]),
        ("cafe\u0301", ["café"]),
        ("…—!?", []),
        ("", []),
    ],
)
def test_text_splits_into_words_and_pairs_of_characters(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_repeated_words_are_kept_for_counting() -> None:
    assert terms("to be or not to be").count("be") == 2


def test_a_chinese_word_is_found_inside_a_longer_run() -> None:
    assert set(terms("通知期限")) <= set(terms("合同的通知期限是三个月"))
