"""What Pillow remarks is settled for as long as any of several threads reads."""

from __future__ import annotations

import warnings

import pytest

from assistant.files.quiet_pillow import quiet_pillow


def test_the_first_to_end_leaves_the_others_quiet_and_the_last_puts_the_filters_back() -> None:
    first, second = quiet_pillow(), quiet_pillow()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        warnings.warn("odd metadata", UserWarning, stacklevel=1)
        second.__exit__(None, None, None)
        with pytest.raises(UserWarning, match="odd metadata"):
            warnings.warn("odd metadata", UserWarning, stacklevel=1)
