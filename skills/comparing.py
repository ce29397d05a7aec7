"""Gathers what the documents say of each side of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from assistant.core.documents import Retrieval
from skills.filter_words import FileNames, file_called
from skills.judging import Judged
from skills.plan import Comparison
from skills.question_terms import matched_forms, telling_terms
from skills.search import Search

FILE_SIDE_THRESHOLD = 0.1
"""Confidence asked of a side that is a file the person named: they know that it is about this,
so only what has nothing to do with the question is left out."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name, the file it is (None: it may be anywhere), and what was found."""

    name: str
    path: str | None
    judged: Judged


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides, or all of them."""

    sides: Sequence[Side]
    aspect: str

    @property
    def found(self) -> Retrieval:
        """Of the side that most files were searched for; files compared by name count one each."""
        most = max((side.judged.found for side in self.sides), key=lambda found: found.files)
        named = len({side.path for side in self.sides if side.path is not None})
        return msgspec.structs.replace(most, files=max(most.files, named))

    @property
    def confidence(self) -> float:
        """That the surest side can be told."""
        return max(side.judged.confidence for side in self.sides)

    @property
    def bare(self) -> bool:
        """Whether files are compared without saying in what."""
        return not self.aspect and any(side.path is not None for side in self.sides)


def compare(search: Search, plan: Comparison, question: str, file_names: FileNames) -> Compared:
    """One search a side, within the file where the side is one."""
    sides = []
    for name in plan.sides:
        path = file_called(name, file_names)
        if path is not None:
            judged = search.judge(plan.aspect or question, path)
        else:
            judged = search.judge_side(f"{plan.aspect} {name}".strip(), name)
        sides.append(Side(name, path, judged))
    return Compared(sides, plan.aspect)


def compares_itself(judged: Judged, plan: Comparison) -> bool:
    """Whether the best passage for the whole question speaks of every side: then it is the
    answer, and nothing need be put together."""
    if not judged.candidates:
        return False
    held = matched_forms(judged.candidates[0].text)
    return all(telling_terms(side) <= held for side in plan.sides)
