import pytest

from rapportsvar.model import Source
from rapportsvar.structure import whose
from rapportsvar.structure.build import build_report

_BODY = "\n\nSammanfattning\n\nVerksamheten har bedrivits enligt plan och kostnaden är lägre än budgeterat.\n"


def _facts(text, name="r.txt"):
    metadata = build_report(Source(name, text + _BODY, "")).metadata
    names = ("title", "municipality", "board", "kind", "period", "year", "date", "reference")
    return {key: fact.value for key in names if (fact := getattr(metadata, key)) is not None}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "Delårsrapport per den 31 augusti 2021\n\nVård- och omsorgsnämnden\n\nEkåsens kommun",
            {
                "title": "Delårsrapport per den 31 augusti 2021",
                "municipality": "Ekåsen",
                "board": "vård- och omsorgsnämnden",
                "kind": "delårsrapport",
                "period": "januari–augusti 2021",
                "year": "2021",
            },
        ),
        (
            "KATRINEHOLMS KOMMUN\n\nÅRSREDOVISNING 2019\n\nDatum: 2020-03-02\nDnr: KS/2020:15",
            {
                "title": "ÅRSREDOVISNING 2019",
                "municipality": "Katrineholm",
                "kind": "årsredovisning",
                "period": "2019",
                "year": "2019",
                "date": "2020-03-02",
                "reference": "KS/2020:15",
            },
        ),
        (
            "Barn- och utbildningsnämnden\nTjänsteskrivelse\n\nDatum:\n14 november 2022\n\n"
            "Diarienummer:\nBUN 2022/118\n\n"
            "Månadsuppföljning oktober 2022",
            {
                "title": "Månadsuppföljning oktober 2022",
                "board": "barn- och utbildningsnämnden",
                "kind": "månadsuppföljning",
                "period": "oktober 2022",
                "date": "2022-11-14",
                "reference": "BUN 2022/118",
            },
        ),
        (
            "# Verksamhetsberättelse 2022\n\nSocialnämnden i Härryda kommun",
            {
                "title": "Verksamhetsberättelse 2022",
                "municipality": "Härryda",
                "board": "socialnämnden",
                "kind": "verksamhetsberättelse",
                "period": "2022",
            },
        ),
        (
            "Tekniska nämndens tertialrapport 1 2023",
            {"board": "tekniska nämnden", "kind": "tertialrapport", "period": "januari–april 2023"},
        ),
        ("Budget 2024\n\nKulturnämnden", {"kind": "budget", "board": "kulturnämnden", "year": "2024"}),
        (
            "Uppföljning av intern kontroll\n\nNämnd: Miljönämnden\n\n2021-02-10",
            {"kind": "internkontrollrapport", "board": "miljönämnden", "date": "2021-02-10"},
        ),
        (
            "Region Dalarna\n\nDelårsrapport januari–juni 2020",
            {"municipality": "Region Dalarna", "period": "januari–juni 2020"},
        ),
    ],
)
def test_metadata_of_an_opening(text, facts):
    found = _facts(text)
    assert {key: found.get(key) for key in facts} == facts


def test_metadata_out_of_the_file_name_when_the_text_is_silent():
    found = _facts("Verksamheten under året", "uppsala/socialnamnden-delarsrapport-2021.txt")
    assert found["municipality"] == "Uppsala"
    assert found["board"] == "socialnämnden"


def test_a_municipality_named_in_passing_is_not_certain():
    text = f"Delårsrapport 2020{_BODY}Barnen i Katrineholm får hjälp. En skola i Katrineholm byggs om.\n"
    metadata = build_report(Source("r.txt", text, "")).metadata
    assert metadata.municipality is not None
    assert (metadata.municipality.value, metadata.municipality.certain) == ("Katrineholm", False)


@pytest.mark.parametrize(("chars", "municipality"), [(2_000_000, "Åsbro"), (3_000, "Lindsjö")])
def test_names_are_counted_in_the_beginning_of_a_text(monkeypatch, chars, municipality):
    monkeypatch.setattr(whose, "COUNTED_CHARS", chars)
    filled = "Verksamheten har bedrivits enligt plan.\n\n" * 50
    text = f"Årsredovisning 2022\n\n{filled}{'Skolan i Lindsjö kommun växer.' * 5}\n\n{filled}"
    facts = _facts(f"{text}{'Skolan i Åsbro kommun växer. ' * 30}")
    assert facts["municipality"] == municipality


def test_a_delar_whose_end_is_not_told_is_not_certain():
    metadata = build_report(Source("r.txt", f"Delårsrapport 2020{_BODY}", "")).metadata
    assert metadata.period is not None
    assert (metadata.period.value, metadata.period.certain) == ("januari–augusti 2020", False)
    assert metadata.year is not None
    assert metadata.year.certain


def test_a_delar_that_the_text_ends_in_june():
    said = "Utfallet per juni 2020 är lågt. Budget per 30 juni 2020. Till och med juni 2020.\n"
    text = f"Delårsrapport 2020{_BODY}{said}"
    assert build_report(Source("r.txt", text, "")).metadata.period.value == "januari–juni 2020"


