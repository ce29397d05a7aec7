"""Every model the program may need, each loaded when it is first used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from assistant.config import Settings
from assistant.core.protocols import (
    Embedder,
    Generator,
    ImageEncoder,
    ImageLabeler,
    TextClassifier,
    TextReader,
    Translator,
)
from assistant.engine.eyes import Eyes
from assistant.engine.lazy import Watch
from assistant.engine.residents import House, Resident
from assistant.engine.runtimes import Runtimes

T = TypeVar("T")
READER = "rapidocr"


class Models:
    """The models by what they do. Calling one gives it, loaded; what it gives stays valid when
    the model leaves memory and comes back."""

    def __init__(self, settings: Settings, runtimes: Runtimes, house: House, watch: Watch) -> None:
        self._settings = settings
        self._runtimes = runtimes
        self._house = house
        self._watch = watch
        self._lock = threading.Lock()
        self._translators: dict[str, Resident[Translator]] = {}
        describe = settings.describe
        self.generator: Resident[Generator] = self._resident(
            settings.generate.model, "the language model", runtimes.generator
        )
        self.embedder: Resident[Embedder] = self._resident(
            settings.embed.model, "the text embedder", runtimes.embedder
        )
        self.reader: Resident[TextReader] = self._resident(
            READER, "the text reader", runtimes.reader
        )
        self.labeler: Resident[ImageLabeler] = self._resident(
            describe.label_model, "the image labeler", runtimes.labeler
        )
        self._clip: Resident[ImageEncoder] = self._resident(
            describe.clip_model, "CLIP", runtimes.clip
        )
        self._classifier: Resident[TextClassifier] = self._resident(
            settings.classify.model, "the classifier", runtimes.classifier, weightless=True
        )
        self.eyes = Eyes(settings, runtimes, self._resident)

    def translators(self) -> tuple[Translator, ...]:
        """The chosen translator first, then every other one on this machine."""
        return tuple(self._translator(name)() for name in self._runtimes.translators())

    def classifier(self) -> TextClassifier | None:
        """The classifier named in the settings; None where none is."""
        return self._classifier() if self._settings.classify.model else None

    def clip(self) -> ImageEncoder | None:
        """The image encoder; None where it is not on this machine (yet)."""
        here = self._runtimes.shelf.has(self._settings.describe.clip_model, "clip")
        return self._clip() if here else None

    def _translator(self, name: str) -> Resident[Translator]:
        with self._lock:
            if name not in self._translators:
                self._translators[name] = self._resident(
                    name,
                    "the translator",
                    lambda: self._runtimes.translator(name),
                    weightless=True,
                )
            return self._translators[name]

    def _resident(
        self, name: str, label: str, make: Callable[[], T], *, weightless: bool = False
    ) -> Resident[T]:
        return Resident(
            name,
            label,
            make,
            lambda: self._runtimes.shelf.need(name),
            self._house,
            self._watch,
            weightless=weightless,
            gpus=lambda: self._runtimes.shelf.gpus(name),
        )
