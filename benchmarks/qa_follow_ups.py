"""Measures follow-up questions: `python -m benchmarks.qa_follow_ups --models DIR --data DIR`.

A follow-up is made from two questions about one passage of XQuAD that name the same subject: the
first is asked as it stands, then the second with a pronoun for the subject ("When was he born?").
The subjects below were picked from all names two questions of a passage share, and each pair
they give was read; names that leave no natural question were left out.

Printed, by language: how many follow-ups are recognised, and right passage first / in five for the
follow-up alone, with the question before it, and for the question before the pronoun was put in;
then what becomes of questions that stand alone, asked after a question about another article.
`--show` prints the pairs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.core.messages import Message
from benchmarks.qa import (
    LANGUAGES,
    Bench,
    Row,
    overlaps,
    read_arguments,
    read_rows,
    remembering_embedder,
)
from skills.follow_up import understood
from skills.judging import Judged
from skills.search import Search

_PAIRS_A_PASSAGE = 2
_IT, _HE, _SHE, _THEY = "it its it", "he his him", "she her her", "they their them"
SUBJECTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        _HE: (
            "Nikola Tesla", "Tesla", "Martin Luther", "Luther", "Joseph Priestley", "Priestley",
            "James Hutton", "Hutton", "John Sheepshanks", "Seaman",
        ),
        _SHE: ("Lady Gaga",),
        _THEY: ("Panthers", "Broncos", "Huguenots", "Ctenophores", "ctenophores", "Normans"),
        _IT: (
            "Summer Theatre", "Warsaw", "BSkyB", "Victoria", "Wales", "Amazon rainforest",
            "Amazon forest", "Burgess Shale", "Fresno", "Kearney Boulevard", "DECnet", "Newcastle",
            "Grainger Market", "V&A", "Energiprojekt AB engine", "European Union",
            "Parliament", "southern California", "Southern California", "Sky Digital",
            "Sky digital", "Internet2", "stock exchange", "Agreement on Social Policy",
            "agreement on Social Policy", "European Convention on Human Rights", "Amazon",
        ),
    },
    "zh": {
        "他": (
            "特斯拉", "路德", "约瑟夫·普利斯特里", "普利斯特里", "詹姆斯·赫顿",
            "约翰·希普尚克斯", "希曼斯",
        ),
        "她": ("女神卡卡",),
        "他们": ("诺曼人", "胡格诺派移居者", "胡格诺派", "地层学家"),
        "它们": ("现代栉水母", "栉水母", "复杂性类"),
        "它": (
            "夏季剧院", "华沙证券交易所", "黑豹队", "野马队", "Sky+HD", "Sky Digital", "维多利亚州",
            "南加州", "《欧洲人权公约》", "《社会政策协议》", "亚马逊雨林", "弗雷斯诺西侧",
            "科尔尼大道", "DECnet", "Internet2", "动物区系演替原理", "纽卡斯尔", "格兰杰市场",
            "V＆A", "乐器画廊", "Energiprojekt AB发动机", "阿波罗1号", "高等法院诉讼", "体罚",
            "特斯拉电力照明与制造公司", "亚马逊森林", "瘟疫", "威尔士", "州际高速公路系统",
        ),
    },
}  # fmt: skip
_FITS = (
    r"\b(?:did|does|do|is|was|were|has|have|had|must|will|can|when|that) (?:the )?{name} (?![A-Z])"
    r"|\b(?:of|by|in|from|to|for|with|at|about|as|around|along|join|enter) (?:the )?{name}"
    r"(?= *[?.,]|$| (?:is|was|were|had|lead|in|to|what|lack)\b)|(?:^|\W){name}'s [a-z]"
)
"""Where a pronoun reads well: after an auxiliary, at the end, or for a possessive."""
_AWKWARD = re.compile(
    r"[·个位种次][他她它]|[他她它]们?(?:[里中上大电类后移血网化RS内服]|[是]?哪[位])|“[他它]”|与\w.*的它？"
    r"|^球它|位于它|的它|次它|它们 RP"
    r"|they defense|it phase|its it\b|'s it\b"
    r"|it (?:elections|engine|region|forest|University|plant)|\"he\""
)
"""Leavings of names the subject was only a part of."""
_AFTER_PREPOSITION = re.compile(
    r"\b(?:of|by|in|from|to|for|with|at|about|against|than)\s+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the follow-up, and what it was before the pronoun was put in."""

    row: Row
    before: str
    follow_up: str
    whole: str


