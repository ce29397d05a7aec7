"""A repository for PyTorch Hub as people make them, and its weights."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HUBCONF = '''
dependencies = ["torch"]
from networks.colour import Colour

print("a repository may print")


def colour(pretrained=False):
    """A classifier of colours."""
    assert not pretrained, "weights are not fetched by the entry point"
    return Colour()


def broken():
    raise ZeroDivisionError("on purpose")


def leaves():
    raise SystemExit(3)


def no_network():
    return 7


def deep(pretrained=False):
    from torch import nn

    class Both(Colour):
        def forward(self, x):
            return super().forward(x), None

    return Both()
'''
NETWORK = """
from torch import nn


class Colour(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
        )
        self.classifier = nn.Linear(8, 3)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))
"""
LABELS = "red\ngreen\nblue\n"


def files() -> dict[str, bytes]:
    return {
        "hubconf.py": HUBCONF.encode(),
        "networks/__init__.py": b"",
        "networks/colour.py": NETWORK.encode(),
        "labels.txt": LABELS.encode(),
        "colour.pth": checkpoint(state()),
    }


def state() -> dict[str, Any]:
    """Weights by which the channel with the highest level wins."""
    import torch

    convolution = torch.zeros(8, 3, 1, 1)
    classifier = torch.zeros(3, 8)
    for channel in range(3):
        convolution[channel, channel] = 1.0
        classifier[channel, channel] = 4.0
    return {
        "features.0.weight": convolution,
        "features.0.bias": torch.full((8,), 3.0),
        "features.1.weight": torch.ones(8),
        "features.1.bias": torch.zeros(8),
        "features.1.running_mean": torch.zeros(8),
        "features.1.running_var": torch.ones(8),
        "features.1.num_batches_tracked": torch.tensor(1),
        "classifier.weight": classifier,
        "classifier.bias": torch.zeros(3),
    }


def checkpoint(content: object) -> bytes:
    import torch

    made = io.BytesIO()
    torch.save(content, made)
    return made.getvalue()


def write(folder: Path, more: dict[str, bytes] | None = None) -> Path:
    """The repository as a folder; the folder itself."""
    for name, content in {**files(), **(more or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def archive(more: dict[str, bytes] | None = None) -> bytes:
    """The repository as GitHub packs a commit: below one folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(f"colours-{COMMIT}/", b"")
        for name, content in {**files(), **(more or {})}.items():
            packed.writestr(f"colours-{COMMIT}/{name}", content)
    return made.getvalue()
