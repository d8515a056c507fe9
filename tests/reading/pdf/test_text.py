"""Reading order, paragraphs, furniture, headings and words of small PDFs."""

import numpy as np
import pypdfium2
import pytest
from made import BODY, HEIGHT, Made, open_table, ruled_table

from rapportsvar.reading.pdf.source import read_pdf
from rapportsvar.structure.build import build_report

LEFT = ["Den vänstra spalten läses först och hela vä-", "gen ned innan den högra spalten börjar. Den"] * 4
RIGHT = ["Den högra spalten läses sedan, från sin egen", "början och ned till sidans slut som vanligt."] * 4


def read(tmp_path, made, name="rapport.pdf"):
    return read_pdf(made.file(tmp_path, name), name)


def said(source, spans):
    return [span.of(source.text) for span in spans]


def test_a_paragraph_is_one_line_with_its_hyphens_undone(tmp_path):
    rows = ["Socialnämnden redovisar ett underskott för individ- och familje-", "omsorgen om 2,3 mnkr."]
    source = read(tmp_path, Made().lines(60, 700, rows))
    assert source.text.strip() == (
        "Socialnämnden redovisar ett underskott för individ- och familjeomsorgen om 2,3 mnkr."
    )


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["Det gäller inom vård-", "och omsorgsnämnden."], "Det gäller inom vård- och omsorgsnämnden."),
        (["Det gäller hela IT-", "avdelningen i år."], "Det gäller hela IT-avdelningen i år."),
        (["Det gäller Öster-", "Sverige i år."], "Det gäller Öster-Sverige i år."),
    ],
)
def test_hyphens_that_belong_to_a_word_stay(tmp_path, rows, text):
    assert read(tmp_path, Made().lines(60, 700, rows)).text.strip() == text


def test_a_hyphen_stays_where_the_report_has_written_the_word_with_it(tmp_path):
    rows = [
        "Gryaab är huvudman för va-anläggningen, och alla som",
        "betalar för den ska veta att va-",
        "anläggningen delas.",
    ]
    assert "att va-anläggningen delas" in read(tmp_path, Made().lines(60, 700, rows)).text


def test_columns_are_read_one_after_the_other(tmp_path):
    made = Made().text(60, 760, "En rubrik som går över båda spalterna på sidan", 16, bold=True)
    source = read(tmp_path, made.lines(60, 700, LEFT).lines(320, 700, RIGHT))
    text = source.text
    assert "vägen ned" in text
    assert text.index("En rubrik") < text.index("Den vänstra") < text.rindex("spalten börjar")
    assert text.rindex("spalten börjar") < text.index("Den högra spalten läses sedan")


def headings_side_by_side(over=("Så långt.", "Nu det högra först."), below="Slut.", longer=2):
    """Two columns with a heading each at the same height, text over and below both."""
    made = Made().lines(60, 740, ["Först det vänstra över den vänstra rubriken,", *LEFT[:4], over[0]])
    made.lines(320, 740, [over[1], *RIGHT[:4], "och sist det högra över den högra rubriken."])
    made.text(60, 610, "Förtroendevalda", 14, bold=True).text(320, 610, "Uppdraget", 14, bold=True)
    made.lines(60, 580, ["Under vänster rubrik står det som hör dit.", *LEFT[:4], below])
    rows = ["Under höger rubrik står det som hör dit, och", *RIGHT[:4], *RIGHT[:longer], "så vidare."]
    return made.lines(320, 580, rows)


def test_headings_side_by_side_stand_over_what_is_below_them(tmp_path):
    text = read(tmp_path, headings_side_by_side()).text
    places = ["Först", "Nu det", "och sist", "Förtroendevalda", "Under vänster", "Uppdraget", "Under höger"]
    assert sorted(places, key=text.index) == places


def test_a_paragraph_over_headings_side_by_side_goes_on_in_the_next_column(tmp_path):
    made = headings_side_by_side(over=("Så fortsätter alla", "de som läser vidare i nästa spalt."), longer=0)
    assert "Så fortsätter alla de som läser vidare" in read(tmp_path, made).text


@pytest.mark.parametrize(
    ("foot", "head"),
    [
        ("Det som står vid spaltens fot slutar inte", "tvärt utan fortsätter i den högra spalten."),
        ("Det som står vid spaltens fot slutar utan om-", "Svep och fortsätter i den högra spalten."),
    ],
)
def test_headings_are_level_by_chance_when_a_sentence_runs_on_from_the_foot(tmp_path, foot, head):
    text = read(tmp_path, headings_side_by_side(over=("Så långt.", head), below=foot)).text
    assert text.index("Under vänster") < text.index("fortsätter i den högra") < text.index("Uppdraget")


