"""Structure and tables are read in time linear in the length of a report."""

import gc
import sys
import time

import pytest

from rapportsvar.model import Source
from rapportsvar.structure.build import build_report
from rapportsvar.structure.collecting import collector_held_back

TEXT = """\
## Ekonomi

Kostnaden ökade med 2,3 mnkr. Det beror på att fler barn har placerats på institution, bl.a. i Norrby.

Verksamhet, tkr\tBokslut 2021\tBudget 2022\tBokslut 2022
Förskola\t286 067\t290 000\t291 400
Grundskola\t412 300\t418 000\t420 150
Summa\t698 367\t708 000\t711 550

- en punkt om personal
- en annan punkt som är längre och slutar här

1.1 Personal

Sjukfrånvaron var 7,2 procent, jfr. avsnitt 3. Rekryteringen pågår enligt plan.

"""
TIMES = 100


def built(times):
    return build_report(Source("a.txt", "# Lindsjö kommun\n\n" + TEXT * times, ""))


def lines_run(times):
    """Count the lines of Python that run: a loop over all lines inside a loop over all lines shows here."""
    count = 0

    def each(frame, event, argument):
        nonlocal count
        count += event == "line"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        built(times)
    finally:
        sys.settrace(before)
    return count


def test_the_work_grows_no_faster_than_the_text():
    built(1)  # what is cached, is
    few, many = lines_run(3), lines_run(24)
    assert many / few < 8 * 1.1


@pytest.mark.slow
def test_the_time_a_character_stays_at_a_hundred_times_the_text():
    """In turns, and the best of each: another process disturbs both alike, and the best little."""
    built(1)
    once, often = [], []
    for _ in range(5):
        began = time.process_time()
        for _ in range(TIMES):
            built(1)
        between = time.process_time()
        built(TIMES)
        once.append(between - began)
        often.append(time.process_time() - between)
    assert min(often) < 1.3 * min(once)


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_left_as_it_was(on):
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with collector_held_back():
            assert not gc.isenabled()
        assert gc.isenabled() is on
        with pytest.raises(ValueError, match="broken"), collector_held_back():
            raise ValueError("broken")
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()
