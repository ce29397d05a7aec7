"""Chooses what to look with for what is asked, and looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.errors import AssistantError, ModelMissingError
from assistant.core.events import Notice
from assistant.core.pictures import Detection
from assistant.core.protocols import ObjectDetector, OpenDetector, Translator
from skills.detection.names import Name, canonical, known_name, singular

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

FACE = "face"
PERSON = "person"
EVERYDAY = (
    "person", "face", "dog", "cat", "bird", "horse", "car", "bicycle", "bus", "boat", "airplane",
    "chair", "table", "bottle", "cup", "plate", "book", "phone", "laptop", "screen", "bag", "hat",
    "shoe", "flower", "tree", "building", "sign", "lamp", "food", "fruit",
)  # fmt: skip
"""What a detector for any words looks for where nothing was named."""

Look = Callable[[Sequence["Pixels"], "Cancelled"], Iterator[tuple[Detection, ...]]]


@dataclass(frozen=True, slots=True)
class Finder:
    """A way to look that was chosen.

    `wanted` are the English names of what is looked for, none where everything is.
    """

    model: str
    wanted: tuple[str, ...]
    look: Look
    notices: tuple[Notice, ...] = ()
    faces_only: bool = False
    """People were asked for, and only their faces can be found."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """What there is to look with; each callable gives None where the model is not here.

    Args:
        models: the names under which detectors can be pulled: of a fixed list, of any words.
        threshold: least score; None for what suits each model.
    """

    detector: Callable[[], ObjectDetector | None]
    open_detector: Callable[[], OpenDetector | None]
    faces: Callable[[], ObjectDetector | None]
    translators: Callable[[], tuple[Translator, ...]]
    models: tuple[str, str]
    threshold: float | None = None

    def choose(self, labels: Sequence[str], language: str) -> Finder:
        """What to look with for things named in the person's words (none: whatever is there).

        Raises:
            ModelMissingError: nothing here can look for them; names what to pull.
        """
        detector = self.detector()
        names = {label: known_name(label) for label in labels}
        only_faces = labels and all(name and name.parts == (FACE,) for name in names.values())
        if only_faces and (faces := self.faces()):
            return self._closed(faces, (FACE,))
        if detector is not None and all(self._fits(detector, name) for name in names.values()):
            return self._closed(detector, _parts(names), _widened(names))
        if open_detector := self.open_detector():
            return self._open(open_detector, labels, names, language)
        if detector is not None:
            return self._as_far_as_known(detector, labels)
        return self._people_by_faces(labels, names)

    def _closed(
        self, detector: ObjectDetector, wanted: tuple[str, ...], notices: tuple[Notice, ...] = ()
    ) -> Finder:
        def look(images: Sequence[Pixels], cancelled: Cancelled) -> Iterator[tuple[Detection, ...]]:
            for found in detector.detect(images, self.threshold, cancelled):
                named = (replace(one, label=canonical(one.label)) for one in found)
                yield tuple(one for one in named if not wanted or one.label in wanted)

        return Finder(detector.name, wanted, look, notices)

    def _open(
        self,
        detector: OpenDetector,
        labels: Sequence[str],
        names: dict[str, Name | None],
        language: str,
    ) -> Finder:
        wanted = tuple(dict.fromkeys(self._in_english(one, names, language) for one in labels))
        asked = wanted or EVERYDAY

        def look(images: Sequence[Pixels], cancelled: Cancelled) -> Iterator[tuple[Detection, ...]]:
            return detector.detect(images, asked, self.threshold, cancelled)

        foreign = [label for label in wanted if not label.isascii()]
        return Finder(detector.name, wanted, look, _not_translated(foreign))

    def _in_english(self, label: str, names: dict[str, Name | None], language: str) -> str:
        """The label as an English detector understands it."""
        if name := names[label]:
            return name.english
        if language in {"", "en"}:
            return singular(label.lower())
        for translator in self._translators():
            if (language, "en") in translator.pairs:
                return translator.translate([label], language, "en")[0].strip(" .").lower()
        return label

    def _translators(self) -> tuple[Translator, ...]:
        try:
            return self.translators()
        except AssistantError:
            return ()

    def _as_far_as_known(self, detector: ObjectDetector, labels: Sequence[str]) -> Finder:
        """Only a fixed list is here, and not all that was asked for is on it."""
        known: dict[str, Name | None] = {}
        unknown: list[str] = []
        for label in labels:
            name = known_name(label) or known_name(label.rpartition(" ")[2])
            if name and self._fits(detector, name):
                known[label] = name
            else:
                unknown.append(label)
        pull = f"Find it in any words: assistant models pull {self.models[1]}"
        if not known:
            raise ModelMissingError(
                f"{detector.name} does not know what “{unknown[0]}” looks like; "
                f"it knows {len(detector.labels)} kinds of things.",
                pull,
            )
        notices = list(_widened(known))
        if unknown:
            missing = ", ".join(f"“{label}”" for label in unknown)
            notices.append(Notice(f"{detector.name} does not know {missing}.", pull))
        return self._closed(detector, _parts(known), tuple(notices))

    @staticmethod
    def _fits(detector: ObjectDetector, name: Name | None) -> bool:
        if name is None:
            return False
        kinds = {canonical(label) for label in detector.labels}
        return any(part in kinds for part in name.parts)

    def _people_by_faces(self, labels: Sequence[str], names: dict[str, Name | None]) -> Finder:
        people = labels and all(
            name and set(name.parts) <= {PERSON, FACE} for name in names.values()
        )
        faces = self.faces() if people or not labels else None
        if faces is None:
            raise self.missing()
        closed, several = self._closed(faces, (FACE,)), self.missing()
        notice = Notice(
            "Only faces can be found without a detector; people who turn away are not counted."
            if people
            else "Only faces can be found without a detector.",
            several.hint,
        )
        return replace(closed, notices=(notice,), faces_only=bool(people))

    def missing(self) -> ModelMissingError:
        """That there is nothing to find things with, and what would be."""
        fixed, any_words = self.models
        return ModelMissingError(
            "No model that finds things in images is on this machine.",
            f"Fetch one: assistant models pull {fixed} (everyday things), "
            f"or {any_words} (anything in words).",
        )


def _parts(names: dict[str, Name | None]) -> tuple[str, ...]:
    """The detectors' labels for what is asked, each once."""
    return tuple(dict.fromkeys(part for name in names.values() if name for part in name.parts))


def _widened(names: dict[str, Name | None]) -> tuple[Notice, ...]:
    """What is found more widely than asked: children among people, red cars among cars."""
    found = []
    for label, name in names.items():
        if name is None:
            continue
        exact = known_name(label) is not None
        if name.narrower or not exact:
            kind = name.parts[0]
            found.append(Notice(f"“{label}” can't be told apart from every {kind} by this model."))
    return tuple(found)


def _not_translated(labels: Sequence[str]) -> tuple[Notice, ...]:
    if not labels:
        return ()
    return (
        Notice(
            f"The detector reads English; {', '.join(f'“{one}”' for one in labels)} could not be "
            "translated.",
            "Name it in English, or fetch a translator: assistant models pull opus-mt-zh-en",
        ),
    )
