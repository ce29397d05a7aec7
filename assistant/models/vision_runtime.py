"""What every runtime of transformers for images has in common: a name, a device, weights that load
at the first image and may leave again, and passes that end when they are no longer wanted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled
from assistant.core.stopping import StoppedError
from assistant.core.text import one_line, sanitize
from assistant.models.dispatch import Room
from assistant.models.transformers_run import COMPUTATION_ERRORS
from assistant.models.vision_loading import LoadedVision, VisionConfig, VisionModel, read_config

Item = TypeVar("Item")
Found = TypeVar("Found")


class VisionRuntime(ABC):
    """A model of a hub's folder that looks at images; weights load at the first one.

    Args:
        room: where it may be placed; None = this machine.

    Raises:
        ModelError: the folder has no readable config.json, or its model is for something else.
    """

    processor_class: ClassVar[str] = "AutoProcessor"

    def __init__(self, folder: Path, *, name: str, room: Room | None = None) -> None:
        self.name = name
        self._model = VisionModel(
            folder,
            name=name,
            model_class=self._model_class(read_config(folder, name)),
            processor_class=self.processor_class,
            room=room,
        )
        self.labels = self._model.labels

    @abstractmethod
    def _model_class(self, config: VisionConfig) -> str:
        """Name of the auto class of transformers that loads it; may raise `ModelError`."""

    @abstractmethod
    def _failed(self, why: str) -> ModelError:
        """What to say where the model can't do what it is for."""

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._model.device

    def close(self) -> None:
        """Free the weights' memory; they load again when next needed."""
        self._model.close()

    def _looked_at(
        self,
        items: Iterable[Item],
        look: Callable[[LoadedVision, Item], Found],
        cancelled: Cancelled,
    ) -> Iterator[Found]:
        """What `look` finds in each; ends early once cancelled, in the midst of one, too.

        Raises:
            ModelError: the files are damaged, nothing has room for the model, or it fails.
        """
        for item in items:
            if cancelled():
                return
            with self._model.looking(cancelled) as loaded:
                try:
                    found = look(loaded, item)
                except StoppedError:
                    return
                except COMPUTATION_ERRORS as error:
                    raise self._failed(reason(error)) from error
            yield found

    def _label(self, number: int) -> str:
        """The name of a kind; a number without a name is its own."""
        return self.labels[number] if number < len(self.labels) else str(number)


def reason(error: Exception) -> str:
    """An error of a library in one safe line."""
    return one_line(sanitize(str(error)), 200) or type(error).__name__
