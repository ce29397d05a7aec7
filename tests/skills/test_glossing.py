"""A question in the words of documents in the other language."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from assistant.core.documents import NO_FILTERS
from skills.evidence import ALONE, measure
from skills.foreign import rank_by_meaning
from skills.glossing.aim import NEUTRAL, Aims
from skills.glossing.building import read_entries, write_tables
from skills.glossing.concepts import Glosses, GlossWeights
from skills.glossing.glossary import Glossary
from skills.glossing.lexicon import EN_ZH, ZH_EN, Lexicon
from skills.quotes import rank_sentences
from skills.search import Search
from tests.fakes import HashingEmbedder
from tests.skills.asking import FakeRetriever, candidate

CEDICT = """# CC-CEDICT
華沙 华沙 [Hua2 sha1] /Warsaw, capital of Poland/
租金 租金 [zu1 jin1] /rent/
房租 房租 [fang2 zu1] /rent for a room or house/
發現 发现 [fa1 xian4] /to notice/to discover/discovery/
氧氣 氧气 [yang3 qi4] /oxygen/
的 的 [de5] /of/
這個 这个 [zhe4 ge5] /(pronoun) this/
湖 湖 [hu2] /lake/CL:個|个[ge4]/
格 格 [ge2] /square/frame/
發見 发见 [fa1 jian4] /variant of 發現|发现[fa1 xian4]/
not an entry at all
"""


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary()


def asked(glossary: Glossary, question: str) -> Glosses:
    glosses = glossary.glosses(question)
    assert glosses is not None
    return glosses


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("华沙的人口是多少？", "The population of Warsaw was 1.7 million."),
        ("華沙的人口是多少？", "The population of Warsaw was 1.7 million."),
        ("谁发现了氧气？", "Priestley was the discoverer of oxygen."),
        ("租金什么时候支付？", "The rent has to be paid on the fifth."),
        ("NFL在2015年有多少支球队？", "In 2015 the NFL had 32 sports teams."),
        ("Who discovered oxygen?", "普利斯特里发现了氧气。"),
        ("湖有多深？", "It is the deepest lake."),
        ("狗吃什么？", "A dog will eat meat."),
        ("How deep is the lake?", "湖水很深厚。"),
        ("谁在2015年赢了比赛？", "They won the match in 2015."),
        ("Who won the war?", "他们打赢了战争，赢得和平。"),
        ("When is the rent paid?", "租金于每月五日支付。"),
        ("What did the NFL decide in 2015?", "2015年，NFL 作出了决定。"),
    ],
)
def test_a_text_that_says_what_is_asked_covers_it(
    glossary: Glossary, question: str, text: str
) -> None:
    weights = GlossWeights(asked(glossary, question), [text, "Rain. 下雨。"])
    assert weights.coverage(text) == pytest.approx(1.0)
    assert weights.coverage("Rain fell on the plain. 下雨了。") == 0.0


def test_a_word_with_many_translations_weighs_no_more_than_another(glossary: Glossary) -> None:
    glosses = asked(glossary, "谁发现了氧气？")
    weights = GlossWeights(glosses, ["oxygen", "discover"])
    assert weights.coverage("oxygen") == pytest.approx(weights.coverage("discovered"))


def test_rare_concepts_tell_more_than_common_ones(glossary: Glossary) -> None:
    glosses = asked(glossary, "谁发现了氧气？")
    weights = GlossWeights(glosses, ["he discovered oxygen", "they discovered it", "discovery"])
    assert weights.coverage("oxygen") > weights.coverage("discovered")


@pytest.mark.parametrize(
    "question",
    [
        "Quem descobriu o oxigênio e onde nasceu ele?",
        "家賃はいつ払いますか？",
        "임대료는 언제 지불합니까?",
        "什么时候？",
        "!?",
        "",
    ],
)
def test_a_question_in_no_language_of_the_dictionary_has_no_glosses(
    glossary: Glossary, question: str
) -> None:
    assert glossary.glosses(question) is None


def test_of_a_very_long_question_only_the_beginning_is_looked_up(glossary: Glossary) -> None:
    glosses = asked(glossary, "租金" * 20_000 + "氧气")
    assert "rent" in glosses.words.split()
    assert "oxygen" not in glosses.words.split()


def test_odd_questions_do_no_harm(glossary: Glossary) -> None:
    assert glossary.glosses("\x00\ud800" + "a" * 100_000) is None


def test_entries_are_read_by_the_words_that_carry_them() -> None:
    glosses = read_entries(CEDICT.splitlines())
    assert glosses["华沙"] == [("warsaw",), ("capital", "poland")]
    assert glosses["發現"] == [("notice",), ("discover",), ("discovery",)]
    assert not glosses.get("这个")
    assert not glosses.get("发见")
    assert "的" not in glosses
    assert glosses["湖"] == [("lake",)]
    assert "格" not in glosses  # by itself it is a syllable of a name more often


def test_a_character_within_a_longer_word_is_no_word_of_its_own(glossary: Glossary) -> None:
    assert "horse" not in asked(glossary, "罗马是什么时候建成的？").words.split()
    assert "horse" in asked(glossary, "马吃什么？").words.split()


def test_tables_are_looked_up_both_ways(tmp_path: Path) -> None:
    write_tables(CEDICT.splitlines(), tmp_path)
    to_english, to_chinese = (
        Lexicon(lzma.decompress((tmp_path / name).read_bytes()).decode()) for name in (ZH_EN, EN_ZH)
    )
    assert to_english["发现"] == ("notice", "discover", "discovery")
    assert to_english["发"] == ()
    assert to_english["发现了"] == ()
    assert to_chinese["rent"] == ("租金",)  # of a room or house is an explanation
    assert [word for word, _ in to_chinese.beginning("discov")] == ["discover", "discovery"]


def test_a_passage_that_says_what_is_asked_comes_first(glossary: Glossary) -> None:
    beside = candidate("The town was founded early.", "/town.txt", fused=1.5, chunk=1)
    right = candidate("Oxygen was discovered by Priestley.", "/air.txt", fused=1.0, chunk=2)
    question = "谁发现了氧气？"
    plain = rank_by_meaning(question, [beside, right], HashingEmbedder())
    aim = Aims().take(question, asked(glossary, question), HashingEmbedder())
    told = rank_by_meaning(question, [beside, right], HashingEmbedder(), aim)
    assert plain.candidates[0].path == "/town.txt"
    assert told.candidates[0].path == "/air.txt"
    assert told.quoted[0].text == "Oxygen was discovered by Priestley."
    assert told.covers is not None
    assert told.covers("oxygen") > 0


def test_documents_in_the_other_script_are_searched_by_its_words(glossary: Glossary) -> None:
    shelf = FakeRetriever(
        [
            candidate("The town was founded early.", "/town.txt", chunk=1),
            candidate("Oxygen was discovered by Priestley.", "/air.txt", chunk=2),
        ]
    )
    search = Search(shelf, HashingEmbedder(), lambda _: "en", None, NO_FILTERS, glossary)
    judged = search.judge("谁发现了氧气？")
    assert shelf.words[0] == ""
    assert {"discover", "oxygen"} <= set(shelf.words[1].split())
    assert judged.candidates[0].path == "/air.txt"
    assert judged.evidence is not None
    assert judged.evidence.glossed


def test_a_lead_over_few_passages_says_little(glossary: Glossary) -> None:
    found = [
        candidate(f"Oxygen was found by person {n}.", fused=9.0 - n, chunk=n) for n in range(10)
    ]
    sentences = rank_sentences("谁发现了氧气？", found, HashingEmbedder(), len(found))
    covers = GlossWeights(asked(glossary, "谁发现了氧气？"), [c.text for c in found]).coverage
    alone = measure("谁发现了氧气？", found[:1], sentences[:1], True, covers=covers)
    among = measure("谁发现了氧气？", found, sentences, True, covers=covers)
    own = measure("谁发现了氧气？", found[:1], sentences[:1], False)
    assert (alone.sentence_lift, alone.fused_margin) == pytest.approx((0.031, 2.8))
    assert among.fused_margin == pytest.approx(1.0)
    assert own.fused_margin == ALONE.fused


def test_what_is_only_in_the_other_script_is_found_among_many_passages_in_ones_own(
    glossary: Glossary,
) -> None:
    shelf = FakeRetriever([candidate("春天有郁金香。", f"/{n}.txt", chunk=n) for n in range(60)])
    shelf.told = [candidate("Oxygen was discovered by Priestley.", "/air.txt", chunk=99)]
    search = Search(shelf, HashingEmbedder(), lambda _: "en", None, NO_FILTERS, glossary)
    judged = search.judge("谁发现了氧气？")
    assert judged.beside is not None
    found = (*judged.candidates, *judged.beside.candidates)
    assert "/air.txt" in {c.path for c in found}


def test_an_english_question_reaches_chinese_text_that_was_not_among_the_nearest(
    glossary: Glossary,
) -> None:
    shelf = FakeRetriever([candidate("Tulips bloom in spring.", chunk=1)], chinese=True)
    shelf.told = [candidate("氧气是普利斯特里发现的。", "/空气.txt", chunk=2)]
    search = Search(shelf, HashingEmbedder(), lambda _: "zh", None, NO_FILTERS, glossary)
    search.judge("Who discovered oxygen?")
    assert "氧气" in shelf.words[1].split()


def test_where_nothing_is_in_chinese_an_english_question_is_not_put_into_it(
    glossary: Glossary,
) -> None:
    shelf = FakeRetriever([candidate("Tulips bloom in spring.", chunk=1)])
    search = Search(shelf, HashingEmbedder(), lambda _: "en", None, NO_FILTERS, glossary)
    search.judge("Who discovered oxygen?")
    assert shelf.words == [""]


def test_what_is_surely_answered_in_the_questions_script_is_not_looked_for_in_another(
    glossary: Glossary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skills.judging.confidence", lambda _: 0.9)
    shelf = FakeRetriever([candidate("氧气是普利斯特里发现的。", chunk=1)])
    search = Search(shelf, HashingEmbedder(), lambda _: "zh", None, NO_FILTERS, glossary)
    search.judge("谁发现了氧气？")
    assert shelf.words == [""]


def test_what_is_near_to_any_question_is_not_aimed_at(glossary: Glossary) -> None:
    embedder = HashingEmbedder()
    question = "Who discovered the king?"
    aim = Aims().take(question, asked(glossary, question), embedder)
    usual, rare = embedder.embed_documents(["the", "discovered"])
    plain = embedder.embed_queries([question])[0]
    assert plain @ usual == pytest.approx(plain @ rare)
    assert aim.vector @ usual < aim.vector @ rare
    assert -1.0 <= aim.likeness <= 1.0


def test_one_passage_that_is_in_no_language_does_not_turn_the_dictionary_off(
    glossary: Glossary,
) -> None:
    table = candidate("4 CARD32 N_ICONS 8*N_ICONS", "/spec.pdf", fused=9.0, chunk=1)
    texts = [candidate(f"The town has {n} churches.", fused=1.0, chunk=n) for n in range(2, 4)]
    shelf = FakeRetriever([table, *texts])
    detected = {table.text: "kab", "谁发现了氧气？": "zh"}
    search = Search(
        shelf, HashingEmbedder(), lambda text: detected.get(text, "en"), None, NO_FILTERS, glossary
    )
    judged = search.judge("谁发现了氧气？")
    assert judged.evidence is not None
    assert judged.evidence.glossed


def test_the_neutral_questions_are_encoded_once(glossary: Glossary) -> None:
    embedder, aims = HashingEmbedder(), Aims()
    for question in ("谁发现了氧气？", "租金什么时候支付？"):
        aims.take(question, asked(glossary, question), embedder)
    assert embedder.calls == 2 + len(NEUTRAL)


def test_texts_in_a_third_language_are_ranked_by_meaning_alone(glossary: Glossary) -> None:
    shelf = FakeRetriever([candidate("O oxigênio (oxygen) foi descoberto cedo.", chunk=1)])
    search = Search(shelf, HashingEmbedder(), lambda _: "pt", None, NO_FILTERS, glossary)
    judged = search.judge("谁发现了氧气？")
    assert judged.evidence is not None
    assert not judged.evidence.glossed
