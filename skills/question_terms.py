"""Which terms of a question an answer should share: those that carry its subject."""

from __future__ import annotations

import re

from assistant.language.terms import terms

# Words of asking and pointing at documents, in the languages of the card. They are in every
# question and in hardly any answer.
_ASKING = frozenset(
    """
    a an the of in on at to for from by with and or as is are was were be been do does did has have
    had can could will would should may must i me my mine we our you your he she it its they their
    this that these those there here what which who whom whose where when why how many much
    say says said tell tells mention mentions mentioned according about find show look please
    document documents file files note notes paper papers folder
    el la los las un una unos unas de del en a al por para con y o es son era fue ser está hay se
    su sus mi mis tu que qué quién quiénes cuál cuáles cuándo dónde cómo cuánto cuánta cuántos
    cuántas dice dicen según sobre busca documento documentos archivo archivos notas
    os as um uma do da dos das no na nos nas ao à pelo pela e ou são foi meu minha meus minhas seu
    sua quem qual quais quando onde como quanto quanta quantos quantas diz dizem segundo procure
    arquivos ficheiros
    der die das den dem des ein eine einen einem einer eines und oder in im am an auf zu zum zur
    von vom mit für ist sind war waren wird werden hat haben ich mein meine meinem meinen meiner
    was wer wen wem wessen wo wann warum wie welche welcher welches welchen welchem viel viele
    steht sagt sagen laut über suche dokument dokumente dokumenten datei dateien notizen
    le les des du et ou est sont était au aux dans sur pour par avec mon ma mes son sa ses
    notre votre qui que quoi quel quelle quels quelles où quand comment pourquoi combien dit disent
    selon cherche documents fichiers fichier
    什么 么时 时候 多少 哪里 哪个 哪些 哪一 怎么 怎样 如何
    谁 是谁 几 是多 多久 为什 为何 请 吗 呢 的 是 我的
    """.split()  # noqa: SIM905
)


def matched_form(term: str) -> str:
    """The term as it is compared: without the plural -s of European languages."""
    if len(term) > 3 and term.isascii() and term[-1] == "s" and term[-2] not in "siu":
        return term[:-1]
    return term


def matched_forms(text: str) -> frozenset[str]:
    """Distinct terms of a text as they are compared."""
    return frozenset(map(matched_form, terms(text)))


def telling_terms(question: str) -> frozenset[str]:
    """Distinct terms of the question as they are compared, words of asking left out; all of
    them when it has no others."""
    asked = frozenset(terms(question))
    return frozenset(map(matched_form, asked - _ASKING or asked))


def is_telling(question: str) -> bool:
    """Whether a question holds more than words of asking."""
    return not _ASKING.issuperset(terms(question))


_WORDS = re.compile(r"[^\W\d_][\w'’-]*")
_MOST_WORDS = 12
"""Of a subject; a longer question tells a story."""


def told_subject(question: str) -> str:
    """What is left of a question without the words of asking, in its order; "" of a long one."""
    words = _WORDS.findall(question)
    kept = [word for word in words if not _ASKING.issuperset(terms(word))]
    return " ".join(kept) if len(kept) <= _MOST_WORDS else ""


_STEM = 5
"""Letters two forms of a word share at least ("surrender", "surrendered") …"""
_ENDING = 4
"""… and letters either may have beyond them."""


class Forms:
    """Terms that are found again in other forms of the word."""

    def __init__(self, terms: frozenset[str]) -> None:
        self._terms = terms
        self._by_stem: dict[str, list[str]] = {}
        for term in terms:
            if len(term) >= _STEM:
                self._by_stem.setdefault(term[:_STEM], []).append(term)

    def __contains__(self, term: str) -> bool:
        form = matched_form(term)
        return form in self._terms or any(
            _endings_fit(form, other) for other in self._by_stem.get(form[:_STEM], ())
        )


def _endings_fit(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    shared = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return shared >= _STEM and max(len(one), len(other)) - shared <= _ENDING
