"""Groups conversations by the day they were last used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeVar

from assistant.tui import moments
from assistant.tui.ports import ConversationLike
from assistant.tui.strings import Strings

C = TypeVar("C", bound=ConversationLike)


def by_day(
    conversations: Iterable[C], now: datetime, strings: Strings
) -> Iterator[tuple[str, list[C]]]:
    """Heading and conversations of each group, in the order given (pinned, then newest first)."""
    heading: str | None = None
    group: list[C] = []
    for conversation in conversations:
        its_heading = (
            strings.pinned
            if conversation.pinned
            else day_name(moments.at(conversation.updated, now.tzinfo), now, strings)
        )
        if its_heading != heading and heading is not None:
            yield heading, group
            group = []
        heading = its_heading
        group.append(conversation)
    if heading is not None:
        yield heading, group


def day_name(moment: datetime, now: datetime, strings: Strings) -> str:
    """Today, yesterday, a span of this week or month, else month and year."""
    today: date = now.date()
    day = moment.date()
    if day >= today:
        return strings.today
    if day == today - timedelta(days=1):
        return strings.yesterday
    if day > today - timedelta(days=7):
        return strings.last_week
    if day > today - timedelta(days=30):
        return strings.last_month
    return strings.month(day.year, day.month)
