"""Where a photo was taken, told only to who asks for it."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.files.exif import read_exif

_ASKS = re.compile(
    r"\bwhere (?:was|were|is|did)\b.{0,40}\b(?:taken|shot|photographed|take)\b"
    r"|\b(?:gps|coordinates|geotag|geolocation|exif location)\b"
    r"|(?:在哪|哪里|哪儿|什么地方|何处).{0,6}(?:拍|照)|拍摄(?:地|位置)|经纬度|坐标|定位信息"
    r"|\bd[óo]nde (?:se )?(?:tom|hizo|sac|hici)\w*|\bcoordenadas\b"
    r"|\bonde (?:foi|foram|se) (?:tirad|feit|tir)\w*"
    r"|\bwo (?:wurde|ist|entstand)\w*\b.{0,40}\b(?:aufgenommen|gemacht|fotografiert|entstanden)\b"
    r"|\bkoordinaten\b|\boù\b.{0,30}\b(?:prise?|photographi\w+)\b|\bcoordonnées\b",
    re.IGNORECASE,
)


def asks_for_place(message: str) -> bool:
    """Whether a message asks where its photo was taken."""
    return _ASKS.search(message) is not None


def place_told(path: Path, language: str) -> str:
    """What the file says of the place, as a sentence in "en" or "zh"."""
    found = read_exif(path)
    if found.latitude is None or found.longitude is None:
        if language == "zh":
            return "文件里没有记录拍摄地点。"
        return "The file does not say where it was taken."
    north = f"{abs(found.latitude):.5f}° {'N' if found.latitude >= 0 else 'S'}"
    east = f"{abs(found.longitude):.5f}° {'E' if found.longitude >= 0 else 'W'}"
    if language == "zh":
        return f"文件里记录的拍摄地点：{north}，{east}。"
    return f"The file says it was taken at {north}, {east}."
