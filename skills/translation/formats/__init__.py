"""Kinds of documents that can be translated, each taken apart and put together again."""
