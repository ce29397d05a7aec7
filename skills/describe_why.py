"""Shows what in an image speaks for a label: a map over a copy of it, and the place in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import DocumentError, ModelError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, TextDelta
from assistant.core.heat import Heat
from assistant.core.protocols import LoadedImage
from assistant.files.heat_overlay import with_heat
from assistant.files.made_pictures import save_picture
from skills.attached_images import shown_name
from skills.describe_names import called, name_of
from skills.describe_naming import ImageNamer, Named
from skills.speakers import spoken_by

_THIRDS = (1 / 3, 2 / 3)
_PLACES_EN = (
    ("in the top left", "at the top", "in the top right"),
    ("on the left", "in the middle", "on the right"),
    ("in the bottom left", "at the bottom", "in the bottom right"),
)
_PLACES_ZH = (("左上方", "上方", "右上方"), ("左侧", "中间", "右侧"), ("左下方", "下方", "右下方"))


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
            yield Labelled(called(named.labels, language), named.model)
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


_EN = _Words(
    "what speaks for “{}”",
    "What speaks most for “{}”{} lies {} of the image: the bright parts of the picture.",
    " ({:.0%})",
    " The model looks at the middle of the image only; what is outside its square doesn't count.",
    "Nothing in the image speaks for “{}”.",
    "Nothing was named in the image, so there is nothing to give a reason for.",
)
_ZH = _Words(
    "支持“{}”的部分",
    "最支持“{}”{}的部分在图片的{}，也就是图上发亮的地方。",
    "（{:.0%}）",
    "模型只看图片中间的正方形，外面的部分不算。",
    "图里没有什么支持“{}”。",
    "没有认出图里有什么，所以没有理由可说。",
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
    return f"{said}\n\n{spoken_by(language, mapped=model)}"


def _place(focus: tuple[float, float], width: int, height: int, language: str) -> str:
    """Which ninth of the image a point is in."""
    column = sum(focus[0] / width > third for third in _THIRDS)
    row = sum(focus[1] / height > third for third in _THIRDS)
    return (_PLACES_ZH if language == "zh" else _PLACES_EN)[row][column]


def _called(label: str, language: str) -> str:
    name = name_of(label)
    return name.chinese if language == "zh" else name.english
