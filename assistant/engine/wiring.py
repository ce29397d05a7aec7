"""Puts the program together: the one place that names concrete classes."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.config import Places, Settings
from assistant.config.language import interface_language
from assistant.core.errors import ModelMissingError
from assistant.core.events import Notice, Progress
from assistant.core.inventory import ModelInfo
from assistant.core.protocols import Generator, ImageOpener
from assistant.core.skills import Cancelled
from assistant.engine.lazy import Lazy, Watch
from assistant.engine.models import Models
from assistant.engine.picture_spaces import PictureSpaces
from assistant.engine.residents import House, Resident
from assistant.engine.runtimes import Runtimes
from assistant.language.detection import detect
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.servers.sent import SentLog
from assistant.models.sources.server import ServerSource
from assistant.routing.corrections import CorrectionFile
from assistant.routing.router import SkillRouter
from assistant.turn import TurnRunner
from index.loaders.document import Limits
from index.loaders.recognition import Readers
from index.loaders.safe_reader import SafeReader
from index.service import DocumentIndex
from skills.finding.spaces import Space
from skills.qa import QaSkill
from skills.registry import Services, load_skills


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

    def offered(self) -> tuple[tuple[ModelInfo, ...], tuple[Notice, ...]]:
        """Models that servers of this machine offer and config.toml does not name, and what makes
        a server offer some that shows none.

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


def build(settings: Settings, places: Places, watch: Watch = _ignore) -> Engine:
    """Assemble the program; imports no model library and loads no weights.

    Args:
        watch: told the label of each model while it loads.
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
        Limits(file_bytes=settings.index.max_file_mb << 20),
        Readers(text_reader, labeler, keeps_pictures=True),
    )
    space = PictureSpaces(settings, catalogue, cache, models, places.cache / "pictures").current
    index = DocumentIndex(
        places.indexes,
        settings.index,
        embedder,
        reader,
        embedder_name=settings.embed.model,
        pictures=space,
    )
    services = _services(settings, catalogue, cache, models, index, places.pictures, reader, space)
    skills = load_skills(services)

    qa = skills.get("qa")
    router = SkillRouter(
        embedder=embedder,
        cards=[skill.card for skill in skills.values()],
        has_documents=lambda collection: index.file_count(collection) > 0,
        evidence=qa.confidence if isinstance(qa, QaSkill) else None,
        cache_dir=places.cache / "routing",
        corrections=CorrectionFile(places.corrections),
        has_pictures=lambda collection: index.picture_count(collection) > 0,
        watch=watch,
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
    pictures: Path,
    documents: SafeReader,
    space: Callable[[], Space | None],
) -> Services:
    eyes = models.eyes
    images = Lazy("the image opener", lambda: _image_opener(settings, pictures), _ignore)
    return Services(
        settings=settings,
        generator=models.generator,
        embedder=models.embedder,
        translators=models.translators,
        classifier=models.classifier,
        labeler=models.labeler,  # the same as documents are read with, and so is the reader
        clip=models.clip,
        reader=models.reader,
        pages=documents.pages,
        images=images,
        retriever=lambda: index,
        library=lambda: index,
        detect_language=detect,
        suggest_translators=catalogue.suggest_translators,
        other_generators=lambda language: _other_generators(settings, catalogue, language),
        file_names=index.paths,
        writes_answers=lambda: _writes_answers(settings, catalogue, cache),
        captioner=eyes.captioner,
        answerer=eyes.answerer,
        detector=eyes.detector,
        open_detector=eyes.open_detector,
        faces=eyes.faces,
        segmenter=eyes.segmenter,
        outliner=eyes.outliner,
        foreground=eyes.foreground,
        picture_folder=pictures,
        pictures=lambda: index,
        picture_space=space,
    )


def _writes_answers(settings: Settings, catalogue: Catalogue, cache: ModelCache) -> bool:
    in_use = catalogue.get(settings.generate.model)
    return in_use.grounded and cache.is_present(in_use)


def _other_generators(settings: Settings, catalogue: Catalogue, language: str) -> tuple[str, ...]:
    in_use = catalogue.get(settings.generate.model)
    return () if in_use.speaks(language) else catalogue.suggest_generators(language)


def _image_opener(settings: Settings, pictures: Path) -> ImageOpener:
    from assistant.files.images import PillowOpener
    from assistant.files.made_pictures import trim_pictures

    trim_pictures(pictures)  # before the first that may be made of what is opened
    return PillowOpener(settings.describe.max_pixels)