@pytest.mark.parametrize(
    ("opening", "name", "certain"),
    [
        ("Bildningsnämnden i Tranemora\n\nVerksamhetsberättelse 2022", "Tranemora", False),
        ("SOCIALNÄMNDEN I RÄVLANDA-HULT\n\nDelårsrapport 2022", "Rävlanda-Hult", False),
        ("Till familjenämnden i Kvarnhede\n\nDelårsrapport 2022\n\nKvarnhede växer.", "Kvarnhede", True),
        ("ÖRTOMTA STADS KOMMUN\n\nPersonalberättelse 2017", "Örtomta", True),
        ("Kulturnämnden i Hammarlövs stad\n\nInternbudget 2024", "Hammarlöv", True),
        ("Ulvsunda Norra kommun\n\nÅrsredovisning 2020", "Ulvsunda Norra", True),
        ("Vuxenutbildningen i Lindesala 2020\n\nText.\n\nLindesala Gjuteri stod.", "Lindesala", False),
        ("Tjänsteskrivelse\t2019-05-14\nTill socialnämnden i Hedby\n\nUppföljning 2019", "Hedby", False),
    ],
)
def test_municipality_without_kommun_beside_its_name(opening, name, certain):
    fact = build_report(Source("r.txt", opening + _BODY, "")).metadata.municipality
    assert (fact.value, fact.certain) == (name, certain)


@pytest.mark.parametrize(
    "opening",
    [
        "Socialnämnden i samverkan\n\nDelårsrapport 2021",
        "Ekonomin i Balans 2021\n\nSocialnämnden",
        "Vuxenutbildningen i Lindesala 2020",
        "Vår stad\n\nÅrsredovisning 2020",
    ],
)
def test_no_municipality_where_none_is_named(opening):
    assert build_report(Source("r.txt", opening + _BODY, "")).metadata.municipality is None


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        ("# Årsredovisning 2022 Dnr SN 2023/0021-3\n\nSocialnämnden", "Årsredovisning 2022"),
        ("Årsredovisning 2022\nDnr SN 2023/0021-3\n\nSocialnämnden", "Årsredovisning 2022"),
        ("# Delårsrapport (dnr 2023/21) augusti 2023", "Delårsrapport augusti 2023"),
        ("# Internbudget 2024\nFastställd 2023-12-12, § 121\n", "Internbudget 2024"),
        ("# Ärende: diarieföring 2023", "Ärende: diarieföring 2023"),
    ],
)
def test_title_without_the_number_and_the_decision_below_it(opening, title):
    facts = _facts(opening)
    assert facts["title"] == title


def test_reference_is_still_read_from_a_title_that_carries_it():
    assert (
        _facts("# Årsredovisning 2022 Dnr SN 2023/0021-3\n\nSocialnämnden")["reference"] == "SN 2023/0021-3"
    )


@pytest.mark.parametrize(
    ("opening", "municipality", "board", "date"),
    [
        (
            "Tallmyra kommun\nSocialnämnden\n\nDelårsrapport per augusti 2023\n\n"
            "Behandlad av socialnämnden 2023-09-21, § 94",
            "Tallmyra",
            "socialnämnden",
            "2023-09-21",
        ),
        (
            "ÅRSREDOVISNING 2022\nSjukvårdsnämnden, Region Södervik\n"
            "Fastställd av sjukvårdsnämnden 2023-03-08",
            "Region Södervik",
            "sjukvårdsnämnden",
            "2023-03-08",
        ),
        (
            "Årsredovisning 2022\nBrovike kommun\n\nKommunstyrelsens förslag till kommunfullmäktige\n"
            "Antagen av kommunfullmäktige 2023-04-24, § 37\nDnr KS 2023/00118",
            "Brovike",
            "kommunstyrelsen",
            "2023-04-24",
        ),
    ],
)
def test_what_the_opening_says_is_certain_whatever_the_text_speaks_of(opening, municipality, board, date):
    often = "\n".join(["Hamnstad kommuns socialnämnd och omsorgsnämnden i Hamnstad samverkar."] * 12)
    report = build_report(Source("r.txt", f"{opening}\n{_BODY}\n{often}\n", ""))
    facts = [report.metadata.municipality, report.metadata.board, report.metadata.date]
    assert [(fact.value, fact.certain) for fact in facts] == [
        (municipality, True),
        (board, True),
        (date, True),
    ]


def test_a_region_by_a_direction_is_no_region():
    assert "municipality" not in _facts("Årsredovisning 2022\n\nTrafikverket, Region Syd")


@pytest.mark.parametrize(
    ("opening", "title"),
    [
        (
            "# Tallby kommun\n\n## Årsredovisning 2021 för miljönämnden",
            "Årsredovisning 2021 för miljönämnden",
        ),
        ("# Miljö- och byggnadsnämnden\n\n## Delårsrapport april 2022", "Delårsrapport april 2022"),
        ("# Region Södra Dalen\n\n## Verksamhetsberättelse 2022", "Verksamhetsberättelse 2022"),
        ("# Tallby kommun\n\n## Viktiga händelser", "Tallby kommun"),
        ("# Tallby kommuns årsredovisning 2021\n\n## Delårsrapport", "Tallby kommuns årsredovisning 2021"),
    ],
)
def test_a_heading_that_says_only_whose_report_it_is_gives_way_to_one_that_says_which(opening, title):
    assert _facts(opening, "r.md")["title"] == title
