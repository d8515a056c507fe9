"""The index floor: keyword index, vector index, embedding and store; made from reports, opened by readers."""