def test_headings_are_level_by_chance_when_the_columns_are_even(tmp_path):
    text = read(tmp_path, headings_side_by_side(longer=0)).text
    assert text.index("Under vänster") < text.index("Nu det högra") < text.index("Uppdraget")


def test_headings_are_level_by_chance_when_another_like_them_stands_alone(tmp_path):
    made = headings_side_by_side().text(320, 460, "Ersättare", 14, bold=True).lines(320, 440, RIGHT)
    text = read(tmp_path, made).text
    assert text.index("Under vänster") < text.index("Nu det högra") < text.index("Uppdraget")


def test_a_paragraph_goes_on_in_the_next_column(tmp_path):
    made = Made().lines(60, 700, [*LEFT, "Nämnden har därför beslutat att hela kommu-"])
    source = read(tmp_path, made.lines(320, 700, ["nen ska se över sina lokaler under året.", *RIGHT]))
    assert "hela kommunen ska se över" in source.text


def test_a_list_of_names_does_not_go_on_in_the_next_column(tmp_path):
    names = ["Monika Bandi, ledamot (D)", "Erika Stadig, ledamot (L)", "Karin Rosén, ersättare (S)"]
    made = Made().lines(60, 700, LEFT).lines(60, 584, names)
    source = read(tmp_path, made.lines(320, 700, ["Revisorerna ska granska med oberoende varje år.", *RIGHT]))
    assert "ersättare (S)\n\nRevisorerna ska" in source.text


def test_the_number_of_a_heading_at_the_head_of_pages_is_no_page_number(tmp_path):
    made = Made()
    for number in range(1, 5):
        made.text(40, 780, str(number), 14, bold=True).text(
            90, 780, f"Kapitel {'abcd'[number - 1]}", 14, bold=True
        )
        made.lines(90, 700, BODY).right(550, 40, str(number), 8).page()
    source = read(tmp_path, made)
    assert said(source, [mark.span for mark in source.layout.headings])[2] == "3 Kapitel c"
    assert "3" in said(source, source.layout.furniture)


def test_a_running_head_beside_a_bold_page_number_is_furniture(tmp_path):
    made = Made()
    for number in range(1, 5):
        made.text(40, 800, str(number), 9, bold=True).text(60, 800, "Årsredovisning 2023", 9, bold=True)
        made.lines(90, 700, [f"{line} {'abcd'[number - 1]}" for line in BODY]).page()
    source = read(tmp_path, made)
    assert {"3", "Årsredovisning 2023"} <= set(said(source, source.layout.furniture))


def _pages(count):
    made = Made()
    for number in range(1, count + 1):
        made.text(60, 810, "Årsrapport 2023 för socialnämnden", 8)
        made.lines(60, 700, [f"Text på sidan nummer {number} om verksamheten.", *BODY])
        made.text(500, 30, f"Sida {number} ({count})", 8).page()
    return made


def test_what_repeats_at_the_edges_is_furniture(tmp_path):
    source = read(tmp_path, _pages(4))
    furniture = said(source, source.layout.furniture)
    assert furniture.count("Årsrapport 2023 för socialnämnden") == 4
    assert furniture[-1] == "Sida 4 (4)"
    assert [page.number for page in source.pages] == [1, 2, 3, 4]
    assert all(f"nummer {p.number} " in p.span.of(source.text) for p in source.pages)


def test_a_long_report_is_read_in_parts(tmp_path):
    source = read(tmp_path, _pages(60))
    assert len(source.pages) == 60
    assert said(source, source.layout.furniture).count("Årsrapport 2023 för socialnämnden") == 60


def test_headings_are_known_by_size_and_weight(tmp_path):
    made = Made().text(60, 760, "Årsrapport 2023", 24, bold=True).lines(60, 720, BODY)
    made.text(60, 660, "Ekonomi", 14, bold=True).lines(60, 640, BODY)
    made.text(60, 590, "Personal", 10, bold=True).lines(60, 578, BODY)
    source = read(tmp_path, made)
    marks = [(mark.span.of(source.text), mark.level) for mark in source.layout.headings]
    assert marks == [("Årsrapport 2023", 1), ("Ekonomi", 2), ("Personal", 3)]


