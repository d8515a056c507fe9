"""Swedish: tokens, lemmas, compounds, spelling, numbers, periods, names and the lexicon."""
