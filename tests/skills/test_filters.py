"""Filters: read from flags and from questions, and never where a question is about them."""

from __future__ import annotations

import pytest

from assistant.core.documents import NO_FILTERS, Filters
from assistant.core.errors import UsageError
from skills.filter_dates import find_days
from skills.filter_values import combined, endings_of, make_filters, written
from skills.filter_words import file_called, names_filter, read_filters

FILES = (
    "/a/report.pdf",
    "/a/employee_handbook.md",
    "/a/My Notes 2.txt",
    "/a/合同.pdf",
    "/a/Warsaw.txt",
    "/b/main.py",
    "/c/lease-2024.docx",
)


def read(question: str) -> tuple[str, Filters]:
    asked = read_filters(question, lambda: FILES)
    return asked.text, asked.filters


@pytest.mark.parametrize(
    ("question", "text", "filters"),
    [
        ("in:report.pdf what is the total?", "what is the total?", Filters(("report.pdf",))),
        ('what is due? in:"my file"', "what is due?", Filters(("my file",))),
        ("总额是多少？in：report.pdf", "总额是多少？", Filters(("report.pdf",))),
        ("type:pdf rent", "rent", Filters(types=("pdf",))),
        ("type:pdf,md rent", "rent", Filters(types=("pdf", "md"))),
        ("rent type:.MD", "rent", Filters(types=("md",))),
        ("rent type:slides", "rent", Filters(types=("pptx", "ppt", "odp"))),
        ("房租 type:表格", "房租", Filters(types=("xlsx", "xls", "csv", "tsv", "ods"))),
        ("rent after:2024-02", "rent", Filters(after="2024-02-01")),
        ("rent before:2024-02", "rent", Filters(before="2024-02-29")),
        (
            "after:2023 before:2024-06-30 rent",
            "rent",
            Filters(after="2023-01-01", before="2024-06-30"),
        ),
        ("in:a.pdf in:b.pdf rent", "rent", Filters(("a.pdf", "b.pdf"))),
    ],
)
def test_written_filters_are_taken_out_of_the_question(
    question: str, text: str, filters: Filters
) -> None:
    assert read(question) == (text, filters)


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("in report.pdf, what is the total?", "what is the total?", "report.pdf"),
        ("according to handbook.md, may I?", "may I?", "handbook.md"),
        ("may I, according to the employee handbook?", "may I,?", "employee_handbook.md"),
        ("What does report.pdf say about sales?", "What does say about sales?", "report.pdf"),
        ("in “My Notes 2”, what is said?", "what is said?", "My Notes 2.txt"),
        ("report.pdf: what is the total?", "what is the total?", "report.pdf"),
        ("in main.py what is foo?", "what is foo?", "main.py"),
        ("在 report.pdf 里，利润是多少？", "利润是多少？", "report.pdf"),
        ("根据合同.pdf，期限多久？", "期限多久？", "合同.pdf"),
        ("合同.pdf里说了什么期限？", "说了什么期限？", "合同.pdf"),
        ("según report.pdf, ¿cuánto?", "¿cuánto?", "report.pdf"),
        ("segundo o report.pdf, quanto?", "quanto?", "report.pdf"),
        ("laut report.pdf, wie viel?", "wie viel?", "report.pdf"),
        ("d'après report.pdf, combien ?", "combien?", "report.pdf"),
    ],
)
def test_files_are_named_in_plain_words(question: str, text: str, name: str) -> None:
    assert read(question) == (text, Filters((name,)))


@pytest.mark.parametrize(
    ("question", "ending"),
    [
        ("in my PDFs, where is the clause?", "pdf"),
        ("where is the clause in the slides?", "pptx"),
        ("which of my spreadsheets mention rent?", "xlsx"),
        ("what do my e-mails say about rent?", "eml"),
        ("在幻灯片里，结论是什么？", "pptx"),
        ("我的邮件里谁提到了房租？", "eml"),
        ("en mis hojas de cálculo, ¿cuánto?", "xlsx"),
        ("nas minhas planilhas, qual o total?", "xlsx"),
        ("in meinen Folien, was steht zum Preis?", "pptx"),
        ("dans mes présentations, quel est le prix ?", "pptx"),
    ],
)
def test_types_are_named_in_plain_words(question: str, ending: str) -> None:
    assert ending in read(question)[1].types


