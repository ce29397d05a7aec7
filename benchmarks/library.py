"""Writes stores of many conversations for the benchmarks, in English and Chinese."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from assistant.store.conversations import ConversationStore
from assistant.store.portable import PortableConversation, PortableMessage
from assistant.store.transfer import file_of

_PROSE = (
    "the train leaves at nine and nobody knows from which platform it will go because a storm has "
    "taken the roof of the station while we were asking how much water an oak needs in summer"
)
WORDS = _PROSE.split()
CHINESE = (
    "火车九点开往里斯本今天天气很好我们去车站看看有没有到北京的票老师和朋友都在学习工作回答问题"
)
ANSWER = """{}

| part | value |
|---|---|
| one | {} |

- first **point**
- second `point`

```python
print("{}")
```
"""


def fill(store: ConversationStore, conversations: int, exchanges: int, seed: int = 7) -> None:
    """Add conversations of so many questions and answers each."""
    randomness = random.Random(seed)  # noqa: S311 - reproducible, not secret
    store.put_in(b"".join(file_of(_made(randomness, conversations, exchanges))))


def _made(randomness: random.Random, count: int, exchanges: int) -> Iterator[PortableConversation]:
    now = datetime.now(UTC)
    for number in range(count):
        begun = now - timedelta(hours=3 * (count - number))
        messages: list[PortableMessage] = []
        for _ in range(exchanges):
            question = len(messages) + 1
            parent = question - 2 if messages else None
            messages.append(PortableMessage(question, "user", _text(randomness, 15), begun, parent))
            filled = ANSWER.format(*(_text(randomness, n) for n in (80, 3, 4)))
            messages.append(PortableMessage(question + 1, "assistant", filled, begun, question))
        uid = UUID(int=randomness.getrandbits(128)).hex
        title = _text(randomness, 6)
        yield PortableConversation(uid, title, begun, begun, tuple(messages))


def _text(randomness: random.Random, words: int) -> str:
    if randomness.random() < 0.3:
        return "".join(randomness.choices(CHINESE, k=words * 2))
    return " ".join(randomness.choices(WORDS, k=words))
