"""How often the language of a text is told right, in about 90 languages and three lengths.

    python -m benchmarks.detection FOLDER [--half dev]

FOLDER is an unpacked Django, whose message catalogues are text in about a hundred languages by
people who speak them: pip download --no-deps django, then unzip it. The texts are halved by a
checksum: weights were chosen on the half `dev`; the other one is reported.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from assistant.language.detection import detect
from assistant.language.names import find_language

_ENTRY = re.compile(r'^msgstr(?:\[0\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]+>|\\[nt]|https?://\S+|&\w+;")
_LENGTHS = ((1, 20), (20, 60), (60, 400))
"""Characters, half open."""
_MOST = 60
"""Texts of a language and length, so that every language counts for about the same."""


def main(folder: Path, half: str) -> None:
    """Print the share told right by length, and the languages mostly missed."""
    right: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    asked: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)
    for language, text in _texts(folder):
        if zlib.crc32(text.encode()) % 2 != (half == "test"):
            continue
        length = next((span for span in _LENGTHS if span[0] <= len(text) < span[1]), None)
        if length is None or asked[length][language] >= _MOST:
            continue
        found = detect(text)
        asked[length][language] += 1
        right[length][language] += found == language
        if found != language and length != _LENGTHS[0]:
            taken_for[language][found] += 1
    for length in _LENGTHS:
        shares = {code: right[length][code] / count for code, count in asked[length].items()}
        mean = sum(shares.values()) / len(shares)
        good = sum(share >= 0.9 for share in shares.values())
        print(
            f"{length[0]}–{length[1]} characters: {len(shares)} languages, mean {mean:.3f}, "
            f"{good} of them ≥ .9, none right: "
            + " ".join(sorted(code for code, share in shares.items() if share == 0))
        )
    for language, others in sorted(taken_for.items()):
        missed = sum(others.values())
        total = sum(asked[length][language] for length in _LENGTHS[1:])
        if missed > total / 4:
            print(f"  {language}: {missed} of {total} taken for {dict(others.most_common(3))}")


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("locale/*/LC_MESSAGES/*.po")):
        language = find_language(file.parts[-3].replace("_", "-"))
        if language is None:
            continue
        for match in _ENTRY.finditer(file.read_text("utf-8")):
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1]))
            text = _PLACEHOLDER.sub(" ", text).replace('\\"', '"').strip()
            if len(re.findall(r"[^\W\d_]", text)) > 3 and "Plural-Forms" not in text:
                yield language, " ".join(text.split())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    asked = parser.parse_args()
    main(asked.folder, asked.half)
