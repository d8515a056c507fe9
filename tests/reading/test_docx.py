import docx as python_docx
import pytest
from making import docx, p, packed, rows_of, tc

from rapportsvar.errors import EmptyReport, NotText
from rapportsvar.reading.docx.numbering import letters, roman
from rapportsvar.reading.docx.reader import read_docx

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Egen"><w:name w:val="Rubrik 2 numrerad"/></w:style>
<w:style w:styleId="Arvd"><w:name w:val="Min"/><w:basedOn w:val="Rubrik1"/></w:style>
<w:style w:styleId="Niva"><w:name w:val="Avsnitt"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:styleId="Innehll1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Beskrivning"><w:name w:val="caption"/></w:style>
<w:style w:styleId="Slinga"><w:name w:val="A"/><w:basedOn w:val="Slinga2"/></w:style>
<w:style w:styleId="Slinga2"><w:name w:val="B"/><w:basedOn w:val="Slinga"/></w:style>
"""


def level(depth, form, text):
    inside = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{inside}</w:lvl>'


def definition(key, *levels):
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


NUMBERING = (
    definition(0, level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)"))
    + definition(1, level(0, "bullet", ""))
    + definition(2, level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"))
    + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(3))
)


def numbered(key, depth=0):
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{key}"/></w:numPr>'


@pytest.fixture
def read(tmp_path):
    def read(body, **parts):
        path = tmp_path / "r.docx"
        path.write_bytes(body if isinstance(body, bytes) else docx(body, **{"styles": STYLES, **parts}))
        return read_docx(path, "r.docx")

    return read


def heads(source):
    return [(mark.level, mark.span.of(source.text)) for mark in source.layout.headings]


def test_headings_are_found_by_name_of_their_style_its_base_or_its_outline_level(read):
    body = (
        p("Ett", "Rubrik1") + p("Två", "Egen") + p("Tre", "Arvd") + p("Fyra", "Niva") + p("Text.", "Slinga")
    )
    source = read(body + p("Fem", inside='<w:outlineLvl w:val="0"/>'))
    assert heads(source) == [(1, "Ett"), (2, "Två"), (1, "Tre"), (3, "Fyra"), (1, "Fem")]
    assert source.text == "Ett\n\nTvå\n\nTre\n\nFyra\n\nText.\n\nFem"


def test_lists_carry_the_numbers_that_word_shows(read):
    body = "".join(p(w, inside=numbered(1, d)) for w, d in [("A", 0), ("B", 1), ("C", 1), ("D", 0), ("E", 1)])
    source = read(body + p("Punkt", inside=numbered(2)), numbering=NUMBERING)
    assert source.text == "1. A\na) B\nb) C\n2. D\na) E\n- Punkt"


def test_numbered_headings_keep_their_numbers(read):
    body = p("Ekonomi", "Rubrik1", numbered(3)) + p("Drift", "Egen", numbered(3, 1))
    assert heads(read(body, numbering=NUMBERING)) == [(1, "1 Ekonomi"), (2, "1.1 Drift")]


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<w:ins><w:r><w:t>nya </w:t></w:r></w:ins>", "De nya talen."),
        ("<w:del><w:r><w:delText>gamla </w:delText></w:r></w:del>", "De talen."),
        ("<w:moveFrom><w:r><w:t>flyttade </w:t></w:r></w:moveFrom>", "De talen."),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>dolda </w:t></w:r>", "De talen."),
        ("<w:r><w:t>fem</w:t><w:tab/><w:t>tal:</w:t><w:br/></w:r>", "De fem tal: talen."),
        ("<w:hyperlink><w:r><w:t>länkade </w:t></w:r></w:hyperlink>", "De länkade talen."),
    ],
)
def test_changes_are_read_as_accepted(read, inside, shown):
    body = f'<w:p><w:r><w:t xml:space="preserve">De </w:t></w:r>{inside}<w:r><w:t>talen.</w:t></w:r></w:p>'
    assert read(body).text == shown


def test_a_deleted_paragraph_mark_joins_two_paragraphs(read):
    assert read(p("Början ", inside="<w:rPr><w:del/></w:rPr>") + p("slutet.")).text == "Början slutet."


def test_footnotes_stand_after_their_paragraph(read):
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="0" w:type="separator">{p("x")}</w:footnote>'
    notes += f'<w:footnote w:id="2">{p("Källa: SCB.")}</w:footnote>'
    body = f"<w:p><w:r><w:t>Kostnaden ökade.</w:t></w:r>{reference}</w:p>" + p("Sedan.")
    assert read(body, footnotes=notes).text == "Kostnaden ökade.¹\n\n¹ Källa: SCB.\n\nSedan."


def test_merged_cells_come_back_with_their_spans(read):
    rows = [
        tc("Område", '<w:vMerge w:val="restart"/>') + tc("2023", '<w:gridSpan w:val="2"/>'),
        tc("", "<w:vMerge/>") + tc("Budget") + tc("Utfall"),
        tc("Skola") + tc("10") + tc("11"),
    ]
    source = read(p("Före.") + f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
    (grid,) = source.layout.grids
    assert grid.span.of(source.text) == "Område\t2023\t\n\tBudget\tUtfall\nSkola\t10\t11"
    assert rows_of(source, grid) == [
        ["Område", "2023", None],
        [None, "Budget", "Utfall"],
        ["Skola", "10", "11"],
    ]
    spans = {cell.span.of(source.text): (cell.row_span, cell.column_span) for cell in grid.cells}
    assert (spans["Område"], spans["2023"], spans["Skola"]) == ((2, 1), (1, 2), (1, 1))


def test_a_deleted_row_is_no_row(read):
    gone = "<w:trPr><w:del/></w:trPr>"
    rows = "".join(
        f"<w:tr>{tc(a) if a else gone + tc('B')}{tc(b)}</w:tr>" for a, b in ["A1", ("", "2"), "C3"]
    )
    assert read(f"<w:tbl>{rows}</w:tbl>").text == "A\t1\nC\t3"


def test_a_table_in_a_cell_follows_the_table_around_it(read):
    inner = f"<w:tbl><w:tr>{tc('i')}{tc('1')}</w:tr><w:tr>{tc('j')}{tc('2')}</w:tr></w:tbl>"
    rows = f"<w:tr>{tc('A')}{tc('B')}</w:tr><w:tr>{tc('C')}<w:tc>{p('Se')}{inner}</w:tc></w:tr>"
    source = read(f"<w:tbl>{rows}</w:tbl>")
    assert source.text == "A\tB\nC\tSe\n\ni\t1\nj\t2"
    assert len(source.layout.grids) == 2


@pytest.mark.parametrize("before", [True, False])
def test_a_caption_above_or_below_names_its_table(read, before):
    table = f"<w:tbl><w:tr>{tc('A')}{tc('1')}</w:tr><w:tr>{tc('C')}{tc('3')}</w:tr></w:tbl>"
    caption = p("Tabell 1. Drift", "Beskrivning")
    source = read(caption + table if before else table + caption)
    assert source.layout.grids[0].caption.of(source.text) == "Tabell 1. Drift"
    assert source.text.count("Tabell 1. Drift") == 1


def test_contents_are_furniture(read):
    source = read(p("Ekonomi 3", "Innehll1") + p("Personal 5", "Innehll1") + p("Texten."))
    assert [span.of(source.text) for span in source.layout.furniture] == ["Ekonomi 3", "Personal 5"]
    assert source.layout.headings == ()


def test_a_text_box_stands_after_its_paragraph_and_once(read):
    box = f"<w:txbxContent>{p('I rutan.')}</w:txbxContent>"
    run = (
        '<w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:drawing><x xmlns="y">'
        + box
        + "</x></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        + box
        + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(f"<w:p><w:r><w:t>Ankaret.</w:t></w:r>{run}</w:p>").text == "Ankaret.\n\nI rutan."


def test_what_was_left_out_is_told_with_counts(read):
    comments = f"<w:comment>{p('Kolla')}</w:comment><w:comment>{p('Igen')}</w:comment>"
    picture = '<w:p><w:r><w:drawing><pic xmlns="p"/></w:drawing></w:r></w:p>'
    source = read(p("Text.") + picture * 3, comments=comments)
    assert source.warnings == (
        "3 bilder lästes inte: deras text är inte sökbar.",
        "2 kommentarer utelämnades.",
    )


def test_what_python_docx_writes_is_read_and_its_properties(tmp_path):
    made = python_docx.Document()
    made.core_properties.title, made.core_properties.author = "Delårsrapport 2023", "Åsa Öberg"
    made.add_heading("Ekonomi", 1)
    made.add_paragraph("Utfallet blev 12 tkr.")
    made.add_paragraph("Ett", style="List Bullet")
    made.add_paragraph("Två", style="List Number")
    table = made.add_table(rows=2, cols=2)
    for place, words in enumerate(("Mått", "Utfall", "Resor", "7")):
        table.cell(place // 2, place % 2).text = words
    made.save(tmp_path / "a.docx")
    source = read_docx(tmp_path / "a.docx", "a.docx")
    assert source.text == "Ekonomi\n\nUtfallet blev 12 tkr.\n\n- Ett\n1. Två\n\nMått\tUtfall\nResor\t7"
    assert dict(source.properties)["title"] == "Delårsrapport 2023"
    assert dict(source.properties)["author"] == "Åsa Öberg"


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"PK\x03\x04skadad", NotText, "skadad"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", NotText, "lösenord"),
        (b"%PDF-1.7", NotText, "PDF"),
        (b"<html><body>Fel</body></html>", NotText, "webbsida"),
        (packed({"word/document.xml": "<w:document><w:body>"}), NotText, "document.xml"),
        (packed({"annat.txt": "x"}), NotText, "Word"),
        (docx(""), EmptyReport, "ingen text"),
        (docx(p(" ")), EmptyReport, "ingen text"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(read, data, error, says):
    with pytest.raises(error, match=says) as refused:
        read(data)
    assert refused.value.todo
    assert "r.docx" in str(refused.value)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def test_a_document_that_declares_entities_is_refused(read):
    with pytest.raises(NotText):
        read(
            packed(
                {"word/document.xml": BOMB + '<w:document xmlns:w="x"><w:body>&b;&c;</w:body></w:document>'}
            )
        )


@pytest.mark.parametrize(("number", "roman_", "letter"), [(1, "i", "a"), (4, "iv", "d"), (27, "xxvii", "aa")])
def test_numbers_as_letters(number, roman_, letter):
    assert (roman(number), letters(number)) == (roman_, letter)
