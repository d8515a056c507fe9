"""What the doctor says of sign-in, roles and collections."""

import os

import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.admission import ACCESS, COLLECTIONS, SECRETS, SIGN_IN, admission, collections
from rapportsvar.engine.doctor import examine

SECRET = f"""
[auth]
redirect_uri = "https://svar.lindsjo.se/oauth2callback"
cookie_secret = "{"c" * 32}"
client_id = "rapportsvar"
client_secret = "x"
server_metadata_url = "https://inlogg.lindsjo.se/.well-known/openid-configuration"
"""
FILE = """
[groups]
socialt = ["anna@lindsjo.se"]

[roles]
"läsare" = ["socialt"]

[collections.sociala]
reports = ["lindsjo/"]
groups = ["socialt"]
"""
SOURCES = ["lindsjo/ar-2022.txt", "lindsjo/ar-2023.txt"]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty folder to stand in, and a home without secrets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("STREAMLIT_SECRETS_FILES", raising=False)
    return tmp_path


def write(place, *, file=FILE, secrets=SECRET):
    if file is not None:
        (place / "access.toml").write_text(file, encoding="utf-8")
        (place / "access.toml").chmod(0o644)
    if secrets is not None:
        (place / ".streamlit").mkdir()
        (place / ".streamlit/secrets.toml").write_text(secrets, encoding="utf-8")
        (place / ".streamlit/secrets.toml").chmod(0o600)


def settings(**access):
    return settings_from({"access": access})


def found(made, sources=SOURCES):
    return {each.what: each for each in (*admission(made), *collections(made.access, sources))}


def test_off_is_sound_and_says_what_it_means(place):
    findings = found(settings())
    assert list(findings) == [SIGN_IN]
    assert findings[SIGN_IN].sound
    assert "läser och ändrar alla rapporter, utan att logga in" in findings[SIGN_IN].detail
    kept = settings_from({"library": {"changes": False}})
    assert "adressen läser alla" in found(kept)[SIGN_IN].detail


def test_wholly_on_is_sound_and_says_who(place):
    write(place)
    findings = found(settings(on=True))
    assert list(findings) == [SIGN_IN, ACCESS, COLLECTIONS]
    assert all(each.sound and not each.todo for each in findings.values())
    assert "läsare: socialt" in findings[ACCESS].detail
    assert "sociala (2 rapporter)" in findings[COLLECTIONS].detail


@pytest.mark.parametrize(
    ("access", "written", "says", "todo"),
    [
        ({"on": True}, {"secrets": None}, "ingen del [auth]", "Skriv [auth]"),
        ({"on": True}, {"file": None}, "finns inte", "Rätta filen med behörigheter"),
        ({"on": True}, {"file": "[roles"}, "kan inte läsas", "Rätta filen med behörigheter"),
        ({"on": True}, {"secrets": SECRET.replace("c" * 32, "c")}, "kortare än 32", "openssl rand"),
        ({"on": True}, {"secrets": SECRET.replace("https://svar", "http://svar")}, "inte https", "https://"),
        ({"on": True}, {"secrets": "[auth"}, "kan inte läsas", "Rätta filen"),
        ({}, {"file": None}, "inloggningen är inte på", "on = true"),
        ({}, {"secrets": None}, "den gäller inte", "on = true"),
    ],
)
def test_half_on_is_a_fault_with_what_to_do(place, access, written, says, todo):
    write(place, **written)
    finding = found(settings(**access))[SIGN_IN]
    assert not finding.sound
    assert "halvt på" in finding.detail
    assert says in finding.detail
    assert todo in finding.todo


def test_a_package_that_is_missing_is_a_fault(place, monkeypatch):
    write(place)
    monkeypatch.setattr("rapportsvar.engine.sign_in.find_spec", lambda _: None)
    finding = found(settings(on=True))[SIGN_IN]
    assert not finding.sound
    assert "pip install" in finding.todo


def test_secrets_that_are_kept_elsewhere_are_not_said_to_be_right(place, monkeypatch):
    write(place, secrets=None)
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(place / "hemligt.toml"))
    assert "först när tjänsten öppnas" in found(settings(on=True))[SIGN_IN].detail


def test_a_group_that_nobody_is_in_is_a_fault_unless_the_provider_may_tell_of_it(place):
    write(place, file=FILE.replace('"läsare" = ["socialt"]', '"läsare" = ["socialt", "skolla", "*"]'))
    finding = found(settings(on=True))[ACCESS]
    assert not finding.sound
    assert finding.detail.endswith("grupper utan medlemmar: skolla")
    assert found(settings(on=True, groups_claim="groups"))[ACCESS].sound


def test_reports_that_nobody_reads_and_collections_that_hold_none_are_faults(place):
    none = '\n[collections.tom]\nreports = ["asbro/"]\ngroups = ["socialt"]\n'
    write(place, file=FILE + none)
    finding = found(settings(on=True), [*SOURCES, "norrvika/a.md"])[COLLECTIONS]
    assert not finding.sound
    assert "ingen läser dem: norrvika/a.md" in finding.detail
    assert "samlingar utan rapporter: tom" in finding.detail
    assert "rapportsvar reports" in finding.todo


def test_a_collection_without_groups_is_read_by_nobody(place):
    write(place, file=FILE.replace('groups = ["socialt"]', "groups = []"))
    finding = found(settings(on=True))[COLLECTIONS]
    assert not finding.sound
    assert "ingen läser dem: lindsjo/ar-2022.txt" in finding.detail


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
@pytest.mark.parametrize(
    ("file", "mode", "what"), [(".streamlit/secrets.toml", 0o644, SECRETS), ("access.toml", 0o666, ACCESS)]
)
def test_files_that_others_may_read_or_change_are_faults(place, file, mode, what):
    write(place)
    (place / file).chmod(mode)
    finding = found(settings(on=True))[what]
    assert not finding.sound
    assert "chmod" in finding.todo


def test_the_doctor_looks_at_it(place):
    write(place, secrets=None)
    made = settings_from({"embedding": {"model": "hash"}})
    findings = {each.what: each for each in examine(place / "nowhere", made)}
    assert not findings[SIGN_IN].sound
