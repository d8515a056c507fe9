"""What kind of figure a question asks for, and for whom: forecast or outcome, women or men."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapportsvar.model import Measured

WOMEN = re.compile(
    r"\b(?:kvinn\w*|tjej\w*|flick\w*|mamm(?:a|an|or|orna|as|aled\w*)|tant(?:er|erna)?|dam(?:er|erna)"
    r"|women|woman|girls?|female)\b",
    re.IGNORECASE,
)
_ENGLISH = "|".join(
    f"(?<={word} )"
    for word in "about many of for among only just or and than were are".split()  # noqa: SIM905
)
"""What tells the English *men* from the Swedish one, which is a *but*."""
MEN = re.compile(
    r"\b(?:män|mäns|männen|man(?:lig\w*)|kill(?:e|en|ar|arna|arnas)|pojk\w*|papp(?:a|an|or|orna|as|aled\w*)"
    r"|karl(?:ar|arna)?|gubb(?:e|ar|arna)|grabb\w*|herr(?:ar|arna)|boys?|male"
    rf"|(?:{_ENGLISH})men|men(?= (?:and|or|than) women))\b",
    re.IGNORECASE,
)
MEASURED: Mapping[Measured, re.Pattern[str]] = {
    Measured.ACCOUNTS: re.compile(
        r"\b(?:bokslut\w*|slutnota\w*|årsbokslut\w*|final accounts)\b", re.IGNORECASE
    ),
    Measured.FORECAST: re.compile(
        r"\b(?:\w*prognos\w*|väntas?|förväntas?|beräknas?|räkna[rs]?\b|räknat|tror|spås|spår|beräkning\w*"
        r"|kommer att|i slutet av (?:året|20\d\d)|vid årets slut|när (?:hela )?(?:året|20\d\d) är slut"
        r"|hela (?:året|20\d\d)|under hela|helår\w*|ser ut att|forecast\w*|expect\w*)\b",
        re.IGNORECASE,
    ),
    Measured.BUDGET: re.compile(
        r"\b(?:budget\w*|avsatt\w*|avsatta|anslag\w*|anslagna|tilldela\w*|kommunbidrag\w*|ram|ramen|pott\w*)\b",
        re.IGNORECASE,
    ),
    Measured.DEVIATION: re.compile(
        r"\b(?:avvik\w*|underskott\w*|överskott\w*|plus|minus|(?:gå|gick|går|gått)\b.{0,60}\bback|back"
        r"|(?:pengar|blir|bli|blev|fick|få|kronor|ha|har|hade)\b.{0,25}\b(?:över|kvar)"
        r"|mot budget|deficit|surplus"
        r"|(?:dyrare|mer|mindre|billigare) än (?:tänkt|planerat|budgeterat|beräknat|väntat))\b",
        re.IGNORECASE,
    ),
    Measured.TARGET: re.compile(
        r"\b(?:mål|målet|målvärde\w*|målnivå\w*|målsättning\w*|ambition\w*|target)\b", re.IGNORECASE
    ),
    Measured.OUTCOME: re.compile(
        r"\b(?:utfall\w*|hittills|faktiskt|blev|landade|kostade|gick|användes|betalades|redovisa\w*|actual)\b",
        re.IGNORECASE,
    ),
}


def measured_of(question: str) -> frozenset[Measured]:
    """Return the kinds of figure that are asked for; empty where none is told."""
    return frozenset(measured for measured, pattern in MEASURED.items() if pattern.search(question))


def sex_of(question: str) -> str:
    """Return the sex that is asked for; nothing where both are."""
    women, men = bool(WOMEN.search(question)), bool(MEN.search(question))
    return "kvinnor" if women and not men else "män" if men and not women else ""
