"""Lists and comparisons are recognised by their wording, in six languages."""

from __future__ import annotations

import pytest

from skills.plan import Comparison, Listing, Single, read_plan


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("which of my contracts mention a notice period?", "a notice period"),
        ("Which documents mention rent?", "rent"),
        ("list all files that mention rent", "rent"),
        ("find all papers about side effects", "side effects"),
        ("In which documents is the warranty mentioned?", "the warranty"),
        ("我的哪些合同提到了通知期限？", "通知期限"),
        ("我的文档中哪一份提到了保修？", "保修"),
        ("列出所有提到房租的文件", "房租"),
        ("¿Cuáles de mis contratos mencionan el preaviso?", "el preaviso"),
        ("qué documentos hablan del alquiler", "alquiler"),
        ("Quais dos meus contratos mencionam o aviso prévio?", "o aviso prévio"),
        ("Welche meiner Verträge erwähnen eine Kündigungsfrist?", "eine Kündigungsfrist"),
        ("Welche Dateien enthalten Preise?", "Preise"),
        ("Lesquels de mes contrats mentionnent le préavis ?", "le préavis"),
        ("quels fichiers parlent du loyer ?", "loyer"),
    ],
)
def test_a_list_asks_which_files_speak_of_a_topic(question: str, topic: str) -> None:
    assert read_plan(question) == Listing(topic)


@pytest.mark.parametrize(
    ("question", "sides", "aspect"),
    [
        (
            "How do the lease and the employment contract differ?",
            ("lease", "employment contract"),
            "",
        ),
        ("how does plan A differ from plan B on price?", ("plan A", "plan B"), "price"),
        ("compare a.pdf and b.pdf", ("a.pdf", "b.pdf"), ""),
        ("Compare a.pdf with b.pdf in terms of price.", ("a.pdf", "b.pdf"), "price"),
        ("compare a.pdf, b.pdf and c.pdf: price", ("a.pdf", "b.pdf", "c.pdf"), "price"),
        ("What is the difference between TCP and UDP?", ("TCP", "UDP"), ""),
        ("A方案和B方案有什么区别？", ("A方案", "B方案"), ""),
        (
            "租赁合同与劳动合同在通知期限方面有什么不同？",
            ("租赁合同", "劳动合同"),
            "通知期限",
        ),
        ("比较a.pdf和b.pdf的价格", ("a.pdf", "b.pdf"), "价格"),
        ("¿Qué diferencia hay entre el plan A y el plan B?", ("plan A", "plan B"), ""),
        ("Qual é a diferença entre o plano A e o plano B?", ("plano A", "plano B"), ""),
        ("Was ist der Unterschied zwischen Plan A und Plan B?", ("Plan A", "Plan B"), ""),
        ("Wie unterscheidet sich Plan A von Plan B?", ("Plan A", "Plan B"), ""),
        ("Quelle est la différence entre le plan A et le plan B ?", ("plan A", "plan B"), ""),
    ],
)
def test_a_comparison_names_its_sides(question: str, sides: tuple[str, ...], aspect: str) -> None:
    assert read_plan(question) == Comparison(sides, aspect)


@pytest.mark.parametrize(
    "question",
    [
        "What is the notice period?",
        "Who built the house and the garden?",
        "通知期限是多久？",
        "compare",
        "compare apples",
        "What is the difference?",
        "which of " * 100,
        "在" * 5000,
    ],
)
def test_other_questions_have_one_answer(question: str) -> None:
    assert read_plan(question) == Single()


def test_files_that_a_question_named_are_what_is_compared() -> None:
    assert read_plan("compare the prices", ["a.pdf", "b.pdf"]) == Comparison(
        ("a.pdf", "b.pdf"), "the prices"
    )
    assert read_plan("what is the price?", ["a.pdf", "b.pdf"]) == Single()
