"""The receipt of a collection: what became of every file."""

from __future__ import annotations

from pathlib import Path

from assistant.core.collections import CollectionStatus, CollectionSummary, FileReceipt, FileStatus
from index.catalogue import Session
from index.file_table import FileRecord
from index.files import Stamp
from index.retriever import shown_path


def make_receipt(name: str, session: Session) -> CollectionStatus:
    """Compares what is known with the disk: one `stat` a file."""
    embedder = session.embedder()
    return CollectionStatus(
        name=name,
        roots=tuple(shown_path(r) for r in session.files.roots()),
        files=tuple(_receipt(record) for record in session.files.receipt(embedder)),
        chunks=session.meta("chunks"),
        pending=session.meta("contents") - session.vectors(embedder).count(),
    )


def summarise(name: str, session: Session) -> CollectionSummary:
    """A collection's figures; costs no look at the files."""
    counts = session.files.counts()
    return CollectionSummary(
        name=name,
        files=counts.indexed,
        roots=tuple(shown_path(r) for r in session.files.roots()),
        chunks=session.meta("chunks"),
        pending=session.meta("contents") - session.vectors(session.embedder()).count(),
        failed=counts.failed,
        waiting=counts.waiting,
        pictures=session.pictures.count(),
    )


def _receipt(record: FileRecord) -> FileReceipt:
    state, why = _state(record, _stamp(record.path))
    reason, _, hint = why.partition("\n")
    return FileReceipt(shown_path(record.path), state, reason, record.chunks, hint)


def _stamp(path: str) -> Stamp | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def _state(record: FileRecord, now: Stamp | None) -> tuple[FileStatus, str]:
    if record.state == "failed":
        return "failed", record.reason
    if now is None:
        return "stale", "It is no longer there."
    if record.state == "waiting":
        return "waiting", "It was not read yet."
    if now != record.stamp:
        return "stale", "It changed since it was read."
    if record.pending:
        return "waiting", f"{record.pending} of {record.chunks} vectors are still to be made."
    return "fresh", ""
