"""No pattern takes long on a line of one thing said over and over, as leaders and rulings are.

Two repeats that may share what they stand on try every way to share it: three such make a line of dots last
minutes.
"""

import importlib
import pkgutil
import re
import signal

import pytest

import rapportsvar

LENGTH = 400
SECONDS = 0.3
"""Of the processor, for one line: what grows with the square of its length takes some thousandths of that."""
SAID = """. … _ - – , ; : ! % & / ( [ < # * | ' " @ = ¹ 1 19 1. 1, 1- 1/ 1: a A å Ab a. a- aa. .- ..| § I
[]( </ <b> ** kr mkr tkr 2022 2022- 2022/ jan och hundra kommun nämnden bilaga"""
UNITS = SAID.split()
LINES = [
    (unit * LENGTH)[:LENGTH] + end
    for unit in (*UNITS, *(f"{unit} " for unit in UNITS), *" \t\xa0\n")
    for end in ("!", "x", "\t1")
]


def patterns(found):
    if isinstance(found, re.Pattern):
        yield found
    elif isinstance(found, dict):
        yield from patterns(list(found.values()))
    elif isinstance(found, list | tuple):
        for one in found:
            yield from patterns(one)


def all_patterns():
    known = {}
    for module in pkgutil.walk_packages(rapportsvar.__path__, "rapportsvar."):
        if ".app" in module.name or module.name.endswith("__main__"):
            continue
        try:
            loaded = importlib.import_module(module.name)
        except ImportError:
            continue  # an extra that is not installed
        for name, found in vars(loaded).items():
            for pattern in patterns(found):
                known.setdefault(pattern, f"{module.name}.{name}")
    return known


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_no_pattern_takes_long_on_what_is_said_over_and_over():
    slow = []

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, stop)
    try:
        for pattern, name in all_patterns().items():
            lines = LINES if isinstance(pattern.pattern, str) else [line.encode() for line in LINES]
            for line in lines:
                signal.setitimer(signal.ITIMER_PROF, SECONDS)
                try:
                    for _ in pattern.finditer(line):
                        pass
                except TimeoutError:
                    slow.append((name, pattern.pattern[:80], line[:10]))
                    break
                finally:
                    signal.setitimer(signal.ITIMER_PROF, 0)
    finally:
        signal.signal(signal.SIGPROF, before)
    assert slow == []
