"""From a catalogue entry to the runtime that serves it on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.core.protocols import (
    Embedder,
    Generator,
    ImageEncoder,
    ImageLabeler,
    TextClassifier,
    TextReader,
    Translator,
)
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry

_WORKING_BYTES = 512 << 20
"""Beside the weights of a language model: its cache of a conversation, and activations."""


class Runtimes:
    """Builds runtimes for the models the settings name; each call loads weights.

    Every method raises `ModelMissingError` where the model is not on this machine, and
    `ModelError` where its format can't serve the role.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, cache: ModelCache) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._cache = cache
        self._threads = settings.threads or _physical_cores()

    def generator(self) -> Generator:
        settings = self._settings.generate
        entry, folder = self._require(settings.model, "generate")
        if entry.format == "gguf":
            from assistant.models.llamacpp import LlamaCppGenerator

            return LlamaCppGenerator(
                folder,
                name=entry.name,
                context=settings.context,
                threads=self._threads,
                grounded=entry.grounded,
            )
        if entry.format == "transformers":
            return self._transformers_generator(entry, folder)
        raise _no_runtime(entry, "gguf, transformers")

    def _transformers_generator(self, entry: ModelEntry, folder: Path) -> Generator:
        from assistant.models.devices import list_devices
        from assistant.models.disk import free_bytes
        from assistant.models.dispatch import load_backing_off
        from assistant.models.placement import ModelNeed, Placement
        from assistant.models.sizes import size_of_folder
        from assistant.models.transformers_generator import TransformersGenerator

        settings = self._settings.generate
        need = ModelNeed(
            entry.name,
            size_of_folder(folder),
            working=_WORKING_BYTES,
            dtype=None if settings.dtype == "auto" else settings.dtype,
        )

        def load(placement: Placement) -> TransformersGenerator:
            return TransformersGenerator(
                folder,
                name=entry.name,
                placement=placement,
                context=settings.context,
                grounded=entry.grounded,
                offload=self._cache.root / ".offload" / entry.name,
            )

        disk_free = free_bytes(self._cache.root) // 2
        return load_backing_off(need, list_devices, load, disk_free=disk_free)[0]

    def embedder(self) -> Embedder:
        settings = self._settings.embed
        entry, folder = self._require(settings.model, "embed")
        if entry.format == "e5-q4":
            from assistant.models.onnx_embedder import OnnxEmbedder

            return OnnxEmbedder(
                folder, name=entry.name, threads=self._threads, batch_size=settings.batch_size
            )
        if entry.format == "sentence-transformers":
            from assistant.models.sentence_transformers_embedder import (
                SentenceTransformersEmbedder,
            )

            return SentenceTransformersEmbedder(
                folder, name=entry.name, device="cpu", batch_size=settings.batch_size
            )
        if entry.format == "saved-model":
            from assistant.models.saved_model import SavedModelEmbedder

            return SavedModelEmbedder(folder, name=entry.name)
        raise _no_runtime(entry, "e5-q4, sentence-transformers, saved-model")

    def translators(self) -> tuple[Translator, ...]:
        """The chosen translator first, then every other one on this machine."""
        first = self._catalogue.get(self._settings.translate.model)
        others = [e for e in self._catalogue.by_role("translate") if e.name != first.name]
        present = [first, *(e for e in others if self._cache.is_present(e))]
        return tuple(self._translator(entry) for entry in present)

    def _translator(self, entry: ModelEntry) -> Translator:
        entry, folder = self._require(entry.name, "translate")
        if entry.format == "seq2seq":
            from assistant.models.seq2seq_translator import Seq2SeqTranslator

            return Seq2SeqTranslator(
                folder,
                name=entry.name,
                pairs=entry.directions(),
                beams=self._settings.translate.beams,
            )
        from assistant.models.fast_translator import FastTranslator

        return FastTranslator()

    def classifier(self) -> TextClassifier | None:
        """The classifier named in the settings; None where none is."""
        if not self._settings.classify.model:
            return None
        entry, folder = self._require(self._settings.classify.model, "classify")
        if entry.format == "saved-model":
            from assistant.models.saved_model import SavedModelClassifier

            return SavedModelClassifier(folder, name=entry.name, labels=entry.labels)
        from assistant.models.sequence_classifier import SequenceClassifier

        return SequenceClassifier(folder, name=entry.name)

    def labeler(self) -> ImageLabeler:
        entry, folder = self._require(self._settings.describe.label_model, "label")
        if entry.format == "torchhub":
            return self._torch_hub_labeler(entry, folder)
        from assistant.models.onnx_labeler import OnnxLabeler

        return OnnxLabeler(folder, name=entry.name, threads=self._threads)

    def _torch_hub_labeler(self, entry: ModelEntry, folder: Path) -> ImageLabeler:
        from assistant.models.consent import Consents
        from assistant.models.sources.hub_references import TorchHubSource
        from assistant.models.torch_hub_labeler import ImageInput, TorchHubLabeler, code_in

        source = entry.origin
        assert isinstance(source, TorchHubSource)  # noqa: S101 - the catalogue saw to it
        Consents(self._cache.root).require(entry, code_in(folder, source))
        return TorchHubLabeler(
            folder,
            name=entry.name,
            entry_point=source.entry_point,
            image=ImageInput(
                entry.image_size,
                entry.image_resize,
                entry.image_mean,
                entry.image_std,
                entry.image_filter,
            ),
        )

    def clip(self) -> ImageEncoder | None:
        entry = self._catalogue.get(self._settings.describe.clip_model)
        if not self._cache.is_present(entry):
            return None
        from assistant.models.clip_encoder import ClipEncoder

        return ClipEncoder(self._cache.require(entry), name=entry.name, device="cpu")

    def reader(self) -> TextReader:
        from assistant.models.rapidocr_reader import RapidOcrReader

        return RapidOcrReader(threads=self._threads)

    def _require(self, name: str, role: str) -> tuple[ModelEntry, Path]:
        entry = self._catalogue.get(name)
        if entry.role != role:
            choices = ", ".join(e.name for e in self._catalogue.by_role(role))
            raise ModelError(
                f"The model {name} is for “{entry.role}”, not for “{role}”.",
                f"Models for “{role}”: {choices}.",
            )
        return entry, self._cache.require(entry)


def _no_runtime(entry: ModelEntry, served: str) -> ModelError:
    return ModelError(
        f"Models in the format “{entry.format}” can't be used for “{entry.role}” yet "
        f"({entry.name}).",
        f"Formats that can: {served}.",
    )


def _physical_cores() -> int:
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
