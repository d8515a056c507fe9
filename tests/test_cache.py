"""What is made once is made once, whole or not at all, and again when it has changed."""

import os
import threading

import pytest

from rapportsvar import cache
from rapportsvar.cache import CACHE_VARIABLE, cache_folder, kept
from rapportsvar.swedish import dictionary, lexicon
from rapportsvar.swedish.lexicon import Lexicon
from rapportsvar.swedish.words import Analyzer


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def unwritable(empty):
    """A cache whose folder is a file: no rights, not even those of an administrator, make room in it."""
    cache_folder().write_text("in the way", encoding="utf-8")
    lexicon.packaged_keys.cache_clear()
    yield
    lexicon.packaged_keys.cache_clear()


def counted(content):
    made = []

    def make():
        made.append(1)
        return content

    return make, made


def test_it_is_made_once(empty):
    make, made = counted(b"forms")
    assert kept("a", make) == b"forms"
    assert kept("a", make) == b"forms"
    assert len(made) == 1


@pytest.mark.parametrize("place", [0, 31, 32, 36])
def test_a_changed_bit_is_noticed_and_it_is_made_again(empty, place):
    make, made = counted(b"forms")
    kept("a", make)
    path = cache_folder() / "a"
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1
    path.write_bytes(whole)
    assert kept("a", make) == b"forms"
    assert len(made) == 2
    assert kept("a", make) == b"forms"
    assert len(made) == 2


@pytest.mark.parametrize("length", [0, 5, 33])
def test_a_file_cut_short_is_made_again(empty, length):
    make, made = counted(b"forms")
    kept("a", make)
    os.truncate(cache_folder() / "a", length)
    assert kept("a", make) == b"forms"
    assert len(made) == 2


def test_two_at_once_make_it_once(empty):
    make, made = counted(b"x" * 1000)
    together = threading.Barrier(4)
    found = []

    def ask():
        together.wait(30)
        found.append(kept("a", make))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert found == [b"x" * 1000] * 4
    assert len(made) == 1


def test_what_is_cut_off_in_the_middle_leaves_nothing(empty, monkeypatch):
    def cut(_):
        raise OSError("disk full")

    monkeypatch.setattr(cache.os, "fsync", cut)
    with pytest.raises(OSError, match="disk full"):
        kept("a", lambda: b"forms")
    assert [path.name for path in cache_folder().iterdir() if not path.name.endswith(".lock")] == []


def test_what_a_killed_process_left_behind_is_swept(empty):
    cache_folder().mkdir(parents=True)
    left = cache_folder() / "a.new-left"
    left.write_bytes(b"half")
    kept("a", lambda: b"forms")
    assert not left.exists()


def test_without_a_cache_the_dictionary_is_the_stream(unwritable):
    forms = dictionary.forms()
    assert "Stream" in type(forms).__name__
    assert forms.get("placeringarna") == "placering"


def test_the_trie_says_what_the_stream_says():
    trie = dictionary.forms()
    assert "Trie" in type(trie).__name__
    stream = dictionary.StreamDictionaryFactory().get_dictionary("sv")
    assert len(trie) == len(stream)
    assert all(trie.get(form) == base for form, base in list(stream.items())[::97])


def test_the_lexicon_is_the_same_with_kept_keys_and_without(monkeypatch):
    analyzer = Analyzer()
    asked = analyzer.terms("gick dagis back och hur många fick socialbidrag utan jobb", keep_stopwords=True)
    with_keys = Lexicon.load(analyzer=analyzer).expand(asked)
    monkeypatch.setattr(lexicon, "packaged_keys", dict)
    assert Lexicon.load(analyzer=analyzer).expand(asked) == with_keys
    assert with_keys


def test_kept_keys_are_those_of_the_analyzer():
    analyzer = Analyzer()
    keys = lexicon.packaged_keys()
    assert len(keys) > 5000
    assert all(lexicon.keys_of(phrase, analyzer) == found for phrase, found in list(keys.items())[::7])


def test_without_a_cache_no_keys_are_kept(unwritable):
    assert lexicon.packaged_keys() == {}
