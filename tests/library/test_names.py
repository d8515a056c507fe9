"""Names of uploads stay in their folder and show what they are."""

import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapportsvar.library.names import NAME_BYTES_MAX, free_name, safe_name
from rapportsvar.reading.folder import NOT_REPORTS


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Delårsrapport 2023.txt", "Delårsrapport 2023.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\rapport.md", "rapport.md"),
        ("..", "rapport"),
        ("", "rapport"),
        (".hidden.txt", "hidden.txt"),
        ("rapport\u202etxt.exe", "rapporttxt.exe"),
        ("a\x00b\nc\u200b.txt", "ab c.txt"),
        ("README.md", "README rapport.md"),
        ("~$rapport.docx", "rapport.docx"),
        ('a<b>:"|?*.md', "a-b------.md"),
        ("a\u030a.txt", "å.txt"),
    ],
)
def test_name_is_made_safe(given_name, safe):
    assert safe_name(given_name) == safe


@given(st.text(max_size=300), st.sampled_from(["", ".txt", ".md", ".pdf"]))
def test_no_name_leads_or_misleads(stem, suffix):
    name = safe_name(stem + suffix)
    assert PurePosixPath(name).name == name
    assert not name.startswith(".")
    assert len(name.encode()) <= NAME_BYTES_MAX
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in name)
    assert PurePosixPath(name).stem.lower() not in NOT_REPORTS
    assert safe_name(name) == name


def test_suffix_is_kept_when_a_long_name_is_cut():
    assert safe_name("å" * 400 + ".txt").endswith("å.txt")


def test_free_name_counts_from_two():
    taken = {"a.txt", "a (2).txt"}
    assert free_name("a.txt", taken.__contains__) == "a (3).txt"
    assert free_name("b.txt", taken.__contains__) == "b.txt"
