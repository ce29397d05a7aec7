"""What was found as JSON, and as COCO annotations with run-length masks.

COCO's format: https://cocodataset.org/#format-data. Masks are uncompressed runs: pixels in column
order, counts alternate between outside and inside and begin with outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.pictures import Box, Detection, Region, resized

if TYPE_CHECKING:
    from assistant.core.pictures import Mask


@dataclass(frozen=True, slots=True)
class Seen:
    """An image with what was found in it; boxes are in pixels of the file.

    The masks of regions may be smaller than the file; they are brought to its size when written.
    """

    path: str
    width: int
    height: int
    model: str
    found: tuple[Detection, ...] = ()
    regions: tuple[Region, ...] = ()

    @property
    def things(self) -> Sequence[Detection | Region]:
        return self.regions or self.found


def as_json(seen: Seen) -> dict[str, Any]:
    """An image as a JSON object: its size, who looked, and each thing with label, score and box
    (left, top, right, bottom); regions have their share of the image and their mask too."""
    said: dict[str, Any] = {
        "image": seen.path,
        "width": seen.width,
        "height": seen.height,
        "model": seen.model,
    }
    if seen.regions:
        said["regions"] = [_region(region, seen) for region in seen.regions]
    else:
        said["detections"] = [
            {"label": one.label, "score": round(one.score, 4), "box": _corners(one.box)}
            for one in seen.found
        ]
    return said


def as_coco(images: Sequence[Seen]) -> dict[str, Any]:
    """All images as one COCO object; categories and images are numbered from 1."""
    labels = sorted({one.label for seen in images for one in seen.things})
    numbers = {label: number for number, label in enumerate(labels, start=1)}
    annotations: list[dict[str, Any]] = []
    for image, seen in enumerate(images, start=1):
        for one in seen.things:
            entry = {
                "id": len(annotations) + 1,
                "image_id": image,
                "category_id": numbers[one.label],
                "iscrowd": 0,
                "score": round(one.score, 4),
                **_outline(one, seen),
            }
            annotations.append(entry)
    return {
        "info": {"description": "found by " + ", ".join(sorted({seen.model for seen in images}))},
        "images": [
            {"id": at, "file_name": seen.path, "width": seen.width, "height": seen.height}
            for at, seen in enumerate(images, start=1)
        ],
        "categories": [{"id": number, "name": label} for label, number in numbers.items()],
        "annotations": annotations,
    }


def run_lengths(mask: Mask) -> list[int]:
    """The runs of a mask, bool [height, width], in column order, the first of them outside."""
    import numpy as np

    flat = mask.ravel(order="F")
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    ends = np.concatenate([[0], changes, [flat.size]])
    counts = np.diff(ends).tolist()
    return [0, *counts] if flat.size and flat[0] else counts


def from_run_lengths(counts: Sequence[int], height: int, width: int) -> Mask:
    """The mask, bool [height, width], its runs stand for.

    Raises:
        ValueError: they don't fill the image.
    """
    import numpy as np

    if sum(counts) != height * width:
        raise ValueError(f"{sum(counts)} pixels don't fill {height} × {width}")
    inside = np.arange(len(counts)) % 2 == 1
    return np.asarray(np.repeat(inside, counts).reshape((height, width), order="F"), np.bool_)


def _region(region: Region, seen: Seen) -> dict[str, Any]:
    mask = resized(region.mask, seen.height, seen.width)
    whole = Region(region.label, region.score, mask)
    return {
        "label": region.label,
        "score": round(region.score, 4),
        "share": round(whole.share, 6),
        "box": _corners(whole.box),
        "mask": {"size": [seen.height, seen.width], "counts": run_lengths(mask)},
    }


def _outline(one: Detection | Region, seen: Seen) -> dict[str, Any]:
    if isinstance(one, Detection):
        return {"bbox": _extent(one.box), "area": round(one.box.area, 2), "segmentation": []}
    mask = resized(one.mask, seen.height, seen.width)
    runs = {"size": [seen.height, seen.width], "counts": run_lengths(mask)}
    whole = Region(one.label, one.score, mask)
    return {"bbox": _extent(whole.box), "area": int(mask.sum()), "segmentation": runs}


def _corners(box: Box) -> list[float]:
    return [round(side, 2) for side in (box.left, box.top, box.right, box.bottom)]


def _extent(box: Box) -> list[float]:
    """COCO's way: left, top, width, height."""
    return [round(side, 2) for side in (box.left, box.top, box.width, box.height)]
