"""Every format becomes text, with places people can find again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.errors import DocumentError
from index.loaders.document import Document, Limits
from index.loaders.registry import load
from tests.index import formats
from tests.index.documents import zip_bytes
from tests.index.formats import CHINESE, ENGLISH

Read = Callable[..., Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(name: str, content: bytes | str, limits: Limits | None = None) -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(path, limits or Limits())

    return reading


def place(document: Document, text: str) -> tuple[int | None, int | None, str]:
    found = document.place(document.text.index(text))
    return found.page, found.line, found.heading


@pytest.mark.parametrize(
    "suffix", [s for s in formats.every_format() if s not in (".pdf", ".png", ".jpg")]
)
def test_both_languages_are_read_from_every_format(read: Read, suffix: str) -> None:
    text = read(f"a{suffix}", formats.every_format()[suffix]).text.replace("\xa0", " ")
    assert ENGLISH in " ".join(text.split())
    assert CHINESE in text


def test_the_ending_may_be_in_capitals(read: Read) -> None:
    assert read("A.DOCX", formats.make_docx()).text
    assert read("B.EML", formats.make_mail()).text


def test_slides_are_pages_and_their_titles_headings(read: Read) -> None:
    document = read("a.pptx", formats.make_pptx())
    assert document.text.split("\n\n") == [
        "Contract",
        f"- {ENGLISH}\n- by\npost",
        f"Notes: {CHINESE}",
        "Pay",
        "Role | Salary\nBaker | 2,400",
        "Staff: 2023: 4; 2024: 7.5",
        "grouped",
    ]
    assert place(document, CHINESE) == (1, None, "Contract")
    assert place(document, "Baker") == (2, None, "Pay")


def test_rows_of_a_sheet_read_with_the_names_of_its_columns(read: Read) -> None:
    document = read("a.xlsx", formats.make_xlsx())
    assert document.text.split("\n\n") == [
        "Name | Role | Salary",
        f"Name: Ann; Role: {ENGLISH}; Salary: 2400",
        f"Name: 王小明; Role: {CHINESE}; Salary: 2500.5",
        "1 | 2",
        "3 | 4",
    ]
    assert place(document, "王小明") == (None, 4, "Staff")
    assert place(document, "3 | 4") == (None, 2, "笔记")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_values_are_told_apart_whatever_divides_them(read: Read, mark: str) -> None:
    table = f'City{mark}Note\nBerlin{mark}"two\nlines"\nParis{mark}"a{mark}b"\n'
    document = read("a.csv", table)
    assert document.text.split("\n\n")[1:] == [
        "City: Berlin; Note: two lines",
        f"City: Paris; Note: {' '.join(f'a{mark}b'.split())}",
    ]
    assert place(document, "Paris") == (None, 4, "")


def test_a_table_of_numbers_has_no_header(read: Read) -> None:
    assert read("a.tsv", "1\t2\n3\t4\n").text == "1 | 2\n\n3 | 4"


def test_too_many_rows_are_refused(read: Read) -> None:
    with pytest.raises(DocumentError, match="more than 2 rows"):
        read("a.csv", "a\nb\nc\n", Limits(rows=2))


def test_chapters_of_a_book_come_in_the_order_of_its_spine(read: Read) -> None:
    document = read("a.epub", formats.make_epub())
    assert document.text.split("\n\n") == [ENGLISH, "a b", "Notice", CHINESE]
    assert place(document, ENGLISH)[2] == "Preface"
    assert place(document, CHINESE)[2] == "Terms › Notice"


@pytest.mark.parametrize(
    ("algorithm", "locked"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", True),
        ("http://ns.adobe.com/pdf/enc#RC", False),
    ],
)
def test_a_locked_book_is_refused_but_not_for_its_fonts(
    read: Read, algorithm: str, locked: bool
) -> None:
    held = f'<e><EncryptedData><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></e>'
    book = formats.make_epub(**{"META-INF/encryption.xml": held.encode()})
    if not locked:
        assert ENGLISH in read("a.epub", book).text
        return
    with pytest.raises(DocumentError, match="copy protection"):
        read("a.epub", book)


def test_an_opendocument_text_is_read_in_order_without_remarks(read: Read) -> None:
    document = read("a.odt", formats.make_odt())
    assert [" ".join(block.split(" ")) for block in document.text.split("\n\n")] == [
        "Contract",
        ENGLISH,
        "- in writing\n- by post",
        "期限",
        CHINESE,
        "Role | Salary\nBaker | 2,400",
    ]
    assert place(document, CHINESE)[2] == "Contract › 期限"


def test_a_heading_of_an_absurd_level_is_a_deep_one(read: Read) -> None:
    document = read("a.odt", formats.make_odt(level="9" * 30))
    assert [heading.level for heading in document.headings] == [99, 2]


def test_rich_text_is_read_with_its_code_page(read: Read) -> None:
    text = read("a.rtf", formats.make_rtf()).text.replace("\xa0", " ")
    assert text.split("\n\n") == ["Café", ENGLISH, CHINESE, "Role | Salary"]


def test_sections_of_restructuredtext_nest_in_order_of_appearance(read: Read) -> None:
    document = read("a.rst", formats.RST)
    assert place(document, "warm") == (None, 15, "Guide › Care › Wash")
    assert place(document, "=====\nGuide")[2] == "Guide"


def test_headlines_of_org_lose_their_keywords_and_tags(read: Read) -> None:
    document = read("a.org", formats.ORG)
    assert place(document, CHINESE) == (None, 7, "Guide › Care")
    assert place(document, "no headline")[2] == "Guide"


def test_functions_and_classes_are_the_headings_of_code(read: Read) -> None:
    document = read("a.py", formats.CODE)
    assert place(document, "return 3") == (None, 8, "Contract › notice")
    assert place(document, "@property")[2] == "Contract › notice"
    assert place(document, "return Contract")[2] == "parse"


@pytest.mark.parametrize(
    ("name", "code", "headings"),
    [
        ("a.js", "export default async function run(a) {\n  if (a) {\n}\n", ["run"]),
        ("a.ts", "export interface User {\n}\nconst x = 1\n", ["User"]),
        ("a.go", "func (s *Server) Serve(port int) error {\n\treturn nil\n}\n", ["Serve"]),
        ("a.rs", "impl<T> Queue<T> {\n    pub fn push(&mut self) {}\n}\n", ["Queue", "push"]),
        (
            "a.java",
            "public class A {\n  private static int sum(int a, int b) {\n    return f(a);\n",
            ["A", "sum"],
        ),
        ("a.c", "static int\tadd(int a, int b)\n{\n    print(a);\n    return a + b;\n}", ["add"]),
        ("a.sql", "CREATE TABLE IF NOT EXISTS staff (\n id int\n);", ["staff"]),
        ("a.rb", "module Pay\n  def self.due?(x)\n  end\nend\n", ["Pay", "self.due?"]),
    ],
)
def test_declarations_are_found_in_many_languages(
    read: Read, name: str, code: str, headings: list[str]
) -> None:
    assert [heading.title for heading in read(name, code).headings] == headings


def test_generated_code_is_refused(read: Read) -> None:
    with pytest.raises(DocumentError, match="generated"):
        read("a.js", "var a=1;" * 20_000)


def test_a_notebook_keeps_notes_code_and_what_it_printed(read: Read) -> None:
    document = read("a.ipynb", formats.make_notebook())
    blocks = ["# Guide", ENGLISH, "print(3)", "three", "ValueError: no", f"## Care\n{CHINESE}"]
    assert document.text.split("\n\n") == blocks
    assert place(document, CHINESE)[2] == "Guide › Care"
    assert place(document, "three")[2] == "Guide"


def test_notes_without_a_heading_are_read(read: Read) -> None:
    cells = '[{"cell_type": "markdown", "source": "just words"}]'
    assert read("a.ipynb", f'{{"cells": {cells}}}').text == "just words"


@pytest.mark.parametrize("html_only", [False, True])
def test_a_message_is_read_with_sender_date_and_attachments(read: Read, html_only: bool) -> None:
    document = read("a.eml", formats.make_mail(html_only=html_only))
    assert document.text.split("\n\n") == [
        "Vertrag 合同",
        "From: Ann <ann@example.org>\nTo: bob@example.org\nDate: 2024-03-05 14:02 +0100",
        ENGLISH,
        CHINESE,
        "Attachments: 合同.pdf",
    ]
    assert place(document, CHINESE)[2] == "Vertrag 合同"


def test_messages_of_a_mailbox_are_numbered(read: Read) -> None:
    document = read("a.mbox", formats.make_mbox())
    assert place(document, "First") == (1, None, "First")
    assert document.place(document.text.rindex(CHINESE)).page == 2


def test_subjects_of_undeclared_encoding_are_guessed(read: Read) -> None:
    mail = b"Subject: " + "关于合同的通知期限".encode("gb18030") + b"\nFrom: a@b.cn\n\nhello\n"
    assert read("a.eml", mail).text.startswith("关于合同的通知期限")


def test_subtitles_stand_under_the_time_they_are_spoken(read: Read) -> None:
    document = read("a.srt", formats.SUBTITLES)
    assert document.text == f"{ENGLISH}\n{CHINESE}\n\nLater & elsewhere."
    assert place(document, CHINESE) == (None, 6, "0:00:01")
    assert place(document, "Later") == (None, 10, "0:02:10")


def test_rolling_captions_are_said_once(read: Read) -> None:
    cues = "".join(
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000 align:start\n<v Ann>{said}\n\n"
        for n, said in enumerate(("one", "one", "two"))
    )
    assert read("a.vtt", f"WEBVTT\n\n{cues}").text == "Ann: one\nAnn: two"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pptx", zip_bytes({"ppt/x": b"x"}), "presentation is damaged"),
        ("a.xlsx", zip_bytes({"xl/x": b"x"}), "workbook is damaged"),
        ("a.xlsx", formats.make_docx(), "another kind of archive"),
        ("a.docx", formats.make_epub(), "another kind of archive"),
        ("a.epub", formats.make_epub()[:300], "truncated or damaged"),
        ("a.epub", zip_bytes({"META-INF/container.xml": b"<x/>"}), "book is damaged"),
        ("a.odt", formats.make_odt(b"<m:encryption-data/>"), "encrypted"),
        ("a.odt", zip_bytes({"content.xml": b"<x"}), "document is damaged"),
        ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        ("a.\udce9\x1b[1m", b"plain", r"No reader for \.\ufffd\."),
        ("a.rtf", b"plain", "plain text"),
        ("a.txt", formats.make_rtf(), "Rich Text"),
        ("a.csv", formats.make_picture(), "PNG"),
        ("a.png", b"plain", "plain text"),
        ("a.png", formats.make_picture(), "only pictures"),
        ("a.pdf", formats.make_scan(), "scanned"),
        ("a.ipynb", b'{"cells": [', "notebook is truncated"),
        ("a.ipynb", b"[" * 100_000, "nested too deeply"),
        ("a.ipynb", b"{}", "empty"),
        ("a.eml", b"\n\nhello there", "no e-mail"),
        ("a.mbox", b"hello\n", "no mailbox"),
        ("a.srt", b"hello\n", "no subtitles"),
        ("a.csv", b'"' + b"x" * 200_000, "never closed"),
        ("a.epub", zip_bytes({f"META-INF/container.xml{n}": b"" for n in range(9)}), "9 files"),
    ],
)
def test_what_can_not_be_read_says_why(read: Read, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(name, content, Limits(members=8 if reason == "9 files" else 50_000))


def test_entities_of_a_book_are_not_expanded(read: Read) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    book = zip_bytes({"META-INF/container.xml": bomb.encode()})
    with pytest.raises(DocumentError, match="damaged"):
        read("a.epub", book)
