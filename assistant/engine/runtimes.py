"""From a catalogue entry to the runtime that serves it on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.config import Settings
from assistant.core.errors import ModelError
from assistant.core.protocols import (
    BoxSegmenter,
    Embedder,
    ForegroundFinder,
    Generator,
    ImageAnswerer,
    ImageCaptioner,
    ImageEncoder,
    ImageLabeler,
    ObjectDetector,
    OpenDetector,
    Segmenter,
    TextClassifier,
    TextReader,
    Translator,
)
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.devices import Device
from assistant.models.dispatch import Room
from assistant.models.footprint import need_of
from assistant.models.placement import Loaded, ModelNeed, Placement
from assistant.models.sizes import of_bytes
from assistant.models.transformers_loading import quantised_dtypes


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
    ) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._cache = cache
        self._loaded = loaded
        self._leave = leave
        self._threads = settings.threads or _physical_cores()

    def need(self, name: str) -> ModelNeed:
        """What loading a model takes, for making room before; nothing where it is not known,
        as one of a server."""
        entry = next((e for e in self._catalogue if e.name == name), None)
        if entry is None:
            return ModelNeed(name, of_bytes(0), portable=True)
        folder = self._cache.folder(entry) if self._cache.is_present(entry) else None
        generate = self._settings.generate
        dtype = None if generate.dtype == "auto" else generate.dtype
        return need_of(
            entry, folder, context=generate.context, dtype=dtype, lower=quantised_dtypes()
        )

    def _room(self) -> Room:
        return Room(_list_devices, self._loaded, self._leave)

    def generator(self) -> Generator:
        entry, folder = self._require(self._settings.generate.model, "generate")
        if entry.format == "gguf":
            return self._llamacpp_generator(entry, folder)
        if entry.format == "transformers":
            return self._transformers_generator(entry, folder)
        raise _no_runtime(entry, "gguf, transformers")

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

        room = Room(llamacpp_devices, self._loaded, self._leave)
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
                offload=self._cache.root / ".offload" / entry.name,
            )

        disk_free = free_bytes(self._cache.root) // 2
        return self._room().load(self.need(entry.name), load, disk_free=disk_free)[0]

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

            def load(placement: Placement) -> Embedder:
                return SentenceTransformersEmbedder(
                    folder,
                    name=entry.name,
                    device=placement.device or "cpu",
                    dtype=placement.dtype,
                    batch_size=settings.batch_size,
                )

            return self._room().load(self.need(entry.name), load)[0]
        raise _no_runtime(entry, "e5-q4, sentence-transformers")

    def translators(self) -> tuple[str, ...]:
        """Names of the translators: the chosen one first, then every other on this machine.

        Raises:
            ModelMissingError: the chosen one is not here.
        """
        first, _ = self._require(self._settings.translate.model, "translate")
        others = [e for e in self._catalogue.by_role("translate") if e.name != first.name]
        return (first.name, *(e.name for e in others if self._cache.is_present(e)))

    def translator(self, name: str) -> Translator:
        """A translator by its name; its weights load with the first sentence."""
        entry, folder = self._require(name, "translate")
        if entry.format == "seq2seq":
            from assistant.models.seq2seq_translator import Seq2SeqTranslator

            return Seq2SeqTranslator(
                folder,
                name=entry.name,
                pairs=entry.directions(),
                beams=self._settings.translate.beams,
                room=self._room(),
            )
        from assistant.models.fast_translator import FastTranslator

        return FastTranslator()

    def classifier(self) -> TextClassifier:
        """The classifier named in the settings; its weights load with the first text."""
        entry, folder = self._require(self._settings.classify.model, "classify")
        from assistant.models.sequence_classifier import SequenceClassifier

        return SequenceClassifier(folder, name=entry.name, room=self._room())

    def labeler(self) -> ImageLabeler:
        entry, folder = self._require(self._settings.describe.label_model, "label")
        from assistant.models.onnx_labeler import OnnxLabeler

        return OnnxLabeler(folder, name=entry.name, threads=self._threads)

    def has_clip(self) -> bool:
        """Whether the image encoder the settings name is on this machine."""
        return self._cache.is_present(self._catalogue.get(self._settings.describe.clip_model))

    def clip(self) -> ImageEncoder:
        entry, folder = self._require(self._settings.describe.clip_model, "clip")
        from assistant.models.clip_encoder import ClipEncoder

        def load(placement: Placement) -> ImageEncoder:
            return ClipEncoder(
                folder,
                name=entry.name,
                device=placement.device or "cpu",
                dtype=placement.dtype,
            )

        return self._room().load(self.need(entry.name), load)[0]

    def reader(self) -> TextReader:
        from assistant.models.rapidocr_reader import RapidOcrReader

        return RapidOcrReader(threads=self._threads)

    def captioner(self) -> ImageCaptioner:
        entry, folder = self._require(self._settings.describe.caption_model, "caption")
        from assistant.models.captioner import TransformersCaptioner

        return TransformersCaptioner(folder, name=entry.name)

    def answerer(self) -> ImageAnswerer:
        entry, folder = self._require(self._settings.describe.vqa_model, "vqa")
        from assistant.models.visual_answerer import TransformersAnswerer

        return TransformersAnswerer(folder, name=entry.name)

    def detector(self) -> ObjectDetector:
        entry, folder = self._require(self._settings.detect.model, "detect")
        from assistant.models.object_detector import TransformersDetector

        return TransformersDetector(folder, name=entry.name)

    def open_detector(self) -> OpenDetector:
        entry, folder = self._require(self._settings.detect.open_model, "detect-open")
        from assistant.models.open_detector import TransformersOpenDetector

        return TransformersOpenDetector(folder, name=entry.name)

    def faces(self) -> ObjectDetector:
        entry, folder = self._require(self._settings.detect.face_model, "faces")
        from assistant.models.onnx_faces import OnnxFaceDetector

        return OnnxFaceDetector(folder, name=entry.name, threads=self._threads)

    def segmenter(self) -> Segmenter:
        entry, folder = self._require(self._settings.segment.model, "segment")
        from assistant.models.segmenter import TransformersSegmenter

        return TransformersSegmenter(folder, name=entry.name)

    def outliner(self) -> BoxSegmenter:
        entry, folder = self._require(self._settings.segment.outline_model, "outline")
        from assistant.models.box_segmenter import SamSegmenter

        return SamSegmenter(folder, name=entry.name)

    def foreground(self) -> ForegroundFinder:
        entry, folder = self._require(self._settings.segment.foreground_model, "foreground")
        from assistant.models.onnx_foreground import OnnxForeground

        return OnnxForeground(folder, name=entry.name, threads=self._threads)

    def _require(self, name: str, role: str) -> tuple[ModelEntry, Path]:
        entry = self._catalogue.get(name)
        if entry.role != role:
            choices = ", ".join(e.name for e in self._catalogue.by_role(role))
            raise ModelError(
                f"The model {name} is for “{entry.role}”, not for “{role}”.",
                f"Models for “{role}”: {choices}.",
            )
        return entry, self._cache.require(entry)


def _list_devices() -> Sequence[Device]:
    """Looked up at the last moment, as it imports torch."""
    from assistant.models import devices

    return devices.list_devices()


def _no_runtime(entry: ModelEntry, served: str) -> ModelError:
    return ModelError(
        f"Models in the format “{entry.format}” can't be used for “{entry.role}” yet "
        f"({entry.name}).",
        f"Formats that can: {served}.",
    )


def _physical_cores() -> int:
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1
