"""semantic-router beside ours: the same encoder, the same examples, its scores fitted on them.

It is installed by hand (`pip install semantic-router`, 1.1 or newer), and left out where absent.
Every example is one of its utterances; its scores are fitted on a part of each skill's, for with
all of them that does not end in a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from assistant.core.protocols import Embedder, Vectors
from assistant.core.skills import SkillCard
from assistant.routing.examples import gather_examples

PACKAGE = "semantic_router"
AGGREGATIONS = ("mean", "sum", "max")
FITTED = 1_000
"""Examples its scores are fitted on, about; of each skill its share, evenly spread."""
Choose = Callable[[str], str | None]


def is_installed() -> bool:
    """Whether the comparison can be made."""
    return find_spec(PACKAGE) is not None


def fitted_peers(embedder: Embedder, cards: Sequence[SkillCard]) -> dict[str, Choose]:
    """A router for each way of adding up similarities, calibrated on the examples."""
    examples = gather_examples(cards)
    texts = [example.text for example in examples]
    labels = [example.skill for example in examples]
    some = _spread(labels)
    encoder = _encoder(embedder, dict(zip(texts, embedder.embed_queries(texts), strict=True)))
    return {
        f"semantic-router ({aggregation})": _fitted(encoder, texts, labels, aggregation, some)
        for aggregation in AGGREGATIONS
    }


def fitted_on(cards: Sequence[SkillCard]) -> str:
    """What its scores are fitted on, in words."""
    labels = [example.skill for example in gather_examples(cards)]
    return f"its scores fitted on {len(_spread(labels)):,} of the {len(labels):,} examples"


def _spread(labels: Sequence[str]) -> list[int]:
    """Places of some of the labels, as many of each as its share of all."""
    step = max(1, len(labels) // FITTED)
    order = sorted(range(len(labels)), key=lambda at: (labels[at], at))
    return order[::step]


def _fitted(
    encoder: Any, texts: list[str], labels: list[str], aggregation: str, some: Sequence[int]
) -> Choose:
    package: Any = import_module(PACKAGE)
    routers: Any = import_module(f"{PACKAGE}.routers")
    routes = [
        package.Route(
            name=skill, utterances=[t for t, s in zip(texts, labels, strict=True) if s == skill]
        )
        for skill in sorted(set(labels))
    ]
    router = routers.IndexedRouter(encoder, routes, aggregation=aggregation)
    with suppress(ValueError):  # "max" gets every example right, which leaves nothing to fit
        router.fit([texts[at] for at in some], [labels[at] for at in some])

    def choose(text: str) -> str | None:
        name: str | None = router(text).name
        return name

    return choose


def _encoder(embedder: Embedder, known: Mapping[str, Vectors]) -> Any:
    """Our encoder as one of theirs; both of its sides embed as queries do. The examples' vectors
    are known, for three routers learn them; no message is among them."""
    encoders: Any = import_module(f"{PACKAGE}.encoders.base")

    class SameEncoder(encoders.DenseEncoder):  # type: ignore[misc]
        """multilingual-e5-small as this program runs it."""

        name: str = embedder.name

        def __call__(self, docs: list[str]) -> list[list[float]]:
            if all(text in known for text in docs):
                return [known[text].tolist() for text in docs]
            vectors: list[list[float]] = embedder.embed_queries(docs).tolist()
            return vectors

    return SameEncoder()
