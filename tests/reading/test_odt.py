import pytest
from making import OFFICE, odt, packed, rows_of

from rapportsvar.errors import NotText
from rapportsvar.reading.opendocument.text import read_odt


@pytest.fixture
def read(tmp_path):
    def read(body, **styles):
        path = tmp_path / "r.odt"
        path.write_bytes(body if isinstance(body, bytes) else odt(body, **styles))
        return read_odt(path, "r.odt")

    return read


def p(words, style=""):
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def test_headings_by_element_and_by_style(read):
    styles = '<style:style style:name="P1" style:parent-style-name="Rubrik_20_2"/>'
    body = '<text:h text:outline-level="1">Ekonomi</text:h>' + p("Drift", "P1") + p("Texten.")
    source = read(body, styles=styles)
    assert [(m.level, m.span.of(source.text)) for m in source.layout.headings] == [
        (1, "Ekonomi"),
        (2, "Drift"),
    ]
    assert source.text == "Ekonomi\n\nDrift\n\nTexten."


LISTS = """<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1"
style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>
</text:list-style><text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/>
</text:list-style>"""


def test_lists_carry_their_numbers(read):
    def item(words, inner=""):
        return f"<text:list-item>{p(words)}{inner}</text:list-item>"

    inner = f"<text:list>{item('B')}{item('C')}</text:list>"
    body = f'<text:list text:style-name="N">{item("A", inner)}{item("D")}</text:list>' + p("Mellan.")
    body += f'<text:list text:style-name="N" text:continue-numbering="true">{item("E")}</text:list>'
    body += f'<text:list text:style-name="B">{item("F")}</text:list>'
    assert read(body, styles=LISTS).text == "1. A\na) B\nb) C\n2. D\n\nMellan.\n\n3. E\n- F"


def test_inline_marks_notes_comments_and_changes(read):
    inside = f"<text:note-citation>1</text:note-citation><text:note-body>{p('Källa.')}</text:note-body>"
    note = f"<text:note>{inside}</text:note>"
    body = (
        f"<text:tracked-changes>{p('Borttaget.')}</text:tracked-changes>"
        f"<text:p>Kostnad<text:s text:c='2'/>ökade<text:tab/>här<text:line-break/>nu.{note}"
        f"<office:annotation>{p('Kolla')}</office:annotation><text:span> Slut.</text:span></text:p>"
    )
    source = read(body)
    assert source.text == "Kostnad ökade här nu.¹ Slut.\n\n¹ Källa."
    assert source.warnings == ("1 kommentar utelämnades.",)


def test_tables_keep_spans_and_header_rows(read):
    def cell(words, inside=""):
        return f"<table:table-cell {inside}>{p(words)}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    head = (
        cell("Område", 'table:number-rows-spanned="2"')
        + cell("2023", 'table:number-columns-spanned="2"')
        + covered
    )
    rows = [f"<table:table-header-rows><table:table-row>{head}</table:table-row></table:table-header-rows>"]
    rows += [f"<table:table-row>{covered}{cell('Budget')}{cell('Utfall')}</table:table-row>"]
    rows += [f"<table:table-row>{cell('Skola')}{cell('1')}{cell('2')}</table:table-row>"]
    source = read(f"<table:table>{''.join(rows)}</table:table>")
    (grid,) = source.layout.grids
    assert rows_of(source, grid) == [
        ["Område", "2023", None],
        [None, "Budget", "Utfall"],
        ["Skola", "1", "2"],
    ]
    assert [cell.header for cell in grid.cells][:3] == [True, True, False]


def test_contents_are_furniture_and_boxes_stand_after_their_paragraph(read):
    contents = (
        f"<text:table-of-content><text:index-body>{p('Ekonomi 2')}</text:index-body></text:table-of-content>"
    )
    box = f"<draw:frame><draw:text-box>{p('I rutan.')}</draw:text-box></draw:frame>"
    source = read(
        contents + f"<text:p>Ankaret.{box}</text:p><text:p><draw:frame><draw:image/></draw:frame></text:p>"
    )
    assert source.text == "Ekonomi 2\n\nAnkaret.\n\nI rutan."
    assert [span.of(source.text) for span in source.layout.furniture] == ["Ekonomi 2"]
    assert source.warnings == ("1 bild lästes inte: dess text är inte sökbar.",)


LOCKED = {
    "META-INF/manifest.xml": "<m xmlns='x'><file-entry><encryption-data/></file-entry></m>",
    "content.xml": f"<office:document-content {OFFICE}/>",
}


@pytest.mark.parametrize(
    ("data", "says"), [(packed(LOCKED), "lösenord"), (packed({"a": "b"}), r"ingen \.odt")]
)
def test_what_cannot_be_read_is_refused(read, data, says):
    with pytest.raises(NotText, match=says):
        read(data)
