"""What the screens show in tests: collections, receipts and models of every kind."""

from __future__ import annotations

from assistant.core.collections import CollectionStatus, CollectionSummary, FileReceipt
from assistant.core.documents import Filters, Passage, Place, Scope
from assistant.core.inventory import ModelInfo
from tests.tui.fakes import FakeEngine

FILES = (
    FileReceipt("/home/me/papers/2024/forest-ecology.pdf", "fresh", "", 412),
    FileReceipt("/home/me/papers/2024/oaks and their water.md", "fresh", "", 18),
    FileReceipt("/home/me/papers/2025/合同（最终版）.docx", "fresh", "", 36),
    FileReceipt("/home/me/papers/broken.pdf", "failed", "The file is encrypted.", 0),
    FileReceipt("/home/me/papers/scan.pdf", "waiting", "Its vectors are still to be made.", 9),
    FileReceipt("/home/me/papers/thesis.docx", "stale", "It was changed since it was read.", 88),
    FileReceipt("/home/me/notes/todo.txt", "fresh", "", 1),
    FileReceipt("/home/me/letter.txt", "fresh", "", 2),
)
ROOTS = ("/home/me/papers", "/home/me/notes", "/home/me/letter.txt")
COLLECTIONS = (
    CollectionSummary("default", 12, ("/home/me/docs",), 220),
    CollectionSummary("papers", 6, ROOTS, 566, 9, 1, 1),
    CollectionSummary("合同", 1_204, ("/home/me/contracts",), 33_120),
)
MODELS = (
    ModelInfo(
        "smollm2-135m-instruct",
        "generate",
        present=True,
        in_use=True,
        size=98_362_432,
        device="cpu",
        licence="Apache-2.0",
        languages=("en",),
        summary="Small and quick chat model, English; the default until a larger one is pulled.",
        setting="generate.model",
    ),
    ModelInfo(
        "multilingual-e5-small",
        "embed",
        present=True,
        in_use=True,
        size=91_236_726,
        licence="MIT",
        languages=("mul",),
        summary="Vectors for search and routing, 100 languages.",
        setting="embed.model",
    ),
    ModelInfo(
        "qwen3-0.6b",
        "generate",
        present=True,
        in_use=False,
        size=639_446_688,
        licence="Apache-2.0",
        languages=("mul",),
        summary="Smallest Qwen3; 100 languages, Chinese and English best.",
        setting="generate.model",
    ),
    ModelInfo(
        "qwen3-1.7b",
        "generate",
        present=False,
        in_use=False,
        size=1_834_426_016,
        licence="Apache-2.0",
        languages=("mul",),
        summary="Good answers on an ordinary laptop; writes answers from your documents.",
        setting="generate.model",
        recommended=True,
    ),
    ModelInfo(
        "opus-mt-zh-en",
        "translate",
        present=False,
        in_use=False,
        licence="CC-BY-4.0",
        languages=("zh", "en"),
        summary="Chinese to English.",
    ),
)

_QUOTE = "trees withdraw most of the nitrogen and phosphorus in them"
PASSAGE = Passage(
    "/home/me/papers/forest-ecology.pdf",
    _QUOTE,
    Place(118, None, "Autumn › Nutrients"),
    0,
    len(_QUOTE),
    1.0,
    f"When leaves fall in autumn, {_QUOTE} and store it in the bark and roots. In spring the "
    "same stores feed the first leaves.",
    ((0, 5), (27, 35), (40, 50)),
    ("/home/me/old/forest-ecology.pdf", "/home/me/backup/ecology.txt"),
    "树木会收回其中大部分的氮和磷",
)
SCOPE = Scope("papers", 6, Filters(paths=("forest",), types=("pdf",), after="2024-01-01"))


def stocked_engine() -> FakeEngine:
    """An engine with collections, a receipt and models to list."""
    engine = FakeEngine()
    engine.collections = COLLECTIONS
    engine.receipts = {
        "default": CollectionStatus("default", ROOTS, FILES, 566, 9),
        "papers": CollectionStatus("papers", ROOTS, FILES, 566, 9),
    }
    engine.models = MODELS
    return engine
