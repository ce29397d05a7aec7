"""`assistant index`: the documents that questions are answered from."""
