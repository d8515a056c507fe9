"""All words of the interface, in Swedish. Words of reports and questions are not here."""

from __future__ import annotations

from rapportsvar.engine.assurance import Assurance

PRODUCT = "Rapportsvar"
TAGLINE = "Svar ur kommunens egna rapporter, ordagrant och med källa."
NAV_ASK, NAV_SEARCH, NAV_COMPARE, NAV_REPORTS = "Fråga", "Sök", "Jämför", "Rapporter"
NAV_EVALUATION, NAV_ABOUT = "Utvärdering", "Så fungerar det"
NAV_LABEL = "Huvudmeny"
SIGN_IN, SIGN_OUT = "Logga in", "Logga ut"
SIGN_IN_HEADING = "Logga in"
SIGN_IN_LEAD = "Du behöver logga in för att fråga och läsa. Efter en tid loggas du ut av dig själv."
SIGN_IN_NO_ROLE = (
    "Du är inloggad som {}, men har ingen roll i tjänsten. Be den som sköter behörigheterna om en."
)
PREPARING = "Rapporterna du får läsa tas fram …"
SKIP = "Hoppa till innehållet"
NARROW = "Begränsa till kommun"
ALL_MUNICIPALITIES = "Alla kommuner"

QUEUED = "Många frågar just nu. Du står i kö, och svaret kommer strax."

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
CALCULATION = "Uträkning"
DIFFERENCE = "skillnad"
WORKED_OUT = "Skillnaden är uträknad här. De båda talen är citat."
DISAGREE = "Rapporterna anger olika siffror"
DISAGREE_NOTE = "En senare rapport kan ha rättat en tidigare. Läs siffrorna där de står."
EXPLANATION = "Förklaring"
ELSEWHERE = "Samma text står också i"
OLDER = "Äldre version:"
ONLY_OLDER = "Står bara i denna äldre version av"
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
FIND_PLACEHOLDER = "Ord i rapporten"
FIND_COUNT = "{} av {}"
FIND_NONE = "Orden finns inte i rapporten"
NEXT, PREVIOUS = "Nästa", "Föregående"
MATCH_ONE, MATCH_MANY = "träff", "träffar"

REPORTS_HEADING = "Rapporter"
REPORTS_LEAD = "Här finns {}. Frågor och sökningar besvaras bara ur dem."
REPORT_ONE, REPORT_MANY = "rapport", "rapporter"
UNCERTAIN = "osäkert"
UNCERTAIN_NOTE = "Uppgifter märkta ”osäkert” har tolkats ur texten och kan vara fel."
FACTS = {
    "title": "Titel",
    "municipality": "Kommun",
    "board": "Nämnd",
    "kind": "Rapporttyp",
    "period": "Period",
    "year": "År",
    "date": "Datum",
    "reference": "Diarienummer",
    "source": "Fil",
}
PASSAGE_ONE, PASSAGE_MANY = "textstycke", "textstycken"
COVERED_ALL = "Hela texten går att hitta"
COVERED = "{} % av texten går att hitta"
UNCOVERED = "{} kunde inte tolkas"
STRETCH_ONE, STRETCH_MANY = "ställe", "ställen"
WARNINGS = "Anmärkningar vid läsningen"
FAILED = "Kunde inte läsas"
ALL_REPORTS = "Alla rapporter"
UNKNOWN_REPORT = "Rapporten finns inte här. Den kan ha tagits bort, dolts i svar eller bytt namn."
UNNAMED = "Rapport utan titel"

REPORTS_TOTAL = "Tillsammans {} och {} ur tabeller."
REPORTS_SHOWN = "{} av {} visas"
REPORTS_NONE = "Ingen rapport stämmer med det som är valt."
REPORTS_FILTER = "Filtrera listan"
REPORTS_FILTER_PLACEHOLDER = "Titel, nämnd, period eller fil"
REPORTS_SORTS = {"": "Efter kommun", "nyast": "Nyast först", "titel": "Efter titel"}
SHOW_FACET = "Läsning"
SHOWS = {
    "uppladdade": "uppladdade här",
    "anmarkningar": "med anmärkningar",
    "osakra": "med osäkra uppgifter",
    "rattade": "rättade för hand",
}
PAGE_ONE, PAGE_MANY = "sida", "sidor"
SECTION_ONE, SECTION_MANY = "avsnitt", "avsnitt"
TABLE_ONE, TABLE_MANY = "tabell", "tabeller"
CORRECTED = "rättat"

