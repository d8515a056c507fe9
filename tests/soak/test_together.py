"""Readers and builders at once: no error, and each answer comes from one consistent index."""

import random
import re
import threading
import traceback
from contextlib import closing

from scene import AFTER_A_RUN, held, left_over
from small_reports import ASBRO, LINDSJO, NORRVIKA, build_small, write_reports
from test_damage import SETTINGS

from rapportsvar.engine.engine import Engine
from rapportsvar.errors import IndexBusy
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.opened import open_index
from rapportsvar.swedish.words import Analyzer

QUICK, SOAK = (4, 4), (20, 50)
"""Readers and rebuilds."""
ROUND = re.compile(r"omgång (\d+)")


def write(reports, number):
    """Every report names the round; so does an amount of a table."""
    texts = {"a.txt": LINDSJO, "b.md": ASBRO, "c.txt": NORRVIKA}
    line = f"\n\nNämnden noterar att omgång {number} är klar.\n"
    amount = f"{50_000 + number:,}".replace(",", " ")
    write_reports(reports, {name: text.replace("52 330", amount) + line for name, text in texts.items()})


def test_readers_during_rebuilds_meet_no_error_and_one_whole_index(tmp_path, soaking, tell):
    readers, rebuilds = SOAK if soaking else QUICK
    reports, index = tmp_path / "reports", tmp_path / "index"
    write(reports, 0)
    build_small(reports, index)
    stop, faults, answers = threading.Event(), [], []
    analyzer = Analyzer()

    def read(seed):
        chance = random.Random(seed)
        while not stop.is_set():
            try:
                with closing(Engine(open_index(index), HashEncoder(), SETTINGS, analyzer=analyzer)) as engine:
                    for _ in range(chance.randint(1, 4)):  # some builds pass while it is open
                        answers.append(_round_of(engine))
            except Exception as fault:
                faults.append("".join(traceback.format_exception(fault)))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for number in range(1, rebuilds + 1):
        write(reports, number)
        build_small(reports, index)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(set(answers)) > 1
    assert left_over(index, AFTER_A_RUN) == []
    told = f"{readers} readers, {rebuilds} rebuilds, {len(answers)} answers"
    tell("at once", f"{told}: no error, each of one index")


def _round_of(engine) -> int:
    """Ask, and hold all that comes back against one round."""
    texts = [engine.text(source) for source in engine.sources()]
    rounds = {int(ROUND.search(text)[1]) for text in texts}
    assert len(texts) == 3
    assert len(rounds) == 1
    (number,) = rounds
    answer = engine.ask("Hur stor var kostnaden för placeringar barn 2022 i Lindsjö?")
    cells = {cell.value for hit in answer.hits for cell in hit.cells}
    assert f"{50_000 + number:,}".replace(",", " ") in cells or not cells
    for hit in answer.hits:
        assert hit.span.of(engine.text(hit.source)) == hit.text
    return number


def test_of_two_builders_at_once_one_builds_and_the_other_says_so(tmp_path):
    reports, index = tmp_path / "reports", tmp_path / "index"
    write(reports, 0)
    outcomes = []
    began = threading.Barrier(2)

    def build():
        began.wait()
        try:
            outcomes.append(len(build_small(reports, index).new))
        except IndexBusy as busy:
            outcomes.append(busy.todo)

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 3 in outcomes
    (other,) = [outcome for outcome in outcomes if outcome != 3]
    assert other in (0, "Wait for it, or stop it.")
    assert len(held(index)) == 3


def test_the_lock_of_a_killed_builder_holds_nobody_up(scene):
    assert scene.run()["status"] == 0
    scene.change()
    assert scene.run(at=3)["status"] != 0
    assert scene.run()["status"] == 0
    assert held(scene.index) == scene.wanted()
