"""How often the embedder picks the right one of a person's labels, and what abstention buys.

    python -m benchmarks.classify

The 50 texts of data/classify.tsv (labels, the right one, the text; English, Chinese, Portuguese,
Spanish) were written for this, and the way texts and labels are embedded was chosen on them: the
figure is one of fit, not of proof.
"""

from __future__ import annotations

import os
from importlib import resources

from assistant.config import find_places, load_with_origins
from assistant.engine.wiring import build
from skills.classification.sorting import Sorter
from skills.classification.wording import split_labels


def main() -> None:
    """Print the share right of all texts, and of those it was sure of."""
    places = find_places(os.environ)
    settings = load_with_origins(places, os.environ, {}).settings
    embedder = build(settings, places).services.embedder()
    sorter = Sorter(lambda: embedder, lambda: None, settings.classify.margin)
    table = resources.files("benchmarks").joinpath("data/classify.tsv").read_text("utf-8")
    judged = []
    for line in table.splitlines():
        labels, wanted, text = line.split("\t")
        (found,) = sorter.prepare(split_labels(labels)).sort([text])
        judged.append((found.best.label == wanted, found.sure))
    sure = [is_right for is_right, is_sure in judged if is_sure]
    right = sum(is_right for is_right, _ in judged)
    print(f"right {right} of {len(judged)}; sure of {len(sure)}, right {sum(sure)}")


if __name__ == "__main__":
    main()
