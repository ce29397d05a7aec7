"""Joins what a classifier of fixed classes saw to labels in anybody's words."""
