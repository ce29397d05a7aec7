"""Shows what in an image speaks for a label: a map over a copy of it, and the place in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import DocumentError, ModelError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, TextDelta
from assistant.core.heat import Heat
from assistant.core.protocols import LoadedImage
from assistant.files.heat_overlay import with_heat
from assistant.files.made_pictures import save_picture
from assistant.language.choices import without_article
from skills.attached_images import shown_name
from skills.describe_names import name_of
from skills.describe_naming import ImageNamer, Named

_IT = r"(?:it|this|that|they|these|there)"
_WHY = re.compile(
    r"^\W*(?:and |but |so )?why(?: (?:do you (?:say|think|believe|see)|(?:would|did) you say))?"
    rf"(?: that)?(?: {_IT}(?:'s|'re)?)?(?: (?:is|are|was|should|would)(?: {_IT})?(?: be)?)?"
    r"(?: not)?\s*(?P<en>[^?!.]{0,60})"
    r"|^\W*what makes (?:you (?:think|say) )?(?:that )?(?:it|this)(?:'s| is)?"
    r"(?: look(?:s)? like| seem(?: like)?| be)?\s*(?P<makes>[^?!.]{0,60})"
    r"|\b(?:show|point|mark|highlight)(?: me)?(?: out)? where\b\s*(?:you see )?"
    r"(?P<where>[^?!.]{0,60})"
    r"|^\W*where (?:do|did|can) you see (?P<see>[^?!.]{1,60})"
    r"|\bheat ?map(?: (?:for|of))?\s*(?P<map>[^?!.]{0,60})"
    r"|为(?:什么|何)(?:你)?(?:会)?(?:觉得|认为|说)?(?:它|这|那|图里|图中)?(?:个)?(?:就)?(?:是|像|有)?"
    r"(?P<zh>[^？?。！!]{0,30})"
    r"|哪里(?:看出|像|是|有)(?:来)?(?:它|这)?(?:是|像)?(?P<nali>[^？?。！!]{0,30})"
    r"|(?:指出|标出|显示)(?P<zhi>[^？?。！!]{0,20}?)(?:在哪|的位置)"
    r"|(?P<retu>[^？?。！!\s]{0,20}?)的?热(?:力)?图"
    r"|^\W*por ?qu[eé](?: (?:dices|crees|piensas|você diz|você acha|diz|acha))?(?: que)?"
    r"(?: (?:es|é|ser[ií]a))?\s*(?P<pt>[^?!.]{0,60})"
    r"|^\W*(?:warum|wieso)(?: (?:glaubst|denkst|meinst) du)?(?:,? dass)?"
    r"(?: (?:ist|soll) (?:das|es|dies))?\s*(?P<de>[^?!.]{0,60})"
    r"|^\W*pourquoi(?: (?:dis-tu|penses-tu|tu dis))?(?: que)?(?: (?:c['’]est|ce serait))?"
    r"\s*(?P<fr>[^?!.]{0,60})",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:^|\s+)(?:is|are|was|it|this|that|so|呢|吗|啊|的|ist|es|das"
    r"|in (?:the|this) (?:picture|image|photo))$",
    re.IGNORECASE,
)
_THIRDS = (1 / 3, 2 / 3)
_PLACES_EN = (
    ("the top left", "the top", "the top right"),
    ("the left", "the middle", "the right"),
    ("the bottom left", "the bottom", "the bottom right"),
)
_PLACES_ZH = (("左上方", "上方", "右上方"), ("左侧", "中间", "右侧"), ("左下方", "下方", "右下方"))


def why_asked(message: str) -> str | None:
    """The label a message asks the reason of; "" where it names none ("why?"), None where it asks
    something else."""
    found = _WHY.search(message.strip())
    if found is None:
        return None
    label = next((part for part in found.groups() if part is not None), "").strip(" ,，\"'“”")
    while (shorter := _ENDS.sub("", label)) != label:
        label = shorter
    return without_article(label)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Tells why.

    Args:
        namer: names images, and tells what speaks for a name.
        folder: where the drawn pictures are kept.
    """

    namer: ImageNamer
    folder: Path

    def explain(
        self, image: LoadedImage, named: Named, label: str, language: str, before: str
    ) -> Iterator[Event]:
        """The map for a label (""; for the first of what was named) as a picture, and in words.

        Raises:
            ModelError: no model here can tell.
        """
        if not named.labels:
            yield TextDelta(before + _words(language).nothing)
            return
        wanted = label or named.labels[0].label
        score = next((x.score for x in named.labels if x.label == wanted), None)
        try:
            heat, model = self.namer.heat(image.pixels, wanted)
        except ModelError as error:
            yield Notice(error.message, error.hint)
            yield Picture(str(image.path), shown_name(image.path))
            return
        if score is not None:
            yield Labelled(named.labels, named.model)
        yield from self._picture(image, heat, wanted, language)
        said = _told(heat, image, wanted, score, model, language)
        yield Carried(before + said)
        yield TextDelta(before + said)

    def _picture(
        self, image: LoadedImage, heat: Heat, label: str, language: str
    ) -> Iterator[Event]:
        try:
            drawn = with_heat(image.pixels, heat)
            path = save_picture(drawn, self.folder, image.path, "why")
        except DocumentError as error:
            yield Notice(error.message, error.hint)
            yield Picture(str(image.path), shown_name(image.path))
        else:
            caption = _words(language).caption.format(_called(label, language))
            yield Picture(str(path), f"{shown_name(image.path)}: {caption}")


@dataclass(frozen=True, slots=True)
class _Words:
    caption: str
    most: str
    share: str
    part: str
    nowhere: str
    nothing: str
    by: str


_EN = _Words(
    "what speaks for “{}”",
    "What speaks most for “{}”{} lies in {} of the image: the bright parts of the picture.",
    " ({:.0%})",
    " The model looks at the middle of the image only; what is outside its square doesn't count.",
    "Nothing in the image speaks for “{}”.",
    "Nothing was named in the image, so there is nothing to give a reason for.",
    "*map by {}*",
)
_ZH = _Words(
    "支持“{}”的部分",
    "最支持“{}”{}的部分在图片的{}，也就是图上发亮的地方。",
    "（{:.0%}）",
    "模型只看图片中间的正方形，外面的部分不算。",
    "图里没有什么支持“{}”。",
    "没有认出图里有什么，所以没有理由可说。",
    "*热图：{}*",
)


def _words(language: str) -> _Words:
    return _ZH if language == "zh" else _EN


def _told(
    heat: Heat, image: LoadedImage, label: str, score: float | None, model: str, language: str
) -> str:
    words = _words(language)
    name, focus = _called(label, language), heat.focus
    height, width = image.pixels.shape[:2]
    if focus is None:
        said = words.nowhere.format(name)
    else:
        share = "" if score is None else words.share.format(score)
        said = words.most.format(name, share, _place(focus, width, height, language))
    left, top, right, bottom = heat.box
    if (right - left) * (bottom - top) < 0.95 * width * height:
        said += words.part
    return f"{said}\n\n{words.by.format(model)}"


def _place(focus: tuple[float, float], width: int, height: int, language: str) -> str:
    """Which ninth of the image a point is in."""
    column = sum(focus[0] / width > third for third in _THIRDS)
    row = sum(focus[1] / height > third for third in _THIRDS)
    return (_PLACES_ZH if language == "zh" else _PLACES_EN)[row][column]


def _called(label: str, language: str) -> str:
    name = name_of(label)
    return name.chinese if language == "zh" else name.english
