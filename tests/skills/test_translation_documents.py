"""Documents in formats of their own, over a translator that writes in capitals."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement

from assistant.core.errors import DocumentError, ModelError, UsageError
from assistant.core.protocols import Translator
from skills.translation.asks import BATCH
from skills.translation.documents import DocumentTranslator
from skills.translation.formats.opening import format_of, open_document


@dataclass
class Shouting:
    """Writes what it is given in capitals, and counts."""

    pairs: frozenset[tuple[str, str]] = frozenset({("en", "pt")})
    name: str = "shouting"
    batches: list[list[str]] = field(default_factory=list)

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        self.batches.append(list(sentences))
        return [sentence.upper() for sentence in sentences]


def translated(text: str, kind: str, translator: Translator | None = None) -> str:
    document = open_document(text.encode(), kind, "pt")
    plan = DocumentTranslator(lambda: (translator or Shouting(),), lambda *_: ()).plan(
        document, "en", "pt"
    )
    return document.render(list(plan.run(lambda: False))).decode()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>the cat</p>", "<p>THE CAT</p>"),
        ("<p>the <b>red cat</b> sat</p>", "<p>THE <b>RED CAT</b> SAT</p>"),
        ("<p>a<br>the cat</p>\n", "<p>A<br>THE CAT</p>\n"),
        ("the cat", "THE CAT"),
        ("the cat <", "THE CAT &lt;"),
        ("4 < 5 cats & 7 > 6", "4 &lt; 5 CATS &amp; 7 &gt; 6"),
        ("<p>the cat</p><a href='x", "<p>THE CAT</p><a href='x"),
        ("<p>the cat</p><!-- a dog > it", "<p>THE CAT</p><!-- a dog > it"),
        ("<![CDATA[a > dog]]><p>the cat", "<![CDATA[a > dog]]><p>THE CAT"),
        ("<![endif]><![ x><![x[y]]><p>the cat", "<![endif]><![ x><![x[y]]><p>THE CAT"),
        ("<script><!-- a > b </script><p>cat</p>", "<script><!-- a > b </script><p>CAT</p>"),
        ("<ul><li>one<li>two</ul>", "<ul><li>ONE<li>TWO</ul>"),
        ('<html lang="en-GB">', '<html lang="pt">'),
        (
            "<script>if (a < b) go()</script><p>cat</p>",
            "<script>if (a < b) go()</script><p>CAT</p>",
        ),
        ("<style>p { x: y }</style>", "<style>p { x: y }</style>"),
        ("<pre>the cat</pre>", "<pre>the cat</pre>"),
        ("<p>run <code>go &amp; run</code> now</p>", "<p>RUN <code>go &amp; run</code> NOW</p>"),
        ("<!-- the cat --><p>cat</p>", "<!-- the cat --><p>CAT</p>"),
        ("<!DOCTYPE html>\n<p>cat", "<!DOCTYPE html>\n<p>CAT"),
        ('<img src="cat.png" alt="a cat">', '<img src="cat.png" alt="A CAT">'),
        (
            '<p>see <a href="x" title="the cat">it</a> now',
            '<p>SEE <a href="x" title="THE CAT">IT</a> NOW',
        ),
        ("<p>fish &amp; chips &lt; 5</p>", "<p>FISH &amp; CHIPS &lt; 5</p>"),
        ("<p translate='no'>the cat</p><p>dog</p>", "<p translate='no'>the cat</p><p>DOG</p>"),
        (
            "<div class='notranslate'><div>a cat</div></div>dog",
            "<div class='notranslate'><div>a cat</div></div>DOG",
        ),
        ('<meta name="description" content="a cat">', '<meta name="description" content="A CAT">'),
        ('<meta name="author" content="a cat">', '<meta name="author" content="a cat">'),
        ("<p>the <b>cat sat</p>", "<p>THE <b>CAT SAT</p>"),
        ("<title>the cat</title>", "<title>THE CAT</title>"),
        ("</b></p>", "</b></p>"),
        ("<p>caf\U000f0000e <b>au lait</b></p>", "<p>CAF\U000f0000E <b>AU LAIT</b></p>"),
    ],
)
def test_a_page_keeps_its_tags(page: str, expected: str) -> None:
    assert translated(page, "html") == expected


@pytest.mark.parametrize(
    "start",
    ["<a ", "<!--", "<!-->x", "<![CDATA[x>", "<![if x>", "</a", "<?x", "<!x", "&#", "<a x='"],
)
@pytest.mark.parametrize("end", ["", ";", ">"])
def test_a_long_page_of_what_is_never_finished_stays_as_it_is(start: str, end: str) -> None:
    page = start * 50_000 + end  # hours, were it read in quadratic time
    made = open_document(page.encode(), "html", "pt")
    assert html.unescape(
        made.render(["".join(s.text for s in t) for t in made.texts]).decode()
    ) == (html.unescape(page))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<meta charset=windows-1252>", "<meta charset=utf-8>"),
        ("<meta charset='UTF-8'>", "<meta charset='UTF-8'>"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
        ),
        (
            '<?xml version="1.0" encoding="windows-1252"?><p>',
            '<?xml version="1.0" encoding="utf-8"?><p>',
        ),
    ],
)
def test_a_page_says_that_it_is_utf_8_as_it_is_written(page: str, expected: str) -> None:
    document = open_document(f"{page}é".encode("windows-1252"), "html", "pt")
    assert document.render(["é"]).decode() == f"{expected}é"


def test_more_formats_in_one_paragraph_than_can_be_told_apart_leave_it_as_it_is() -> None:
    page = f"{'<b>a</b> ' * 17_000}<p>{'<img>' * 17_000} cat<p>the <b>cat</b></p>"
    made = translated(page, "html")
    assert made == page.replace("the <b>cat</b>", "THE <b>CAT</b>")


def test_an_attribute_cannot_break_out_of_its_tag() -> None:
    class Quoting(Shouting):
        def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
            return ['"><script>'] * len(sentences)

    made = translated('<img alt="a cat"><p>dog</p>', "html", Quoting())
    assert "<script>" not in made


def test_a_sentence_over_two_cues_is_translated_whole_and_divided_again() -> None:
    translator = Shouting()
    source = (
        "1\n00:01,000 --> 00:02,000\nthe cat that i saw\n\n2\n00:02,000 --> 00:03,000\nis here\n"
    )
    made = translated(source, "srt", translator)
    assert translator.batches == [["the cat that i saw is here"]]
    assert made == source.replace("the cat that i saw", "THE CAT THAT I SAW").replace(
        "is here", "IS HERE"
    )


def test_people_who_speak_in_turn_are_translated_one_by_one() -> None:
    source = "1\n00:01,000 --> 00:02,000\n- who is it?\n- it is me.\n"
    assert translated(source, "srt").splitlines()[2:] == ["- WHO IS IT?", "- IT IS ME."]


def test_a_message_with_a_plural_gets_as_many_forms_as_the_header_says() -> None:
    source = (
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=x;\\n"\n\n'
        'msgid "one cat"\nmsgid_plural "%d cats"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    made = translated(source, "po")
    assert 'msgstr[0] "ONE CAT"\nmsgstr[1] "%d CATS"\nmsgstr[2] "%d CATS"\n' in made


def test_a_template_gets_the_plural_rule_of_its_language() -> None:
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n'
    source = f'{header}\nmsgid "cat"\nmsgstr ""\n'
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in translated(source, "po")


def test_a_long_message_is_written_over_several_lines() -> None:
    source = f'msgid "{"the cat sat " * 20}end"\nmsgstr ""\n'
    made = translated(source, "po").partition("msgstr")[2]
    assert made.startswith(' ""\n"THE CAT')
    assert max(map(len, made.splitlines())) <= 80


def word(build: Any) -> bytes:
    document = docx.Document()
    build(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def translated_word(data: bytes) -> Any:
    document = open_document(data, "docx", "pt")
    plan = DocumentTranslator(lambda: (Shouting(),), lambda *_: ()).plan(document, "en", "pt")
    return docx.Document(io.BytesIO(document.render(list(plan.run(lambda: False)))))


def test_runs_of_a_word_document_keep_their_format() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("the ")
        paragraph.add_run("red cat").bold = True
        paragraph.add_run(" sat on ")
        paragraph.add_run("my mat").italic = True
        paragraph.add_run(".")

    (paragraph,) = translated_word(word(build)).paragraphs
    assert [(run.text, run.bold, run.italic) for run in paragraph.runs] == [
        ("THE ", None, None),
        ("RED CAT", True, None),
        (" SAT ON ", None, None),
        ("MY MAT", None, True),
        (".", None, None),
    ]


def test_tables_headers_and_headings_of_a_word_document_are_translated() -> None:
    def build(document: Any) -> None:
        document.add_heading("the title", 1)
        document.add_table(1, 1).cell(0, 0).text = "a cell"
        document.sections[0].header.paragraphs[0].text = "the top"
        document.sections[0].footer.paragraphs[0].text = "the end"

    made = translated_word(word(build))
    assert made.paragraphs[0].text == "THE TITLE"
    assert made.paragraphs[0].style.name == "Heading 1"
    assert made.tables[0].cell(0, 0).text == "A CELL"
    assert made.sections[0].header.paragraphs[0].text == "THE TOP"
    assert made.sections[0].footer.paragraphs[0].text == "THE END"


def test_tabs_and_line_breaks_of_a_word_document_stay() -> None:
    made = translated_word(word(lambda d: d.add_paragraph("the name\tthe value\nthe end")))
    assert made.paragraphs[0].text == "THE NAME\tTHE VALUE\nTHE END"


def test_links_side_by_side_keep_their_own_words() -> None:
    words = [f"cat {'abcdefghij'[number]}" for number in range(10)]

    def build(document: Any) -> None:
        for _ in range(20):
            paragraph = document.add_paragraph("see ")
            for text in words:
                link = OxmlElement("w:hyperlink")
                run = paragraph.add_run(text)
                run.bold = True
                link.append(run._r)
                paragraph._p.append(link)

    document = open_document(word(build), "docx", "pt")
    texts = ["".join(segment.text for segment in text).upper() for text in document.texts]
    for paragraph in docx.Document(io.BytesIO(document.render(texts))).paragraphs:
        assert [link.text for link in paragraph.hyperlinks] == [text.upper() for text in words]


def _changed(name: str, content: bytes) -> bytes:
    """A Word document with another content in one of its parts."""
    source = zipfile.ZipFile(io.BytesIO(word(lambda d: d.add_paragraph("the cat"))))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for item in source.namelist():
            made.writestr(item, content if item == name else source.read(item))
    return written.getvalue()


def _broken_stream() -> bytes:
    data = bytearray(word(lambda d: d.add_paragraph("the cat")))
    for item in zipfile.ZipFile(io.BytesIO(data)).infolist():
        start = item.header_offset + 30 + len(item.filename)
        data[start : start + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


def _flagged(offset: int, value: int) -> bytes:
    """A Word document whose directory says something else of each part."""
    data = bytearray(word(lambda d: d.add_paragraph("the cat")))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + offset] = value
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def _broken_notes() -> bytes:
    """A Word document whose footnotes, for which the library has no class, are no XML."""
    part = "/word/notes.xml"
    package = zipfile.ZipFile(io.BytesIO(word(lambda d: d.add_paragraph("the cat"))))
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    more = {
        "[Content_Types].xml": (
            "</Types>",
            f'<Override PartName="{part}" ContentType="{base}"/></Types>',
        ),
        "word/_rels/document.xml.rels": (
            "</Relationships>",
            f'<Relationship Id="rId99" Type="{kind}" Target="notes.xml"/></Relationships>',
        ),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for item in package.namelist():
            content = package.read(item).decode("latin-1")
            made.writestr(item, content.replace(*more.get(item, ("\0", ""))).encode("latin-1"))
        made.writestr(part[1:], "<w:footnotes")
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        _changed("word/document.xml", b"<w:document"),
        _changed("word/document.xml", b""),
        _changed("[Content_Types].xml", b"<Types/>"),
        _changed("_rels/.rels", b"<Relationships/>"),
        _broken_stream(),
        _broken_notes(),
        _flagged(8, 1),  # encrypted
        _flagged(10, 99),  # a compression nobody knows
    ],
    ids=["xml", "empty", "types", "relations", "stream", "notes", "encrypted", "compression"],
)
def test_a_damaged_or_encrypted_word_document_is_an_error(data: bytes) -> None:
    with pytest.raises(DocumentError, match="no Word document"):
        open_document(data, "docx", "pt")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_word_document_is_an_error(data: bytes) -> None:
    with pytest.raises(DocumentError, match="no Word document"):
        open_document(data, "docx", "pt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("o gato e o cão: ação".encode("utf-16"), "txt"),
        ("o gato e o cão: ação".encode("utf-8-sig"), "txt"),
        ("<meta charset=iso-8859-1><p>ação".encode("latin-1"), "html"),
    ],
)
def test_other_encodings_are_read(data: bytes, kind: str) -> None:
    document = open_document(data, kind, "en")
    assert any("ação" in segment.text for text in document.texts for segment in text)


def test_bytes_that_are_no_text_are_an_error() -> None:
    with pytest.raises(DocumentError, match="no text"):
        open_document(bytes(range(256)) * 4, "txt", "pt")


def test_a_format_that_is_not_known_is_an_error_that_lists_those_that_are() -> None:
    with pytest.raises(UsageError, match="exe") as caught:
        format_of("setup.exe")
    assert "docx" in caught.value.hint


def test_the_first_text_comes_before_the_last_is_translated() -> None:
    translator = Shouting()
    document = open_document(
        "\n\n".join(f"cat {i} is here" for i in range(90)).encode(), "txt", "pt"
    )
    plan = DocumentTranslator(lambda: (translator,), lambda *_: ()).plan(document, "en", "pt")
    run = plan.run(lambda: False)
    assert next(run) == "CAT 0 IS HERE"
    assert len(translator.batches) == 1
    assert len(list(run)) == 89


def test_batches_are_of_like_length_and_nothing_is_translated_twice() -> None:
    translator = Shouting()
    lines = ["a cat " * (1 + i % 7) + "sat" for i in range(64)]
    translated("\n\n".join(lines), "txt", translator)
    asked = [text for batch in translator.batches for text in batch]
    assert len(asked) == len(set(asked)) == 7
    assert all(batch == sorted(batch, key=len) for batch in translator.batches)
    assert max(map(len, translator.batches)) <= BATCH


def test_cancelling_stops_between_batches() -> None:
    translator = Shouting()
    document = open_document(
        "\n\n".join(f"cat {i} is here" for i in range(90)).encode(), "txt", "pt"
    )
    plan = DocumentTranslator(lambda: (translator,), lambda *_: ()).plan(document, "en", "pt")
    made = list(plan.run(lambda: len(translator.batches) >= 3))
    assert len(translator.batches) == 3
    assert len(made) < 90


def plan_for(text: str, *pairs: tuple[str, str], target: str = "pt") -> Any:
    translators = tuple(Shouting(frozenset({pair}), name=">".join(pair)) for pair in pairs)
    suggest = {("zh", "pt"): ("direct-model",), ("zh", "en"): ("zh-model",)}
    document = open_document(text.encode(), "txt", target)
    return DocumentTranslator(lambda: translators, lambda *p: suggest.get(p, ())).plan(
        document, None, target
    )


def test_a_pair_without_a_model_goes_through_english_and_says_so() -> None:
    plan = plan_for("火车九点开。", ("zh", "en"), ("en", "pt"))
    (notice,) = plan.notices
    assert "goes through English" in notice.text
    assert "assistant models pull direct-model" in notice.hint
    assert len(list(plan.run(lambda: False))) == 1


def test_half_a_way_names_the_model_for_the_other_half() -> None:
    with pytest.raises(ModelError) as caught:
        plan_for("火车九点开。", ("en", "es"), target="es")
    assert "zh-model" in caught.value.hint


def test_a_direct_model_is_preferred_to_a_detour() -> None:
    assert plan_for("火车九点开。", ("zh", "en"), ("en", "pt"), ("zh", "pt")).notices == ()


@pytest.mark.parametrize(
    ("text", "words"), [("12345", "no words"), ("O trem está muito atrasado hoje.", "already")]
)
def test_nothing_to_do_is_an_error(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        plan_for(text, ("en", "pt"))


def test_sentences_that_came_out_badly_are_reported() -> None:
    class Broken(Shouting):
        def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
            return ["" if "cat" in s else s.replace("XQ", "").upper() for s in sentences]

    document = open_document(b"The cat is here.\n\nRun `make` now, please.", "md", "pt")
    plan = DocumentTranslator(lambda: (Broken(),), lambda *_: ()).plan(document, "en", "pt")
    made = document.render(list(plan.run(lambda: False))).decode()
    assert made == "The cat is here.\n\nRUN `make` NOW, PLEASE."
    assert [n.text.split(" had")[0].split(" could")[0] for n in plan.remarks()] == [
        "1 sentence", "1 sentence",
    ]  # fmt: skip


@pytest.mark.parametrize("count", ["0", "7", "60", "1000000000", "9" * 5000])
def test_a_number_of_plurals_no_language_has_is_passed_over(count: str) -> None:
    source = (
        f'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals={count}; plural=x;\\n"\n\n'
        'msgid "one cat"\nmsgid_plural "%d cats"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    assert translated(source, "po").count("msgstr[") == 2
