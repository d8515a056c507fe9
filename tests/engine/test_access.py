"""Who may read and do what, by the file of access."""

import pytest

from rapportsvar.engine.access import LOCAL, Reader, Role, read_access
from rapportsvar.errors import NotAllowed, SettingsError

FILE = """
[groups]
socialt = ["Anna@lindsjo.se", "bo@lindsjo.se"]
it = ["sys@lindsjo.se"]

[roles]
"läsare" = ["socialt", "skola"]
"redaktör" = ["kansliet"]
"förvaltare" = ["it"]

[collections.social]
reports = ["lindsjo/social*", "uppladdat/"]
groups = ["socialt"]

[collections.skola]
reports = ["norrvika/**/*.pdf"]
groups = ["skola", "it"]

[collections.alla]
reports = ["öppet/"]
groups = ["*"]
"""


@pytest.fixture
def access(tmp_path):
    return _written(tmp_path, FILE)


def _written(tmp_path, text):
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    return read_access(path)


@pytest.mark.parametrize(
    ("person", "told", "role"),
    [
        ("anna@LINDSJO.se", (), Role.READER),
        ("någon@annan.se", (), Role.NONE),
        ("någon@annan.se", ("skola",), Role.READER),
        ("anna@lindsjo.se", ("kansliet",), Role.EDITOR),
        ("sys@lindsjo.se", (), Role.MANAGER),
        ("it", (), Role.NONE),  # a person who is called as a group is not in it
        ("", (), Role.NONE),
        ("x", ("*",), Role.NONE),
    ],
)
def test_roles(access, person, told, role):
    assert access.reader(person, told).role is role


@pytest.mark.parametrize(
    ("person", "source", "sees"),
    [
        ("anna@lindsjo.se", "lindsjo/social-2022.txt", True),
        ("anna@lindsjo.se", "lindsjo/social/djupare.txt", False),  # a star stays within a folder
        ("anna@lindsjo.se", "lindsjo/skola.txt", False),
        ("anna@lindsjo.se", "uppladdat/a.pdf", True),
        ("anna@lindsjo.se", "uppladdat", False),
        ("anna@lindsjo.se", "uppladdat2/a.pdf", False),
        ("anna@lindsjo.se", "x/uppladdat/a.pdf", False),
        ("anna@lindsjo.se", "öppet/b.txt", True),
        ("anna@lindsjo.se", "o\u0308ppet/b.txt", True),  # as macOS writes ö
        ("sys@lindsjo.se", "norrvika/2022/vb.pdf", True),
        ("sys@lindsjo.se", "lindsjo/social-2022.txt", False),  # who manages does not therefore read
        ("någon@annan.se", "öppet/b.txt", False),  # without a role nothing is read
    ],
)
def test_reports_that_are_seen(access, person, source, sees):
    assert access.reader(person).sees(source) is sees


def test_a_report_in_no_collection_is_seen_by_nobody(access):
    readers = [access.reader(p, ("socialt", "skola", "kansliet", "it", "*")) for p in ("a", "sys@lindsjo.se")]
    assert not any(reader.sees("lindsjo/hemlig.txt") for reader in readers)
    assert list(access.collections_of("lindsjo/hemlig.txt")) == []


def test_without_sign_in_all_is_seen_and_allowed():
    assert LOCAL.sees("vad/som/helst.txt")
    LOCAL.check(Role.MANAGER, "vad/som/helst.txt")


@pytest.mark.parametrize(("role", "wanted"), [(have, want) for have in Role for want in Role if have < want])
def test_what_takes_a_higher_role_is_refused(role, wanted):
    with pytest.raises(NotAllowed, match="rollen"):
        Reader("x", role, None).check(wanted)


def test_a_refusal_does_not_tell_whether_there_is_such_a_report(access):
    anna = access.reader("anna@lindsjo.se")
    told = []
    for source in ("lindsjo/skola.txt", "finns/inte.txt"):
        with pytest.raises(NotAllowed) as refused:
            anna.check(Role.READER, source)
        told.append(str(refused.value))
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Ingen har någon roll"),
        ("[roles]", "Ingen har någon roll"),
        ('[roles]\nläsare = ["a"]', "citattecken"),
        ('[roles]\n"lasare" = ["a"]', "Okänd roll lasare"),
        ('[roles]\n"läsare" = "a"', "inte en lista"),
        ('[roles]\n"läsare" = [""]', "inte en lista"),
        ('[roller]\n"läsare" = ["a"]', "Okänd del roller"),
        ('[roles]\n"läsare" = ["a"]\n[collections.x]\nreports = ["a"]', "inte fullständig"),
        ('[roles]\n"läsare" = ["a"]\n[collections.x]\nreports = ["a"]\ngroups = [1]', "inte en lista"),
        ('[roles]\n"läsare" = ["a"]\n[collections.x]\nreports = ["a"]\ngrupper = ["a"]', "inte fullständig"),
        ('collections = ["a"]\n[roles]\n"läsare" = ["a"]', "inte en tabell"),
        ('groups = ["a"]\n[roles]\n"läsare" = ["a"]', "inte en tabell"),
        ("[roles", "kan inte läsas"),
    ],
)
def test_a_file_that_is_not_complete_is_refused(tmp_path, text, told):
    with pytest.raises(SettingsError, match=told):
        _written(tmp_path, text)


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="finns inte"):
        read_access(tmp_path / "ingen.toml")
