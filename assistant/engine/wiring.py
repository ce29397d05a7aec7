"""Puts the program together: the one place that names concrete classes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.config import Places, Settings
from assistant.config.language import interface_language
from assistant.core.errors import ModelMissingError
from assistant.core.events import Progress
from assistant.core.inventory import ModelInfo
from assistant.core.protocols import Generator, ImageOpener
from assistant.core.skills import Cancelled
from assistant.engine.lazy import Lazy, Watch
from assistant.engine.models import Models
from assistant.engine.residents import House, Resident
from assistant.engine.runtimes import Runtimes
from assistant.language.detection import detect
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.servers.sent import SentLog
from assistant.models.sources.server import ServerSource
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from assistant.routing.vectors import VectorProgress
from assistant.turn import TurnRunner
from index.loaders.document import Limits
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from index.service import DocumentIndex
from skills.qa import QaSkill
from skills.registry import Services, load_skills

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Engine:
    """The assembled program behind any interface; models load when first needed."""

    settings: Settings
    places: Places
    catalogue: Catalogue
    cache: ModelCache
    turns: TurnRunner
    router: SkillRouter
    services: Services
    """What the skills are made from; commands that do one thing use it without a turn."""
    index: DocumentIndex
    generator: Resident[Generator]
    house: House
    """Knows which models are in memory."""
    warm_up: Callable[[], None]
    """Loads what an ordinary turn needs; absent models are passed over."""

    def missing(self) -> tuple[ModelEntry, ...]:
        """The embedded models that are not on this machine."""
        return tuple(e for e in self.catalogue.embedded() if not self.cache.is_present(e))

    def servers(self) -> tuple[ServerSource, ...]:
        """Where the models in use that don't run in this program are served."""
        used = {self.settings.generate.model, self.settings.embed.model}
        found = (entry.server for entry in self.catalogue if entry.name in used)
        return tuple(dict.fromkeys(source for source in found if source is not None))

    def inventory(self) -> tuple[ModelInfo, ...]:
        """Every model of the catalogue and how it stands here."""
        from assistant.engine.advice import advise
        from assistant.engine.inventory import take
        from assistant.models.plan import Machine

        devices = {inmate.name: inmate.device for inmate in self.house.inmates()}
        if loaded := self.generator.loaded:
            devices[loaded.name] = loaded.device
        language = interface_language(os.environ, self.settings.ui.language)
        advice = advise(
            self.catalogue,
            self.cache,
            self.settings,
            Machine.here(),
            self.places.cache / "bandwidth.json",
            language,
        )
        return take(self.catalogue, self.cache, self.settings, devices, advice, language)

    def offered(self) -> tuple[ModelInfo, ...]:
        """Models that servers of this machine offer and config.toml does not name.

        Raises:
            OfflineError: offline is on.
        """
        from assistant.engine.inventory import offered

        return offered(self.catalogue, self.settings, os.environ)

    def pull(
        self,
        names: tuple[str, ...],
        cancelled: Cancelled,
        progress: Callable[[Progress], None],
        allowed: str = "",
    ) -> None:
        """Fetch models by name (none: the embedded set).

        Args:
            allowed: description of the code a person was shown and allowed these to run.
        """
        from assistant.models.consent import Consents
        from assistant.models.pull import pull

        entries = [self.catalogue.get(n) for n in names] or list(self.catalogue.embedded())
        for entry in entries if allowed else ():
            Consents(self.cache.root).give_if_shown(entry, allowed)
        pull(
            entries,
            self.cache,
            offline=self.settings.offline,
            cancelled=cancelled,
            progress=progress,
        )


def _ignore(_label: str | None) -> None:
    """Watch nothing."""


def _silent(_done: int, _total: int) -> None:
    """Tell nobody how far the router is."""


