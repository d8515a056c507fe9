"""What a reader left out, told in Swedish with counts."""

from __future__ import annotations

from collections.abc import Mapping

LEFT_OUT = {
    "bilder": (
        "1 bild lästes inte: dess text är inte sökbar.",
        "{} bilder lästes inte: deras text är inte sökbar.",
    ),
    "diagram": (
        "1 diagram lästes inte: dess värden är inte sökbara.",
        "{} diagram lästes inte: deras värden är inte sökbara.",
    ),
    "SmartArt-bilder": ("1 SmartArt-bild lästes inte.", "{} SmartArt-bilder lästes inte."),
    "kommentarer": ("1 kommentar utelämnades.", "{} kommentarer utelämnades."),
    "dolda textstycken": ("1 dolt textstycke utelämnades.", "{} dolda textstycken utelämnades."),
    "infogade dokument": ("1 infogat dokument lästes inte.", "{} infogade dokument lästes inte."),
    "inbäddade sidor": ("1 inbäddad sida lästes inte.", "{} inbäddade sidor lästes inte."),
    "interaktiva delar": (
        "1 interaktiv del lästes inte: dess värden är inte sökbara.",
        "{} interaktiva delar lästes inte: deras värden är inte sökbara.",
    ),
    "dolda blad": ("1 dolt blad utelämnades.", "{} dolda blad utelämnades."),
    "dolda rader": ("1 dold rad utelämnades.", "{} dolda rader utelämnades."),
    "dolda kolumner": ("1 dold kolumn utelämnades.", "{} dolda kolumner utelämnades."),
    "formler utan värde": (
        "1 formel saknar sparat värde: öppna filen i Excel och spara den.",
        "{} formler saknar sparat värde: öppna filen i Excel och spara den.",
    ),
    "felvärden": ("1 cell innehåller ett felvärde.", "{} celler innehåller felvärden."),
    "celler": (
        "1 cell bortom tabellens tusende kolumn lästes inte.",
        "{} celler bortom tabellernas tusende kolumn lästes inte.",
    ),
    "diagramblad": ("1 diagramblad lästes inte.", "{} diagramblad lästes inte."),
}


def left_out(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return a warning for each kind of thing that was left out."""
    return tuple(
        (one if counts[kind] == 1 else many.format(counts[kind]))
        for kind, (one, many) in LEFT_OUT.items()
        if counts.get(kind)
    )
