"""The server's generator on `transformers serve` with a tiny model of a real class."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.core.messages import Message
from assistant.core.protocols import Sampling
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.generator import ServerGenerator
from assistant.models.sources.server import parse_server
from tests.models.contracts.generator import GeneratorContract, answer
from tests.models.real_servers import transformers_serve
from tests.models.tiny_llama import CONTEXT, write_tiny_llama


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerGenerator]:
    model = write_tiny_llama(tmp_path_factory.mktemp("llama"), layers=2)
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with transformers_serve(model, log) as url:
        made = ServerGenerator(
            Endpoint(parse_server(f"{url}#{model}")), name="m", context=CONTEXT, grounded=True
        )
        # What it doesn't take, and how it counts, is learnt by this: it never says too long.
        answer(made, (Message("user", "word " * 80),))
        yield made
        made.close()


class TestTransformersServe(GeneratorContract):
    """The contract; this server refuses unknown fields, counts itself and heeds no stop texts."""

    def test_what_it_refuses_is_left_out(self, generator: ServerGenerator) -> None:
        penalised = Sampling(temperature=0.0, max_tokens=4, repeat_penalty=1.3)
        assert answer(generator, sampling=penalised)[1].new_tokens > 0
