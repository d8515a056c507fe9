"""Settings: unknown keys and wrong values are refused with their path."""

import pytest

from rapportsvar.config import Settings, load_settings, settings_from
from rapportsvar.errors import SettingsError


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAPPORTSVAR_SETTINGS", raising=False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"retrival": {}}, "retrival"),
        ({"answering": {"treshold": 0.5}}, r"answering\.treshold"),
        ({"answering": {"threshold": 1.5}}, r"answering\.threshold = 1\.5 is out of bounds"),
        ({"answering": {"threshold": float("nan")}}, "out of bounds"),
        ({"answering": {"top": True}}, "wrong type"),
        ({"answering": {"top": "3"}}, "wrong type"),
        ({"answering": 3}, "must be a table"),
        ({"embedding": {"model": 3}}, r"embedding\.model"),
        ({"structure": {"passage_chars_max": 300}}, "larger than"),
        ({"feedback": {"on": 1}}, r"feedback\.on = 1 has the wrong type"),
        ({"feedback": {"on": "ja"}}, r"feedback\.on"),
        ({"evaluation": {"runs": True}}, r"evaluation\.runs"),
        ({"library": {"changes": "yes"}}, "wrong type"),
        ({"index": {"engine": "oracle"}}, r"index\.engine = 'oracle' is unknown.*local or milvus"),
        ({"index": {"collections": "två ord"}}, r"index\.collections.*letters, digits"),
        ({"index": {"uri": ""}}, r"index\.uri.*an address"),
        ({"index": {"seconds_max": 0}}, r"index\.seconds_max = 0 is out of bounds"),
        ({"index": {"url": "x"}}, r"Unknown setting index\.url"),
        ({"library": {"file_mb_max": 0}}, "out of bounds"),
    ],
)
def test_what_is_wrong_is_named(content, message):
    with pytest.raises(SettingsError, match=message) as caught:
        settings_from(content)
    assert caught.value.todo


def test_defaults_hold_without_a_file():
    assert load_settings() == Settings()


def test_files_are_looked_for_in_order(tmp_path, monkeypatch):
    (tmp_path / "rapportsvar.toml").write_text("[answering]\ntop = 1\n")
    assert load_settings().answering.top == 1
    (tmp_path / "other.toml").write_text("[answering]\ntop = 2\n")
    monkeypatch.setenv("RAPPORTSVAR_SETTINGS", str(tmp_path / "other.toml"))
    assert load_settings().answering.top == 2
    (tmp_path / "third.toml").write_text("[answering]\ntop = 3\nthreshold = 1\n")
    assert load_settings(tmp_path / "third.toml").answering.top == 3


@pytest.mark.parametrize("content", [b"no = = toml", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"bad\.toml"):
        load_settings(path)
