"""One small file of each format, made on the spot: all hold an English and a Chinese sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.index.documents import make_pdf, zip_bytes

ENGLISH = "The notice period is three months."
CHINESE = "通知期限为三个月。"

_CONTAINER = """<?xml version="1.0"?><container
xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>"""
_PACKAGE = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="pic" href="a.png" media-type="image/png"/></manifest>
<spine><itemref idref="one"/><itemref idref="two"/><itemref idref="gone"/></spine></package>"""
_NCX = """<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>Preface</text></navLabel><content src="text/one.xhtml#a"/></navPoint>
<navPoint><navLabel><text>Terms</text></navLabel><content src="text/two.xhtml"/></navPoint>
</navMap></ncx>"""
_CHAPTER = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
<body><script src="a.js"/>{}</body></html>"""
_ODT = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>
<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
<text:h text:outline-level="1">Contract</text:h>
<text:p>The <text:span>notice</text:span><text:s text:c="3"/>period is<office:annotation>
<text:p>remark</text:p></office:annotation> three months.</text:p>
<text:list><text:list-item><text:p>in writing</text:p></text:list-item>
<text:list-item><text:p>by post</text:p></text:list-item></text:list>
<text:h text:outline-level="2">期限</text:h><text:p>通知期限为三个月。</text:p>
<table:table><table:table-row><table:table-cell><text:p>Role</text:p></table:table-cell>
<table:table-cell><text:p>Salary</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Baker</text:p></table:table-cell>
<table:table-cell><text:p>2,400</text:p></table:table-cell></table:table-row></table:table>
</office:text></office:body></office:document-content>"""
SUBTITLES = f"""1
00:00:01,000 --> 00:00:04,000
<i>{ENGLISH}</i>

2
00:00:04,000 --> 00:00:06,500
{CHINESE}

3
00:02:10,000 --> 00:02:12,000
{{\\an8}}Later &amp; elsewhere.
"""
CODE = f'''"""Rules of notice."""

class Contract:
    """{ENGLISH}"""

    @property
    def notice(self) -> int:
        return 3  # {CHINESE}


def parse(text: str) -> Contract:
    return Contract()
'''
RST = f"""=====
Guide
=====

{ENGLISH}

Care
----

{CHINESE}

Wash
~~~~

warm
"""
ORG = f"""* TODO [#A] Guide  :work:home:
{ENGLISH}
#+BEGIN_SRC org
* no headline
#+END_SRC
** Care
{CHINESE}
"""


def make_docx() -> bytes:
    word = docx.Document()
    word.add_heading("Contract", 1)
    word.add_paragraph(ENGLISH)
    word.add_paragraph(CHINESE)
    return _saved(word)


