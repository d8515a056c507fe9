"""Versions of one report are found; two years, two boards, two months of one template are not."""

import itertools
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_reports import CountingEncoder, build_small, write_reports

from rapportsvar.answering.versions import find_versions
from rapportsvar.engine.contract import answer_json, report_json
from rapportsvar.engine.engine import Engine
from rapportsvar.errors import UnknownReport
from rapportsvar.index.opened import open_index
from rapportsvar.index.versions import SAMPLE, Known, families, family_of, shingles
from rapportsvar.model import ReportInfo


def report(board="Socialnämnden", year=2023, date="2023-09-20", mark="", more="", **figures):
    first, second = figures.get("first", "4 710"), figures.get("second", "52 330")
    return f"""Lindsjö kommun
{board}
Delårsrapport januari-augusti {year}{mark}
Datum: {date}

1 Sammanfattning

Nämnden redovisar ett underskott på {first} tkr till och med augusti. Kostnaden för placeringar ökade därför
att fler barn placerades i dyra konsulentstödda familjehem. Dessutom steg dygnskostnaden för HVB.

2 Ekonomi

Verksamhet\tBudget {year}\tUtfall {year}
Placeringar barn\t47 620\t{second}
Försörjningsstöd\t18 900\t17 450

Försörjningsstödet minskade eftersom arbetsmarknaden var god under året. Ingen verksamhet har lagts ned.
{more}"""


LETTER = """Lindsjö kommun
Socialnämnden
Tjänsteskrivelse
Datum: 2023-10-02

Förslag till beslut

Socialnämnden godkänner delårsrapporten och överlämnar den till kommunstyrelsen.

Nämnden redovisar ett underskott på 4 710 tkr till och med augusti. Kostnaden för placeringar ökade därför
att fler barn placerades i dyra konsulentstödda familjehem. Dessutom steg dygnskostnaden för HVB.
"""

