"""PyTorch Hub: consent, fetching, and the network of a real repository built by torch.hub."""

from __future__ import annotations

import io
import pickle
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from assistant.config import Settings
from assistant.config.settings import DescribeSettings
from assistant.core.errors import ModelError, OfflineError
from assistant.core.protocols import ImageLabeler
from assistant.engine.runtimes import Runtimes
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry, read_entry
from assistant.models.consent import ConsentMissingError, Consents, code_of
from assistant.models.grad_cam import class_map
from assistant.models.pull import PullTools
from assistant.models.sources.reference import parse_source
from assistant.models.sources.torch_hub import TorchHub
from assistant.models.sources.watch import Watch
from assistant.models.sources.web import WebFetcher, check_secure
from assistant.models.torch_hub_labeler import ImageInput, prepare
from tests.models import torch_repository as repository
from tests.models.local_index import sha256
from tests.models.local_web import LocalWeb
from tests.models.pulling import fetch, left_over
from tests.models.torch_repository import COMMIT

ARCHIVE = f"/someone/colours/zip/{COMMIT}"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalWeb]:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalWeb().serving() as web:
        web.files[ARCHIVE] = repository.archive()
        yield web


@pytest.fixture
def cache(tmp_path: Path) -> ModelCache:
    return ModelCache(tmp_path / "models")


def remote(weights: str = "colour.pth", entry: str = "colour", **more: object) -> ModelEntry:
    source = f"torchhub:someone/colours@{COMMIT}:{entry}?weights={weights}"
    return made(source, **more)


def local(folder: Path, weights: str = "colour.pth", entry: str = "colour") -> ModelEntry:
    return made(f"torchhub:{folder}:{entry}?weights={weights}")


def made(source: str, **more: object) -> ModelEntry:
    usual = {"role": "label", "source": source, "labels": "labels.txt", "image_size": 16}
    return read_entry("colours", {**usual, "image_resize": 18, **more})


def allow(cache: ModelCache, entry: ModelEntry) -> None:
    code = code_of(entry)
    assert code is not None
    Consents(cache.root).give(entry, code)


def get(web: LocalWeb, cache: ModelCache, entry: ModelEntry, stop_after: int | None = None) -> None:
    looks = 0

    def cancelled() -> bool:
        nonlocal looks
        looks += 1
        return stop_after is not None and looks > stop_after

    tools = PullTools(torch_hub=TorchHub(web.url, WebFetcher(pause=0)))
    fetch(cache, entry, cancelled=cancelled, tools=tools)


def labeler_of(cache: ModelCache, entry: ModelEntry) -> ImageLabeler:
    settings = Settings(describe=DescribeSettings(label_model="colours"))
    return Runtimes(settings, Catalogue({"colours": entry}), cache).labeler()


def labels_of(cache: ModelCache, entry: ModelEntry, *images: np.ndarray) -> list[str]:
    found = labeler_of(cache, entry).label(images, 3)
    assert all(abs(sum(label.score for label in row) - 1) < 1e-5 for row in found)
    return [row[0].label for row in found]


