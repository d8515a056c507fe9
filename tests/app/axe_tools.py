"""What axe-core finds on a page that is drawn, for tests."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT

RUN = "axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations)"
GRAVE = ("serious", "critical")


def grave_faults(tab):
    """Return each serious or critical violation of a page in words, none where all is well."""
    tab.evaluate(AXE_SCRIPT)
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for fault in tab.evaluate(RUN)
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:4]
    ]