ADD = "Lägg till rapporter"
ADD_HEADING = "Lägg till rapporter"
ADD_LEAD = (
    "Välj en eller flera filer. Varje fil läses först och görs sedan sökbar, medan tjänsten används som "
    "vanligt."
)
ADD_KINDS = "Filer som kan läsas: {}. Högst {} MB var."
ADD_LABEL = "Filer att lägga till"
UPLOADER = {
    "field": ADD_LABEL,
    "choose": "Välj filer",
    "drop": "eller släpp dem här",
    "remove": "Ta bort",
    "large": "Filen är för stor.",
}
ADD_PRIVATE = "Filerna stannar på den dator där tjänsten körs."
READING = "Läser {} av {}: {}"
OUTCOMES = "Så gick det"
OUTCOME_READ = "Läst: {}."
OUTCOME_READY = "Går att fråga om nu."
OUTCOME_SOON = "Går att fråga om så snart den är sökbar."
OUTCOME_NOT = "Inte tillagd. {}."
OUTCOME_OPEN = "Öppna rapporten"
OUTCOME_REPLACE, OUTCOME_NUMBER, OUTCOME_FORGO = "Ersätt den gamla", "Behåll båda", "Lägg inte till"
OUTCOMES_CLEAR = "Dölj listan"

UPDATING = "Rapporterna görs sökbara"
UPDATING_MEANWHILE = "Frågor besvaras under tiden ur det som redan är sökbart."
STAGES = {
    "reading": "Går igenom filerna",
    "structure": "Läser ändrade rapporter",
    "embedding": "Gör texterna sökbara",
}
STAGE_WAITING = "Väntar på sin tur"
STAGE_WRITING = "Sparar"
OF = "{} av {}"
UPDATE_FAILED = "Rapporterna kunde inte göras sökbara"
UPDATE_FAILED_MEANS = (
    "Svaren kommer som förut ur det som redan är sökbart. Inget som lagts till har gått förlorat."
)
TRY_AGAIN = "Försök igen"

REMOVE_REPORT = "Ta bort"
REMOVED_NOW = "”{}” är borttagen."
UNDO = "Ångra"
REMOVED_HEADING = "Borttagna"
REMOVED_NOTE = "Kan tas tillbaka till {}"
BRING_BACK = "Ta tillbaka"
HIDE = "Visa inte i svar"
HIDDEN_HEADING = "Visas inte i svar"
HIDDEN_NOTE = "Rapporterna finns kvar i sina mappar men används inte i svar och sökningar."
SHOW_AGAIN = "Visa i svar igen"
READ_REPORT = "Läs"
CORRECT = "Rätta uppgifterna"
CORRECT_HEADING = "Rätta uppgifterna om rapporten"
CORRECT_LEAD = (
    "Det du skriver gäller i stället för det som lästes ur rapporten, också när rapporterna läses om. "
    "Rapportens egen text ändras inte. Töm ett fält om uppgiften inte finns."
)
CORRECT_SAVE = "Spara rättelserna"
CORRECT_CANCEL = "Avbryt"
CORRECT_SAVED = "Rättelserna är sparade. De gäller så snart rapporterna har lästs om."
CORRECT_NOTHING = "Inget har ändrats."
CORRECT_UNDO = "Ta tillbaka rättelsen"
CORRECT_UNDO_HEADING = "Rättat för hand"
CORRECT_HELP = {"period": "januari–augusti 2023", "date": "2023-02-14", "year": "2023"}

READ_NEWER = "Rapporten har ändrats medan du läste. Du ser den som den var."
READ_NEWER_GO = "Visa den nya"
VIEW_PAGES, VIEW_TEXT = "Sidor", "Bara text"
VIEWS = "Visa som"
PAGE_OF = "Sida {} av {}"
PAGE_NEXT, PAGE_PREVIOUS = "Nästa sida", "Föregående sida"
PAGE_ALT = "Sida {} av {} ur {}. Texten på sidan står bredvid."
PAGE_TEXT = "Texten på sidan"
PAGE_NO_TEXT = "Sidan har ingen text som kunde läsas."
PAGE_PICTURE = "Sidan som bild"
PAGE_UNDRAWN = "Sidan kan inte visas som bild. Texten står bredvid."
ZOOM_IN, ZOOM_OUT = "Förstora", "Förminska"
OPEN_PDF_MASKED = "Filen själv öppnas inte här, eftersom den innehåller personnummer."
OPEN_PDF = "Öppna PDF"

