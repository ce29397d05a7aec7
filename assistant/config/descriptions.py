"""What each setting is for: the docstrings under the fields of `assistant.config.settings`."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from assistant.config.settings import Settings


@cache
def descriptions() -> Mapping[str, str]:
    """Dotted name → description; those of tables are their class's docstrings.

    Python keeps no docstrings of fields, so the source is read (20 ms, once); where there is
    none (a frozen program) this is empty.
    """
    try:
        tree = ast.parse(inspect.getsource(inspect.getmodule(Settings) or Settings))
    except (OSError, TypeError):
        return MappingProxyType({})
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = dict(_of_class(classes["Settings"], ""))
    defaults = Settings()
    for field in msgspec.structs.fields(Settings):
        default = getattr(defaults, field.name)
        if isinstance(default, msgspec.Struct):
            node = classes[type(default).__name__]
            found[field.name] = ast.get_docstring(node) or ""
            found |= _of_class(node, f"{field.name}.")
    return MappingProxyType(found)


def _of_class(node: ast.ClassDef, prefix: str) -> Iterator[tuple[str, str]]:
    """The fields of a class that have a string right below them."""
    for field, after in zip(node.body, node.body[1:], strict=False):
        match field, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield f"{prefix}{name}", inspect.cleandoc(text)
