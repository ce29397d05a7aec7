"""Lets one choose the skill that answers."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from assistant.core.text import one_line
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings
from assistant.tui.widgets.badge import COLOURS, OTHER_COLOUR

NAME_CELLS = 14


class SkillScreen(Dialog[str]):
    """Gives the name of a skill, or None."""

    DEFAULT_CSS = """
    SkillScreen OptionList { border: none; background: $surface; padding: 0; }
    SkillScreen OptionList:focus { border: none; background-tint: transparent 0%; }
    """

    def __init__(self, skills: Sequence[str], strings: Strings) -> None:
        super().__init__(strings.other_skill_title, strings.other_skill_keys)
        self._skills = skills
        self._strings = strings

    def parts(self) -> ComposeResult:
        yield OptionList(*[self._option(skill) for skill in self._skills], markup=False)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def _option(self, skill: str) -> Option:
        strings = self._strings
        name = Content.assemble(
            ("◆ ", COLOURS.get(skill, OTHER_COLOUR)),
            (one_line(strings.skill(skill), 24), "bold"),
        )
        name = name.pad_right(max(0, NAME_CELLS - name.cell_length))
        summary = one_line(strings.skill_summaries.get(skill, ""), 80)
        return Option(name + Content.styled(f"  {summary}", "$foreground-muted"), id=skill)
