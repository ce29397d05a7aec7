"""Says in words and a table what was outlined, and how much of the image it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.core.pictures import Region
from skills.detection.names import in_chinese
from skills.detection.telling import cell
from skills.segmentation.outlining import FOREGROUND, Outliner

MOST_ROWS = 20
_TOLD = 4


def told(regions: Sequence[Region], outliner: Outliner, language: str, *, cut: bool) -> str:
    """How much of the image each kind covers, the largest first, in English or Chinese."""
    chinese = language == "zh"
    if not regions:
        return _none(outliner.wanted, chinese)
    if cut:
        share = percent(min(1.0, covered(regions)))
        return (
            f"已抠出，占画面的 **{share}**；背景是透明的。"
            if chinese
            else f"Cut out: **{share}** of the image is kept, the rest is transparent."
        )
    shares = shares_of(regions)
    parts = [_part(label, share, chinese) for label, share in list(shares.items())[:_TOLD]]
    sentence = "、".join(parts) + "。" if chinese else ", ".join(parts) + "."
    return sentence[0].upper() + sentence[1:]


def shares_of(regions: Sequence[Region]) -> Mapping[str, float]:
    """Kind → part of the image its regions cover together, the largest first."""
    shares: dict[str, float] = {}
    for label in dict.fromkeys(region.label for region in regions):
        shares[label] = covered([one for one in regions if one.label == label])
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def covered(regions: Sequence[Region]) -> float:
    """Part of the image that lies in any of the regions."""
    whole = regions[0].mask.copy()
    for region in regions[1:]:
        whole |= region.mask
    return float(whole.mean())


def table(regions: Sequence[Region], language: str) -> str:
    """Each region with its score and its share of the image; nothing for a single one."""
    if len(regions) < 2:
        return ""
    chinese = language == "zh"
    head = "| # | 名称 | 把握 | 面积 |" if chinese else "| # | what | sure | area |"
    rows = [head, "|--:|---|--:|--:|"]
    for number, one in enumerate(regions[:MOST_ROWS], start=1):
        label = cell(one.label, language)
        rows.append(f"| {number} | {label} | {one.score:.0%} | {percent(one.share)} |")
    if (more := len(regions) - MOST_ROWS) > 0:
        rows.append(f"| … | {f'还有 {more} 个' if chinese else f'{more} more'} | | |")
    return "\n".join(rows)


def percent(share: float) -> str:
    """A share for people: 34%, 0.4%, less than 0.1%."""
    if share >= 0.0995:
        return f"{share * 100:.0f}%"
    if share >= 0.001 or share == 0:
        return f"{share * 100:.1f}%"
    return "< 0.1%"


def _part(label: str, share: float, chinese: bool) -> str:
    if chinese:
        return f"{cell(label, 'zh')}占 **{percent(share)}**"
    name = "the foreground" if label == FOREGROUND else cell(label, "en")
    return f"{name} covers **{percent(share)}** of the image"


def _none(wanted: Sequence[str], chinese: bool) -> str:
    if not wanted:
        return "没有看出前景。" if chinese else "I see nothing that stands out."
    if chinese:
        return f"没有找到{'、'.join(in_chinese(label).chinese for label in wanted[:5])}。"
    return f"I find no {' or '.join(wanted[:5])}."
