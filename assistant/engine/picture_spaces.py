"""Chooses the space pictures are searched in, by the models on this machine."""

from __future__ import annotations

from pathlib import Path

from assistant.config import Settings
from assistant.core.errors import ModelMissingError
from assistant.core.protocols import ImageEncoder
from assistant.engine.models import Models
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue
from skills.finding.class_names import ClassNames
from skills.finding.spaces import EncoderSpace, LabelSpace, Space


class PictureSpaces:
    """Asked each time, for an encoder may be pulled while the program runs.

    Args:
        folder: where vectors of the labels' names are kept.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        cache: ModelCache,
        models: Models,
        folder: Path,
    ) -> None:
        self._catalogue = catalogue
        self._cache = cache
        self._clip = settings.describe.clip_model
        self._labeler = settings.describe.label_model
        self._models = models
        self._encoders = EncoderSpace(self._clip, self._encoder)
        self._labels = LabelSpace(
            self._labeler, models.labeler, models.embedder, ClassNames(folder)
        )

    def current(self) -> Space | None:
        """The image encoder's where it is here, else the labeler's, else none; loads nothing."""
        if self._is_here(self._clip):
            return self._encoders
        return self._labels if self._is_here(self._labeler) else None

    def _is_here(self, model: str) -> bool:
        return bool(model) and self._cache.is_present(self._catalogue.get(model))

    def _encoder(self) -> ImageEncoder:
        encoder = self._models.clip()
        if encoder is None:
            raise ModelMissingError(
                f"The model {self._clip} is not on this machine.",
                f"assistant models pull {self._clip}",
            )
        return encoder
