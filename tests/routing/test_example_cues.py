"""What is seen in the examples is kept between starts, and looked at again when it may differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.routing import example_cues
from assistant.routing.example_cues import seen_in
from assistant.routing.features import Features, features_of

TEXTS = ("describe this picture", "in two lines", "how are you")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are looked at, as it happens."""
    look: Callable[[str], Features] = features_of
    found: list[str] = []

    def noted(text: str) -> Features:
        found.append(text)
        return look(text)

    monkeypatch.setattr(example_cues, "features_of", noted)
    return found


def test_what_was_seen_is_kept(tmp_path: Path, looks: list[str]) -> None:
    first, again = seen_in(TEXTS, tmp_path), seen_in(TEXTS, tmp_path)
    assert looks == list(TEXTS)
    assert again.cues.dtype == np.float32
    assert np.array_equal(first.cues, again.cues)
    assert first.pictured.tolist() == again.pictured.tolist() == [True, False, False]
    assert first.lacking.tolist() == again.lacking.tolist() == [False, True, False]


def test_other_texts_are_looked_at(tmp_path: Path, looks: list[str]) -> None:
    seen_in(TEXTS, tmp_path)
    assert len(seen_in(TEXTS[:2], tmp_path).cues) == 2
    assert looks == [*TEXTS, *TEXTS[:2]]


def test_other_code_looks_again(
    tmp_path: Path, looks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_in(TEXTS, tmp_path)
    changed = tmp_path / "wording.py"
    changed.write_text("PICTURE = …", "utf-8")
    monkeypatch.setattr(example_cues, "_code", lambda: iter([changed]))
    seen_in(TEXTS, tmp_path)
    assert looks == [*TEXTS, *TEXTS]


def test_a_damaged_file_is_made_again(tmp_path: Path, looks: list[str]) -> None:
    seen_in(TEXTS, tmp_path)
    (tmp_path / "cues.npz").write_bytes(b"PK broken")
    seen_in(TEXTS, tmp_path)
    assert looks == [*TEXTS, *TEXTS]
    seen_in(TEXTS, tmp_path)
    assert looks == [*TEXTS, *TEXTS]
