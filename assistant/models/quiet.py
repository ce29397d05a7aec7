"""Keeping the Hugging Face libraries from writing to the terminal while they load."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Neither progress bars nor remarks of transformers; errors are still raised."""
    from transformers.utils import logging as library_log

    library: Any = library_log  # its functions have no types
    bars, verbosity = library.is_progress_bar_enabled(), library.get_verbosity()
    library.disable_progress_bar()
    library.set_verbosity_error()
    try:
        with warnings.catch_warnings(), quiet_torchao():  # which transformers may import
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        library.set_verbosity(verbosity)
        if bars:
            library.enable_progress_bar()


@contextmanager
def quiet_torchao() -> Iterator[None]:
    """Importing torchao, which remarks on parts of it that are for other machines."""
    loggers = [logging.getLogger(name) for name in ("torchao", "torch.utils._pytree")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