SEARCH_HEADING = "Sök"
SEARCH_LABEL = "Sökord eller fråga"
SEARCH_PLACEHOLDER = "Till exempel: hemtjänst bränsle"
SEARCH_EMPTY = "Skriv ett eller flera ord. Böjningar, sammansättningar och vardagsord hittas också."
SEARCH_NONE = "Inga träffar. Pröva andra ord eller ta bort en begränsning."
SEARCH_COUNT = "{} för ”{}”"
SEARCH_SHOWN = "De {} bästa visas."
SEARCH_ANY = "Räknat är alla ställen som har något av orden; {} har alla."
NONE_OF_THEM = "inget"
SEARCH_NEAR = "Rapporterna har inte orden. Det närmaste i betydelse visas."
SEARCH_MORE_NEAR = "Även ställen nära i betydelse visas: {}."
SEARCH_TOPICS = "Ord med många uppgifter"
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
SORTS = {"": "Bäst träff", "nyast": "Nyast", "aldst": "Äldst", "kommun": "Kommun"}
NO_YEAR = "Okänt år"
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

COMPARE_HEADING = "Jämför"
COMPARE_LEAD = (
    "Följ ett mått över åren, mellan kommuner och nämnder. Varje siffra leder till sin ruta i rapporten."
)
MEASURE = "Mått"
MEASURE_PLACEHOLDER = "Skriv ett mått, till exempel hemtjänst eller sjukfrånvaro"
MEASURES_COMMON = "Mått med flest uppgifter"
MEASURE_NONE = "Rapporterna har inget mått som liknar ”{}”. Pröva ett annat ord."
MEASURE_NEAREST = "Närmaste mått för ”{}”"
MEASURES_OTHER = "Liknande mått"
MEASURES_OTHER_MORE = "Visa {} till"
COMPARE_NOTHING = "Inga uppgifter med dessa begränsningar. Ta bort någon av dem."
COMPARE_CHOICES = "Vad som visas"
CHOICES = {"municipality": "Kommun", "board": "Nämnd", "kind": "Slag", "year": "År"}
CHOICE_ADD, CHOICE_ONLY, CHOICE_REMOVE = "Visa också {}", "Visa bara {}", "Visa inte {}"
KINDS = {
    "utfall": "Utfall",
    "": "Slag ej angivet",
    "budget": "Budget",
    "prognos": "Prognos",
    "avvikelse, utfall": "Avvikelse, utfall",
    "avvikelse, prognos": "Avvikelse, prognos",
    "avvikelse": "Avvikelse",
    "målvärde": "Målvärde",
}
ALSO_CALLED = "Även kallad {}"
STRETCHES = {"år": "Helår", "månad": "Månad", "dag": "Dag"}
DEVIATION = "Avvikelse mot budget"
NO_UNIT = "enhet ej angiven"
UNDER = "under ”{}”"
CHART_OF = "Diagram: {}. Samma uppgifter står i tabellen under."
CHART_GAPS = "Bruten linje: uppgift saknas för året emellan."
CHART_CUT = "Den lodräta axeln börjar inte vid noll."
CHART_LEFT_OUT = "{} visas inte. Välj kommun, nämnd eller slag för att se dem."
LINE_ONE, LINE_MANY = "linje till", "linjer till"
MISSING = "saknas"
AS_OF = "per {}"
DISAGREES = "Rapporterna anger olika värden."
DISAGREEING = "annan uppgift"
WRITTEN_AS = "i rapporten {}"
WHAT = "Uppgift"
SOURCES = "Källor"
COMPARE_PICTURE, COMPARE_EXCEL, COMPARE_CSV = "Bild (SVG)", "Excel", "CSV"
COMPARE_DOWNLOAD = "Ladda ner"
COMPARE_FILE = "jamforelse-{}.{}"
SHEET = "Jämförelse"
SERIES_COLUMNS = (
    "Mått", "Kallas i rapporten", "Slag", "Kommun", "Nämnd", "Kön", "Övrigt", "Period", "Prognos per",
    "Värde", "Enhet", "I rapporten", "Rapportens enhet", "Rapport", "Avsnitt", "Rad", "Kolumn", "Källfil",
    "Från tecken", "Till tecken",
)  # fmt: skip

