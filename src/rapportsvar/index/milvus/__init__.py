"""The Milvus engine: an index that several machines share; see ``schema.py`` for what lies where."""
