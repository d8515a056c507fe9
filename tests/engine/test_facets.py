import pytest

from rapportsvar.config import settings_from
from rapportsvar.engine.engine import Engine, build
from rapportsvar.model import EntryKind, Filters

CANDIDATES = 12
"""Ranking looks at so few of the places below."""
SETTINGS = settings_from({"embedding": {"model": "hash"}, "retrieval": {"candidates": CANDIDATES}})
REPORT = """# Årsredovisning {year}

{municipality} kommun
Socialnämnden
Datum: {year}-12-31

"""
STREETS = ("Almgatan", "Björkvägen", "Cedergränd", "Domherrens väg", "Ekstigen", "Furuallén", "Granbacken")
WORKS = ("tog längre tid", "blev dyrare", "sköttes av en entreprenör", "började tidigt", "klarades av i tid")
CAUSES = ("snön låg kvar", "en maskin var trasig", "avtalet var nytt")
PROSE = "## {street}, etapp {n}\n\nVinterns halkbekämpning {work} eftersom {cause} vid {street}.\n\n"
BOTH = "## Depån\n\nHalkbekämpning kräver sopsaltning.\n\n"
TABLE = "### Kostnader (tkr)\n\nVerksamhet\tUtfall {year}\nHalkbekämpning\t410\nSummering\t900\n"
PLACES = {("Prövstad", 2021): 60, ("Åkerby", 2022): 40}


def _place(n):
    street, work, cause = (words[n % len(words)] for words in (STREETS, WORKS, CAUSES))
    return PROSE.format(n=n, street=street, work=work, cause=cause)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("facets")
    for (municipality, year), count in PLACES.items():
        places = "".join(_place(n) for n in range(count))
        text = REPORT.format(year=year, municipality=municipality) + places + BOTH + TABLE.format(year=year)
        (folder / f"{municipality[0]}.md").write_text(text, encoding="utf-8")
    build([folder], folder / "index", SETTINGS)
    opened = Engine.open(folder / "index", SETTINGS)
    yield opened
    opened.close()


def test_every_place_that_holds_the_word_is_counted_however_few_are_ranked(engine):
    result = engine.search("halkbekämpning")
    assert len(result.hits) <= 4 * CANDIDATES < 100
    assert result.facets["year"] == {"2021": 62, "2022": 42}
    assert result.facets["municipality"] == {"Prövstad": 62, "Åkerby": 42}
    assert result.facets["form"] == {"text": 102, "tabell": 2}
    assert result.with_all_words is None


def test_a_form_limits_all_counts_but_its_own(engine):
    result = engine.search("halkbekämpning", form=EntryKind.ROW)
    assert result.facets["year"] == {"2021": 1, "2022": 1}
    assert result.facets["form"] == {"text": 102, "tabell": 2}


def test_filters_limit_what_is_counted(engine):
    for filters in (Filters(years=(2022,)), Filters(municipality="Åkerby")):
        assert engine.search("halkbekämpning", filters=filters).facets["year"] == {"2022": 42}


def test_places_with_all_words_are_told_apart_from_those_with_any(engine):
    result = engine.search("halkbekämpning sopsaltning")
    assert sum(result.facets["form"].values()) == 104
    assert result.with_all_words == 2
    limited = engine.search("halkbekämpning sopsaltning", filters=Filters(years=(2022,)))
    assert limited.with_all_words == 1


def test_a_name_that_limits_the_reports_is_no_word_to_hold(engine):
    assert engine.search("halkbekämpning Åkerby").facets["municipality"] == {"Åkerby": 42}


@pytest.mark.parametrize("filters", [None, Filters(years=(1999,))])
def test_nothing_is_counted_when_no_place_holds_the_words(engine, filters):
    result = engine.search("rymdfart", filters=filters)
    assert not any(result.facets.values())
