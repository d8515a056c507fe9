import pytest

from rapportsvar.errors import SettingsError
from rapportsvar.swedish.lexicon import Entry, Lexicon, read_entries
from rapportsvar.swedish.words import Analyzer

ENTRIES = [
    Entry("ekonomi", "ligga back", "everyday", "underskott", 0.8),
    Entry("socialtjänst", "socialbidrag", "everyday", "ekonomiskt bistånd", 0.9),
    Entry("socialtjänst", "försörjningsstöd", "synonym", "ekonomiskt bistånd", 0.9),
    Entry("socialtjänst", "IFO", "abbreviation", "individ- och familjeomsorg", 1.0),
    Entry("ekonomi", "cost", "english", "kostnad", 1.0),
]


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


@pytest.mark.parametrize(
    ("question", "keep", "weights"),
    [("folk utan jobb", True, [0.9]), ("sjuk på jobbet", True, []), ("sjuk på jobbet", False, [0.45])],
)
def test_expand_minds_stop_words_where_they_are_kept(analyzer, question, keep, weights):
    lexicon = Lexicon([Entry("", "utan jobb", "everyday", "arbetslös", 0.9)], analyzer=analyzer)
    found = lexicon.expand(analyzer.terms(question, keep_stopwords=keep))
    assert [one.weight for one in found] == weights


@pytest.fixture(scope="module")
def lexicon(analyzer):
    return Lexicon(ENTRIES, analyzer=analyzer)


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("varför låg nämnden back", "sv", set()),
        ("varför ligger nämnden back", "sv", {("underskott", 0.8)}),
        ("hur stort underskott", "sv", {("ligga backa", 0.4)}),
        ("socialbidragen", "sv", {("ekonomisk bistånd", 0.9)}),
        ("ekonomiskt bistånd", "sv", {("försörjningsstöd", 0.9), ("socialbidrag", 0.45)}),
        ("vad gör IFO", "sv", {("individ familjeomsorg", 1.0)}),
        ("cost of cars", "en", {("kostnad", 1.0)}),
        ("cost", "sv", set()),
        ("vilken kostnad", "sv", set()),
        ("socialbidragskostnader", "sv", {("ekonomisk bistånd", 0.36)}),
    ],
)
def test_expand(lexicon, analyzer, question, language, expected):
    found = lexicon.expand(analyzer.terms(question), language=language)
    assert {(" ".join(one.term), one.weight) for one in found} == expected


def test_expand_tells_where_the_phrase_stands(lexicon, analyzer):
    question = "varför ligger nämnden back i år"
    (found,) = lexicon.expand(analyzer.terms(question))
    assert question[found.start : found.end] == "ligger nämnden back"
    assert (found.source_term, found.kind) == ("ligga back", "everyday")


def test_words_are_those_of_both_columns_without_english(lexicon):
    assert {"socialbidrag", "bistånd", "kostnad"} <= lexicon.words
    assert "cost" not in lexicon.words


def test_load_takes_own_files(tmp_path, analyzer):
    own = tmp_path / "eget.tsv"
    own.write_text("# eget\n\nskola\tplugget\teveryday\tskola\t1,0\n", encoding="utf-8")
    lexicon = Lexicon.load(own, analyzer=analyzer)
    assert any(one.term == ("skola",) for one in lexicon.expand(analyzer.terms("hur går det i plugget")))


@pytest.mark.parametrize(
    "line",
    [
        "skola\tplugget\teveryday\tskola",
        "a\tb\tmaybe\tc\t1",
        "a\tb\tsynonym\tc\t2",
        "a\tb\tsynonym\tc\tx",
        "a",
    ],
)
def test_read_entries_names_the_malformed_line(tmp_path, line):
    path = tmp_path / "eget.tsv"
    path.write_text(f"# eget\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"eget\.tsv, line 2"):
        list(read_entries(path))


def test_read_entries_when_there_is_no_file(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        list(read_entries(tmp_path / "saknas.tsv"))
