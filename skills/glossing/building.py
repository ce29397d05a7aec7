"""Makes the word lists of CC-CEDICT: `python -m skills.glossing.building CEDICT FOLDER`.

CEDICT is the dictionary's text (https://cc-cedict.org, a line: traditional simplified [pinyin]
/gloss/gloss/). Written into FOLDER are two compressed tables, sorted by their first column, which
`lexicon.py` looks words up in: Chinese word → English glosses, and English word → Chinese words.
"""

from __future__ import annotations

import argparse
import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assistant.language.terms import terms
from skills.glossing.lexicon import EN_ZH, GLOSS_SEPARATOR, ZH_EN
from skills.question_terms import matched_form

_ENTRY = re.compile(r"(\S+) (\S+) \[[^\]]*\] /(.*)/")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[\u3400-\u9fff|]+")
_PART = re.compile(r"[,;]")
_NO_MEANING = re.compile(
    r"CL:|(?:old |erhua |Japanese )?variant of|see |also pr|Taiwan pr|abbr\. for|surname |used in "
)
_SMALL = frozenset(
    # Words of glosses that are in most of them, or that speak of the word and not the thing.
    """
    a an the of in on at to for from by with and or as is are be sb sth one s oneself it its not
    that this which who into up out off over about old variant see also used esp etc lit fig abbr
    surname literary idiom coll colloquial loanword tw taiwan pr person place name city county
    district prefecture province town autonomous
    """.split()  # noqa: SIM905
)
ALONE = frozenset(
    # Characters that are words of their own where no longer word holds them, simplified and
    # traditional: animals, places, plants, food, matter, things, the body, people, acts. Most
    # others are parts of words and of foreign names, or say nothing by themselves.
    "狗猫马鱼鸟牛羊猪鸡鸭虎狼熊蛇虫兔象猴鹿鹰鲸蜂龟貓馬魚鳥豬雞鴨蟲鷹鯨龜"
    "车船河湖海山岛桥塔州镇村街路港墙门窗屋楼庙寺車島橋鎮牆門樓廟"
    "树花草叶根果茶酒药米麦豆菜肉蛋奶糖盐油水火冰雨雪风云雷光樹葉藥麥鹽風雲"
    "金银铜铁钢铝锌铅煤碳氧氢氮硫磷銀銅鐵鋼鋁鋅鉛氫"
    "税钱债股书诗歌画舞戏剧信报纸笔刀枪炮剑箭球灯床桌椅钟表衣鞋帽"
    "稅錢債書詩畫戲劇報紙筆槍砲劍燈鐘錶"
    "血心脑肝肺肾胃骨皮眼耳鼻牙脚病癌菌毒腦腎腳王兵神佛父母妻夫儿女君臣帝兒"
    "死杀吃喝买卖唱写读殺買賣寫讀"
)
_SENSES_ALONE = 6
"""Of such a word; later ones are rare or old."""
_LONGEST_WORD = 8
_MOST_WORDS = 4
"""Of a gloss; longer ones are explanations."""
_MOST_TRANSLATIONS = 40
Glosses = Mapping[str, list[tuple[str, ...]]]


def read_entries(lines: Iterable[str]) -> Glosses:
    """Glosses, as the words that carry them, by word in either script."""
    glosses: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in lines:
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        traditional, simplified, told = entry.groups()
        for word in {traditional, simplified}:
            if 1 < len(word) <= _LONGEST_WORD or word in ALONE:
                known = glosses[word]
                known += [g for g in _glosses(told) if g not in known]
                if word in ALONE:
                    del known[_SENSES_ALONE:]
    return glosses


def _glosses(told: str) -> Iterator[tuple[str, ...]]:
    for gloss in told.split("/"):
        if _NO_MEANING.match(gloss):
            continue
        for part in _PART.split(_ASIDE.sub(" ", gloss)):  # "Warsaw, capital of Poland"
            words = [w for w in terms(part) if w not in _SMALL]
            if 0 < len(words) <= _MOST_WORDS:
                yield tuple(matched_form(w) for w in words)


def inverted(glosses: Glosses) -> dict[str, list[str]]:
    """Chinese words by English one, those that mean just that first."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for word, senses in glosses.items():
        for place, gloss in enumerate(senses):
            if len(gloss) > 2 or not word.isalpha():
                continue
            for term in gloss:
                rank = len(gloss), place
                found[term][word] = min(rank, found[term].get(word, rank))
    return {
        term: sorted(words, key=lambda w: (words[w], w))[:_MOST_TRANSLATIONS]
        for term, words in found.items()
    }


def write_tables(lines: Iterable[str], folder: Path) -> None:
    """Make both tables."""
    glosses = read_entries(lines)
    to_english = {
        word: GLOSS_SEPARATOR.join(" ".join(gloss) for gloss in senses)
        for word, senses in glosses.items()
        if senses
    }
    to_chinese = {term: GLOSS_SEPARATOR.join(words) for term, words in inverted(glosses).items()}
    for name, table in ((ZH_EN, to_english), (EN_ZH, to_chinese)):
        text = "".join(f"{key}\t{table[key]}\n" for key in sorted(table))
        (folder / name).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("cedict", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    write_tables(options.cedict.read_text("utf-8").splitlines(), options.folder)


if __name__ == "__main__":
    main()
