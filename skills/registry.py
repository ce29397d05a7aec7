"""Where skills come from: the entry points of the group `assistant.skills`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from assistant.config import Settings
from assistant.core.picture_search import PictureLibrary
from assistant.core.protocols import (
    BoxSegmenter,
    Embedder,
    FilePages,
    ForegroundFinder,
    Generator,
    ImageAnswerer,
    ImageCaptioner,
    ImageEncoder,
    ImageLabeler,
    ImageOpener,
    Library,
    ObjectDetector,
    OpenDetector,
    Retriever,
    Segmenter,
    TextClassifier,
    TextReader,
    Translator,
)
from assistant.core.skills import Cancelled, Skill
from skills.finding.spaces import Space

GROUP = "assistant.skills"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What skills are made from. The callables load their model at the first call.

    Each raises `ModelMissingError` (with the command that pulls the model) where the model
    is not on this machine; `clip` and `classifier` return None instead, for they are optional.
    """

    settings: Settings
    generator: Callable[[], Generator]
    embedder: Callable[[], Embedder]
    translators: Callable[[], tuple[Translator, ...]]
    classifier: Callable[[], TextClassifier | None]
    labeler: Callable[[], ImageLabeler]
    clip: Callable[[], ImageEncoder | None]
    reader: Callable[[], TextReader]
    pages: Callable[[Path, Cancelled], FilePages]
    """Opens the pages of a document; raises DocumentError where it can't be read."""
    images: Callable[[], ImageOpener]
    retriever: Callable[[], Retriever]
    library: Callable[[], Library]
    detect_language: Callable[[str], str]
    suggest_translators: Callable[[str, str], tuple[str, ...]]
    """(source, target) → names of catalogue models that would translate."""
    other_generators: Callable[[str], tuple[str, ...]]
    """Language → () where the language model in use speaks it, else names of models that do."""
    file_names: Callable[[str | None], tuple[str, ...]]
    """Collection (None: the default one) → paths of its searchable files."""
    writes_answers: Callable[[], bool]
    """Whether the language model in use is here and may write from quotes; loads nothing."""
    captioner: Callable[[], ImageCaptioner | None]
    """Says in a sentence what images show; None while there is none here, as with those below."""
    answerer: Callable[[], ImageAnswerer | None]
    """Answers questions about images."""
    detector: Callable[[], ObjectDetector | None]
    """These six give None while their model is not on this machine, and ask again each time."""
    open_detector: Callable[[], OpenDetector | None]
    faces: Callable[[], ObjectDetector | None]
    """Finds faces only, under the label "face"."""
    segmenter: Callable[[], Segmenter | None]
    outliner: Callable[[], BoxSegmenter | None]
    foreground: Callable[[], ForegroundFinder | None]
    picture_folder: Path
    """Where pictures that skills make are kept."""
    pictures: Callable[[], PictureLibrary]
    """The pictures of collections."""
    picture_space: Callable[[], Space | None]
    """The space pictures are searched in: CLIP's where it is on this machine, else the labeler's;
    loads nothing."""


SkillMaker = Callable[[Services], Skill]


def load_skills(
    services: Services, entries: Iterable[EntryPoint] | None = None
) -> dict[str, Skill]:
    """Every installed skill by name. One that can't be imported is logged and left out;
    of two with the same name the first in alphabetical order of distribution stays."""
    found = entry_points(group=GROUP) if entries is None else entries
    skills: dict[str, Skill] = {}
    for entry in found:
        try:
            make = cast("SkillMaker", entry.load())
        except (ImportError, AttributeError) as error:
            _log.warning("skill %s is left out: %s", entry.name, error)
            continue
        skill = make(services)
        if skill.card.name in skills:
            _log.warning("skill %s of %s is left out: name taken", skill.card.name, entry.value)
            continue
        skills[skill.card.name] = skill
    return skills
