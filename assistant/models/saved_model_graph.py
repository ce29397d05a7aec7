"""Looks for operations of a SavedModel that could touch files or call Python.

Nothing is run, and TensorFlow is not needed: the few messages that matter are described here to
the library of protocol buffers (numbers of fields: `saved_model.proto`, `meta_graph.proto`,
`graph.proto`, `node_def.proto`, `attr_value.proto`, `function.proto`, `saver.proto` and
`saved_object_graph.proto` of TensorFlow 2.21).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assistant.core.errors import ModelError

_TOUCHES = re.compile(
    r"File|PyFunc|Snapshot|TFRecord|LMDB|BigQuery|TextLine|FixedLengthRecord|Rpc|DataService"
    r"|TRTResource|Summary(File|Db)Writer|CSVDataset|SqlDataset|(Load|Save|Cache)Dataset"
    r"|DistributedSave|DatasetFromGraph|RegisterDataset|GenerateVocabRemapping"
    r"|LoadAndRemapMatrix|^Debug|^ImmutableConst$|^PrintV2$"
)
"""Names of operations that read or write files the graph names, speak with other machines, run a
graph hidden in a text, or call Python; PrintV2 is told by the graph where to write."""
_HARMLESS = re.compile(r"(Experimental)?(InitializeTableFromTextFile(V2)?|ShardedFile(name|spec))$")
"""Vocabularies, which models of texts bring along, and names of files as texts."""
_SAVES = frozenset({"Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints"})
_RESTORES = frozenset({"Restore", "RestoreV2", "RestoreSlice"})
"""Every SavedModel has these, to save and restore its variables. Nothing calls them but who saves
or restores; elsewhere they write, or read, whatever the graph says."""
_START_UPS = ("saved_model_main_op", "legacy_init_op", "saved_model_init_op")
"""Collections of nodes that run when a model is loaded (of models without an object graph)."""

_SCHEMA: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "SavedModel": {"meta_graphs": (2, "*MetaGraph")},
    "MetaGraph": {
        "graph": (2, "Graph"), "saver": (3, "Saver"), "collections": (4, "*Collections"),
        "signatures": (5, "*Signatures"), "objects": (7, "Objects"),
    },
    "Graph": {"nodes": (1, "*Node"), "library": (2, "Library")},
    "Library": {"functions": (1, "*Function")},
    "Function": {"signature": (1, "Name"), "nodes": (3, "*Node"), "attributes": (5, "*Attribute")},
    "Name": {"name": (1, "string")},
    "Node": {
        "name": (1, "string"), "op": (2, "string"), "inputs": (3, "*string"),
        "attributes": (5, "*Attribute"),
    },
    "Attribute": {"key": (1, "string"), "value": (2, "Value")},
    "Value": {"list": (1, "Values"), "func": (10, "Name")},
    "Values": {"funcs": (9, "*Name")},
    "Saver": {"save": (2, "string"), "restore": (3, "string")},
    "Collections": {"key": (1, "string"), "value": (2, "Collection")},
    "Collection": {"nodes": (1, "Texts")},
    "Texts": {"values": (1, "*string")},
    "Signatures": {"key": (1, "string"), "value": (2, "Signature")},
    "Signature": {"outputs": (2, "*Output")},
    "Output": {"key": (1, "string"), "value": (2, "Tensor")},
    "Tensor": {"name": (1, "string"), "sparse": (4, "Sparse"), "composite": (5, "Composite")},
    "Sparse": {"values": (1, "string"), "indices": (2, "string"), "shape": (3, "string")},
    "Composite": {"components": (2, "*Tensor")},
    "Objects": {"functions": (2, "*Named")},
    "Named": {"key": (1, "string")},
}  # fmt: skip
"""Message → field → number and type; “*” stands before what may come several times."""
_STRING, _MESSAGE, _OPTIONAL, _REPEATED = 9, 11, 1, 3
"""Of FieldDescriptorProto."""


@dataclass(slots=True)
class _Reached:
    """What can run from some beginning: nodes of the graph itself, and functions."""

    nodes: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)

    def holds(self, function: str, node: str) -> bool:
        return function in self.functions if function else node in self.nodes


def harmful_operations(graph: bytes, name: str) -> tuple[str, ...]:
    """Operations of a `saved_model.pb` that could touch files or call Python, each once.

    Raises:
        ModelError: these bytes are no SavedModel.
    """
    found: dict[str, None] = {}
    for meta in _parsed(graph, name).meta_graphs:
        found |= dict.fromkeys(_harmful_in(_MetaGraph(meta)))
    return tuple(found)


class _MetaGraph:
    """A graph with its functions, by name."""

    def __init__(self, meta: Any) -> None:
        self.meta = meta
        self.nodes = {node.name: node for node in meta.graph.nodes}
        self.functions = {f.signature.name: f for f in meta.graph.library.functions}

    def all_nodes(self) -> Iterator[tuple[str, Any]]:
        """Each node with the function it stands in, "" for the graph itself. Names of nodes and
        functions need not be unique in a file that means harm."""
        for node in self.meta.graph.nodes:
            yield "", node
        for function in self.meta.graph.library.functions:
            for node in function.nodes:
                yield function.signature.name, node

    def reached(self, nodes: Iterable[str], functions: Iterable[str] = ()) -> _Reached:
        """What runs for these nodes, and when these functions are called."""
        found = _Reached()
        waiting = [_node_of(tensor) for tensor in nodes]
        while waiting:
            name = waiting.pop()
            node = self.nodes.get(name)
            if node is None or name in found.nodes:
                continue
            found.nodes.add(name)
            waiting += map(_node_of, node.inputs)
            self._call(self._called(node), found)
        self._call(functions, found)
        return found

    def _call(self, names: Iterable[str], found: _Reached) -> None:
        waiting = list(names)
        while waiting:
            function = self.functions.get(name := waiting.pop())
            if function is None or name in found.functions:
                continue
            found.functions.add(name)
            for node in function.nodes:
                waiting += self._called(node)

    def _called(self, node: Any) -> list[str]:
        """Functions a node may call: by its attributes, or by its very name."""
        named = [node.op]
        for attribute in node.attributes:
            named += [attribute.value.func.name, *(f.name for f in attribute.value.list.funcs)]
        return [name for name in named if name in self.functions]


def _harmful_in(graph: _MetaGraph) -> Iterator[str]:
    meta = graph.meta
    outputs = [o.value for s in meta.signatures for o in s.value.outputs]
    start_ups = [n for c in meta.collections if c.key in _START_UPS for n in c.value.nodes.values]
    asked = graph.reached(
        [*(t for output in outputs for t in _tensors(output)), *start_ups],
        [function.key for function in meta.objects.functions],
    )
    saving, restoring = graph.reached([meta.saver.save]), graph.reached([meta.saver.restore])
    doubled = _twice(f.signature.name for f in meta.graph.library.functions)
    doubled |= _twice(node.name for node in meta.graph.nodes)
    swapped = {f.signature.name for f in graph.functions.values() if _is_interchangeable(f)}
    for function, node in graph.all_nodes():
        if _TOUCHES.search(node.op) and not _HARMLESS.match(node.op):
            yield node.op
        if node.op not in _SAVES | _RESTORES:
            continue
        saves = saving.holds(function, node.name)
        restores = restoring.holds(function, node.name)
        apart = not asked.holds(function, node.name) and function not in swapped
        unique = (function or node.name) not in doubled
        fit = (saves and not restores) if node.op in _SAVES else (saves or restores)
        if not (fit and apart and unique):
            yield node.op


def _is_interchangeable(function: Any) -> bool:
    """Whether TensorFlow may run it in place of another that says it does the same."""
    return any(attribute.key == "api_implements" for attribute in function.attributes)


def _tensors(output: Any) -> Iterator[str]:
    """Names of the tensors an output consists of."""
    yield from (output.name, output.sparse.values, output.sparse.indices, output.sparse.shape)
    for component in output.composite.components:
        yield from _tensors(component)


def _node_of(tensor: str) -> str:
    """The node a tensor comes from: "a/b:1" and "^a/b" are of "a/b"."""
    return tensor.lstrip("^").partition(":")[0]


def _twice(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def _parsed(graph: bytes, name: str) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return _messages()["SavedModel"].FromString(graph)
    except (DecodeError, RecursionError) as error:
        raise ModelError(
            f"The graph of {name} is damaged: it can't be read.", "Pull the model anew."
        ) from error


@cache
def _messages() -> Mapping[str, Any]:
    """Classes of the messages in `_SCHEMA`."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="saved_model", syntax="proto3", package="sm")
    for message, fields in _SCHEMA.items():
        described = file.message_type.add(name=message)
        for key, (number, kind) in fields.items():
            label = _REPEATED if kind.startswith("*") else _OPTIONAL
            bare = kind.lstrip("*")
            added = described.field.add(name=key, number=number, label=label, type=_STRING)
            if bare != "string":
                added.type, added.type_name = _MESSAGE, f".sm.{bare}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = (pool.FindMessageTypeByName(f"sm.{name}") for name in _SCHEMA)
    return {kind.name: message_factory.GetMessageClass(kind) for kind in found}
