"""The sentences in which found pictures are told, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.core.picture_search import FoundPicture, FoundPictures
from assistant.core.text import one_line
from skills.quote_markdown import escaped


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates for one language; of two forms the first is for one."""

    shown: tuple[str, str]
    of: tuple[str, str]
    like: tuple[str, str]
    anything: str
    between: str
    since: str
    until: str
    none: str
    more: str
    by_file: str
    sure: str
    alike: str
    by_text: str
    place: str
    no_place: str
    subject_only: str
    quotes_and: str


ENGLISH = Wording(
    shown=(
        "One picture {what}{when}, of {searched:,} searched:",
        "{count:,} pictures {what}{when}, of {searched:,} searched:",
    ),
    of=("that seems to show “{topic}”", "that seem to show “{topic}”"),
    like=("that looks like yours", "that look like yours"),
    anything="",
    between=" from {after} to {before}",
    since=" since {after}",
    until=" until {before}",
    none="None of the {searched:,} pictures searched{when} clearly shows “{topic}”.",
    more="And {count:,} more; name a time or more of what they show to narrow it down.",
    by_file="date of the file, the camera left none",
    sure="{score:.0%}",
    alike="{score:.0%} alike",
    by_text="by the words in it",
    place="The camera of {name} wrote where it was: {latitude:.5f}° {ns}, {longitude:.5f}° {ew}.",
    no_place="{name} does not say where it was taken: its camera wrote no GPS position, or it was removed.",  # noqa: E501
    subject_only="Without an image encoder only kinds of things can be told apart, so I looked for “{subject}”.",  # noqa: E501
    quotes_and="Pictures that seem to show it:",
)
CHINESE = Wording(
    shown=(
        "在搜索的 {searched:,} 张图片中，有一张{when}{what}：",
        "在搜索的 {searched:,} 张图片中，有 {count:,} 张{when}{what}：",
    ),
    of=("看起来有“{topic}”", "看起来有“{topic}”"),
    like=("与你的图片相似", "与你的图片相似"),
    anything="",
    between="{after} 到 {before} 拍摄的",
    since="{after} 以来拍摄的",
    until="{before} 以前拍摄的",
    none="搜索的 {searched:,} 张{when}图片中，没有一张明显有“{topic}”。",
    more="另外还有 {count:,} 张；说明时间或更多内容可以缩小范围。",
    by_file="文件日期，相机没有留下拍摄时间",
    sure="{score:.0%}",
    alike="相似度 {score:.0%}",
    by_text="图中文字相符",
    place="{name} 的相机记下了拍摄地点：{ns}纬 {latitude:.5f}°，{ew}经 {longitude:.5f}°。",
    no_place="{name} 没有记录拍摄地点：相机没有写入 GPS 位置，或已被删除。",
    subject_only="没有图像编码器时只能区分物体的种类，所以我找的是“{subject}”。",
    quotes_and="看起来与此有关的图片：",
)


def wording(language: str) -> Wording:
    """For the language of a message."""
    return CHINESE if language == "zh" else ENGLISH


def shown_name(path: str) -> str:
    """A file's name, safe in a line of Markdown."""
    return escaped(one_line(PurePath(path).name, 80))


def reason(picture: FoundPicture, words: Wording, *, similar: bool) -> str:
    """Why a picture is shown; "" where everything is."""
    if picture.by_text:
        return words.by_text
    if not picture.score:
        return ""
    return (words.alike if similar else words.sure).format(score=picture.score)


def when(after: str, before: str, words: Wording) -> str:
    """The days asked for; "" for all."""
    if after and before:
        return words.between.format(after=after, before=before)
    template = words.since if after else words.until if before else ""
    return template.format(after=after, before=before)


def listed(found: FoundPictures, words: Wording, *, similar: bool) -> str:
    """A line a picture: name, folder, day, why; and how many more there are."""
    lines = [
        f"{number}. {_line(picture, words, similar=similar)}"
        for number, picture in enumerate(found.pictures, 1)
    ]
    if (more := found.matching - len(found.pictures)) > 0:
        lines += ["", words.more.format(count=more)]
    return "\n".join(lines)


def _line(picture: FoundPicture, words: Wording, *, similar: bool) -> str:
    day = f"{picture.day} ({words.by_file})" if picture.by_file else picture.day
    folder = escaped(one_line(str(PurePath(picture.path).parent), 120))
    parts: Sequence[str] = (shown_name(picture.path), day, reason(picture, words, similar=similar))
    return f"{' · '.join(part for part in parts if part)}  \n   {folder}"


def picture_line(picture: FoundPicture, words: Wording) -> str:
    """A picture in a list that has no numbers, for they are those of quotes."""
    return f"- {_line(picture, words, similar=False)}"


def caption(picture: FoundPicture, words: Wording, *, similar: bool) -> str:
    """What stands under a thumbnail."""
    name = one_line(PurePath(picture.path).name, 60)
    parts = (name, picture.day, reason(picture, words, similar=similar))
    return " · ".join(part for part in parts if part)