@pytest.mark.parametrize(
    ("question", "after", "before"),
    [
        ("in files changed since January 2024, what is new?", "2024-01-01", ""),
        ("which documents modified after 2024-03-05 mention rent?", "2024-03-06", ""),
        ("rent in notes from 2024", "2024-01-01", "2024-12-31"),
        ("files older than March 5, 2024 about rent", "", "2024-03-04"),
        ("2024年1月以后的文件里写了什么？", "2024-01-01", ""),
        ("2024年3月5日之前修改的文件提到了什么？", "", "2024-03-04"),
        ("2024年的文件提到了什么？", "2024-01-01", "2024-12-31"),
        ("archivos modificados desde enero de 2024 sobre alquiler", "2024-01-01", ""),
        ("arquivos até março de 2024 sobre aluguel", "", "2024-03-31"),
        ("Dateien seit März 2024 über Miete", "2024-03-01", ""),
        ("fichiers depuis le 5 mars 2024 sur le loyer", "2024-03-05", ""),
        ("fichiers depuis mars 2024 sur le loyer", "2024-03-01", ""),
    ],
)
def test_days_are_read_where_they_are_about_files(question: str, after: str, before: str) -> None:
    filters = read(question)[1]
    assert (filters.after, filters.before) == (after, before)


@pytest.mark.parametrize(
    "question",
    [
        "what happened after 2024?",
        "who wrote papers before 1900?",
        "files from 1066 about Hastings",
        "How many people live in Warsaw?",
        "in node.js, how do I read a file?",
        "Which files import utils.py?",
        "in the presentation of evidence, what matters?",
        "what do the emails say?",
        "see https://example.org/in:foo",
        "How do I sign in: with a password?",
        "Wie lange dauert es nach Angaben von Dr.Meier?",
        "compare report.pdf and 合同.pdf",
        "2024年发生了什么？",
        "who reads my e-mails?",
    ],
)
def test_what_a_question_is_about_is_no_filter(question: str) -> None:
    assert read(question) == (question, NO_FILTERS)


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("rent after:soon", "after:2024-06"),
        ("rent before:2024-13", "before:2024-06-30"),
        ("rent after:2024-02-30", "after:2024-06"),
        ("rent type:???", "type:pdf"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_with_the_valid_forms(
    question: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        read(question)
    assert hint in caught.value.hint
    assert names_filter(question)


def test_no_day_between_the_dates_is_said() -> None:
    with pytest.raises(UsageError, match="2025-01-01"):
        make_filters(after="2025", before="2024")
    with pytest.raises(UsageError):
        combined(Filters(after="2025-01-01"), Filters(before="2024-01-01"))


def test_flags_win_over_the_question_field_by_field() -> None:
    question = Filters(("a.pdf",), ("pdf",), after="2024-01-01")
    named = Filters(("b.pdf",), after="2023-01-01")
    assert combined(question, named) == Filters(("b.pdf",), ("pdf",), after="2023-01-01")


def test_filters_are_written_as_one_would_type_them() -> None:
    filters = make_filters(["my file"], ["pdf"], "2024", "2024-06")
    assert written(filters) == 'in:"my file" type:pdf after:2024-01-01 before:2024-06-30'
    assert read(f"rent {written(filters)}") == ("rent", filters)


def test_escape_sequences_in_a_filter_are_not_repeated() -> None:
    assert "\x1b" not in written(Filters(("\x1b[31mred",)))
    with pytest.raises(UsageError) as caught:
        endings_of("\x1b[31m!")
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a.pdf", "a.pdf"),
        ("employee handbook", "employee_handbook.md"),
        ("lease", "lease-2024.docx"),
        ("main.py", "main.py"),
        ("TCP", None),
    ],
)
def test_a_side_of_a_comparison_may_be_a_file(name: str, file: str | None) -> None:
    assert file_called(name, lambda: FILES) == file


def test_of_two_files_with_the_same_words_none_is_meant() -> None:
    assert file_called("lease", lambda: ("/lease 1.pdf", "/lease 2.pdf")) is None


def test_a_long_text_has_written_filters_only() -> None:
    text = "The report.pdf of the city. In report.pdf, we find much. " * 50
    assert read(text)[1] == NO_FILTERS
    assert read(f"in:report.pdf {text}")[1] == Filters(("report.pdf",))


def test_casefolding_that_lengthens_a_text_moves_no_offset() -> None:
    text = "ẞ" * 3 + " files changed since 2024 about rent"
    days = find_days(text)
    assert days is not None
    assert text[: days.start] + text[days.end :] == "ẞ" * 3 + " files about rent"
