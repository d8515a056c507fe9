"""Pages that are run on their own, with an address, for tests."""

from __future__ import annotations

import warnings

from streamlit.testing.v1 import AppTest

PATIENCE_SECONDS = 300
"""How long a page may take to be drawn on a busy machine, by a server that reads its model first."""


def page(name, **values):
    """Run one page on its own with an address, and return what it drew."""

    def script(name):
        import importlib

        from rapportsvar.app import shell

        shell.guarded(importlib.import_module(f"rapportsvar.app.pages.{name}").draw)

    test = AppTest.from_function(script, args=(name,), default_timeout=PATIENCE_SECONDS)
    for key, value in values.items():
        test.query_params[key] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test.run()
    assert not test.exception
    return test


def drawn(test):
    """Return the HTML that a page drew."""
    return "\n".join(element.proto.body for element in test.get("html"))