def test_bookmarks_give_headings_their_levels(tmp_path):
    made = Made()
    for number, (title, level) in enumerate([("Inledning", 0), ("Syfte", 1), ("Metod", 1), ("Resultat", 0)]):
        y = 760 - 120 * number
        made.text(60, y, title, 12, bold=True).lines(60, y - 30, BODY).bookmark(title, level)
    source = read(tmp_path, made)
    levels = {mark.span.of(source.text): mark.level for mark in source.layout.headings}
    assert levels == {"Inledning": 1, "Syfte": 2, "Metod": 2, "Resultat": 1}


def test_contents_are_one_piece_of_furniture(tmp_path):
    made = Made().text(60, 760, "Innehåll", 16, bold=True)
    for number, title in enumerate(["Inledning", "Ekonomi", "Personal", "Framtid"]):
        made.text(60, 720 - 20 * number, f"{title} {'.' * 60} {number + 3}")
    source = read(tmp_path, made.page().lines(60, 700, BODY))
    (contents,) = [span for span in source.layout.furniture if "Innehåll" in span.of(source.text)]
    assert "Framtid" in contents.of(source.text)
    assert not source.layout.headings


def test_a_footnote_comes_after_the_text_of_its_page(tmp_path):
    made = Made().lines(60, 400, LEFT).text(60, 60, "1", 5).text(66, 58, "Tre ledamöter röstade emot.", 8)
    text = read(tmp_path, made.lines(320, 400, RIGHT)).text
    assert text.index("¹ Tre ledamöter") > text.index("Den högra spalten")


def test_a_footnote_that_only_its_small_type_tells_does_not_cut_the_text(tmp_path):
    made = Made().lines(60, 400, [*LEFT, "Nämnden har därför beslutat att hela kommu-"])
    note = [
        "1    Även grundskolan fick kritik under året,",
        "som inte har följts upp under det år som gick",
        "därefter.",
    ]
    made.lines(60, 270, note, size=8, leading=10)
    text = read(tmp_path, made.lines(320, 400, ["nen ska se över sina lokaler under året.", *RIGHT])).text
    assert "hela kommunen ska se över" in text
    assert text.index("¹ Även grundskolan") > text.index("Den högra spalten")


def test_text_of_diagrams_and_turned_text_is_kept_out_of_prose(tmp_path):
    made = Made().lines(60, 760, BODY).upward(40, 300, "Antal hushåll per månad")
    for number in range(5):
        made.right(80, 400 + 40 * number, str(100 * number))
    for number, month in enumerate(["jan", "feb", "mar", "apr"]):
        made.text(100 + 60 * number, 385, month)
    source = read(tmp_path, made)
    furniture = said(source, source.layout.furniture)
    assert any("300" in words and "mar" in words for words in furniture)
    assert any("hushåll" in words for words in furniture)


def _diagram(made):
    for number in range(5):
        made.right(80, 400 + 40 * number, str(100 * number))
    for number, month in enumerate(["jan", "feb", "mar", "apr"]):
        made.text(100 + 60 * number, 385, month)
    return made.text(
        60,
        370,
        "Källa för uppgifterna är kommunens eget system för ekonomiskt bistånd, som läses varje månad.",
    )


@pytest.mark.parametrize(("place", "headings"), [("middle", []), ("left", ["Antal hushåll"])])
def test_the_title_in_the_middle_over_a_diagram_is_no_heading(tmp_path, place, headings):
    made = Made().lines(60, 760, BODY)
    if place == "middle":
        made.centred(290, 576, "Antal hushåll", size=14)
    else:
        made.text(60, 576, "Antal hushåll", 14, bold=True)
    source = read(tmp_path, _diagram(made).lines(60, 340, BODY * 3))
    assert said(source, [mark.span for mark in source.layout.headings]) == headings
    assert "Antal hushåll" in source.text


def test_a_credit_beside_a_picture_does_not_cut_the_text(tmp_path):
    made = Made().lines(60, 700, [*LEFT, "Nämnden har därför beslutat att hela kommu-"])
    made.text(400, 700, "Foto: Eva Modell", 6)
    source = read(tmp_path, made.lines(320, 688, ["nen ska se över sina lokaler under året.", *RIGHT]))
    assert "hela kommunen ska se över" in source.text
    assert "Foto: Eva Modell" in said(source, source.layout.furniture)


def test_a_line_about_pictures_in_the_type_of_the_text_stays(tmp_path):
    source = read(tmp_path, Made().lines(60, 700, BODY).text(60, 660, "Foto: Eva Modell"))
    assert source.layout.furniture == ()


