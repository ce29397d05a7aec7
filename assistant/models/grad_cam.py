"""What in an image speaks for a class of an image network, by Grad-CAM (Selvaraju et al. 2017).

The last map of features that still has places is found by running the network once: the output of
a layer with four dimensions and more than one place. So it needs no knowledge of the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    import torch


def class_map(
    network: Any, inputs: torch.Tensor, weights: torch.Tensor
) -> npt.NDArray[np.float32] | None:
    """Evidence at each place of the last map of features, float32 [rows, columns]; None where the
    network has no such map.

    Args:
        network: from images to logits [1, classes].
        inputs: one image as the network takes it, [1, channels, height, width].
        weights: [classes], how much each class counts.
    """
    import torch

    held: list[torch.Tensor] = []
    hooks = [layer.register_forward_hook(_holding(held)) for layer in network.modules()]
    try:
        with torch.enable_grad():
            logits = logits_of(network(inputs.detach().requires_grad_(True)))
            if not held:
                return None
            last = held[-1]
            score = (logits[0].float() * weights.to(logits.device)).sum()
            (gradient,) = torch.autograd.grad(score, last)
    finally:
        for hook in hooks:
            hook.remove()
    importance = gradient.mean(dim=(2, 3), keepdim=True)
    found: npt.NDArray[np.float32] = (
        (importance * last).sum(dim=1)[0].detach().float().cpu().numpy()
    )
    return found


def logits_of(output: Any) -> Any:
    """The logits, also of networks that give a tuple or a named one with auxiliary heads."""
    return output[0] if isinstance(output, tuple | list) else getattr(output, "logits", output)


def _holding(held: list[torch.Tensor]) -> Callable[[Any, Any, Any], None]:
    def hold(_layer: Any, _inputs: Any, output: Any) -> None:
        shape: tuple[int, ...] = getattr(output, "shape", ())
        if len(shape) == 4 and shape[2] * shape[3] > 1 and output.requires_grad:
            held.append(output)

    return hold
