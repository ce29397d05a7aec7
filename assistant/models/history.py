"""Fits a conversation into a model's context: the system text and the newest turns stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.core.errors import UsageError
from assistant.core.messages import Message

STEPS = 4
"""Turns leave a quarter of the budget at a time: until the next quarter is due the
conversation keeps its beginning, and what the model has read of it need not be read again."""

MESSAGE_TOKENS = 8
"""A chat template's marks around a message; the usual ones take 3 to 6."""
TEMPLATE_TOKENS = 48
"""What a template may add of its own: an opening, or a system text where there is none."""
ATTEMPTS = 4
"""To fit a prompt whose template takes more than the two figures above allow."""

REMEDY = "Shorten it, add the file to the index and ask about it, or raise generate.context."


class Fitting:
    """Fits a conversation into a context of which a template takes a part only it knows.

    Each attempt leaves less for the conversation than the one before.

    Args:
        context: tokens of prompt and answer together.
        most: tokens of the answer at most; a quarter of the context is kept free for it at most.
        count: tokens of a message's text.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        context: int,
        most: int,
        count: Callable[[Message], int],
    ) -> None:
        self._messages = messages
        self._count = count
        self.reserve = min(most, context // 4)
        """Tokens kept free for the answer."""
        self._budget = context - self.reserve - TEMPLATE_TOKENS
        self._left = ATTEMPTS

    def attempt(self) -> tuple[tuple[Message, ...], int]:
        """The messages to try next, and how many were dropped.

        Raises:
            UsageError: the last message alone is too long, or no attempt is left.
        """
        if not self._left:
            raise UsageError(
                "The conversation doesn't fit the model's context.",
                "Start a new one, or raise generate.context.",
            )
        self._left -= 1
        return fit_history(self._messages, self._budget, self._cost)

    def was_too_long(self, excess: int) -> None:
        """The last attempt made a prompt of so many tokens more than there was room for.

        What always stays is tried by itself before it is called too long: part of the excess is
        what the template puts around the turns that may leave.
        """
        *before, last = self._messages
        least = sum(self._cost(m) for m in (*(m for m in before if m.role == "system"), last))
        lower = self._budget - excess - self.reserve
        self._budget = least if self._left == 1 else max(lower, least)

    def _cost(self, message: Message) -> int:
        return self._count(message) + MESSAGE_TOKENS


def fit_history(
    messages: Sequence[Message],
    budget: int,
    count: Callable[[Message], int],
    remedy: str = REMEDY,
) -> tuple[tuple[Message, ...], int]:
    """The messages that fit into `budget` tokens, and how many were dropped.

    System messages and the last message always stay; of the others the oldest leave first,
    and what remains never starts with an assistant's turn.

    Args:
        count: tokens of a message with all that surrounds it in the prompt.
        remedy: what to do about a message that is too long.

    Raises:
        UsageError: the last message and the system text alone are too long.
    """
    turns = [index for index, message in enumerate(messages[:-1]) if message.role != "system"]
    costs = [count(message) for message in messages]
    fixed = sum(costs) - sum(costs[index] for index in turns)
    if fixed > budget:
        raise UsageError(
            f"The message is too long for the model: about {fixed} tokens, where {budget} fit.",
            remedy,
        )
    excess = sum(costs) - budget
    dropped = _oldest(turns, costs, excess, budget) if excess > 0 else []
    rest = [index for index in turns if index not in set(dropped)]
    while rest and messages[rest[0]].role == "assistant":
        dropped.append(rest.pop(0))
    gone = set(dropped)
    return tuple(m for index, m in enumerate(messages) if index not in gone), len(gone)


def _oldest(turns: Sequence[int], costs: Sequence[int], excess: int, budget: int) -> list[int]:
    """The oldest turns that together cost the excess, rounded up to a whole step."""
    step = max(1, budget // STEPS)
    goal = -(-excess // step) * step
    dropped: list[int] = []
    freed = 0
    for index in turns:
        if freed >= goal:
            break
        dropped.append(index)
        freed += costs[index]
    return dropped
