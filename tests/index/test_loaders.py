"""Documents become text with places, or a reason why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.errors import DocumentError
from index.loaders.document import Document, Limits
from index.loaders.registry import document_text, load
from tests.index.documents import make_pdf, write_docx, zip_bytes

PAGE = """<!doctype html><html><head><title>T</title><style>p{color:red}</style></head><body>
<nav><a href=/>Home</a></nav><main><h1>Guide</h1><p>Press the <b>red</b>
button.</p><h2>Care</h2><ul><li>wash</li><li>dry</li></ul>
<table><tr><th>Part</th><th>Price</th></tr><tr><td>Filter</td><td>9&nbsp;€</td></tr></table>
<pre>a
  b</pre></main><script>alert(1)</script><footer>© us</footer></body></html>"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    def reading(name: str, content: bytes | str, limits: Limits | None = None) -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(path, limits or Limits())

    return reading


Read = Callable[..., Document]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "naïve 你好"),
        ("utf-8-sig", "naïve 你好"),
        ("utf-16", "naïve 你好"),
        ("utf-16-le", "The notice period is three months."),
        ("utf-16-be", "The notice period is three months."),
        ("utf-16-le", "这份合同的通知期限是三个月。 It is so."),
        ("gb18030", "这份合同的通知期限是三个月，双方应当书面通知对方。"),
        ("gb18030", "会议于周五举行。"),
        ("big5", "這份合同的通知期限是三個月，雙方應當書面通知對方。公司地址在台北市。"),
        ("latin-1", "Café résumé"),
        ("latin-1", "Die Kündigungsfrist beträgt drei Monate. Für größere Häuser gilt: früher."),
        (
            "shift_jis",
            "この契約の通知期間は三か月です。会社は東京にあります。詳しくは別紙を見てください。",
        ),
        ("shift_jis", "会議の議事録"),
        ("euc_jp", "家賃は毎月五万円です。"),
        ("euc_kr", "임대료는 매월 오십만 원입니다."),
        ("utf-16-le", "第一条 合同双方同意。\n第二条 租金每月支付。"),
        ("utf-16-be", "第一条 合同双方同意，租金为每月五千元。"),
        ("gb18030", "租金五千元"),
        ("big5", "租金五千元。"),
        ("latin-1", "El alquiler es de quinientos años después, señor Núñez."),
        ("cp1251", "Договор аренды: плата пятьсот рублей."),
        ("koi8-r", "Привет, мир!"),
        ("cp1250", "Zażółć gęślą jaźń, umowa najmu mieszkania została zawarta w Łodzi."),
        ("cp1254", "Kira sözleşmesi İstanbul'da imzalandı, ödeme ayın beşinci günü yapılır."),
    ],
)
def test_text_is_read_in_any_encoding(read: Read, encoding: str, text: str) -> None:
    assert read("note.txt", text.encode(encoding)).text == text


def test_lines_of_text_are_counted_from_one(read: Read) -> None:
    document = read("note.txt", "first\r\nsecond\r\n\r\nfourth\n")
    assert document.place(document.text.index("fourth")).line == 4


def test_escape_sequences_never_enter_the_text(read: Read) -> None:
    assert read("note.txt", "safe\x1b[31m red\x07 end").text == "safe red end"


def test_markdown_places_have_the_headings_above_them(read: Read) -> None:
    document = read(
        "a.md",
        "# Guide\n\nintro\n\n```\n# no heading\n```\n## *Care* {#c}\nwash\n\nOther\n=====\nx",
    )
    assert document.place(document.text.index("wash")).heading == "Guide › Care {#c}"
    assert document.place(document.text.index("\nx")).heading == "Other"
    assert document.place(document.text.index("wash")).line == 9


def test_a_web_page_keeps_its_main_text_only(read: Read) -> None:
    document = read("a.html", PAGE)
    assert document.text.split("\n\n") == [
        "Guide",
        "Press the red button.",
        "Care",
        "- wash\n- dry",
        "Part | Price\nFilter | 9 €",
        "a\n  b",
    ]
    assert document.place(document.text.index("wash")).heading == "Guide › Care"


