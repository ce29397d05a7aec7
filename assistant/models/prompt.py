"""Turns a conversation into what a chat template takes: roles and plain texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.core.messages import Message, TextAttachment
from assistant.core.text import one_line

NAME_LENGTH = 80


class PromptRenderer:
    """Renders messages so that nothing in them can pass for the template's own marks.

    Args:
        control_tokens: texts that mean something to the model, such as `<|im_end|>`.
    """

    def __init__(self, control_tokens: Sequence[str]) -> None:
        longest_first = sorted(control_tokens, key=len, reverse=True)
        self._marks = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def render(self, message: Message) -> str:
        """The message's text, then each attached text between marks with its name.

        `[Attached: notes.md]`, the text, `[End of notes.md]`: what stands between is for the
        model to read, and can't close its own mark.
        """
        parts = [message.text] if message.text.strip() or not message.texts else []
        parts += [_attached(a) for a in message.attachments if isinstance(a, TextAttachment)]
        return self._defuse("\n\n".join(parts))

    def chat(self, messages: Sequence[Message]) -> list[dict[str, str]]:
        """Roles and contents; neighbours of one role are joined, as many templates refuse them."""
        turns: list[dict[str, str]] = []
        for message in messages:
            content = self.render(message)
            if turns and turns[-1]["role"] == message.role:
                turns[-1]["content"] += f"\n\n{content}"
            else:
                turns.append({"role": message.role, "content": content})
        return turns

    def _defuse(self, text: str) -> str:
        """The text with control tokens split by a space, and without what is no UTF-8."""
        valid = text.encode("utf-8", "replace").decode()
        return self._marks.sub(lambda found: f"{found[0][0]} {found[0][1:]}", valid)


def _attached(attachment: TextAttachment) -> str:
    name = one_line(attachment.name, NAME_LENGTH).replace("[", "(").replace("]", ")") or "text"
    closing = f"[End of {name}]"
    text = attachment.text.replace(closing, f"(End of {name})")
    return f"[Attached: {name}]\n{text}\n{closing}"
