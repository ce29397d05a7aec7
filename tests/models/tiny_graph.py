"""Makes graphs of SavedModels, as few bytes as they need; nothing of TensorFlow."""

from __future__ import annotations

from typing import Any

from assistant.models.saved_model_graph import _messages


def node(name: str, op: str, *inputs: str, calls: str = "", calls_all: tuple[str, ...] = ()) -> Any:
    """A node, and the functions it calls."""
    made = _messages()["Node"](name=name, op=op, inputs=inputs)
    if calls:
        made.attributes.add(key="f").value.func.name = calls
    for function in calls_all:
        made.attributes.add(key="branches").value.list.funcs.add(name=function)
    return made


def function(name: str, *nodes: Any, implements: str = "") -> Any:
    """A function of the library."""
    made = _messages()["Function"](nodes=nodes)
    made.signature.name = name
    if implements:
        made.attributes.add(key="api_implements")
    return made


def graph(
    *nodes: Any,
    functions: tuple[Any, ...] = (),
    outputs: tuple[str, ...] = ("out:0",),
    save: str = "save:0",
    restore: str = "restore",
    callable_functions: tuple[str, ...] = (),
    start_up: str = "",
) -> bytes:
    """The bytes of a `saved_model.pb`."""
    made = _messages()["SavedModel"]()
    meta = made.meta_graphs.add()
    meta.graph.nodes.extend(nodes)
    meta.graph.library.functions.extend(functions)
    meta.saver.save, meta.saver.restore = save, restore
    signature = meta.signatures.add(key="serving_default").value
    for number, output in enumerate(outputs):
        signature.outputs.add(key=str(number)).value.name = output
    for name in callable_functions:
        meta.objects.functions.add(key=name)
    if start_up:
        meta.collections.add(key="saved_model_main_op").value.nodes.values.append(start_up)
    return bytes(made.SerializeToString())