def test_a_web_page_in_a_declared_encoding_is_read(read: Read) -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>通知期限</p></body></html>'
    assert read("a.htm", page.encode("gb2312")).text == "通知期限"


def test_a_web_page_nested_thousands_deep_is_read(read: Read) -> None:
    assert "deep" in read("a.html", "<html><body>" + "<div>" * 20_000 + "deep").text


def test_a_word_document_is_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "contract.docx"
    write_docx(path)
    document = load(path, Limits())
    assert document.text.split("\n\n") == [
        "Employment contract",
        "This contract is between Acme and 王小明.",
        "Notice",
        "The notice period is three months.",
        "- in writing\n- by post",
        "Role | Salary\nBaker | 2,400",
    ]
    heading = document.place(document.text.index("three months")).heading
    assert heading == "Employment contract › Notice"


def test_lines_of_a_pdf_are_joined_to_paragraphs_page_by_page(read: Read) -> None:
    first = [
        "The notice period is three months for both of the parties to this",
        "contract, unless they agree otherwise. It must be given in writ-",
        "ing and by post.",
        "",
        "A second paragraph stands below a gap.",
    ]
    document = read("a.pdf", make_pdf([first, ["On the next page."]]))
    assert document.text.split("\n\n") == [
        "The notice period is three months for both of the parties to this contract, unless they "
        "agree otherwise. It must be given in writing and by post.",
        "A second paragraph stands below a gap.",
        "On the next page.",
    ]
    assert document.place(document.text.index("second")).page == 1
    assert document.place(document.text.index("next")).page == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b" \n\t\n", "empty"),
        ("a.txt", bytes(range(256)) * 8, "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        ("a.pdf", b"hello", "plain text"),
        ("a.pdf", b"PK\x03\x04" + bytes(100), "zip"),
        ("a.pdf", make_pdf([["x"]])[:120], "truncated or damaged"),
        ("a.pdf", make_pdf([["x"]], encrypted=True), "password"),
        ("a.pdf", make_pdf([[]]), "blank"),
        ("a.docx", make_pdf([["x"]]), "holds a PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted"),
        ("a.docx", zip_bytes({"hello.txt": b"x"}), "another kind of archive"),
        ("a.docx", zip_bytes({"word/document.xml": b"<x"}), "damaged"),
        ("a.docx", zip_bytes({"word/document.xml": bytes(60 << 20)}), "unpack to 60 MB"),
        ("a.docx", zip_bytes({"word/document.xml": b"<x/>"})[:40], "damaged"),
        ("a.html", b"<html><body><script>1</script></body></html>", "empty"),
        ("a.xyz", b"x", "No reader"),
        ("noending", b"%PDF-1.4", "no ending but it holds a PDF"),
    ],
)
def test_what_can_not_be_read_says_why(read: Read, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(name, content)


def test_a_file_without_an_ending_is_read_as_text(read: Read) -> None:
    assert read("README", "Read me.").place(0).line == 1


def test_a_large_file_is_refused_before_it_is_read(read: Read) -> None:
    with pytest.raises(DocumentError, match="limit is 1 MB"):
        read("a.txt", b"x" * (1 << 21), Limits(file_bytes=1 << 20))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_a_long_text_is_refused(read: Read, name: str) -> None:
    with pytest.raises(DocumentError, match="longer than 100"):
        read(name, "<html><p>" + "word " * 100, Limits(characters=100))


def test_a_pdf_of_too_many_pages_is_refused(read: Read) -> None:
    with pytest.raises(DocumentError, match="3 pages"):
        read("a.pdf", make_pdf([["x"]] * 3), Limits(pages=2))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name in ("none.txt", "folder.txt"):
        with pytest.raises(DocumentError):
            load(tmp_path / name, Limits())


def test_an_attached_file_is_named_in_its_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"none\.txt"):
        document_text(tmp_path / "none.txt")
