"""The line that ends what is said of an image."""

from __future__ import annotations

import pytest

from skills.speakers import spoken_by


@pytest.mark.parametrize("done", ["answered", "named", "found", "outlined", "mapped", "read"])
def test_every_model_is_named_in_the_same_form(done: str) -> None:
    english, chinese = (spoken_by(language, **{done: "m-1"}) for language in ("en", "zh"))
    assert english.endswith(" by m-1*")
    assert english[1].isupper()
    assert chinese.endswith("：m-1*")


def test_several_stand_in_one_sentence() -> None:
    assert spoken_by("en", named="a", read="b") == "*Named by a, text read by b*"
    assert spoken_by("zh", named="a", read="b") == "*识别：a；文字：b*"


def test_nothing_is_said_of_nobody() -> None:
    assert spoken_by("en", named="", read="") == ""
