"""Small documents for the tests, made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx


def make_pdf(pages: Sequence[Sequence[str]], encrypted: bool = False) -> bytes:
    """A PDF whose pages show the lines from the top; an empty line leaves a gap."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids: list[str] = []
    for lines in pages:
        shown = [f"({line}) Tj" if line else "" for line in lines]
        stream = ("BT /F1 11 Tf 14 TL 60 780 Td " + " T* ".join(shown) + " ET").encode("cp1252")
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 "
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
            b"/Encoding /WinAnsiEncoding >> >> >> " + f"/Contents {number + 1} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return _assembled(objects, encrypted)


def _assembled(objects: Sequence[bytes], encrypted: bool) -> bytes:
    trailer = b""
    if encrypted:  # a password nobody has: the owner and user entries are noise
        noise = b"<" + b"ab" * 32 + b">"
        objects = [
            *objects,
            b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O "
            + noise
            + b" /U "
            + noise
            + b" >>",
        ]
        trailer = f" /Encrypt {len(objects)} 0 R /ID [<01><01>]".encode()
    body = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
        + f"trailer\n<< /Size {size} /Root 1 0 R".encode()
        + trailer
        + f" >>\nstartxref\n{len(body)}\n%%EOF\n".encode()
    )


def write_docx(path: Path) -> None:
    """Two headings, paragraphs, a list and a table."""
    word = docx.Document()
    word.add_heading("Employment contract", 1)
    word.add_paragraph("This contract is between Acme and 王小明.")
    word.add_heading("Notice", 2)
    word.add_paragraph("The notice period is three months.")
    word.add_paragraph("in writing", style="List Bullet")
    word.add_paragraph("by post", style="List Bullet")
    table = word.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("Role", "Salary"), ("Baker", "2,400")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    word.save(str(path))


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """A zip archive of the members."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # Of no day: tests are named by such bytes, in every process the same.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return memory.getvalue()
