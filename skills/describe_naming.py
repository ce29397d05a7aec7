"""Says what images show: with CLIP where it is present, else with the classifier of fixed classes,
joined to labels of the person's own where these were given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.events import Notice
from assistant.core.heat import Heat
from assistant.core.protocols import Embedder, ImageEncoder, ImageLabeler, Pixels, Vectors
from skills.describe_names import everyday_labels
from skills.describe_open_labels import OpenLabels, prompts
from skills.labelling.joining import LabelJoiner
from skills.picturing.facets import Facet, find_facets

TOP_LABELS = 5
CANDIDATES = 20
"""Labels of the fixed list that compete with everyday words where an encoder judges."""
ALL = 1 << 20
"""More labels than any classifier has."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an image shows, best first, and who says so."""

    labels: tuple[Label, ...]
    model: str
    own: bool = False
    """The labels are the person's own; their scores and `none` sum to 1."""
    none: float = 0.0
    """Probability that none of the person's own labels fits."""
    facets: tuple[Facet, ...] = ()
    """Place, activity, light, kind and viewpoint, as far as an encoder is sure of them."""
    fixed: tuple[Label, ...] = ()
    """What the classifier saw, where it was joined to the person's own labels."""


NOTHING = Named((), "")


class ImageNamer:
    """Chooses between the models that are on this machine.

    Args:
        clip: gives None while no such model is on this machine.
        embedder: joins labels of the person's own to the classifier's where there is no CLIP.
        clip_model: the name under which a CLIP model can be pulled.
    """

    def __init__(
        self,
        *,
        labeler: Callable[[], ImageLabeler],
        clip: Callable[[], ImageEncoder | None],
        embedder: Callable[[], Embedder],
        clip_model: str,
    ) -> None:
        self._clip_model = clip_model
        self._labeler = labeler
        self._clip = clip
        self._joiner = LabelJoiner(embedder)
        self._open_labels: OpenLabels | None = None

    @property
    def open_labels(self) -> OpenLabels | None:
        """The scorer of labels in any words, once a CLIP model is on this machine."""
        if self._open_labels is None and (encoder := self._clip()) is not None:
            self._open_labels = OpenLabels(encoder)
        return self._open_labels

    def name(
        self, images: Sequence[Pixels], labels: Sequence[str]
    ) -> tuple[list[Named], Notice | None]:
        """What each image shows, and what keeps it from being told.

        Args:
            labels: the person's own, all different; none: any.
        """
        encoder = self.open_labels
        rows = encoder.see(images) if encoder is not None else ()
        if encoder is not None and labels:
            return [_own(encoder, row, labels) for row in rows], None
        try:
            labeler = self._labeler()
        except ModelError as error:
            if encoder is None:
                notice = Notice(f"What the image shows can't be named: {error.message}", error.hint)
                return [NOTHING] * len(images), notice
            return [_open(encoder, row, ()) for row in rows], None
        seen = labeler.label(images, ALL if labels else CANDIDATES)
        if encoder is not None:
            pairs = zip(rows, seen, strict=True)
            return [_open(encoder, row, fixed) for row, fixed in pairs], None
        fixed = [Named(found[:TOP_LABELS], labeler.name) for found in seen]
        if not labels:
            return fixed, None
        return self._joined(seen, labels, labeler.name, fixed)

    def heat(self, image: Pixels, label: str) -> tuple[Heat, str]:
        """What in the image speaks for a label, and the name of the model that says so.

        Raises:
            ModelError: no model here can tell, or none knows such a label.
        """
        encoder = self._clip()
        if encoder is not None:
            return encoder.heat(image, prompts(label)[0]), encoder.name
        labeler = self._labeler()
        (seen,) = labeler.label([image], ALL)
        if any(one.label == label for one in seen):
            return labeler.heat(image, {label: 1.0}), labeler.name
        classes = self._joiner.classes(seen, label)
        if not classes:
            raise ModelError(
                f"Nothing the model {labeler.name} saw is of the kind “{label}”.",
                "Ask about what it named, or pull a CLIP model, which takes any words: "
                f"assistant models pull {self._clip_model}",
            )
        return labeler.heat(image, classes), labeler.name

    def _joined(
        self,
        seen: Sequence[Sequence[Label]],
        labels: Sequence[str],
        model: str,
        fixed: list[Named],
    ) -> tuple[list[Named], Notice | None]:
        try:
            joined = [self._joiner.join(found, labels) for found in seen]
        except ModelError as error:
            return fixed, Notice(
                f"Your labels can't be compared with what was seen: {error.message}", error.hint
            )
        return [
            Named(one.labels, model, own=True, none=one.none, fixed=tuple(found[:TOP_LABELS]))
            for one, found in zip(joined, seen, strict=True)
        ], None


def _own(encoder: OpenLabels, image: Vectors, labels: Sequence[str]) -> Named:
    found, none = encoder.choose(image, labels)
    return Named(found, encoder.model, own=True, none=none)


def _open(encoder: OpenLabels, image: Vectors, fixed: Sequence[Label]) -> Named:
    vocabulary = [*everyday_labels(), *(label.label for label in fixed)]
    ranked = encoder.rank(image, vocabulary)[:TOP_LABELS]
    return Named(ranked, encoder.model, facets=find_facets(encoder, image))
