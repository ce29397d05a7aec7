"""Brings one file from an address, resumed where an earlier try broke off."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config.secrets import without_secrets
from assistant.core.errors import ModelError
from assistant.models.disk import FreeBytes, check_room, free_bytes, readable_size
from assistant.models.sources.watch import Watch

if TYPE_CHECKING:
    from httpx2 import Response

ATTEMPTS = 5
"""Tries in a row without one new byte before giving up."""
REPORT_BYTES = 1024 * 1024
TIMEOUT_SECONDS = 30.0
_OK, _PARTIAL, _NOT_FOUND, _RANGE_REFUSED = 200, 206, 404, 416
_REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class WebFetcher:
    """Fetches files over HTTP with the person's own proxy settings.

    Args:
        pause: seconds between tries after a lost connection.
        free: bytes free where a folder is.
    """

    pause: float = 1.0
    free: FreeBytes = free_bytes

    def fetch(self, address: str, target: Path, name: str, most: int, watch: Watch) -> None:
        """Bring what is at an address to `target`, unless it is there; `target` with ".part"
        may hold the beginning of it.

        Args:
            name: the model, as the person knows it.
            most: bytes at most.

        Raises:
            ModelError: refused, out of reach, too large, or no room for it.
        """
        if target.is_file():
            return
        import httpx2

        part = target.with_name(target.name + ".part")
        fruitless = 0
        while True:
            before = _size(part)
            try:
                self._stream(address, part, name, most, watch)
                break
            except httpx2.TransportError as error:
                fruitless = 0 if _size(part) > before else fruitless + 1
                if fruitless >= ATTEMPTS:
                    raise _broken_off(address, error) from error
                watch.check()
                time.sleep(self.pause)
            except (httpx2.TooManyRedirects, httpx2.DecodingError) as error:
                raise _broken_off(address, error) from error
            except httpx2.InvalidURL as error:
                shown = without_secrets(address)
                raise ModelError(f"{shown} is no address.", "Correct the source.") from error
        part.replace(target)

    def _stream(self, address: str, part: Path, name: str, most: int, watch: Watch) -> None:
        import httpx2

        headers = {"user-agent": "assistant", "accept-encoding": "identity"}
        if start := _size(part):
            headers["range"] = f"bytes={start}-"
        with httpx2.stream(
            "GET", address, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=True
        ) as response:
            if response.status_code == _RANGE_REFUSED and start:
                return  # all of it was there already
            for passed in (*response.history, response):
                check_secure(address, str(passed.url))
            _check_status(response.status_code, address)
            done = start if response.status_code == _PARTIAL else 0
            coming = int(response.headers.get("content-length") or 0)
            if done + coming > most:
                raise _too_large(address, most)
            check_room(coming, part.parent, self.free)
            self._write(response, part, done, coming, (name, address, most), watch)

    def _write(
        self,
        response: Response,
        part: Path,
        done: int,
        coming: int,
        what: tuple[str, str, int],
        watch: Watch,
    ) -> None:
        name, address, most = what
        total, told = (done + coming if coming else 0), -REPORT_BYTES
        with part.open("ab" if done else "wb") as stream:
            for block in response.iter_bytes():
                stream.write(block)
                watch.check()
                done += len(block)
                if done > most:
                    raise _too_large(address, most)
                if done - told >= REPORT_BYTES:
                    told = done
                    watch.report(f"Fetching {name}", done, total)
        watch.report(f"Fetching {name}", done, total)


def check_secure(asked: str, answered: str) -> None:
    """
    Raises:
        ModelError: an address asked for over TLS was answered from one without.
    """
    if asked.startswith("https:") and not answered.startswith("https:"):
        raise ModelError(
            f"{without_secrets(asked)} led to {without_secrets(answered)}, which anybody on the "
            "way could have changed.",
            "Name an address that stays on https in the model's source.",
        )


def _check_status(status: int, address: str) -> None:
    if status in (_OK, _PARTIAL):
        return
    address = without_secrets(address)
    if status == _NOT_FOUND:
        raise ModelError(
            f"There is nothing at {address}.",
            "Check the name and the revision or version in the model's source.",
        )
    if status in _REFUSED:
        raise ModelError(
            f"{address} refuses access ({status}).",
            "It may be private. Fetch it with a browser, and name the file's path as source.",
        )
    raise ModelError(f"{address} answered with the status {status}.", "Pull again later.")


def _broken_off(address: str, error: Exception) -> ModelError:
    return ModelError(
        f"{without_secrets(address)} can't be reached, or broke off ({type(error).__name__}).",
        "Check the network; a proxy goes into HTTPS_PROXY. Pull again: what has arrived is kept "
        "and continued where the server can.",
    )


def _too_large(address: str, most: int) -> ModelError:
    return ModelError(
        f"What is at {without_secrets(address)} is larger than {readable_size(most)}.",
        "Check that the source names the right file.",
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
