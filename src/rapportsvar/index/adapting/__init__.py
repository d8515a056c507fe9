"""Adapting the encoder to the reports at hand, without any question: the extra ``models`` trains."""