THREE = {
    "sn-delar-2023.txt": report(),
    "sn-delar-2023-reviderad.txt": report(
        first="5 020", second="52 640", date="2023-10-01", mark="\nReviderad 2023-10-01",
        more="\nNämnden har begärt en fördjupad analys av placeringarna till december.\n",
    ),
    "sn-delar-2023-utkast.txt": report(first="4 500", more="\nEtt stycke om lokaler som ströks.\n"),
}  # fmt: skip
OTHERS = {
    "sn-delar-2022.txt": report(year=2022, date="2022-09-20"),
    "bun-delar-2023.txt": report(board="Barn- och utbildningsnämnden"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    build_small(write_reports(folder / "reports", {**THREE, **OTHERS, "brev.txt": LETTER}), folder / "index")
    with closing(open_index(folder / "index")) as opened:
        yield opened


NEWEST = ["sn-delar-2023-reviderad.txt", "sn-delar-2023.txt", "sn-delar-2023-utkast.txt", "brev.txt"]


def test_drafts_revisions_and_letters_stand_behind_the_newest(index):
    assert index.versions == [NEWEST]


def test_every_report_knows_its_family(index):
    for source in NEWEST:
        assert family_of(source, index.versions) == tuple(NEWEST)
    assert family_of("bun-delar-2023.txt", index.versions) == ("bun-delar-2023.txt",)


def test_differing_figures_are_quoted_from_each_version(index):
    found = find_versions(index, "sn-delar-2023.txt")
    (row,) = [d for d in found.differing if d.measure.startswith("Placeringar")]
    assert [(source, written) for source, _, _, written in row.values] == [
        ("sn-delar-2023-reviderad.txt", "52 640"),
        ("sn-delar-2023.txt", "52 330"),
        ("sn-delar-2023-utkast.txt", "52 330"),
    ]
    for source, span, _, written in row.values:
        assert span.of(index.store.text(source)) == written


def test_a_report_without_versions_has_no_differences(index):
    found = find_versions(index, "bun-delar-2023.txt")
    assert (found.newest, found.older, found.differing) == ("bun-delar-2023.txt", (), ())
    with pytest.raises(UnknownReport):
        find_versions(index, "saknas.txt")


def test_reports_tell_their_versions(index):
    told = {r.source: report_json(r, {}, index.versions) for r in index.store.reports()}
    assert told[NEWEST[0]]["versions"] == NEWEST[1:]
    assert told["brev.txt"]["version_of"] == NEWEST[0]
    assert (told["brev.txt"]["versions"], told["sn-delar-2022.txt"]["version_of"]) == ([], None)


def test_hits_of_older_versions_stand_under_the_newest(index):
    engine = Engine(index, CountingEncoder())
    answer = engine.ask("Varför ökade kostnaden för placeringar i socialnämnden 2023?")
    causes = [hit for hit in answer.hits if "konsulentstödda" in hit.text]
    (hit,) = [h for h in causes if h.source in NEWEST]
    assert hit.source == NEWEST[0]
    assert {source for source, _ in hit.versions} == set(NEWEST[1:])
    shown = answer_json(answer)["hits"][0]
    assert shown["version_of"] is None
    assert all(set(place) == {"source", "start", "end"} for place in shown["versions"])
    for hit in answer.hits:
        for source, span in hit.versions:
            assert span.of(index.store.text(source))


def test_what_only_an_older_version_says_is_not_lost(index):
    engine = Engine(index, CountingEncoder())
    hits = engine.search("lokaler ströks").hits
    (hit,) = [hit for hit in hits if "lokaler som ströks" in hit.text]
    assert (hit.source, hit.version_of) == ("sn-delar-2023-utkast.txt", NEWEST[0])


def test_families_follow_the_folder(tmp_path):
    reports, folder = write_reports(tmp_path / "r", THREE), tmp_path / "i"
    build_small(reports, folder)
    (reports / NEWEST[0]).unlink()
    build_small(reports, folder)
    with closing(open_index(folder)) as opened:
        assert opened.versions == [NEWEST[1:3]]
    (reports / NEWEST[2]).unlink()
    build_small(reports, folder)
    with closing(open_index(folder)) as opened:
        assert opened.versions == []


def known(source, text, **info):
    hashes, sampled = shingles(text)
    return Known(source, ReportInfo(**info), text, hashes, sampled)


BODY = " ".join(f"ord{n} följer på ord{n * 7 % 1000}" for n in range(120))
SAME = {"municipality": "Lindsjö", "board": "Socialnämnden", "kind": "delårsrapport", "year": 2023}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"year": 2022}, {"year": 2023}),
        ({"board": "Socialnämnden"}, {"board": "Kulturnämnden"}),
        ({"municipality": "Lindsjö"}, {"municipality": "Åsbro"}),
        ({"period": "januari–september 2023"}, {"period": "januari–oktober 2023"}),
        ({"title": "Månadsuppföljning mars"}, {"title": "Månadsuppföljning april"}),
        ({"title": "Uppföljning tertial 1"}, {"title": "Uppföljning T2"}),
    ],
)
def test_equal_texts_of_different_things_are_no_versions(first, second):
    pair = [known("a.txt", BODY, **{**SAME, **first}), known("b.txt", BODY, **{**SAME, **second})]
    assert families(pair) == []
    assert families([known("a.txt", BODY, **SAME), known("b.txt", BODY, **SAME)]) == [["b.txt", "a.txt"]]


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("r_version_2.docx", "r_version_1.docx"),
        ("r v3.docx", "r v2.docx"),
        ("r-reviderad.docx", "r.docx"),
        ("r.docx", "r-utkast.docx"),
        ("r slutlig.docx", "r.docx"),
        ("delar v34 v2.pdf", "delar v34.pdf"),
    ],
)
def test_names_tell_the_newer(newer, older):
    for order in itertools.permutations((newer, older)):
        assert families([known(name, BODY, **SAME) for name in order]) == [[newer, older]]


def test_dates_tell_the_newer_where_names_do_not():
    pair = [known("a", BODY, **SAME, date="2023-10-05"), known("b", BODY, **SAME, date="2023-09-01")]
    assert families(pair) == [["a", "b"]]


def test_a_report_is_never_joined_with_two_that_differ():
    texts = [
        known("a", BODY, **SAME),
        known("b", BODY),
        known("c", BODY, **{**SAME, "board": "Kulturnämnden"}),
    ]
    found = families(texts)
    assert len(found) == 1
    assert not {"a", "c"} <= set(found[0])


def test_shingles_of_long_texts_are_the_same_sample():
    long = " ".join(str(n) for n in range(20_000))
    hashes, sampled = shingles(long)
    assert sampled
    assert (hashes % SAMPLE == 0).all()
    assert families([known("a", long, **SAME), known("b", long + " mer", **SAME)]) == [["b", "a"]]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_shingles_are_sorted_once_each_and_of_the_words_alone(words):
    hashes, sampled = shingles(" ".join(words))
    assert not sampled
    assert sorted(set(hashes.tolist())) == hashes.tolist()
    assert shingles("\n".join(words).upper())[0].tolist() == hashes.tolist()
    assert len(hashes) == len(set(zip(*(words[n:] for n in range(5)), strict=False)))
