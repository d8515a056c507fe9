"""Files and pictures that the browser fetches by an address, kept as long as the page shows them.

Only kinds of content that a browser shows and does not run are served, under names of our own.
"""

from __future__ import annotations

from typing import Literal

from streamlit import runtime

Kind = Literal["image/png", "application/pdf"]


def address_of(data: bytes, kind: Kind, place: str) -> str:
    """Return an address under which the browser gets the bytes; empty where there is no server.

    Args:
        data: The bytes.
        kind: Their kind.
        place: Where on the page they are used; the bytes used there before are forgotten.
    """
    if not runtime.exists():
        return ""
    return runtime.get_instance().media_file_mgr.add(data, kind, f"rapportsvar.{place}")
