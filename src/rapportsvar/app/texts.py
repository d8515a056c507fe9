"""All words of the interface, in Swedish. Words of reports and questions are not here."""

from __future__ import annotations

from rapportsvar.engine.assurance import Assurance

PRODUCT = "Rapportsvar"
TAGLINE = "Svar ur kommunens egna rapporter, ordagrant och med källa."
NAV_ASK, NAV_SEARCH, NAV_REPORTS, NAV_ABOUT = "Fråga", "Sök", "Rapporter", "Så fungerar det"
NAV_LABEL = "Huvudmeny"
SKIP = "Hoppa till innehållet"
NARROW = "Begränsa till kommun"
ALL_MUNICIPALITIES = "Alla kommuner"

ASK_HEADING = "Vad vill du veta?"
ASK_PLACEHOLDER = "Ställ en fråga om rapporterna"
ASK_MORE_PLACEHOLDER = "Ställ en följdfråga eller en ny fråga"
EXAMPLES = "Till exempel"
NEW_QUESTION = "Börja om"
EARLIER = "Tidigare i samtalet"
YOUR_QUESTION = "Din fråga"
UNDERSTOOD = "Frågan förstods som"
SPELLED = "Rättat"
TAKEN_FROM_QUESTION = "Begränsat till"
REMOVE = "Ta bort begränsningen"
SET_ASIDE = "Bortser från"
PUT_BACK = "Begränsa åter till"

ASSURANCE = {
    Assurance.VERY: "Mycket säkert",
    Assurance.FAIRLY: "Ganska säkert",
    Assurance.UNSURE: "Osäkert",
}
ASSURANCE_MEANS = {
    Assurance.VERY: "Stället svarar med stor sannolikhet på frågan.",
    Assurance.FAIRLY: "Stället svarar troligen på frågan. Läs det i sitt sammanhang.",
    Assurance.UNSURE: "Stället hör till ämnet men svarar kanske inte på frågan. Läs det i sitt sammanhang.",
}
STEPS = {Assurance.VERY: 3, Assurance.FAIRLY: 2, Assurance.UNSURE: 1}

ANSWER = "Svar"
MORE_PLACES = "Fler ställen"
MORE_HIDDEN = "Visa {} till"
NO_ANSWER = "Inget svar i rapporterna"
NEAREST = "Det närmaste som hittades"
NEAREST_NOTE = "Ställena nedan liknar frågan men svarar inte på den."
NOT_ANSWERING = "Svarar inte på frågan"
ELSEWHERE = "Samma text står också i"
OTHER_YEARS = "Andra år"

SHOW_IN_REPORT = "Visa i rapporten"
SHOWN_BESIDE = "Visas bredvid"
COPY = "Kopiera källhänvisning"
COPIED = "Källhänvisningen är kopierad"
CITATION = "Källhänvisning"

ROWS_BEFORE = "{} ovanför visas inte"
ROWS_AFTER = "{} nedanför visas inte"
ROW_ONE, ROW_MANY = "rad", "rader"
UNIT = "Enhet"
IN_TABLE = "I tabellen"
MARKED = "Markerat:"

SOURCE_PANEL = "I rapporten"
CLOSE = "Stäng"
WHOLE_REPORT = "Öppna hela rapporten"
CUT = "Utdrag. Hela rapporten är längre."
CONTENTS = "Innehåll"
FIND = "Sök i texten"
FIND_NONE = "Orden finns inte i rapporten"
NEXT, PREVIOUS = "Nästa", "Föregående"
MATCH_ONE, MATCH_MANY = "träff", "träffar"

REPORTS_HEADING = "Rapporter"
REPORTS_LEAD = "{} är indexerade. Frågor och sökningar besvaras bara ur dem."
REPORT_ONE, REPORT_MANY = "rapport", "rapporter"
UNCERTAIN = "osäkert"
UNCERTAIN_NOTE = "Uppgifter märkta ”osäkert” har tolkats ur texten och kan vara fel."
FACTS = {
    "municipality": "Kommun",
    "board": "Nämnd",
    "kind": "Rapporttyp",
    "period": "Period",
    "year": "År",
    "date": "Datum",
    "reference": "Diarienummer",
    "source": "Fil",
}
CONTENT_COUNTS = "{} och {} ur tabeller går att hitta"
PASSAGE_ONE, PASSAGE_MANY = "textstycke", "textstycken"
UNCOVERED_NONE = "Hela texten är med."
UNCOVERED = "{} av texten kunde inte tolkas och går inte att hitta."
STRETCH_ONE, STRETCH_MANY = "ställe", "ställen"
WARNINGS = "Anmärkningar vid läsningen"
FAILED = "Kunde inte läsas"
ALL_REPORTS = "Alla rapporter"
UNKNOWN_REPORT = "Rapporten finns inte i indexet. Den kan ha tagits bort eller bytt namn."
UNNAMED = "Rapport utan titel"

