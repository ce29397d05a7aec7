"""Tells recommendations to a person, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.models.choosing import Candidate, Choice, Choices, Machine, Wish


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language, filled with `str.format`."""

    tasks: Mapping[str, str]
    kinds: Mapping[str, str]
    reads: str
    suited: str
    takes: str
    conversation: str
    disk: str
    disk_unknown: str
    speed: str
    slow: str
    non_commercial: str
    one_way: str
    here: str
    none: str
    lacks: Mapping[str, str]
    others: str
    between: str


ENGLISH = Words(
    tasks={
        "chat": "chat",
        "documents": "answers from your documents",
        "translate": "translation",
        "images": "images in any words",
        "embed": "search and routing",
        "captions": "sentences on images",
        "questions": "questions about images",
        "find": "finding things in images",
        "outline": "outlines in images",
    },
    kinds={"best": "best that fits", "balanced": "balanced", "lightest": "lightest"},
    reads="{} reads {:.1f} GB of memory a second (measured)",
    suited="For {}, {} of {} models suit this machine:",
    takes="{} of memory",
    conversation="{} of it for the conversation",
    disk="{} of disk",
    disk_unknown="disk not known",
    speed="about {} tokens/s",
    slow="slower than reading",
    non_commercial="not for commercial use",
    one_way="only {}",
    here="here already",
    none="No model of the catalogue suits this. What they lack:",
    lacks={
        "language": "a language asked for",
        "grounded": "not trusted to write from quotes",
        "disk": "disk space",
        "memory": "memory",
        "speed": "speed",
        "size": "a known size",
    },
    others="Not suited: {}",
    between=", ",
)
CHINESE = Words(
    tasks={
        "chat": "聊天",
        "documents": "根据文档写答案",
        "translate": "翻译",
        "images": "用任意词语看图",
        "embed": "查找和判断意图",
        "captions": "图片说明",
        "questions": "图片问答",
        "find": "在图中找物",
        "outline": "勾出图中物体",
    },
    kinds={"best": "放得下的最好的", "balanced": "兼顾速度和质量", "lightest": "最轻的"},
    reads="{} 每秒能读 {:.1f} GB 内存（实测）",
    suited="用于{}：{} 个模型适合这台电脑（共 {} 个）：",
    takes="内存 {}",
    conversation="其中对话占 {}",
    disk="硬盘 {}",
    disk_unknown="硬盘用量未知",
    speed="每秒约 {} 个词元",
    slow="比阅读还慢",
    non_commercial="不可商用",
    one_way="只有 {}",
    here="已经在这台电脑上",
    none="目录里没有合适的模型。它们缺的是：",
    lacks={
        "language": "不会所需的语言",
        "grounded": "不适合根据引文写作",
        "disk": "硬盘空间不够",
        "memory": "内存不够",
        "speed": "速度不够",
        "size": "大小未知",
    },
    others="不合适的：{}",
    between="、",
)


def told(wish: Wish, machine: Machine, choices: Choices, language: str) -> Iterator[str]:
    """The answer, line by line."""
    words = CHINESE if language == "zh" else ENGLISH
    for device in machine.devices:
        if speed := machine.bandwidth.get(device.id):
            yield words.reads.format(device.id, speed / 1e9)
    if not choices.chosen:
        yield words.none
        for name, lack in choices.rejected:
            yield f"  {name}: {words.lacks[lack]}"
        return
    count = len(choices.candidates)
    total = count + len(choices.rejected)
    yield words.suited.format(words.tasks[wish.task], count, total)
    for choice in choices.chosen:
        yield ""
        yield from _choice(choice, machine, words, language)
    if choices.rejected:
        lacks = words.between.join(
            f"{name} ({words.lacks[lack]})" for name, lack in choices.rejected
        )
        yield ""
        yield words.others.format(lacks)


def _choice(choice: Choice, machine: Machine, words: Words, language: str) -> Iterator[str]:
    from assistant.core.text import one_line

    candidate = choice.candidate
    entry = candidate.entry
    kinds = words.between.join(words.kinds[kind] for kind in choice.kinds)
    yield f"{entry.name} · {kinds}"
    yield f"  {one_line(entry.about(language), 200)}"
    yield f"  {words.between.join(_facts(candidate, words))}"
    yield f"  {_place(candidate, machine, language)}"
    here = entry.name in machine.present
    yield f"  {words.here}" if here else f"  assistant models pull {entry.name}"


def _facts(candidate: Candidate, words: Words) -> Iterator[str]:
    """What it takes, how fast it writes, what its licence says."""
    from assistant.core.text import one_line
    from assistant.models.choosing import keeps_up
    from assistant.models.placement_words import in_units

    takes = candidate.takes
    yield words.takes.format(in_units(takes.memory))
    if takes.cache:
        yield words.conversation.format(in_units(takes.cache))
    yield words.disk.format(in_units(takes.disk)) if takes.disk else words.disk_unknown
    if candidate.speed is not None:
        yield words.speed.format(_rounded(candidate.speed))
        if not keeps_up(candidate):
            yield words.slow
    if len(candidate.directions) == 1:
        yield words.one_way.format(candidate.directions[0].replace(">", "→"))
    yield one_line(candidate.entry.licence, 60)
    if candidate.entry.non_commercial:
        yield words.non_commercial


def _place(candidate: Candidate, machine: Machine, language: str) -> str:
    from assistant.models.plan_words import placed

    where = placed(candidate.placement, machine.devices, language)
    return f"{where} · {candidate.placement.reason}"


def _rounded(speed: float) -> str:
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"
