"""Follow-ups: what a question takes from earlier ones is written out, so that it can stand alone."""
