"""A model that goes round in circles is heard."""

from __future__ import annotations

import pytest

from skills.repetition import Repetition


def circles_after(text: str, asked: str = "") -> int | None:
    """Characters after which it is heard, the text coming one by one."""
    repetition = Repetition(asked)
    return next((at for at, one in enumerate(text, 1) if repetition.heard(one)), None)


@pytest.mark.parametrize(
    "text",
    [
        "I hope you have a wonderful day.\n" * 40,
        "Thank you for your patience. I hope you have a nice day! " * 20,
        "感谢您的耐心等待与理解。祝您有美好的一天！" * 20,
        "You are welcome! " + "ha " * 200,
        "aaaaaaaaaa" * 60,
    ],
)
def test_circles_are_heard_soon(text: str) -> None:
    heard = circles_after(text)
    assert heard is not None
    assert heard < 450


def test_the_circle_of_a_small_model_with_a_few_lines_in_turn() -> None:
    lines = (
        "Thank you for your patience.\n",
        "I hope you have a nice day.\n",
        "Thanks again for it.\n",
    )
    order = (0, 1, 0, 2, 1, 0, 0, 2, 1, 0, 1, 2)
    assert circles_after("".join(lines[at] for at in order)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"Step {n}: turn the screw number {n} a little.\n" for n in range(60)),
        "| a long cell | b |\n|---|---|\n"
        + "".join(f"| row {n} of it | {n * 7} |\n" for n in range(60)),
        "-" * 500,
        "+---+---+---+\n|   |   |   |\n" * 20,
        "[0, 0, 0, 0, 0],\n" * 30,
        "1/3 is 0." + "3" * 400,
        "    }\n" * 80,
        "Row, row, row your boat.\nGently down the stream.\nMerrily, merrily.\nA dream.\n" * 3,
        "",
    ],
)
def test_lists_tables_lines_and_refrains_are_none(text: str) -> None:
    assert circles_after(text) is None