OVER_TIME = "Över tid"
COMPARE_THIS = "Jämför"
COMPARE_THIS_LONG = "Jämför {} över år och slag"
WHY = "Varför?"
FOLLOW_UPS = "Följdfrågor"
SIDE_BY_SIDE = "Sida vid sida"
SIDE_BY_SIDE_NOTE = "Det bästa stället i varje rapport."
HITS_BY_YEAR = "Träffar per år"
YEAR_ONLY, YEAR_ALL = "Visa bara {}, {}", "Visa alla år"

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
INDEX_OLDER = "Rapporterna förbereds"
INDEX_OLDER_THEN = (
    "Tjänsten har fått en ny version och går igenom rapporterna en gång till. "
    "Sidan visas av sig själv så snart det är klart."
)
WENT_WRONG = "Något gick fel"
WENT_WRONG_HOW = (
    "Frågan kunde inte besvaras. Försök igen; om felet återkommer, visa detta för den som sköter tjänsten:"
)
DETAIL = "Till den som sköter tjänsten:"
ERRORS = {
    "RapportsvarError": "Tjänsten kan inte svara just nu. Försök igen om en stund.",
    "SettingsError": "En inställning stämmer inte. Rätta inställningsfilen och starta om tjänsten.",
    "ReadingError": "En rapport kunde inte läsas. Byt ut eller ta bort filen och bygg indexet igen.",
    "NoReports": "Det finns inga rapporter i mappen. Ange en annan mapp och bygg indexet igen.",
    "IndexUnusable": "Indexet kan inte användas. Bygg det igen.",
    "IndexMissing": "Det finns inget index än. Bygg ett av rapporterna.",
    "IndexStale": "Indexet är gjort med andra inställningar, en annan modell eller en annan version.",
    "IndexOlder": "Indexet är gjort av en äldre version. Uppdatera det; det tar inte lång tid.",
    "IndexNewer": "Indexet är gjort av en nyare version. Uppgradera rapportsvar.",
    "IndexUnreadable": "Indexet kan inte läsas just nu. Försök igen om en stund.",
    "IndexAway": "Databasen med indexet svarar inte. Försök igen om en stund.",
    "IndexDamaged": "En fil i indexet har skadats sedan den skrevs.",
    "IndexForeign": "Mappen innehåller något annat än ett index. Ange en annan mapp.",
    "ReaderNotStarted": "Filer kan inte läsas just nu. Försök igen om en stund.",
    "IndexBusy": "Indexet byggs just nu. Försök igen om en stund.",
    "IndexUnwritable": "Indexet kan inte skrivas. Gör plats på disken eller ange en annan mapp.",
    "ModelError": "Språkmodellen som jämför texter kan inte användas. Installera den igen.",
    "ModelDamaged": "Språkmodellen som jämför texter är skadad. Installera den igen.",
    "ModelUnwritable": "Den förberedda modellen kan inte sparas. Gör plats eller ange en annan mapp.",
    "WorkersUnusable": "Rapporterna kan inte läsas in på andra maskiner just nu. Indexet är som förut.",
    "ExtraMissing": "En tilläggsdel saknas i installationen.",
    "UnknownReport": "Rapporten finns inte i indexet. Den kan ha tagits bort eller bytt namn.",
    "TooManyAtOnce": "Just nu frågar fler än tjänsten hinner svara. Försök igen om en stund.",
    "BackupError": "Säkerhetskopian kunde inte göras eller läggas tillbaka. Ingenting är ändrat.",
    "NotAllowed": "Det har du inte rätt att göra.",
    "CitationError": "Ett citat stämmer inte med sin rapport, och visas därför inte. Bygg indexet igen.",
    "FeedbackUnwritable": "Det gick inte att spara. Mappen för återkoppling kan inte skrivas.",
    "GoldError": "Frågan kan inte användas som facit: citat eller uppgifter stämmer inte med rapporten.",
}
UNKNOWN_MUNICIPALITY = "Okänd kommun"

