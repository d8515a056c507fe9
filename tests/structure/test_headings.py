import pytest

from rapportsvar.model import Source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.uncovered import uncovered


def _paths(text):
    report = build_report(Source("r.txt", text, ""))
    assert uncovered(report) == []
    return [" › ".join(section.path) for section in report.sections[1:]]


_TEXT = "Kostnaden ökade med två miljoner kronor jämfört med samma period förra året.\n\n"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (f"Ekonomi\n\n{_TEXT}Personal\n\n{_TEXT}", ["Ekonomi", "Personal"]),
        (
            f"# Ekonomi\n\n### Utfall\n\n{_TEXT}## Personal\n\n{_TEXT}",
            ["Ekonomi", "Ekonomi › Utfall", "Ekonomi › Personal"],
        ),
        (
            f"2 Ekonomi\n\n2.1 Drift\n\n{_TEXT}2.2 Investeringar\n\n{_TEXT}3 Mål\n\n{_TEXT}",
            ["2 Ekonomi", "2 Ekonomi › 2.1 Drift", "2 Ekonomi › 2.2 Investeringar", "3 Mål"],
        ),
        (
            f"Feriejobb\n\n{_TEXT}Utfall\n\n{_TEXT}Prognos\n\n{_TEXT}Bad\n\nUtfall\n\n{_TEXT}Prognos\n\n{_TEXT}",
            [
                "Feriejobb",
                "Feriejobb › Utfall",
                "Feriejobb › Prognos",
                "Bad",
                "Bad › Utfall",
                "Bad › Prognos",
            ],
        ),
        (
            f"Ekonomi\n\n{_TEXT}100 Politik\n\n{_TEXT}131 Ledning\n\n{_TEXT}",
            ["Ekonomi", "Ekonomi › 100 Politik", "Ekonomi › 131 Ledning"],
        ),
        (
            f"Mål\n\nInriktningsmål 1: Växa\n\nBedömning\n\n{_TEXT}"
            f"Uppdrag: Bygga nytt.\n\nStatus\nKlart.\n\n{_TEXT}"
            f"Inriktningsmål 2: Trygghet\n\nBedömning\n\n{_TEXT}",
            [
                "Mål",
                "Mål › Inriktningsmål 1: Växa",
                "Mål › Inriktningsmål 1: Växa › Bedömning",
                "Mål › Inriktningsmål 1: Växa › Uppdrag: Bygga nytt.",
                "Mål › Inriktningsmål 1: Växa › Uppdrag: Bygga nytt. › Status",
                "Mål › Inriktningsmål 2: Trygghet",
                "Mål › Inriktningsmål 2: Trygghet › Bedömning",
            ],
        ),
        (f"**Viktiga händelser**\n\n{_TEXT}", ["Viktiga händelser"]),
        (f"SOCIAL OMSORG\n\n{_TEXT}Hemtjänst\n\n{_TEXT}", ["SOCIAL OMSORG", "SOCIAL OMSORG › Hemtjänst"]),
        (f"Infrastruktur, skydd m.m.\n\n{_TEXT}", ["Infrastruktur, skydd m.m."]),
        (f"Varför ökade kostnaden?\n\n{_TEXT}", ["Varför ökade kostnaden?"]),
    ],
)
def test_headings_and_their_paths(text, paths):
    assert _paths(f"{_TEXT}{text}") == paths


@pytest.mark.parametrize(
    "text",
    [
        "- en punkt\n- en till\n\n",
        "1. första\n\n2. andra\n\n3. tredje\n\n",
        "Maria Lind\nSocialchef\n\n",
        "Datum:\n2023-05-10\n\n",
        "Följande har gjorts:\n\n- ett\n- två\n\n",
        "Nämnden beslutar\n\n1. **att** godkänna\n2. **att** lägga till handlingarna\n\n",
        "Nettokostnad per plats 325,6\n\n",
        "Belopp i tkr\n\n",
        "Källa: Kolada\n\n",
        "För att minska antalet placeringar och ge stöd\n\ntill familjer har ett projekt startats.\n\n",
        "7\n\n",
        "Se www.kommunen.example\n\n",
    ],
)
def test_what_is_no_heading(text):
    assert _paths(f"{_TEXT}{text}{_TEXT}") == []


def test_contents_give_level_and_are_no_prose():
    contents = (
        "Innehållsförteckning\n\n<b>Ekonomi</b> .....\t<b>3</b>\nDriftredovisnlng.....\t3\n"
        "<b>Personal</b> .....\t<b>7</b>\n\n"
    )
    text = f"Årsrapport 2022\n\n{contents}Ekonomi\n\nDriftredovisning\n\n{_TEXT}Personal\n\n{_TEXT}"
    assert _paths(text) == ["Årsrapport 2022", "Ekonomi", "Ekonomi › Driftredovisning", "Personal"]
    report = build_report(Source("r.txt", text, ""))
    assert not any("....." in passage.span.of(text) for passage in report.passages)


def test_contents_in_two_columns_confirm_headings_of_both():
    contents = "Innehåll\n\nEkonomi ..... 3\tPersonal ..... 7\nMål ..... 5\tRisker ..... 9\n\n"
    text = f"{contents}Mål\n\n{_TEXT}Risker\n\n{_TEXT}"
    assert _paths(text) == ["Mål", "Risker"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Upphandlingen kommer\n\natt ske under hösten efter beslut i nämnden.", True),
        ("Dialogen är i linje med handlingsplanen för\n\nKatrineholms kommun och följs upp i höst.", True),
        ("Medlen räcker inte till den ökning som\n\n² Se bilaga 2.\n\nnu sker i kommunen.", True),
        ("Medlen räcker inte alls.\n\nNämnden följer frågan.", False),
    ],
)
def test_paragraphs_that_a_page_break_cut_are_one(text, whole):
    text = f"Ekonomi\n\n{_TEXT}{text}\n"
    report = build_report(Source("r.txt", text, ""))
    assert (
        any(len(passage.pieces) == 2 and len(passage.sentences) == 1 for passage in report.passages) is whole
    )


def test_a_status_stands_with_its_explanation():
    text = f"{_TEXT}Uppdrag: Bygga nytt.\n\nStatus\nFärdig.\n\nSkolan öppnade i augusti.\n"
    report = build_report(Source("r.txt", text, ""))
    assert report.passages[-1].span.of(text) == "Färdig.\n\nSkolan öppnade i augusti."


def test_a_list_that_is_too_long_is_divided_between_items_and_keeps_its_lead_in():
    items = "\n".join(
        f"- punkt {number} som handlar om något i verksamheten och dess resultat" for number in range(40)
    )
    text = f"{_TEXT}Följande har gjorts:\n\n{items}\n"
    passages = [p.span.of(text) for p in build_report(Source("r.txt", text, "")).passages[1:]]
    assert passages[0].startswith("Följande har gjorts:\n\n- punkt 0")
    assert all(passage.startswith("- punkt") for passage in passages[1:])
    assert all(len(passage) <= 950 for passage in passages)


@pytest.mark.parametrize("title", ["4.3 Plan 2025–2026", "2.1 Budget 2024", "3.2 Mål 2023"])
def test_a_numbered_heading_of_more_digits_than_letters_is_one(title):
    before, after = "4.2 Fördelning per verksamhet", "Nämnd, tkr\tBudget 2024\tPlan 2025\nSkola\t7 355\t7 430"
    text = f"{before}\n\nNämnden fördelar sin ram så som framgår av tabellen.\n\n{title}\n\n{after}\n"
    report = build_report(Source("r.txt", text, ""))
    assert report.sections[report.tables[0].section].path[-1] == title
