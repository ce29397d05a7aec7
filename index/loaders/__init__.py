"""Readers of documents, one format a file."""

from index.loaders.registry import document_text as document_text