FEEDBACK_HEADING = "Hjälpte det här?"
FEEDBACK_YES, FEEDBACK_NO = "Ja", "Nej"
FEEDBACK_GLAD = "Bra. Vill du lägga till något?"
FEEDBACK_SORRY = "Vad blev fel?"
FEEDBACK_WHICH = "Vilket av de andra ställena svarar på frågan?"
FEEDBACK_NONE = "Inget av dem"
FEEDBACK_COMMENT = "Kommentar (behövs inte)"
FEEDBACK_STORED = (
    "När du skickar sparas frågan, stället du pekat ut och kommentaren, så att tjänsten kan mätas och "
    "bli bättre. Skriv inga personuppgifter. Annars sparas inga frågor."
)
FEEDBACK_SEND, FEEDBACK_CANCEL = "Spara och skicka", "Avbryt"
FEEDBACK_THANKS = "Tack. Det du skrev är sparat."
FEEDBACK_FAILED = "Det gick inte att spara. Ingenting är sparat."

EVALUATION_NOT_ALL = "Mätningarna gäller alla rapporter, och visas för den som får läsa alla."
EVALUATION_HEADING = "Utvärdering"
EVALUATION_LEAD = "Senaste körningen: {}, {} med facit."
EVALUATION_COMMIT = "commit {}"
EVALUATION_OTHER_INDEX = (
    "Rapporterna har ändrats sedan körningen. Ställen som inte längre finns har ingen länk."
)
EVALUATION_RUNS = "Alla körningar ({})"
EVALUATION_SETS = "Facitmängd"
EVALUATION_COUNTS = "{} frågor som rapporterna svarar på, {} som de inte svarar på. Intervallen är 95 %."
EVALUATION_BRIEF = "I korthet"
EVALUATION_BY = "Efter slags fråga, stil och rapport"
EVALUATION_FEW = "Rader i ljusare text vilar på färre än tio frågor."
EVALUATION_RELIABILITY = "Går det att lita på säkerheten?"
EVALUATION_MISSES = "Missar"
EVALUATION_CHANGE = "Jämfört med körningen före"
EVALUATION_ALL = "Alla mått"
EVALUATION_ALL_HEADS = ("Värde", "95 %", "Frågor")
EVALUATION_GROUPS = ("Slags fråga", "Stil", "Rapport")
EVALUATION_QUESTIONS = "Frågor"
EVALUATION_COLUMNS = {
    "hit@1": "Rätt först",
    "hit@3": "Rätt bland tre",
    "highlight F1@3": "Markering",
    "unanswerable refused": "Avböjda",
}
EVALUATION_HEADLINES = {
    "hit@3": "har svaret bland de tre första träffarna",
    "hit@1": "har svaret i den första träffen",
    "unanswerable refused": "av det som rapporterna inte svarar på avböjs",
    "reason right": "avböjs av rätt skäl",
    "quotes exact": "av svaren är ordagranna citat",
}
EVALUATION_NONE = "Ingen körning än"
EVALUATION_NONE_HOW = "Mät svaren på frågor med facit. Kör i en terminal:"
EVALUATION_NONE_WHERE = "Körningen sparas i mappen {} och visas här när sidan läses om."
EVALUATION_UNREADABLE = "Körningen {} kan inte läsas."
INTERVAL = "95 %: {}"
QUESTION_ONE, QUESTION_MANY = "fråga", "frågor"
RELIABILITY_UP = "Andel rätt"
RELIABILITY_RIGHT = "Säkerhet"
RELIABILITY_MEANS = (
    "Varje prick är svar med ungefär samma säkerhet. Ligger den på linjen stämmer säkerheten: av tio svar "
    "med säkerheten 80 % är åtta rätt. Under linjen är tjänsten för säker, över den för försiktig."
)
RELIABILITY_TOLD = "Säkerheten skiljer i medel {} från andelen rätt (Brier {}, {} frågor)."
RELIABILITY_DOT = "Säkerhet {}, rätt {}, {}"
RELIABILITY_TABLE = "Visa som tabell"
RELIABILITY_HEADS = ("Säkerhet", "I medel", "Rätt", "Frågor")
MISSES_NONE = "Inga."
MISSES_COUNT = "{} av {} frågor. Välj en fråga för att ställa den nu, eller ett ställe för att läsa det."
MISS_EXPECTED, MISS_CAME = "Väntat", "Kom"
MISS_NO_ANSWER = "Inget svar"
MISS_ANSWER = "Svar"
MISS_IN_PART = "svarar till en del"
MISS_NOT_THERE = "finns inte bland rapporterna"
MISS_ERROR = "Fel: {}"
MISS_VERDICT = "{}, säkerhet {}."
MISS_RANK = "Rätt ställe kom på plats {}."
MISS_RANK_NONE = "Rätt ställe kom inte bland träffarna."
CHANGE_SINCE = "Körningen {}."
CHANGE_MEANS = (
    "Parvis, på samma frågor. p är risken att en slump ger minst så stor skillnad; det är inte justerat för "
    "antalet mått."
)
CHANGE_OTHER_SET = "Facitmängden har ändrats mellan körningarna; bara gemensamma frågor jämförs."
CHANGE_UNPAIRED = "Facitmängden finns inte i körningen före."
CHANGE_HEADS = ("Mått", "Före", "Nu", "Skillnad", "Bättre / sämre", "p")
CHANGE_NONE = "Ingen fråga har gått från rätt till fel eller tvärtom."
CHANGE_WORSE, CHANGE_BETTER = "Har blivit fel", "Har blivit rätt"
CHANGE_FROM_TO = "Före: {} Nu: {}"

