"""A graph that could touch files or call Python is found, wherever it does so."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.saved_model_graph import harmful_operations
from tests.models.tiny_graph import function, graph, node

DATA = Path(__file__).parent / "data"
OUT = node("out", "Identity", "in:0")
SAVER = (
    node("save", "StatefulPartitionedCall", "prefix:0", calls="saver"),
    node("restore", "StatefulPartitionedCall", "prefix:0", calls="restorer"),
)
SAVING = (
    function("saver", node("s", "SaveV2"), node("m", "MergeV2Checkpoints", "^s")),
    function("restorer", node("r", "RestoreV2"), node("a", "AssignVariableOp", "r:tensors:0")),
)


def found(made: bytes) -> tuple[str, ...]:
    return harmful_operations(made, "mine")


def test_what_tensorflow_writes_for_a_model_with_variables_is_harmless() -> None:
    assert found((DATA / "harmless_saved_model.pb").read_bytes()) == ()


def test_a_signature_tensorflow_wrote_that_saves_is_found() -> None:
    assert found((DATA / "saving_saved_model.pb").read_bytes()) == ("SaveV2",)


def test_saving_and_restoring_the_variables_is_harmless() -> None:
    assert found(graph(OUT, *SAVER, functions=SAVING)) == ()


def test_saving_and_restoring_without_functions_is_harmless() -> None:
    first = (
        node("save/Const", "Const"),
        node("save/SaveV2", "SaveV2", "save/Const:0"),
        node("save", "Identity", "save/Const:0", "^save/SaveV2"),
        node("save/RestoreV2", "RestoreV2", "save/Const:0"),
        node("save/Assign", "Assign", "v:0", "save/RestoreV2:0"),
        node("restore", "NoOp", "^save/Assign"),
        node("v", "VariableV2"),
    )
    assert found(graph(OUT, *first)) == ()


@pytest.mark.parametrize(
    "op",
    ["ReadFile", "WriteFile", "MatchingFiles", "PyFunc", "EagerPyFunc", "PyFuncStateless",
     "PrintV2", "CreateSummaryFileWriter", "TextLineDataset", "TFRecordDatasetV2", "CacheDatasetV2",
     "SaveDatasetV2", "DatasetFromGraph", "DebugIdentityV3", "ImmutableConst", "WholeFileReaderV2",
     "RpcCall", "LMDBReader", "ExperimentalSqlDataset", "SerializeTRTResource"],
)  # fmt: skip
def test_what_touches_files_is_found_wherever_it_stands(op: str) -> None:
    assert found(graph(OUT, node("x", op))) == (op,)
    unused = function("never called", node("x", op))
    assert found(graph(OUT, functions=(unused,))) == (op,)


@pytest.mark.parametrize(
    "op",
    ["InitializeTableFromTextFileV2", "ShardedFilename", "ReadVariableOp", "LookupTableFindV2"],
)
def test_what_models_of_texts_need_is_harmless(op: str) -> None:
    assert found(graph(OUT, node("x", op))) == ()


@pytest.mark.parametrize("op", ["SaveV2", "RestoreV2", "MergeV2Checkpoints", "Save", "Restore"])
class TestSavingAtAnotherTime:
    """What saves or restores may do so for the saver alone."""

    def test_in_the_way_of_an_answer(self, op: str) -> None:
        made = graph(node("out", "Identity", "in:0", "^evil"), node("evil", op), *SAVER)
        assert found(made) == (op,)

    def test_in_a_function_a_signature_calls(self, op: str) -> None:
        evil = function("evil", node("x", op))
        for out in (
            node("out", "StatefulPartitionedCall", calls="evil"),
            node("out", "Case", calls_all=("other", "evil")),
            node("out", "evil"),
        ):
            assert found(graph(out, *SAVER, functions=(*SAVING, evil))) == (op,)

    def test_in_a_function_of_a_function(self, op: str) -> None:
        outer = function("outer", node("x", "While", calls="evil"))
        evil = function("evil", node("x", op))
        out = node("out", "PartitionedCall", calls="outer")
        assert found(graph(out, functions=(outer, evil))) == (op,)

    def test_in_a_function_that_can_be_called_from_python(self, op: str) -> None:
        evil = function("evil", node("x", op))
        assert found(graph(OUT, functions=(evil,), callable_functions=("evil",))) == (op,)

    def test_when_the_model_is_loaded(self, op: str) -> None:
        assert found(graph(OUT, node("init", op), start_up="init")) == (op,)

    def test_in_what_nothing_seems_to_call(self, op: str) -> None:
        assert found(graph(OUT, node("loose", op))) == (op,)


def test_the_savers_own_function_must_not_answer_questions() -> None:
    out = node("out", "StatefulPartitionedCall", calls="saver")
    assert found(graph(out, *SAVER, functions=SAVING)) == ("SaveV2", "MergeV2Checkpoints")


def test_restoring_must_not_save() -> None:
    evil = function("restorer", node("s", "SaveV2"))
    assert found(graph(OUT, *SAVER, functions=(SAVING[0], evil))) == ("SaveV2",)


def test_a_function_that_may_take_anothers_place_must_not_save() -> None:
    swapped = function("saver", node("s", "SaveV2"), implements="answer")
    assert found(graph(OUT, *SAVER, functions=(swapped, SAVING[1]))) == ("SaveV2",)


def test_a_name_given_twice_hides_nothing() -> None:
    assert found(graph(OUT, *SAVER, functions=(*SAVING, function("saver")))) == (
        "SaveV2",
        "MergeV2Checkpoints",
    )
    second = node("save", "NoOp")
    made = graph(OUT, node("save", "SaveV2"), second)
    assert found(made) == ("SaveV2",)


def test_a_circle_of_functions_ends() -> None:
    first = function("first", node("x", "PartitionedCall", calls="second"))
    second = function("second", node("x", "PartitionedCall", calls="first"))
    out = node("out", "PartitionedCall", "out:0", calls="first")
    assert found(graph(out, functions=(first, second))) == ()


@pytest.mark.parametrize("damaged", [b"\xff\xfe nonsense", b"\x12\x7f", b"\x12" + b"\x80" * 20])
def test_what_can_not_be_read_is_refused(damaged: bytes) -> None:
    with pytest.raises(ModelError, match="damaged"):
        found(damaged)
