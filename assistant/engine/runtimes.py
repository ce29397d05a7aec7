"""From a catalogue entry to the runtime that serves it on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
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
from assistant.engine.picture_runtimes import PictureRuntimes
from assistant.engine.shelf import Shelf
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.placement import Loaded, Placement
from assistant.models.servers.sent import SentLog


class Runtimes:
    """Builds runtimes for the models the settings name; each call loads weights.

    Every method raises `ModelMissingError` where the model is not on this machine, and
    `ModelError` where its format can't serve the role.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        cache: ModelCache,
        loaded: Callable[[], Sequence[Loaded]] = tuple,
        leave: Callable[[Iterable[str]], None] = lambda _names: None,
        sent: SentLog | None = None,
    ) -> None:
        self._settings = settings
        self._sent = sent or SentLog()
        self._threads = settings.threads or _physical_cores()
        self.shelf = Shelf(catalogue, cache, settings.generate, loaded, leave)
        self.pictures = PictureRuntimes(settings, self.shelf, self._threads)

    def generator(self) -> Generator:
        entry, folder = self.shelf.require(self._settings.generate.model, "generate")
        if entry.format == "gguf":
            return self._llamacpp_generator(entry, folder)
        if entry.format == "transformers":
            return self._transformers_generator(entry, folder)
        if entry.format == "server":
            from assistant.models.servers.opening import open_generator

            return open_generator(entry, self._settings, os.environ, self._sent)
        raise _no_runtime(entry, "gguf, transformers, server")

    def _llamacpp_generator(self, entry: ModelEntry, folder: Path) -> Generator:
        from assistant.models.llamacpp import LlamaCppGenerator
        from assistant.models.llamacpp_devices import llamacpp_devices
        from assistant.models.llamacpp_placed import load_llamacpp

        settings = self._settings.generate

        def load(layers: int, device: str) -> LlamaCppGenerator:
            return LlamaCppGenerator(
                folder,
                name=entry.name,
                context=settings.context,
                threads=self._threads,
                grounded=entry.grounded,
                gpu_layers=layers,
                device=device,
            )

        room = self.shelf.room(llamacpp_devices)
        return load_llamacpp(entry, folder, settings, room, load)

    def _transformers_generator(self, entry: ModelEntry, folder: Path) -> Generator:
        from assistant.models.disk import free_bytes
        from assistant.models.transformers_generator import TransformersGenerator

        settings = self._settings.generate

        def load(placement: Placement) -> TransformersGenerator:
            return TransformersGenerator(
                folder,
                name=entry.name,
                placement=placement,
                context=settings.context,
                grounded=entry.grounded,
                offload=self.shelf.cache.root / ".offload" / entry.name,
            )

        disk_free = free_bytes(self.shelf.cache.root) // 2
        return self.shelf.room().load(self.shelf.need(entry.name), load, disk_free=disk_free)[0]

    def embedder(self) -> Embedder:
        settings = self._settings.embed
        entry, folder = self.shelf.require(settings.model, "embed")
        if entry.format == "e5-q4":
            from assistant.models.onnx_embedder import OnnxEmbedder

            return OnnxEmbedder(
                folder, name=entry.name, threads=self._threads, batch_size=settings.batch_size
            )
        if entry.format == "sentence-transformers":
            from assistant.models.sentence_transformers_embedder import (
                SentenceTransformersEmbedder,
            )

            def load(placement: Placement) -> Embedder:
                return SentenceTransformersEmbedder(
                    folder,
                    name=entry.name,
                    device=placement.device or "cpu",
                    dtype=placement.dtype,
                    batch_size=settings.batch_size,
                )

            return self.shelf.room().load(self.shelf.need(entry.name), load)[0]
        if entry.format == "server":
            from assistant.models.servers.opening import open_embedder

            return open_embedder(entry, self._settings, os.environ, self._sent)
        if entry.format == "saved-model":
            from assistant.models.saved_model import SavedModelEmbedder

            return SavedModelEmbedder(folder, name=entry.name)
        raise _no_runtime(entry, "e5-q4, sentence-transformers, server, saved-model")

    def translators(self) -> tuple[str, ...]:
        """Names of the translators: the chosen one first, then every other on this machine.

        Raises:
            ModelMissingError: the chosen one is not here.
        """
        first, _ = self.shelf.require(self._settings.translate.model, "translate")
        others = [e for e in self.shelf.catalogue.by_role("translate") if e.name != first.name]
        return (first.name, *(e.name for e in others if self.shelf.cache.is_present(e)))

    def translator(self, name: str) -> Translator:
        """A translator by its name; its weights load with the first sentence."""
        entry, folder = self.shelf.require(name, "translate")
        if entry.format == "seq2seq":
            from assistant.models.seq2seq_translator import Seq2SeqTranslator

            return Seq2SeqTranslator(
                folder,
                name=entry.name,
                pairs=entry.directions(),
                beams=self._settings.translate.beams,
                room=self.shelf.room(),
            )
        from assistant.models.fast_translator import FastTranslator

        return FastTranslator()

    def classifier(self) -> TextClassifier:
        """The classifier named in the settings; its weights load with the first text."""
        entry, folder = self.shelf.require(self._settings.classify.model, "classify")
        if entry.format == "saved-model":
            from assistant.models.saved_model import SavedModelClassifier

            return SavedModelClassifier(folder, name=entry.name, labels=entry.labels)
        from assistant.models.sequence_classifier import SequenceClassifier

        return SequenceClassifier(folder, name=entry.name, room=self.shelf.room())

    def labeler(self) -> ImageLabeler:
        entry, folder = self.shelf.require(self._settings.describe.label_model, "label")
        if entry.format == "torchhub":
            return self._torch_hub_labeler(entry, folder)
        from assistant.models.onnx_labeler import OnnxLabeler

        return OnnxLabeler(folder, name=entry.name, threads=self._threads)

    def _torch_hub_labeler(self, entry: ModelEntry, folder: Path) -> ImageLabeler:
        from assistant.models.consent import Consents
        from assistant.models.sources.hub_references import TorchHubSource
        from assistant.models.sources.torch_hub import REPOSITORY
        from assistant.models.torch_hub_labeler import ImageInput, TorchHubLabeler

        source = entry.origin
        assert isinstance(source, TorchHubSource)  # noqa: S101 - the catalogue saw to it
        Consents(self.shelf.cache.root).require_copy(entry, source, folder / REPOSITORY)
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

    def clip(self) -> ImageEncoder:
        entry, folder = self.shelf.require(self._settings.describe.clip_model, "clip")
        from assistant.models.clip_encoder import ClipEncoder

        def load(placement: Placement) -> ImageEncoder:
            return ClipEncoder(
                folder,
                name=entry.name,
                device=placement.device or "cpu",
                dtype=placement.dtype,
            )

        return self.shelf.room().load(self.shelf.need(entry.name), load)[0]

    def reader(self) -> TextReader:
        from assistant.models.rapidocr_reader import RapidOcrReader

        return RapidOcrReader(threads=self._threads)


def _no_runtime(entry: ModelEntry, served: str) -> ModelError:
    return ModelError(
        f"Models in the format “{entry.format}” can't be used for “{entry.role}” yet "
        f"({entry.name}).",
        f"Formats that can: {served}.",
    )


def _physical_cores() -> int:
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
