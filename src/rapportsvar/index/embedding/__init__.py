"""Texts to vectors: the contract in ``base``, the shipped encoder in ``engine``, any other by its door."""