def build(
    settings: Settings, places: Places, watch: Watch = _ignore, learning: VectorProgress = _silent
) -> Engine:
    """Assemble the program; imports no model library and loads no weights.

    Args:
        watch: told the label of each model while it loads.
        learning: told how many of its examples the router has embedded, and of how many.
    """
    catalogue = Catalogue.load(settings)
    cache = ModelCache(places.models)
    memory = settings.memory
    house = House(int(memory.limit_gb * 1e9), memory.idle_minutes * 60)
    sent = SentLog()
    runtimes = Runtimes(settings, catalogue, cache, house.idle, house.unload, sent)
    models = Models(settings, runtimes, house, watch)
    generator, embedder = models.generator, models.embedder
    text_reader, labeler = models.reader, models.labeler
    reader = SafeReader(
        Limits(file_bytes=settings.index.max_file_mb << 20), Readers(text_reader, labeler)
    )
    index = DocumentIndex(
        places.indexes, settings.index, embedder, reader, embedder_name=settings.embed.model
    )
    services = _services(
        settings, catalogue, cache, models, index, runtimes, watch, places.pictures
    )
    skills = load_skills(services)

    qa = skills.get("qa")
    router = SkillRouter(
        embedder=embedder,
        cards=[skill.card for skill in skills.values()],
        has_documents=lambda collection: index.file_count(collection) > 0,
        evidence=qa.confidence if isinstance(qa, QaSkill) else None,
        cache_dir=places.cache / "routing",
        corrections=CorrectionFile(places.corrections),
        learning=learning,
    )

    def warm_up() -> None:
        for load in (generator, router.prepare):
            try:
                load()
            except ModelMissingError:
                continue

    return Engine(
        settings=settings,
        places=places,
        catalogue=catalogue,
        cache=cache,
        turns=TurnRunner(router, skills, reader.text, sent.take),
        router=router,
        services=services,
        index=index,
        generator=generator,
        house=house,
        warm_up=warm_up,
    )


def _services(
    settings: Settings,
    catalogue: Catalogue,
    cache: ModelCache,
    models: Models,
    index: DocumentIndex,
    runtimes: Runtimes,
    watch: Watch,
    pictures: Path,
) -> Services:
    images = Lazy("the image opener", lambda: _image_opener(settings), _ignore)
    return Services(
        settings=settings,
        generator=models.generator,
        embedder=models.embedder,
        translators=models.translators,
        classifier=models.classifier,
        labeler=models.labeler,  # the same as documents are read with, and so is the reader
        clip=models.clip,
        reader=models.reader,
        images=images,
        retriever=lambda: index,
        library=lambda: index,
        detect_language=detect,
        suggest_translators=catalogue.suggest_translators,
        other_generators=lambda language: _other_generators(settings, catalogue, language),
        file_names=index.paths,
        writes_answers=lambda: _writes_answers(settings, catalogue, cache),
        captioner=_if_here("the captioner", runtimes.captioner, watch),
        answerer=_if_here("the model for questions about images", runtimes.answerer, watch),
        detector=_if_here("the detector", runtimes.detector, watch),
        open_detector=_if_here("the detector", runtimes.open_detector, watch),
        faces=_if_here("the face detector", runtimes.faces, watch),
        segmenter=_if_here("the segmenter", runtimes.segmenter, watch),
        outliner=_if_here("the outliner", runtimes.outliner, watch),
        foreground=_if_here("the foreground finder", runtimes.foreground, watch),
        picture_folder=pictures,
    )


def _if_here(label: str, make: Callable[[], T], watch: Watch) -> Callable[[], T | None]:
    """Makes a runtime at the first call for which its model is on this machine."""
    lazy = Lazy(label, make, watch)

    def get() -> T | None:
        try:
            return lazy()
        except ModelMissingError:
            return None

    return get


def _writes_answers(settings: Settings, catalogue: Catalogue, cache: ModelCache) -> bool:
    in_use = catalogue.get(settings.generate.model)
    return in_use.grounded and cache.is_present(in_use)


def _other_generators(settings: Settings, catalogue: Catalogue, language: str) -> tuple[str, ...]:
    in_use = catalogue.get(settings.generate.model)
    return () if in_use.speaks(language) else catalogue.suggest_generators(language)


def _image_opener(settings: Settings) -> ImageOpener:
    from assistant.files.images import PillowOpener

    return PillowOpener(settings.describe.max_pixels)
