"""Keeps what a model of transformers has read, for the next prompt that begins the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class PrefixCache:
    """Keys and values of one conversation.

    Layers that look at a window, or keep a state instead of keys, can't be taken back to an
    earlier token; models with such layers read every prompt anew.

    Args:
        config: of the model; None keeps nothing.
    """

    def __init__(self, config: Any) -> None:
        self._config = config
        self._read: list[int] = []
        self._cache: Any = None

    def taken_for(self, prompt: Sequence[int]) -> Any:
        """A cache that holds the longest beginning of the prompt that was read before, but
        never its last token; it is the caller's until `keep`."""
        from transformers import DynamicCache

        shared = _shared(self._read, prompt[:-1])
        cache, self._cache = self._cache, None
        if cache is None or shared == 0 or not _is_croppable(cache):
            return DynamicCache(config=self._config)
        cache.crop(-(cache.get_seq_length() - shared))
        return cache

    def keep(self, read: Sequence[int], cache: Any) -> None:
        """Take back a cache, with the tokens that were read into it."""
        self._read = list(read[: cache.get_seq_length()])
        self._cache = cache


def _shared(left: Sequence[int], right: Sequence[int]) -> int:
    """Length of the common beginning."""
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return min(len(left), len(right))


def _is_croppable(cache: Any) -> bool:
    from transformers.cache_utils import DynamicLayer

    return all(type(layer) is DynamicLayer for layer in cache.layers)
