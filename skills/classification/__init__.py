"""Sorting text into the person's own labels."""