@pytest.mark.parametrize(
    ("y", "bold", "number"), [(790, True, "3"), (790, False, "3"), (60, True, "3"), (60, False, "³")]
)
def test_the_number_of_a_heading_is_no_mark_of_a_footnote(tmp_path, y, bold, number):
    made = Made().lines(60, 400, LEFT)
    made.text(60, y, "3", 10, bold=bold).text(80, y, "Analys av årets ekonomiska utfall", 10, bold=bold)
    assert f"{number} Analys av årets" in read(tmp_path, made).text


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_words_of_a_turned_page_lie_on_the_page_as_it_is_shown(tmp_path, degrees):
    path = Made().turn(degrees).lines(60, 500, BODY).file(tmp_path)
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[0].get_size()
    source = read_pdf(path, "vriden.pdf")
    assert (source.pages[0].width, source.pages[0].height) == (width, height)
    assert BODY[0] in source.text
    assert source.words.boxes.min() >= 0
    assert source.words.boxes[:, 2].max() <= width
    assert source.words.boxes[:, 3].max() <= height


def test_words_lie_where_they_were_drawn(tmp_path):
    source = read(tmp_path, Made().text(60, 700, "Nämnden").text(300, 500, "beslutar"))
    words = source.words
    texts = [source.text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    assert texts == ["Nämnden", "beslutar"]
    assert words.boxes[:, 0].tolist() == pytest.approx([60, 300], abs=1)
    assert np.all(words.boxes[:, 1] < HEIGHT - np.array([700, 500]))
    assert np.all(words.boxes[:, 3] > HEIGHT - np.array([700, 500]))


@pytest.mark.parametrize("table", [ruled_table, open_table])
def test_every_span_has_its_own_words_inside_its_boxes(tmp_path, table):
    made = table(Made().lines(60, 780, BODY)).lines(60, 500, LEFT).lines(320, 500, RIGHT)
    path = made.file(tmp_path)
    source = read_pdf(path, "rapport.pdf")
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        found = page.get_textpage()
        for start, end, box in zip(source.words.starts, source.words.ends, source.words.boxes, strict=True):
            x0, y0, x1, y1 = box.tolist()
            inside = found.get_text_bounded(x0 + 0.2, HEIGHT - y1 + 0.2, x1 - 0.2, HEIGHT - y0 - 0.2)
            word = source.text[start:end]
            assert word in inside.replace("￾", "-").replace("\x02", "-")


def test_properties_of_the_file_are_told(tmp_path):
    source = read(tmp_path, Made(title="Delårsrapport 2023").lines(60, 700, BODY))
    assert ("title", "Delårsrapport 2023") in source.properties


def test_columns_stay_apart_when_some_of_their_justified_lines_fall_into_words(tmp_path):
    made = Made()
    for number in range(8):
        y = 700 - 14 * number
        if number % 2:
            for place, word in enumerate(["mot", "än", "så", "nu", "alla", "har", "det"]):
                made.text(60 + 27 * place, y, word)
        else:
            made.text(60, y, "Vänstra spaltens rader hör samman med")
        made.text(320, y, "Högra spalten handlar om någonting annat")
    text = read(tmp_path, made).text
    assert text.rindex("Vänstra") < text.index("Högra")


def test_the_foot_of_a_letter_is_furniture_though_it_stands_on_one_page(tmp_path):
    made = Made().lines(60, 600, [*BODY, "Så beslutades i Sjövik den 9 april 2024."])
    made.text(60, 30, "Sjövik kommunfullmäktige", 8).right(530, 30, "1 (1)", 8).page()
    report = build_report(read_pdf(made.lines(60, 500, BODY).file(tmp_path), "rapport.pdf"))
    said = " ".join(passage.span.of(report.text) for passage in report.passages)
    assert "den 9 april" in said
    assert "1 (1)" not in said
    assert "kommunfullmäktige" not in said


def test_a_report_longer_than_what_is_read_at_one_opening_is_read_whole(tmp_path):
    made = Made()
    for number in range(1, 51):
        made.lines(60, 500, [f"Avsnitt {number} handlar om verksamheten.", *BODY]).page()
    source = read(tmp_path, made)
    assert [source.text.count(f"Avsnitt {number} handlar") for number in range(1, 51)] == [1] * 50
    assert all(f"Avsnitt {page.number} " in page.span.of(source.text) for page in source.pages)
    assert set(source.words.pages.tolist()) == set(range(1, 51))