def make_pairs(rows: Sequence[Row], language: str) -> Iterator[Pair]:
    """Every follow-up, at most two a passage and one a second question."""
    for row in rows:
        made: set[str] = set()
        for before, _ in row.questions:
            for whole, _ in row.questions:
                if whole == before or whole in made or len(made) >= _PAIRS_A_PASSAGE:
                    continue
                follow_up = _with_pronoun(before, whole, language)
                if follow_up is not None:
                    made.add(whole)
                    yield Pair(row, before, follow_up, whole)


def _with_pronoun(before: str, whole: str, language: str) -> str | None:
    subjects = [(name, pronoun) for pronoun, names in SUBJECTS[language].items() for name in names]
    for name, pronoun in sorted(subjects, key=lambda s: -len(s[0])):
        if name in before and name in whole:
            changed = _replaced(whole, name, pronoun)
            return None if name in changed or _AWKWARD.search(changed) else changed
    return None


def _replaced(question: str, name: str, pronoun: str) -> str:
    if " " not in pronoun:
        return question.replace(name, pronoun)
    subject, possessive, other = pronoun.split()
    if not re.search(_FITS.format(name=re.escape(name)), question):
        return question

    def form(found: re.Match[str]) -> str:
        if found[1]:
            return possessive
        return other if _AFTER_PREPOSITION.search(question[: found.start()]) else subject

    return re.sub(rf"(?:\b[Tt]he )?{re.escape(name)}('s)?(?!\w)", form, question)


def measure(bench: Bench, rows: Sequence[Row], language: str, show: bool) -> None:
    """Print the figures of one language."""
    index = bench.index(rows)
    search = bench.search(index)
    pairs = list(make_pairs(rows, language))
    if show:
        for pair in pairs:
            print(f"  {pair.before}  →  {pair.follow_up}   ({pair.whole})")
    asked = [understood(p.follow_up, [Message("user", p.before)]) for p in pairs]
    recognised = np.mean([bool(a.after) for a in asked])
    print(f"{language}: {len(pairs)} follow-ups, recognised {recognised:.3f}")
    for name, found in (
        ("alone", [search.judge(p.follow_up) for p in pairs]),
        (
            "with the question before",
            [search.judge_understood(p.follow_up, a)[0] for p, a in zip(pairs, asked, strict=True)],
        ),
        ("without a pronoun", [search.judge(p.whole) for p in pairs]),
    ):
        marks = [_marks(judged, p.row, p.whole) for judged, p in zip(found, pairs, strict=True)]
        first, in_five, answered, in_three = np.mean(marks, axis=0)
        print(
            f"{language}: {name}: right passage first {first:.3f}, in five {in_five:.3f}, gold "
            f"answer in the first sentence {answered:.3f}, in three {in_three:.3f}"
        )
    _measure_alone(search, rows, language)


def _measure_alone(search: Search, rows: Sequence[Row], language: str) -> None:
    """What a history of another article does to questions that need none."""
    plain: list[bool] = []
    after: list[bool] = []
    suspected = changed = 0
    for number, row in enumerate(rows):
        other = rows[(number + len(rows) // 2) % len(rows)].questions[0][0]
        for question, _ in row.questions:
            asked = understood(question, [Message("user", other)])
            plain.append(_marks(search.judge(question), row, question)[0])
            if not asked.after:
                after.append(plain[-1])
                continue
            judged, followed = search.judge_understood(question, asked)
            after.append(_marks(judged, row, question)[0])
            suspected += 1
            changed += followed
    print(
        f"{language}: {len(plain)} questions after one about another article: {suspected} seem to "
        f"follow it, {changed} are answered so; right passage first {np.mean(plain):.3f} without "
        f"history, {np.mean(after):.3f} with it",
        flush=True,
    )


def _marks(judged: Judged, row: Row, question: str) -> tuple[bool, bool, bool, bool]:
    found = judged.candidates
    answers = dict(row.questions)[question]
    held = [any(a in s.text for a in answers) for s in judged.sentences[:3]]
    first, in_five = overlaps(found[0], row), any(overlaps(c, row) for c in found[:5])
    return first, in_five, any(held[:1]), any(held)


def main() -> None:
    """Run the measurement; a minute on two cores."""
    arguments = read_arguments(__doc__, show="print the pairs")
    embedder = remembering_embedder(arguments.models)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), embedder)
        for language in LANGUAGES:
            measure(bench, read_rows(arguments.data, language), language, arguments.show)


if __name__ == "__main__":
    main()