SEARCH_HEADING = "Sök"
SEARCH_LABEL = "Sökord eller fråga"
SEARCH_PLACEHOLDER = "Till exempel: hemtjänst bränsle"
SEARCH_EMPTY = "Skriv ett eller flera ord. Böjningar, sammansättningar och vardagsord hittas också."
SEARCH_NONE = "Inga träffar. Pröva andra ord eller ta bort en begränsning."
SEARCH_COUNT = "{} för ”{}”"
SEARCH_SHOWN = "De {} bästa visas."
HIT_ONE, HIT_MANY = "träff", "träffar"
UNKNOWN_VALUE = "okänt"
FACETS = {
    "municipality": ("kommun", "Kommun"),
    "board": ("namnd", "Nämnd"),
    "year": ("ar", "År"),
    "kind": ("typ", "Rapporttyp"),
    "form": ("form", "Text eller tabell"),
}
FILTER = "Begränsa"
SORT = "Sortera"
SORTS = {"": "Bäst först", "nyast": "Nyast först", "kommun": "Efter kommun"}
CHOOSE = "Välj för export"
CHOOSE_ALL = "Välj alla"
CHOSEN = "{} valda laddas ner."
EXPORT_HEADING = "Ladda ner"
EXPORT = "Som {}"
EXPORT_ALL = "Alla {} som visas laddas ner. Välj träffar för att ladda ner bara dem."
EXPORT_FILE = "rapportsvar-{}"
EXPORT_LEAD = "{} ur rapporterna, hämtade {}. Citaten är ordagranna; det som svarar är markerat."
EXPORT_SHEET_HITS, EXPORT_SHEET_TABLES = "Träffar", "Tabeller"
EXPORT_COLUMNS = (
    "Kommun", "Nämnd", "Rapport", "Rapporttyp", "Period", "År", "Datum", "Diarienummer", "Avsnitt", "Sida",
    "Form", "Citat", "Markerat", "Kolumnrubriker", "Enhet", "Källfil", "Från tecken", "Till tecken",
    "Källhänvisning", "Länk",
)  # fmt: skip
PLACE_ONE, PLACE_MANY = "ställe", "ställen"
FORM = {"passage": "text", "row": "tabell"}

CITE_CHARS = "tecken {}–{}"
CITE_SECTION = "avsnitt ”{}”"
CITE_REFERENCE = "dnr {}"
CITE_DATED = "daterad {}"
CITE_PAGE = "s. {}"
CITE_FETCHED = "Hämtad {}."

NO_INDEX = "Här finns inga rapporter än"
NO_INDEX_HOW = "Lägg rapporterna i en mapp och bygg ett index av dem. Kör sedan i en terminal:"
NO_INDEX_THEN = "Läs sedan om sidan. Indexet söks i mappen {}."
INDEX_BAD = "Indexet kan inte öppnas"
INDEX_BAD_HOW = "Bygg det igen i en terminal:"
WENT_WRONG = "Något gick fel"
WENT_WRONG_HOW = (
    "Frågan kunde inte besvaras. Försök igen; om felet återkommer, visa detta för den som sköter tjänsten:"
)
UNKNOWN_MUNICIPALITY = "Okänd kommun"

ABOUT_HEADING = "Så fungerar det"
ABOUT: tuple[tuple[str, tuple[str | tuple[str, ...], ...]], ...] = (
    (
        "Vad tjänsten gör",
        (
            "Du ställer en fråga. Tjänsten letar upp de meningar och tabellrader i rapporterna som svarar på"
            " den "
            "och visar dem ordagrant, markerade, med uppgift om var de står.",
            "Ingenting formuleras om och ingenting läggs till. Allt som visas som svar är citat ur en "
            "rapport. "
            "Innan ett citat visas kontrolleras att det står i rapporten, tecken för tecken.",
        ),
    ),
    (
        "Vad tjänsten inte gör",
        (
            (
                "Den svarar bara ur de rapporter som är indexerade. Se sidan Rapporter.",
                "Den tycker ingenting och bedömer inte om något är bra eller dåligt.",
                "Den räknar inte: summor och jämförelser som inte står i en rapport får du göra själv.",
                "Den svarar inte på frågor om enskilda personer.",
                "Den skickar ingenting vidare. Frågor och rapporter stannar på den dator där tjänsten körs, "
                "och ingen språkmodell används.",
            ),
        ),
    ),
    (
        "Hur säkert är svaret?",
        (
            "Vid varje svar står hur säkert det är att stället svarar på frågan: mycket säkert, ganska "
            "säkert eller "
            "osäkert. Bedömningen gäller om rätt ställe har hittats, inte om uppgiften i rapporten stämmer.",
            "När rapporterna inte verkar svara sägs det, och varför. Då visas det som ligger närmast, märkt "
            "som att "
            "det inte svarar på frågan.",
        ),
    ),
    (
        "Så kontrollerar du ett svar",
        (
            (
                "Välj ”Visa i rapporten”. Rapporten öppnas på stället, så att du ser vad som står före och "
                "efter.",
                "Se efter vilken kommun, nämnd och period rapporten gäller. Raden under citatet säger det.",
                "I en tabell: läs kolumnens rubrik och enheten. Utfall, budget och prognos är olika saker.",
                "Titta på ”Fler ställen”. En senare rapport kan ha rättat en siffra.",
                "Välj ”Kopiera källhänvisning” när du vill använda svaret i en skrivelse. Där står rapport, "
                "avsnitt, "
                "fil och teckenpositioner, så att vem som helst kan slå upp citatet.",
            ),
        ),
    ),
    (
        "Så frågar du",
        (
            "Fråga som du skulle fråga en handläggare. Nämn gärna kommun, nämnd och år: ”Varför ökade "
            "kostnaden för "
            "placeringar i Lindsjö 2022?” Stavfel rättas, och det står vad som rättades. Begränsningar som "
            "lästes ur "
            "frågan kan du ta bort med krysset.",
            "Varje fråga, sökning och rapport har en egen adress som kan sparas och skickas till andra.",
        ),
    ),
)