PROPOSALS = "Förslag från läsare"
PROPOSALS_LEAD = (
    "Vad läsare har sagt om svar. Ett förslag som tas med blir en facitfråga; det prövas mot rapporten "
    "först. Hittills: {} tagna, {} avstådda."
)
PROPOSALS_HIDDEN = "{} väntar. De visas bara där inställningen feedback.editing är på."
PROPOSAL_ONE, PROPOSAL_MANY = "förslag", "förslag"
PROPOSAL_HELPED, PROPOSAL_NOT_HELPED = "svaret hjälpte", "svaret hjälpte inte"
PROPOSAL_NO_PLACE = "Läsaren pekade inte ut något ställe."
PROPOSAL_KIND, PROPOSAL_STYLE = "Slags fråga", "Stil"
PROPOSAL_VALUES = "Uppgifter som svaret måste innehålla, med semikolon mellan"
PROPOSAL_ACCEPT, PROPOSAL_DROP = "Ta med i facit", "Avstå"
PROPOSAL_ACCEPTED = "Frågan är tagen med i {}."
PROPOSAL_DROPPED = "Förslaget är avstått och sparat som det."
PROPOSAL_GONE = "Någon annan har redan tagit ställning till förslaget."
PROPOSAL_REFUSED = "Förslaget står kvar."

ABOUT_HEADING = "Så fungerar det"
ABOUT: tuple[tuple[str, tuple[str | tuple[str, ...], ...]], ...] = (
    (
        "Vad tjänsten gör",
        (
            "Du ställer en fråga. Tjänsten letar upp de meningar och tabellrader i rapporterna som svarar på"
            " den "
            "och visar dem ordagrant, markerade, med uppgift om var de står.",
            "Ingenting formuleras om och ingenting läggs till. Allt som visas som svar är citat ur en "
            "rapport, eller skillnaden mellan två sådana tal. "
            "Innan ett citat visas kontrolleras att det står i rapporten, tecken för tecken.",
        ),
    ),
    (
        "Vad tjänsten inte gör",
        (
            (
                "Den svarar bara ur de rapporter som har lästs in. Se sidan Rapporter.",
                "Den tycker ingenting och bedömer inte om något är bra eller dåligt.",
                "Den räknar bara ut en sak: skillnaden mellan två tal som båda visas där de står. Alla andra "
                "summor och jämförelser som inte står i en rapport får du göra själv. På sidan Jämför kan en "
                "siffra vara omräknad till en annan enhet, och då står det hur den är skriven i rapporten.",
                "Den svarar inte på frågor om enskilda personer, och personnummer i rapporterna visas inte.",
                "Den skickar ingenting vidare. Frågor och rapporter stannar på den dator där tjänsten körs, "
                "och inget svar skrivs av en språkmodell.",
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
            "Varje fråga, sökning och rapport har en egen adress som kan sparas och skickas till andra. "
            "Krävs inloggning ser var och en bara det ur de rapporter som den får läsa.",
        ),
    ),
)
