"""Only the holder of the token, speaking from this machine, comes in."""

from __future__ import annotations

import pytest

from assistant.web.gate import is_admitted, new_token

TOKEN = "t" * 43
PAGE = f"/{TOKEN}/"


@pytest.mark.parametrize(
    ("path", "host", "origin"),
    [
        (PAGE, "127.0.0.1:8666", None),
        (PAGE + "ws", "127.0.0.1:8666", "http://127.0.0.1:8666"),
        (PAGE + "static/js/textual.js", "localhost:8666", None),
        (PAGE, "localhost:9000", "http://localhost:9000"),  # a tunnel
        (PAGE, "[::1]:8666", "http://[::1]:8666"),
    ],
)
def test_the_browser_that_was_given_the_address_comes_in(
    path: str, host: str, origin: str | None
) -> None:
    assert is_admitted(path, host, origin, TOKEN)


@pytest.mark.parametrize(
    ("path", "host", "origin"),
    [
        ("/", "127.0.0.1:8666", None),
        ("/ws", "127.0.0.1:8666", None),
        ("/static/js/textual.js", "127.0.0.1:8666", None),
        (f"/{TOKEN[:-1]}/", "127.0.0.1:8666", None),
        (f"/{TOKEN}x/", "127.0.0.1:8666", None),
        (f"/x/{TOKEN}/", "127.0.0.1:8666", None),
        ("/é/", "127.0.0.1:8666", None),
        (PAGE, "evil.example:8666", None),
        (PAGE, "127.0.0.1.evil.example", None),
        (PAGE, "evil.example@127.0.0.1", None),
        (PAGE, "", None),
        (PAGE, "[::1", None),
        (PAGE, "127.0.0.1:99999999", None),
        (PAGE, "192.168.0.2:8666", None),
        (PAGE + "ws", "127.0.0.1:8666", "http://evil.example"),
        (PAGE + "ws", "127.0.0.1:8666", "null"),
        (PAGE + "ws", "127.0.0.1:8666", "http://127.0.0.1:9999"),
        (PAGE + "ws", "127.0.0.1:8666", "http://localhost:8666"),
        (PAGE + "ws", "127.0.0.1:8666", ""),
    ],
)
def test_nobody_else_does(path: str, host: str, origin: str | None) -> None:
    assert not is_admitted(path, host, origin, TOKEN)


def test_tokens_are_long_and_new_each_time() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 43
