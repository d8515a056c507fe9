import json
import re

import locate_gold
import pytest

TEXT = (
    "Årets resultat\n\nKostnaden för place-\nringarna ökade.¹ Sex barn\nflyttade hem.\n\n"
    "Verksamhet\tBudget\tUtfall\nHemtjänst\t900\t880\nHemtjänst natt\t90\t80\n\n"
    "Jag vill ha en del undervisning\n\n37\n\n28\n\nframöver\n"
)


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Kostnaden för placeringarna ökade.", "Kostnaden för place-\nringarna ökade."),
        ("placeringarna ökade. Sex barn flyttade hem.", "place-\nringarna ökade.¹ Sex barn\nflyttade hem."),
    ],
)
def test_a_quote_is_found_however_its_lines_are_divided(words, quote):
    start, end = locate_gold._quote(words, TEXT)
    assert TEXT[start:end] == quote


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Hemtjänst | 880", "Hemtjänst\t900\t880"),
        ("Hemtjänst natt", "Hemtjänst natt\t90\t80"),
        ("Jag vill ha en del undervisning framöver | 37", "Jag vill ha en del undervisning\n\n37"),
    ],
)
def test_a_row_is_found_by_its_label_and_cells(words, quote):
    start, end = locate_gold._row(words, TEXT)
    assert TEXT[start:end] == quote


@pytest.mark.parametrize("words", ["Hemtjänst", "Hemtjänst | 700", "Skola | 1"])
def test_a_row_that_fits_two_lines_or_none_is_not_guessed(words):
    assert locate_gold._row(words, TEXT) is None


def test_an_unknown_line_of_a_draft_is_told(tmp_path):
    draft = tmp_path / "a.txt"
    draft.write_text("? a-1 why citizen a.txt\nx strange\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape("x strange")):
        list(locate_gold.read_drafts(draft))


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(locate_gold.DRAFTS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_gold_sets_are_what_their_drafts_give_with_the_readers_of_today(path):
    made = [locate_gold.located(draft) for draft in locate_gold.read_drafts(path)]
    lines = (locate_gold.GOLD / f"{path.stem}.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == made
