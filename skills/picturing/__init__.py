"""Composes a description of an image from scored vocabularies."""
