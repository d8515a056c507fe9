"""Turns: so many at once, others in line, the rest sent away."""

import threading
import time

import pytest
from small_reports import build_small, write_reports

from rapportsvar.config import ServingSettings, settings_from
from rapportsvar.engine.engine import Engine
from rapportsvar.engine.turns import Turns
from rapportsvar.errors import TooManyAtOnce
from rapportsvar.index.embedding.base import HashEncoder
from rapportsvar.index.opened import open_index


class SlowEncoder(HashEncoder):
    """Takes its time for a question, and remembers how many it worked on at once."""

    def __init__(self, seconds):
        self.seconds, self.most, self._now, self._lock = seconds, 0, 0, threading.Lock()

    def encode_query(self, text):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(self.seconds)
        with self._lock:
            self._now -= 1
        return super().encode_query(text)


def all_at_once(count, work):
    """Run it in threads; return how each ended."""
    ended = ["nothing"] * count

    def one(number):
        try:
            work(number)
            ended[number] = "done"
        except TooManyAtOnce as refused:
            ended[number] = refused.what

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("turns")
    build_small(write_reports(folder / "reports"), folder / "index")
    return folder / "index"


def asked_by(index, encoder, serving, count):
    opened = open_index(index)
    engine = Engine(opened, encoder, settings_from({"embedding": {"model": "hash"}}))
    turns, told, answers = Turns(serving), [], {}

    def ask(number):
        with turns.taken(lambda: told.append(number)):
            answers[number] = engine.ask("Varför ökade kostnaden för placeringar i Lindsjö?")

    ended = all_at_once(count, ask)
    opened.close()
    return ended, told, answers


def test_all_are_answered_so_many_at_once_and_those_who_wait_are_told(index):
    encoder = SlowEncoder(0.2)
    ended, told, answers = asked_by(index, encoder, ServingSettings(at_once=2, wait_seconds_max=120), 6)
    assert ended == ["done"] * 6
    assert encoder.most <= 2
    assert told
    assert len({answer.hits[0].text for answer in answers.values()}) == 1


def test_past_its_limit_it_sends_away_and_says_so(index):
    serving = ServingSettings(at_once=1, queue_max=1, wait_seconds_max=120)
    ended, _, answers = asked_by(index, SlowEncoder(1.5), serving, 6)
    assert ended.count("Kön är full") >= 2
    assert ended.count("done") == len(answers) == 6 - ended.count("Kön är full")


def test_who_waits_too_long_is_sent_away():
    turns = Turns(ServingSettings(at_once=1, wait_seconds_max=1))
    with (
        turns.taken(lambda: None),
        pytest.raises(TooManyAtOnce, match="efter 1 s"),
        turns.taken(lambda: None),
    ):
        pass
    assert turns.waiting == 0


def test_who_comes_first_is_served_first():
    turns, served, started = Turns(ServingSettings(at_once=1)), [], []

    def work(number):
        with turns.taken(lambda: started.append(number)):
            served.append(number)

    threads = []
    with turns.taken(lambda: None):
        for number in range(5):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(started) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(5))


def test_a_turn_is_given_back_after_an_error_and_by_who_leaves_the_line():
    turns = Turns(ServingSettings(at_once=1))
    with pytest.raises(ZeroDivisionError), turns.taken(lambda: None):
        _ = 1 / 0
    with turns.taken(lambda: None), pytest.raises(KeyError), turns.taken(lambda: {}["left"]):
        pass
    with turns.taken(lambda: pytest.fail("nobody is there")):
        assert turns.waiting == 0
