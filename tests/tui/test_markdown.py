"""Markdown written piece by piece: ends as if parsed whole, mends only what it must; lists."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from assistant.tui import line_breaks
from assistant.tui.widgets.lists import FlatBulletList, FlatOrderedList, ListVisual
from assistant.tui.widgets.markdown import StreamedMarkdown

DOCUMENTS = {
    "prose": "# Title\n\nA paragraph\nof two lines.\n\nAnother **one**.\n\n> quoted\n> lazily\n",
    "code": "Text.\n\n```python\ndef f():\n\n    return 1\n```\n\nAfter.\n",
    "list": "1. one\n2. two\n   - inner\n   - inner too\n3. three\n\nAfter.\n",
    "loose": "- a\n\n- b\n\n  more of b\n\n- c\n",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nAfter.\n",
    "setext": "Heading\n=======\n\ntext\n\n***\n\nend\n",
    "chinese": "这是第一段。\n\n- 一\n- 二\n\n最后。\n",
    "fence in a list": "- a\n\n  ```\n  code\n  ```\n\n- b\n",
    "references": "See [one][1] and [two][2].\n\n[1]: http://a.example\n[2]: http://b.example\n",
}


class Page(App[None]):
    CSS = "StreamedMarkdown { padding: 0; }"

    def __init__(self) -> None:
        super().__init__()
        self.markdown = StreamedMarkdown()

    def compose(self) -> ComposeResult:
        yield self.markdown


def shown(app: App[None]) -> str:
    lines = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(s.text for s in line).rstrip() for line in lines)


async def streamed(text: str, pieces: int) -> tuple[str, int]:
    """What is on the screen after the text was written, and how many full updates that took."""
    app = Page()
    updates = 0
    async with app.run_test(size=(40, 30)) as pilot:
        update = app.markdown.update

        def counted(whole: str) -> object:
            nonlocal updates
            updates += 1
            return update(whole)

        app.markdown.update = counted  # type: ignore[method-assign,assignment]
        for at in range(0, len(text), pieces):
            app.markdown._waiting.append(text[at : at + pieces])
            await app.markdown._append_waiting()
        await app.markdown.finish(text)
        await pilot.pause()
        return shown(app), updates


async def whole(text: str) -> str:
    app = Page()
    async with app.run_test(size=(40, 30)) as pilot:
        await app.markdown.update(text)
        await pilot.pause()
        return shown(app)


@pytest.mark.parametrize("pieces", [1, 7])
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_written_text_ends_as_if_it_had_been_parsed_whole(name: str, pieces: int) -> None:
    text = DOCUMENTS[name]
    seen, updates = await streamed(text, pieces)
    assert seen == await whole(text)
    assert updates == (1 if name == "references" else 0) or name == "fence in a list"


async def test_text_that_came_out_other_than_it_was_written_is_shown_as_it_came_out() -> None:
    app = Page()
    async with app.run_test() as pilot:
        app.markdown.write("half of the te")
        await app.markdown.finish("half of the text")
        await pilot.pause()
        assert "half of the text" in shown(app)


async def test_a_list_is_one_widget_whose_lines_hang_under_their_text() -> None:
    app = Page()
    text = "9. a first item that is longer than a line\n10. two\n    - inner **bold** [b]\n"
    async with app.run_test(size=(24, 12)) as pilot:
        await app.markdown.update(text)
        await pilot.pause()
        assert shown(app).splitlines()[:3] == [
            " 9. a first item that is",
            "    longer than a line",
            "10. two",
        ]
        assert "    • inner bold [b]" in shown(app)
        (block,) = app.query(FlatOrderedList)
        assert not block.children


async def test_a_list_with_code_in_it_is_left_to_textual() -> None:
    app = Page()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.markdown.update("- a\n\n  ```\n  code\n  ```\n- b\n")
        await pilot.pause()
        assert "code" in shown(app)
        assert not isinstance(app.query_one(FlatBulletList).visual, ListVisual)


async def test_lists_are_survived_on_a_screen_of_a_few_columns() -> None:
    app = Page()
    async with app.run_test(size=(9, 30)) as pilot:
        await app.markdown.update("- a\n  - b\n    - c\n      - 一二三四五六七八\n\n-\n\n1)\n")
        await pilot.pause()
        assert "一二" in shown(app)


def test_chinese_fills_the_line_after_a_space_and_words_stay_whole() -> None:
    text = "用 Python 写一个很长的程序，然后测试 it"
    assert line_breaks.divide_line(text, 12) == [10, 16, 23]
    assert line_breaks.divide_line("plain words wrap", 8) == [6, 12]
    assert line_breaks.divide_line("naïve words wrap", 8) == [6, 12]
    assert line_breaks.divide_line("一二三    四", 6) == [7]
    assert line_breaks.divide_line("一二三，四", 6) == [2]


@pytest.mark.parametrize("pieces", [5, 1000])
async def test_the_columns_of_a_table_go_to_the_side_they_are_written_for(pieces: int) -> None:
    text = "| left | middle | right |\n|:--|:-:|--:|\n| a | b | 5 |\n| c | d | 1,500 |\n"
    lines = [line for line in (await streamed(text, pieces))[0].splitlines() if "│" in line]
    columns = [list(line.strip("│").split("│")) for line in lines]
    assert [cells[0].strip() for cells in columns] == ["left", "a", "c"]
    for left, middle, right in columns:
        assert left.startswith(" ")
        assert not left.startswith("  ")
        assert right.endswith(" ")
        assert not right.endswith("  ")
        before, after = len(middle) - len(middle.lstrip()), len(middle) - len(middle.rstrip())
        assert abs(before - after) <= 1


async def test_what_is_to_be_done_stands_behind_a_box() -> None:
    text = "- [ ] buy *milk*\n- [x] call\n- [y] none\n1. [ ] numbered\n"
    lines = [line.strip() for line in (await streamed(text, 7))[0].splitlines() if line.strip()]
    assert lines == ["☐ buy milk", "☑ call", "• [y] none", "☐  numbered"]