def plain(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((30, 50, 3), (red, green, blue), np.uint8)


def test_code_nobody_allowed_is_not_even_fetched(web: LocalWeb, cache: ModelCache) -> None:
    with pytest.raises(ConsentMissingError) as caught:
        get(web, cache, remote())
    assert "runs code of others" in caught.value.message
    assert f"colour() in hubconf.py of someone/colours at {COMMIT}" in caught.value.message
    assert "assistant models trust colours" in caught.value.hint
    assert web.asked == []


def test_a_repository_once_allowed_is_fetched_built_and_labels_images(
    web: LocalWeb, cache: ModelCache, capfd: pytest.CaptureFixture[str]
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    capfd.readouterr()
    shown = labels_of(cache, remote(), plain(250, 10, 10), plain(0, 200, 9), plain(9, 0, 180))
    assert shown == ["red", "green", "blue"]
    assert capfd.readouterr().out == ""  # standard output is the engine's wire


def test_what_is_kept_is_code_labels_and_safetensors_and_no_pickle_is_read_again(
    web: LocalWeb, cache: ModelCache
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    folder = cache.require(remote())
    assert (folder / "model.safetensors").is_file()
    assert not (folder / "weights").exists()
    assert not list(folder.rglob("__pycache__"))


def test_another_commit_or_entry_point_is_asked_anew(cache: ModelCache) -> None:
    allow(cache, remote())
    other = made(f"torchhub:someone/colours@{'f' * 40}:colour?weights=colour.pth")
    for entry in (other, remote(entry="deep")):
        with pytest.raises(ConsentMissingError, match="changed since you allowed"):
            Consents(cache.root).require(entry, code_of(entry))


def test_code_allowed_no_more_is_not_run_though_it_is_here(
    web: LocalWeb, cache: ModelCache
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    assert Consents(cache.root).withdraw(remote())
    with pytest.raises(ConsentMissingError):
        labels_of(cache, remote(), plain(250, 0, 0))


def test_a_damaged_file_of_consents_allows_nothing(cache: ModelCache) -> None:
    allow(cache, remote())
    for damage in (b"{", b'{"\xff": {}}', b"[]"):
        (cache.root / "trusted.json").write_bytes(damage)
        with pytest.raises(ConsentMissingError):
            Consents(cache.root).require(remote(), code_of(remote()))


def test_a_repository_on_this_machine_serves_as_well(
    web: LocalWeb, cache: ModelCache, tmp_path: Path
) -> None:
    entry = local(repository.write(tmp_path / "mine"))
    allow(cache, entry)
    get(web, cache, entry)
    assert labels_of(cache, entry, plain(0, 0, 200)) == ["blue"]
    assert web.asked == []


def test_a_folder_changed_since_it_was_allowed_is_asked_anew(
    web: LocalWeb, cache: ModelCache, tmp_path: Path
) -> None:
    folder = repository.write(tmp_path / "mine")
    allow(cache, local(folder))
    (folder / "networks" / "colour.py").write_text("import os")
    with pytest.raises(ConsentMissingError, match="changed since you allowed"):
        get(web, cache, local(folder))


def test_code_changed_in_the_cache_is_not_run(
    web: LocalWeb, cache: ModelCache, tmp_path: Path
) -> None:
    entry = local(repository.write(tmp_path / "mine"))
    allow(cache, entry)
    get(web, cache, entry)
    code = cache.require(entry) / "repository" / "hubconf.py"
    text = code.read_text().replace("may print", "will harm")
    code.write_text(text)
    with pytest.raises(ConsentMissingError):
        labels_of(cache, entry, plain(0, 0, 200))


def harm(code: Path) -> None:
    code.write_text(code.read_text().replace("may print", "will harm"))


def hide_in_bytecode(code: Path) -> None:
    hidden = code.parent / "__pycache__"
    hidden.mkdir()
    (hidden / "hubconf.cpython-311.pyc").write_bytes(b"x")


def lead_elsewhere(code: Path) -> None:
    content = code.read_bytes()
    code.unlink()
    elsewhere = code.parents[3] / "elsewhere.py"
    elsewhere.write_bytes(content)
    code.symlink_to(elsewhere)


@pytest.mark.parametrize("change", [harm, hide_in_bytecode, lead_elsewhere, Path.unlink])
def test_code_of_a_commit_changed_since_it_was_fetched_is_not_run(
    web: LocalWeb, cache: ModelCache, change: Callable[[Path], None]
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    labels_of(cache, remote(), plain(0, 0, 200))
    change(cache.require(remote()) / "repository" / "hubconf.py")
    with pytest.raises(ModelError, match=r"is not what was fetched|not on this machine") as caught:
        labels_of(cache, remote(), plain(0, 0, 200))
    assert "assistant models pull colours" in caught.value.hint
    cache.remove(remote())
    allow(cache, remote())  # said again, though it was never taken back
    get(web, cache, remote())
    assert labels_of(cache, remote(), plain(0, 0, 200)) == ["blue"]


def test_bytecode_in_an_archive_is_left_out(web: LocalWeb, cache: ModelCache) -> None:
    path = next(name for name in web.files if COMMIT in name)
    made = io.BytesIO(web.files[path])
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("colours-1/__pycache__/hubconf.cpython-311.pyc", b"x")
    web.files[path] = made.getvalue()
    allow(cache, remote())
    get(web, cache, remote())
    assert not list(cache.require(remote()).rglob("__pycache__"))
    assert labels_of(cache, remote(), plain(0, 0, 200)) == ["blue"]


def test_two_repositories_with_modules_of_one_name_do_not_mix(
    web: LocalWeb, cache: ModelCache
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    labels_of(cache, remote(), plain(0, 0, 200))
    assert "networks" not in sys.modules
    assert "networks.colour" not in sys.modules


def test_networks_with_auxiliary_outputs_are_read_by_their_first(
    web: LocalWeb, cache: ModelCache
) -> None:
    entry = remote(entry="deep")
    allow(cache, entry)
    get(web, cache, entry)
    assert labels_of(cache, entry, plain(0, 200, 0)) == ["green"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("broken", "ZeroDivisionError: on purpose"),
        ("leaves", "SystemExit: 3"),
        ("no_network", "gives no network"),
        ("missing", "Cannot find callable missing"),
    ],
)
def test_code_that_fails_is_told_as_such(
    web: LocalWeb, cache: ModelCache, entry: str, said: str
) -> None:
    model = remote(entry=entry)
    allow(cache, model)
    get(web, cache, model)
    with pytest.raises(ModelError, match=said) as caught:
        labels_of(cache, model, plain(0, 0, 0))
    assert "pip install" in caught.value.hint


def test_weights_of_another_network_are_named(web: LocalWeb, cache: ModelCache) -> None:
    import torch

    odd = {**repository.state(), "classifier.weight": torch.zeros(5, 8)}
    web.files[ARCHIVE] = repository.archive({"colour.pth": repository.checkpoint(odd)})
    allow(cache, remote())
    get(web, cache, remote())
    with pytest.raises(ModelError, match=r"another network \(classifier\.weight\)"):
        labels_of(cache, remote(), plain(0, 0, 0))


def test_labels_that_are_too_few_are_said(web: LocalWeb, cache: ModelCache) -> None:
    entry = remote(labels="imagenet")
    allow(cache, entry)
    get(web, cache, entry)
    with pytest.raises(ModelError, match="numbers an image for 1000 labels"):
        labels_of(cache, entry, plain(0, 0, 0))


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemError('the pickle ran')",))


def test_a_pickle_that_could_run_code_is_refused_as_weights(
    web: LocalWeb, cache: ModelCache
) -> None:
    for content in (repository.checkpoint({"a": Evil()}), pickle.dumps(Evil())):
        web.files[ARCHIVE] = repository.archive({"colour.pth": content})
        allow(cache, remote())
        with pytest.raises(ModelError, match="pickle that holds more than numbers"):
            get(web, cache, remote())
        assert not cache.is_present(remote())


def test_a_checkpoint_of_a_training_script_is_unwrapped(web: LocalWeb, cache: ModelCache) -> None:
    state = {f"module.{name}": tensor for name, tensor in repository.state().items()}
    content = repository.checkpoint({"epoch": 3, "state_dict": state})
    web.files[ARCHIVE] = repository.archive({"colour.pth": content})
    allow(cache, remote())
    get(web, cache, remote())
    assert labels_of(cache, remote(), plain(200, 0, 0)) == ["red"]


def test_safetensors_are_taken_as_they_are(web: LocalWeb, cache: ModelCache) -> None:
    from safetensors.torch import save

    web.files[ARCHIVE] = repository.archive({"colour.safetensors": save(repository.state())})
    entry = remote("colour.safetensors")
    allow(cache, entry)
    get(web, cache, entry)
    assert labels_of(cache, entry, plain(200, 0, 0)) == ["red"]


def test_weights_from_an_address_are_checked_against_their_hash(
    web: LocalWeb, cache: ModelCache
) -> None:
    web.files["/colour.pth"] = content = repository.checkpoint(repository.state())
    right = remote(f"{web.url}/colour.pth", sha256=sha256(content))
    wrong = remote(f"{web.url}/colour.pth", sha256="0" * 64)
    allow(cache, right)
    with pytest.raises(ModelError, match="not what the catalogue asks for"):
        get(web, cache, wrong)
    assert not cache.is_present(wrong)
    get(web, cache, right)
    assert labels_of(cache, right, plain(200, 0, 0)) == ["red"]


def test_a_cut_download_is_taken_up_where_it_broke(web: LocalWeb, cache: ModelCache) -> None:
    web.cut_after = [1000, 500]
    allow(cache, remote())
    get(web, cache, remote())
    assert [asked for _, asked in web.asked] == [None, "bytes=1000-", "bytes=1500-"]
    assert cache.is_present(remote())


def test_a_server_without_ranges_sends_it_anew(web: LocalWeb, cache: ModelCache) -> None:
    web.honours_ranges = False
    web.cut_after = [1000]
    allow(cache, remote())
    get(web, cache, remote())
    assert cache.is_present(remote())


def test_a_cancelled_pull_leaves_nothing_that_counts_as_here(
    web: LocalWeb, cache: ModelCache
) -> None:
    allow(cache, remote())
    get(web, cache, remote(), stop_after=3)
    assert not cache.is_present(remote())
    get(web, cache, remote())
    assert cache.is_present(remote())
    assert not [name for name in left_over(cache) if ".partial" in name]


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "There is nothing at"), (403, "refuses access"), (502, "status 502")],
)
def test_a_refusal_of_the_code_host_is_told(
    web: LocalWeb, cache: ModelCache, status: int, said: str
) -> None:
    web.statuses[ARCHIVE] = status
    allow(cache, remote())
    with pytest.raises(ModelError, match=said):
        get(web, cache, remote())
    assert not cache.is_present(remote())


def test_a_secure_address_must_not_lead_to_one_that_is_not() -> None:
    check_secure("https://a.org/x", "https://b.org/x")
    check_secure("http://a.org/x", "http://b.org/x")
    with pytest.raises(ModelError, match="could have changed") as refused:
        check_secure("https://a.org/x?token=abc", "http://me:pass@b.org/x?sig=def")
    assert not {"abc", "pass", "def"} & set(re.findall(r"\w+", str(refused.value)))


def test_an_address_that_leads_in_circles_is_told_without_its_secrets(
    web: LocalWeb, tmp_path: Path
) -> None:
    web.redirects["/loop"] = f"{web.url}/loop"
    watch = Watch(lambda: False, lambda _: None)
    address = f"{web.url}/loop?token=abc"
    with pytest.raises(ModelError, match="TooManyRedirects") as refused:
        WebFetcher(pause=0).fetch(address, tmp_path / "file", "m", 100, watch)
    assert "abc" not in str(refused.value)


def test_a_source_without_a_commit_is_told_without_the_secrets_of_its_address() -> None:
    with pytest.raises(ModelError, match="pins no commit") as refused:
        parse_source("torchhub:o/r@main:net?weights=https://me:pass@a.org/w.pth?sig=abc")
    assert "pass" not in str(refused.value)
    assert "abc" not in str(refused.value)


def zipped(name: str, content: bytes = b"x", *, link: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        member = zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = (0o120777 if link else 0o100644) << 16
        packed.writestr(member, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (b"no archive", "damaged"),
        (zipped("top/../../evil.py"), "unsafe name"),
        (zipped("top/hubconf.py", b"/etc/passwd", link=True), "no hubconf.py"),
        (zipped("top/hubconf.py", bytes(2 << 20)), "unpacks to more than"),
    ],
    ids=["no archive", "a name that leads outside", "a link", "a bomb"],
)
def test_a_hostile_archive_is_refused_and_fetched_anew_the_next_time(
    web: LocalWeb,
    cache: ModelCache,
    monkeypatch: pytest.MonkeyPatch,
    archive: bytes,
    said: str,
) -> None:
    monkeypatch.setattr("assistant.models.sources.torch_hub.MOST_BYTES", 1 << 20)
    web.files[ARCHIVE] = archive
    allow(cache, remote())
    with pytest.raises(ModelError, match=said):
        get(web, cache, remote())
    assert not cache.is_present(remote())
    assert not (cache.root.parent / "evil.py").exists()
    web.files[ARCHIVE] = repository.archive()
    get(web, cache, remote())
    assert cache.is_present(remote())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("torchhub:pytorch/vision:resnet18?weights=x", "pins no commit"),
        ("torchhub:pytorch/vision@main:resnet18?weights=x", "pins no commit"),
        ("torchhub:pytorch/vision@v0.10.0:resnet18?weights=x", "pins no commit"),
        (f"torchhub:pytorch/vision@{COMMIT}:resnet18", "names no weights"),
        (f"torchhub:pytorch/vision@{COMMIT}:res net?weights=x", "no model source"),
        (f"torchhub:pytorch@{COMMIT}:resnet18?weights=x", "no model source"),
        (f"torchhub:a/b@{COMMIT}:r?weights=https://example.org/x", "need their sha256"),
    ],
)
def test_a_source_that_is_not_pinned_down_is_refused(source: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        made(source)


def test_an_entry_without_labels_or_size_is_refused() -> None:
    for missing in ({"labels": ""}, {"image_size": 0}, {"image_std": (0.0, 1.0, 1.0)}):
        with pytest.raises(ModelError, match="needs labels and image_size"):
            remote(**missing)


def test_offline_a_remote_repository_is_not_fetched(cache: ModelCache) -> None:
    allow(cache, remote())
    with pytest.raises(OfflineError):
        fetch(cache, remote(), offline=True)


@pytest.mark.parametrize("scaling", ["bilinear", "bicubic"])
def test_images_are_prepared_as_torchvision_does(
    scaling: Literal["bilinear", "bicubic"],
) -> None:
    """Against the steps written out: scale the short side, crop the middle, scale the levels."""
    from PIL import Image

    generator = np.random.default_rng(0)
    small = generator.integers(0, 256, (9, 12, 3), np.uint8)
    image = np.asarray(Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC))
    how = ImageInput(224, 256, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), scaling)
    filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
    scaled = np.asarray(Image.fromarray(image).resize((341, 256), filters[scaling]))
    square = scaled[16:240, 58:282].astype(np.float64) / 255
    expected = ((square - how.mean) / how.std).transpose(2, 0, 1)
    assert prepare(image, how).shape == (3, 224, 224)
    assert np.abs(prepare(image, how).numpy() - expected).max() < 1e-5


@pytest.mark.parametrize("shape", [(1, 1), (3, 5000), (5000, 3), (224, 225)])
def test_images_of_any_shape_fill_the_square(shape: tuple[int, int]) -> None:
    how = ImageInput(224, 256, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    white = np.full((*shape, 3), 255, np.uint8)
    assert np.allclose(prepare(white, how).numpy(), 1.0)


def test_the_part_of_an_image_that_speaks_for_a_label_is_found(
    web: LocalWeb, cache: ModelCache
) -> None:
    allow(cache, remote())
    get(web, cache, remote())
    image = np.concatenate([plain(250, 10, 10), plain(9, 0, 180)], axis=1)
    labeler = labeler_of(cache, remote())
    for label, side in (("red", 0), ("blue", 1)):
        focus = labeler.heat(image, {label: 1.0}).focus
        assert focus is not None
        assert focus[0] // (image.shape[1] / 2) == side
    with pytest.raises(ModelError, match="no class"):
        labeler.heat(image, {"mauve": 1.0})


def test_a_network_without_a_map_of_features_says_so() -> None:
    import torch

    flat = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 2))
    assert class_map(flat, torch.zeros(1, 3, 2, 2), torch.tensor([1.0, 0.0])) is None
