"""What in an image moves its score for a text, in CLIP and SigLIP.

Gradient times activation (Grad-CAM, Selvaraju et al. 2017, taken to transformers) at the input of
the vision tower's last layer: how far each patch's vector points where the cosine of image and
text grows. The last layer's output would tell nothing, for CLIP looks at one of its tokens only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.heat import Heat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import torch

    from assistant.core.protocols import Pixels


def relevance(
    model: Any,
    image_inputs: Mapping[str, torch.Tensor],
    text: torch.Tensor,
    image: Pixels,
    image_processor: Any,
) -> Heat:
    """Evidence for a text at each patch of an image.

    Args:
        image_inputs: of one image, as the model takes them.
        text: unit vector [d] of the text.
    """
    import torch

    layers = model.vision_model.encoder.layers
    held: list[torch.Tensor] = []
    hook = layers[-1].register_forward_pre_hook(_holding(held), with_kwargs=True)
    try:
        with torch.enable_grad():
            vector = model.get_image_features(**image_inputs).pooler_output[0].float()
            cosine = torch.nn.functional.normalize(vector, dim=-1) @ text.float()
            (gradient,) = torch.autograd.grad(cosine, held[0])
    finally:
        hook.remove()
    tokens = (gradient * held[0]).sum(dim=-1)[0].detach().float()
    return _on_patches(tokens, image_inputs, image, image_processor)


def _holding(held: list[torch.Tensor]) -> Callable[..., tuple[Any, Any]]:
    """Gives the layer its input as a variable of its own, so that a gradient can be taken of it
    whether or not the weights ask for one."""

    def hold(_layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        taken = args[0] if args else kwargs["hidden_states"]
        held.append(taken.detach().requires_grad_(True))
        if args:
            return (held[0], *args[1:]), kwargs
        return args, {**kwargs, "hidden_states": held[0]}

    return hold


def _on_patches(
    tokens: torch.Tensor, inputs: Mapping[str, torch.Tensor], image: Pixels, processor: Any
) -> Heat:
    """The tokens of patches as a grid over what the processor left of the image."""
    if "spatial_shapes" in inputs:  # patches of any number, the whole image, then padding
        rows, columns = (int(side) for side in inputs["spatial_shapes"][0])
    else:
        rows = columns = int(len(tokens) ** 0.5)
    extra = 1 if rows * columns < len(tokens) and "spatial_shapes" not in inputs else 0
    if rows * columns + extra > len(tokens):
        raise ModelError("The model's patches are no grid.", "Use another image encoder.")
    values = tokens[extra : extra + rows * columns].reshape(rows, columns).cpu().numpy()
    return Heat(values, _box(image, processor))


def _box(image: Pixels, processor: Any) -> tuple[float, float, float, float]:
    """The part of the image the model sees: all, or the middle that is cut out after the short
    side was scaled."""
    height, width = image.shape[:2]
    size, crop = getattr(processor, "size", None), getattr(processor, "crop_size", None)
    short = size.get("shortest_edge") if size else None
    if not (getattr(processor, "do_center_crop", False) and crop and short):
        return 0.0, 0.0, float(width), float(height)
    side = min(height, width) / short
    across, down = min(width, crop["width"] * side), min(height, crop["height"] * side)
    left, top = (width - across) / 2, (height - down) / 2
    return left, top, left + across, top + down
