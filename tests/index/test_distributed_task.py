"""What a worker does with a report, without a cluster."""

import sys
from dataclasses import replace

import pytest
from small_reports import LINDSJO, NORRVIKA, build_small, write_reports

from rapportsvar import __version__
from rapportsvar.config import ReadingSettings
from rapportsvar.errors import EmptyReport, ExtraMissing, NotText, SettingsError, WorkersUnlike
from rapportsvar.index.analysis import texts_to_embed
from rapportsvar.index.distributed.cluster import check_scheduler
from rapportsvar.index.distributed.known import Known
from rapportsvar.index.distributed.order import Made, Order, Terms, pack_order, pack_terms, unpack_order
from rapportsvar.index.distributed.task import make
from rapportsvar.index.embedding.load import GENRE, PLAIN, SHIPPED, load_encoder
from rapportsvar.index.manifest import code_fingerprint, read_manifest
from rapportsvar.index.saved import SavedEmbeddings
from rapportsvar.index.store import half_precision
from rapportsvar.reading.pdf.ocr import can_read_pictures
from rapportsvar.structure.passages import PassageSize

TERMS = Terms(
    version=__version__,
    fingerprint=code_fingerprint(),
    pictures=can_read_pictures(),
    encoder="hash-trigrams-64",
    model="hash",
    reading=ReadingSettings(),
    size=PassageSize(900, 600),
    mask=True,
)
ORDER = Order("lindsjo/ar-2022.txt", ".txt", {}, frozenset())


def made(order=ORDER, text=LINDSJO, terms=TERMS):
    return make(pack_terms(terms), b"", pack_order(order), text.encode())


def test_a_report_comes_with_the_vectors_of_all_its_texts():
    answer = made()
    assert isinstance(answer, Made)
    assert answer.fresh.stored.text == LINDSJO
    assert set(answer.keys) == answer.vectors.keys()
    assert {len(vector) for vector in answer.vectors.values()} == {2 * 64}
    assert {"reading", "words", "embedding"} <= answer.seconds.keys()


def test_what_is_known_is_not_embedded_again():
    whole = made()
    known = frozenset(whole.keys[1:])
    answer = made(replace(ORDER, known=known))
    assert answer.keys == whole.keys
    assert answer.vectors == {whole.keys[0]: whole.vectors[whole.keys[0]]}


def test_metadata_is_corrected_and_the_file_is_read_by_its_suffix():
    answer = made(replace(ORDER, corrections={"municipality": "Norrvika"}))
    assert answer.fresh.stored.info.municipality == "Norrvika"
    assert isinstance(made(replace(ORDER, suffix=".docx")), NotText)


def test_a_report_that_cannot_be_read_is_an_answer():
    answer = made(text=" \n")
    assert isinstance(answer, EmptyReport)
    assert ORDER.name in str(answer)


@pytest.mark.parametrize(
    ("field", "other", "named"),
    [
        ("version", "0.0.9", "rapportsvar är"),
        ("fingerprint", "0123", "kod och ordlistor är"),
        ("pictures", not can_read_pictures(), "tillägget ocr med Tesseract är"),
        ("encoder", "another", "språkmodellen är hash-trigrams-64"),
    ],
)
def test_a_worker_that_is_not_as_the_build_says_so(field, other, named):
    answer = made(terms=replace(TERMS, **{field: other}))
    assert isinstance(answer, WorkersUnlike)
    assert named in str(answer)
    assert "Installera samma version" in str(answer)


def test_an_order_goes_over_the_wire_whole():
    order = Order("å/\udcff.txt", ".txt", {"title": 'x"y'}, frozenset({b"\0" * 16, b"\xff" * 16}))
    assert unpack_order(pack_order(order)) == order


def test_known_are_texts_of_the_index_and_of_a_build_that_was_cut_off(tmp_path):
    reports = write_reports(tmp_path / "reports")
    build_small(reports, tmp_path / "index")
    manifest = read_manifest(tmp_path / "index")
    store = tmp_path / "index" / manifest.generation / "store.sqlite"
    saved = SavedEmbeddings(tmp_path / "saved.sqlite", older=[], size_bytes=128)
    keys = (b"a" * 16, b"b" * 16)
    saved.add({keys[0]: b"0" * 128}, of="its hash", keys=keys)
    with Known([store], saved) as known:
        named = known.of("norrvika/vb-2021.txt", "")
        assert named == frozenset(made(Order("n", ".txt", {}, frozenset()), NORRVIKA).keys)
        assert known.of("another name", manifest.sources["norrvika/vb-2021.txt"]) == named
        assert known.of("another name", "its hash") == set(keys)
        assert known.of("another name", "another hash") == frozenset()
    saved.close()


@pytest.mark.parametrize(
    "wrong", ["localhost:8786", "tcp://host", "http://host:80", "inproc://x:1", "tcp://a b:1", "Local"]
)
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(SettingsError, match="tcp://värd:port"):
        check_scheduler(wrong)


@pytest.mark.parametrize(
    "right", ["local", "tcp://127.0.0.1:8786", "tls://dask.kommun.se:8786", "tcp://[::1]:1"]
)
@pytest.mark.parametrize("module", ["distributed", "dask", "cryptography"])
def test_the_extra_that_is_missing_is_named(right, module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing, match=r"rapportsvar\[distributed\]"):
        check_scheduler(right)


@pytest.mark.slow
def test_an_encoder_that_was_adapted_goes_with_its_changes():
    """What ``index --adapt`` made lies on no worker's disk."""
    shipped = load_encoder(SHIPPED, 1)
    terms = replace(TERMS, model=PLAIN, encoder=shipped.name)
    answer = make(pack_terms(terms), GENRE.read_bytes(), pack_order(ORDER), NORRVIKA.encode())
    texts = texts_to_embed(answer.fresh.analysed)
    vectors = half_precision(shipped.encode_passages(texts))
    assert answer.vectors == dict(zip(answer.keys, vectors, strict=True))