def make_pptx() -> bytes:
    """Two slides: title, bullets and notes; a group, a table and a chart."""
    slides = pptx.Presentation()
    first = slides.slides.add_slide(slides.slide_layouts[1])
    first.shapes.title.text = "Contract"
    first.placeholders[1].text_frame.text = ENGLISH
    first.placeholders[1].text_frame.add_paragraph().text = "by\vpost"
    first.notes_slide.notes_text_frame.text = CHINESE
    second = slides.slides.add_slide(slides.slide_layouts[5])
    second.shapes.title.text = "Pay"
    group = second.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(6), Inches(2), Inches(1))
    box.text_frame.text = "grouped"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, cells in zip(table.rows, (("Role", "Salary"), ("Baker", "2,400")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["2023", "2024"]
    data.add_series("Staff", (4, 7.5))
    place = (Inches(1), Inches(4), Inches(3), Inches(1))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    return _saved(slides)


def make_xlsx() -> bytes:
    """Two sheets: staff with a header, and notes without one."""
    book = openpyxl.Workbook()
    staff = book.worksheets[0]
    staff.title = "Staff"
    staff.append(["Name", "Role", "Salary"])
    staff.append(["Ann", ENGLISH, 2400.0])
    staff.append([])
    staff.append(["王小明", CHINESE, 2500.5])
    notes = book.create_sheet("笔记")
    notes.append([1, 2])
    notes.append([3, 4])
    return _saved(book)


def make_epub(**members: bytes) -> bytes:
    one = _CHAPTER.format(f"<p>{ENGLISH}</p><p>a&nbsp;b</p>")
    two = _CHAPTER.format(f"<h2>Notice</h2><p>{CHINESE}</p>")
    return zip_bytes(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": _CONTAINER.encode(),
            "OEBPS/book.opf": _PACKAGE.encode(),
            "OEBPS/toc.ncx": _NCX.encode(),
            "OEBPS/text/one.xhtml": one.encode(),
            "OEBPS/text/two.xhtml": two.encode(),
            **members,
        }
    )


def make_odt(manifest: bytes = b"<manifest/>", level: str = "1") -> bytes:
    content = _ODT.replace('outline-level="1"', f'outline-level="{level}"')
    return zip_bytes({"content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def make_rtf() -> bytes:
    chinese = "".join(f"\\u{ord(c)}?" for c in CHINESE)
    return (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Caf\'e9\par "
        rf"The notice\~period is \b three\b0  months.\par {chinese}\par"
        r"\trowd\cellx1\cellx2 Role\cell Salary\cell\row}"
    ).encode()


def make_mail(subject: str = "Vertrag 合同", html_only: bool = False) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Ann <ann@example.org>"
    message["To"] = "bob@example.org"
    message["Date"] = "Tue, 05 Mar 2024 14:02:00 +0100"
    page = f"<html><body><p>{ENGLISH}</p><p>{CHINESE}</p></body></html>"
    if html_only:
        message.set_content(page, subtype="html")
    else:
        message.set_content(f"{ENGLISH}\n\n{CHINESE}\n")
        message.add_alternative(page, subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="合同.pdf")
    return message.as_bytes()


def make_mbox() -> bytes:
    quoted = make_mail("Second").replace(b"\n\n", b"\n\n>From the start:\n", 1)
    return b"\n".join(
        b"From ann@example.org Tue Mar  5 14:02:00 2024\n" + mail
        for mail in (make_mail("First"), quoted)
    )


def make_notebook() -> bytes:
    """Notes with headings, code, its output in text and one in a picture."""
    cells = [
        {"cell_type": "markdown", "source": ["# Guide\n", "\n", ENGLISH]},
        {
            "cell_type": "code",
            "source": "print(3)",
            "outputs": [
                {"output_type": "stream", "text": ["three\n"]},
                {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []},
            ],
        },
        {"cell_type": "markdown", "source": f"## Care\n{CHINESE}"},
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def make_picture(kind: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    from PIL import Image

    memory = io.BytesIO()
    Image.new("RGB", size, "white").save(memory, kind)
    return memory.getvalue()


def make_scan(pages: int = 1) -> bytes:
    """A PDF whose pages are pictures."""
    from PIL import Image

    first, *others = [Image.new("RGB", (200, 100), "white") for _ in range(pages)]
    memory = io.BytesIO()
    first.save(memory, "PDF", save_all=True, append_images=others)
    return memory.getvalue()


def every_format() -> Mapping[str, bytes]:
    """A whole file by its suffix."""
    page = (
        f"<!doctype html><html><body><h1>Guide</h1><p>{ENGLISH}</p><p>{CHINESE}</p></body></html>"
    )
    return {
        ".txt": f"{ENGLISH}\n\n{CHINESE}\n".encode(),
        ".md": f"# Guide\n\n{ENGLISH}\n\n{CHINESE}\n".encode(),
        ".rst": RST.encode(),
        ".org": ORG.encode(),
        ".py": CODE.encode(),
        ".csv": f"Name,Role\nAnn,{ENGLISH}\nBob,{CHINESE}\n".encode(),
        ".srt": SUBTITLES.encode(),
        ".vtt": b"WEBVTT\n\n" + SUBTITLES.replace(",", ".").encode(),
        ".html": page.encode(),
        ".pdf": make_pdf([[ENGLISH], ["On the next page."]]),
        ".docx": make_docx(),
        ".pptx": make_pptx(),
        ".xlsx": make_xlsx(),
        ".odt": make_odt(),
        ".epub": make_epub(),
        ".rtf": make_rtf(),
        ".eml": make_mail(),
        ".mbox": make_mbox(),
        ".ipynb": make_notebook(),
        ".png": make_picture(),
        ".jpg": make_picture("JPEG"),
    }


def _saved(document: object) -> bytes:
    memory = io.BytesIO()
    document.save(memory)  # type: ignore[attr-defined]
    return memory.getvalue()
