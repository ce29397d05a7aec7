"""Renews the pictures of the README from the real interface: `python -m benchmarks.pictures`.

Every scene is drawn in the dark and in the light theme, the last one in Chinese, with scripted
answers and at a fixed time: a picture changes only when the interface does.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.core.documents import Label, Passage, Place
from assistant.core.events import (
    Alternative,
    Done,
    Event,
    Labelled,
    Picture,
    Routed,
    Sources,
    TextDelta,
    Timings,
)
from assistant.core.messages import ImageAttachment
from assistant.tui.demo import USAGE
from assistant.tui.screenshot import README_SCENE, Scene, drawn
from assistant.tui.strings import Strings, choose

SIZE = (120, 36)
THEMES = {"": "ink", "-light": "paper"}
CONFIG_FILE = Path("~/.config/assistant/config.toml")

LEAVES = (
    "When leaves fall in autumn, trees withdraw most of the nitrogen and phosphorus in them and "
    "store it in the bark and roots."
)
BUDS = "The buds of the next year are formed by August; winter only wakes them."
ANSWER = f"> {LEAVES} **[1]**\n\n> {BUDS} **[2]**"


def done(text: str, milliseconds: float) -> Done:
    """The end of an answer that took so long in all."""
    return Done(text, Timings(7.0, 240.0, milliseconds, USAGE))


def answered(routed: Routed, text: str, *more: Event, milliseconds: float = 210.0) -> list[Event]:
    """The events of an answer."""
    return [routed, TextDelta(text), *more, done(text, milliseconds)]


def documents() -> Scene:
    """An answer from documents, its first source unfolded: the sentence marked in its place."""
    context = (
        "Deciduous trees prepare for winter over weeks. The green pigment is taken apart first. "
        f"{LEAVES} In spring the same stores feed the first leaves, long before the new ones "
        "earn anything themselves."
    )
    passages = (
        Passage("~/papers/forest-ecology.pdf", LEAVES, Place(118), 0, len(LEAVES), 1.0, context),
        Passage("~/notes/oaks.md", BUDS, Place(line=12), 0, len(BUDS), 0.9, BUDS),
    )
    routed = Routed(
        "qa",
        0.94,
        0.88,
        "A question, and your documents speak of it.",
        (Alternative("generate", 0.05),),
        ("qa",),
    )
    question = "What do trees do with their nutrients before winter?"
    script = {question: answered(routed, ANSWER, Sources(passages))}
    return Scene(script, keys=("alt+up", "enter", "enter"))


def image(photo: Path) -> Scene:
    """An attached photo, described."""
    labels = (Label("valley, vale", 0.71), Label("alp", 0.18), Label("lakeside, lakeshore", 0.05))
    text = "A **valley** between mountains, most likely (71%), or an alp; mostly orange and violet."
    routed = Routed("describe", 0.97, 0.94, "An image is attached.", (), ("describe",))
    shown = Picture(str(photo), "1200 × 800")
    events = answered(routed, text, shown, Labelled(labels, "efficientnet-lite2"))
    return Scene({"What does this photo show?": events}, (ImageAttachment(str(photo)),))


def chinese() -> Scene:
    """Documents and translation in the Chinese interface."""
    quote = "黄山四绝为奇松、怪石、云海、温泉，其中云海以冬季和春初最为壮观。"
    passage = Passage("~/文档/黄山游记.docx", quote, Place(3), 0, len(quote), 1.0, quote)
    qa = Routed("qa", 0.96, 0.93, "问题与文档有关。", (), ("qa",))
    translate = Routed("translate", 0.99, 0.98, "要求翻译成葡萄牙语。", (), ("translate",))
    portuguese = "O trem sai às nove da manhã."
    return Scene(
        {
            "黄山的云海什么时候最好看？": answered(qa, f"> {quote} **[1]**", Sources((passage,))),
            "翻译成葡萄牙语：The train leaves at nine in the morning.": answered(
                translate, portuguese, milliseconds=90.0
            ),
        }
    )


def landscape(path: Path) -> Path:
    """A photo of nobody's: mountains before an evening sky, 1200 × 800 pixels."""
    from PIL import Image, ImageDraw

    width, height = 1200, 800
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        share = y / height
        sky = (int(250 - 130 * share), int(178 - 70 * share), int(118 + 70 * share))
        draw.line([(0, y), (width, y)], fill=sky)
    draw.ellipse([800, 150, 950, 300], fill=(255, 240, 200))
    for colour, ridge in (
        ((96, 88, 130), [(0, 470), (260, 250), (520, 500), (760, 330), (1200, 560)]),
        ((58, 60, 92), [(0, 590), (380, 420), (640, 600), (1000, 450), (1200, 600)]),
        ((26, 34, 46), [(0, 700), (420, 600), (820, 690), (1200, 590)]),
    ):
        draw.polygon([(0, height), *ridge, (width, height)], fill=colour)
    picture.save(path)
    return path


def scenes(folder: Path) -> Sequence[tuple[str, Scene, Strings]]:
    """Name, scene and language of each picture."""
    english, zh = choose({}), choose({"LANG": "zh_CN.UTF-8"})
    return (
        ("chat", README_SCENE, english),
        ("documents", documents(), english),
        ("image", image(landscape(folder / "evening.png")), english),
        ("chinese", chinese(), zh),
    )


async def renew(out: Path) -> None:
    """Draw every scene in every theme."""
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        for name, scene, strings in scenes(Path(folder)):
            for suffix, theme in THEMES.items():
                svg = await drawn(scene, Settings(), CONFIG_FILE, SIZE, theme, strings)
                file = out / f"{name}{suffix}.svg"
                await asyncio.to_thread(file.write_text, svg, encoding="utf-8")
                print(file)


def main() -> None:
    """Parse the arguments and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), metavar="FOLDER")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    asyncio.run(renew(out))


if __name__ == "__main__":
    main()
