"""Reads what an expression can say from the source, without running it.

It is followed through conditions, constants, local names, functions of the same module and the
arguments these are called with. What can't be known without running is a hole.
"""

from __future__ import annotations

import ast
import itertools
import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

DEPTH = 5
"""Names and calls followed one after the other."""
MOST = 80
"""Wordings of one text."""
_TRIMMING = frozenset({"strip", "rstrip", "lstrip"})
_WORDS = re.compile(r"[a-z]{2,} [({a-z“]|[a-z]\? |[}\d] [a-z]{2,}")


@dataclass(frozen=True)
class Hole:
    """A part known only when the program runs: the expression, and what words it can be."""

    what: str = ""
    texts: tuple[Text, ...] = ()


Text = tuple["str | Hole", ...]


def shown(text: Text) -> str:
    """The text with `{}` for what is not known."""
    return "".join(part if isinstance(part, str) else "{}" for part in text)


@dataclass
class Module:
    """A module's tree, and what its names stand for."""

    path: Path
    tree: ast.Module
    functions: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    calls: dict[str, list[tuple[ast.Call, ast.FunctionDef | None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for statement in self.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.constants[name] = value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self.constants[name] = value
        for node, _ in self.walk():
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(node.name, []).append(node)
        for node, within in self.walk():
            if isinstance(node, ast.Call):
                self.calls.setdefault(called(node), []).append((node, within))

    def walk(self) -> Iterator[tuple[ast.AST, ast.FunctionDef | None]]:
        """Every node with the function it stands in."""
        stack: list[tuple[ast.AST, ast.FunctionDef | None]] = [(self.tree, None)]
        while stack:
            node, within = stack.pop()
            yield node, within
            inner = node if isinstance(node, ast.FunctionDef) else within
            stack.extend((child, inner) for child in ast.iter_child_nodes(node))


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


class Reader:
    """What an expression of a module can say."""

    def __init__(self, module: Module) -> None:
        self._module = module

    def read(self, node: ast.expr, within: ast.FunctionDef | None, depth: int) -> list[Text] | None:
        """The texts it can be; None where that can't be told."""
        if depth < 0:
            return None
        match node:
            case ast.Constant(value=str(text)):
                return [(text,)]
            case ast.JoinedStr(values=values):
                return self._joined([self._part(value, within, depth) for value in values])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([self._or_hole(side, within, depth) for side in (left, right)])
            case ast.IfExp(body=body, orelse=other):
                return self._either([body, other], within, depth)
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._either(values, within, depth)
        return self._looked_up(node, within, depth)

    def _looked_up(
        self, node: ast.expr, within: ast.FunctionDef | None, depth: int
    ) -> list[Text] | None:
        """What a name, an entry of a table, a call or a property stands for."""
        match node:
            case ast.Subscript(value=ast.Dict(values=values)):
                return self._either(values, within, depth)
            case ast.Subscript(value=ast.Name(id=name)):
                table = self._module.constants.get(name)
                return (
                    self._either(table.values, within, depth)
                    if isinstance(table, ast.Dict)
                    else None
                )
            case ast.Name(id=name):
                return self._named(name, within, depth)
            case ast.Call():
                return self._called(node, within, depth)
            case ast.Attribute(attr=name):
                properties = [f for f in self._module.functions.get(name, ()) if f.decorator_list]
                return self._returned(properties, depth)
        return None

    def _part(self, node: ast.expr, within: ast.FunctionDef | None, depth: int) -> list[Text]:
        if isinstance(node, ast.FormattedValue):
            hole = Hole(ast.unparse(node.value))
            if node.format_spec is not None:
                return [(hole,)]
            node = node.value
            if not isinstance(node, ast.IfExp):
                return [(replace(hole, texts=tuple(self._worded(node, within, depth))),)]
        return self._or_hole(node, within, depth)

    def _or_hole(self, node: ast.expr, within: ast.FunctionDef | None, depth: int) -> list[Text]:
        texts = self.read(node, within, depth)
        return texts if texts is not None else [(Hole(ast.unparse(node)),)]

    def _worded(self, node: ast.expr, within: ast.FunctionDef | None, depth: int) -> list[Text]:
        """The texts of a hole, where they are words rather than names, numbers or lists."""
        texts = self.read(node, within, depth - 1) or []
        return texts if any(_WORDS.search(shown(text)) for text in texts) else []

    def _joined(self, parts: list[list[Text]]) -> list[Text]:
        whole = itertools.islice(itertools.product(*parts), MOST)
        return [tuple(itertools.chain.from_iterable(chosen)) for chosen in whole]

    def _either(
        self, nodes: list[ast.expr], within: ast.FunctionDef | None, depth: int
    ) -> list[Text] | None:
        texts = [text for node in nodes for text in self.read(node, within, depth) or ()]
        return texts or None

    def _named(self, name: str, within: ast.FunctionDef | None, depth: int) -> list[Text] | None:
        if within is not None:
            values = list(_assigned(within, name))
            if values:
                return self._either(values, within, depth - 1)
            if (at := _position(within, name)) is not None:
                return self._from_callers(within, name, at, depth - 1)
        value = self._module.constants.get(name)
        return self.read(value, None, depth - 1) if value is not None else None

    def _from_callers(
        self, function: ast.FunctionDef, name: str, at: int, depth: int
    ) -> list[Text] | None:
        texts: list[Text] = []
        for call, within in self._module.calls.get(function.name, ()):
            given = [k.value for k in call.keywords if k.arg == name]
            given = given or ([call.args[at]] if at < len(call.args) else [])
            for node in given:
                texts.extend(self.read(node, within, depth) or ())
        return texts or None

    def _called(
        self, call: ast.Call, within: ast.FunctionDef | None, depth: int
    ) -> list[Text] | None:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "format":
            patterns = self.read(call.func.value, within, depth) or []
            return [_with_holes(pattern) for pattern in patterns] or None
        if isinstance(call.func, ast.Attribute) and call.func.attr in _TRIMMING:
            return self.read(call.func.value, within, depth)
        return self._returned(self._module.functions.get(called(call), ()), depth)

    def _returned(self, functions: Sequence[ast.FunctionDef], depth: int) -> list[Text] | None:
        texts: list[Text] = []
        for function in functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    texts.extend(self.read(node.value, function, depth - 1) or ())
        return texts or None


def _with_holes(pattern: Text) -> Text:
    parts: list[str | Hole] = []
    for part in pattern:
        if isinstance(part, Hole):
            parts.append(part)
            continue
        for literal, name, _, _ in string.Formatter().parse(part):
            parts += [literal] if literal else []
            parts += [Hole(name)] if name is not None else []
    return tuple(parts)


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value):
                if found == name:
                    yield value
            case ast.AugAssign(target=ast.Name(id=found), op=ast.Add(), value=value):
                if found == name:
                    yield from (
                        ast.BinOp(before.value, ast.Add(), value)
                        for before in ast.walk(function)
                        if isinstance(before, ast.Assign)
                        and isinstance(before.targets[0], ast.Name)
                        and before.targets[0].id == name
                    )
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                for target, value in zip(targets, values, strict=False):
                    if isinstance(target, ast.Name) and target.id == name:
                        yield value


def _position(function: ast.FunctionDef, name: str) -> int | None:
    """Where a call gives this parameter; `self` is not counted."""
    names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    if name in names:
        return names.index(name)
    return 99 if name in {arg.arg for arg in function.args.kwonlyargs} else None


def has_letters(text: str) -> bool:
    return any(a.isalpha() for a in text)
