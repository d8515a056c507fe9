"""What the program is made of: pinned, hashed, without pickle, and written down."""

import ast
import importlib.util
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
UNSAFE = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}


def pins(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", line) for line in lines]
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in found if match}


def test_every_package_of_the_default_installation_has_a_hash():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9.-]+==\S+( +--hash=sha256:[0-9a-f]{64})+ *", line), line[:80]


def test_hashed_and_pinned_versions_are_the_same():
    hashed, pinned = pins("requirements.txt"), pins("constraints.txt")
    assert hashed.items() <= pinned.items()


def test_what_the_package_needs_is_hashed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["app"], "hatchling", "editables"]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", each)[0]).lower() for each in wanted}
    assert names <= pins("requirements.txt").keys()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_no_module_unpickles(path):
    """Neither by import, nor by numpy's or torch's own loaders."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & UNSAFE
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in UNSAFE
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "numpy.load"):
            assert any(each.arg == "allow_pickle" for each in node.keywords), ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
            assert any(each.arg == "weights_only" for each in node.keywords), ast.unparse(node)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("bill_of_materials", ROOT / "scripts/bill_of_materials.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_bill_of_materials_names_all_that_is_installed_with_its_licence(script):
    bill = json.loads(json.dumps(script.bill(script.parts_of())))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = {component["name"] for component in bill["components"]}
    assert {"faiss-cpu", "onnxruntime", "streamlit", "starlette", "multilingual-e5-small"} <= names
    assert "pytest" not in names
    refs = [component["bom-ref"] for component in bill["components"]]
    assert len(refs) == len(set(refs))
    for component in bill["components"]:
        [licence] = component["licenses"]
        assert licence["license"].get("name") != script.UNKNOWN, component["name"]
    depended = {ref for each in bill["dependencies"] for ref in each["dependsOn"]}
    assert depended <= set(refs)


def test_bill_of_materials_has_the_hash_of_the_weights(script):
    from rapportsvar.index.embedding.weights import WEIGHTS_SHA256

    bill = script.bill(script.parts_of())
    [weights] = [c for c in bill["components"] if c["type"] == "machine-learning-model"]
    assert weights["hashes"] == [{"alg": "SHA-256", "content": WEIGHTS_SHA256}]
