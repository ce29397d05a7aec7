"""Says in words and a table what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.core.pictures import Detection
from assistant.core.text import one_line
from skills.detection.finding import FACE, PERSON, Finder
from skills.detection.names import in_chinese, known_name, plural

MOST_ROWS = 30
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def told(found: Sequence[Detection], finder: Finder, language: str) -> str:
    """The counts as a sentence, in English or Chinese."""
    counts = Counter(one.label for one in found)
    absent = [label for label in finder.wanted if not counts[label]]
    chinese = language == "zh"
    if finder.faces_only:
        return _faces(counts[FACE], chinese)
    if not counts:
        return _none(finder.wanted, chinese)
    parts = [_counted(label, number, chinese) for label, number in counts.most_common()]
    sentence = f"图里有{_listed(parts, '、', '和')}。" if chinese else f"I see {_and(parts)}."
    if absent and len(absent) <= 3:
        missing = [_kind(label, chinese) for label in absent]
        sentence += (
            f"没有找到{_listed(missing, '、', '和')}。" if chinese else f" No {_or(missing)}."
        )
    return sentence


def table(found: Sequence[Detection], language: str) -> str:
    """What was found, numbered as in the picture: name, score, place and size in pixels."""
    if not found:
        return ""
    head = (
        "| # | 名称 | 把握 | 左, 上 | 宽 × 高 |"
        if language == "zh"
        else "| # | what | sure | left, top | width × height |"
    )
    rows = [head, "|--:|---|--:|--:|--:|"]
    for number, one in enumerate(found[:MOST_ROWS], start=1):
        box = one.box
        place = f"{box.left:.0f}, {box.top:.0f}"
        size = f"{box.width:.0f} × {box.height:.0f}"
        rows.append(
            f"| {number} | {cell(one.label, language)} | {one.score:.0%} | {place} | {size} |"
        )
    if (more := len(found) - MOST_ROWS) > 0:
        rows.append(f"| … | {f'还有 {more} 个' if language == 'zh' else f'{more} more'} | | | |")
    return "\n".join(rows)


def cell(label: str, language: str) -> str:
    """A label that can stand in a table."""
    name = in_chinese(label).chinese if language == "zh" else label
    return one_line(name, 60).replace("|", "¦").replace("*", "\\*").replace("`", "'")


def _faces(number: int, chinese: bool) -> str:
    """What faces say of how many people there are."""
    if chinese:
        if not number:
            return "没有看到人脸；背对镜头的人不算在内。"
        return f"看到 **{number}** 张人脸，所以图里至少有 {number} 个人。"
    if not number:
        return "I see no faces; people who turn away would not be counted."
    people = "person" if number == 1 else "people"
    return f"I see **{_face_count(number)}**, so there {_be(number)} at least {number} {people}."


def _face_count(number: int) -> str:
    return "1 face" if number == 1 else f"{number} {plural(FACE)}"


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _none(wanted: Sequence[str], chinese: bool) -> str:
    if not wanted:
        return "没有找到认识的东西。" if chinese else "I find nothing that I know."
    kinds = [_kind(label, chinese) for label in wanted[:5]]
    if chinese:
        return f"没有找到{_listed(kinds, '、', '或')}。"
    return f"I find no {_or(kinds)}."


def _kind(label: str, chinese: bool) -> str:
    if chinese:
        return in_chinese(label).chinese
    return plural(label) if known_name(label) else label


def _counted(label: str, number: int, chinese: bool) -> str:
    if chinese:
        name = in_chinese(label)
        shown = "人" if label == PERSON else cell(label, "zh")
        return f" **{number}** {name.measure}{shown}"
    shown = cell(label if number == 1 else plural(label), "en")
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"**{word} {shown}**"


def _and(parts: Sequence[str]) -> str:
    return _listed(parts, ", ", " and ")


def _or(parts: Sequence[str]) -> str:
    return _listed(parts, ", ", " or ")


def _listed(parts: Sequence[str], between: str, last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return between.join(parts[:-1]) + last + parts[-1]
