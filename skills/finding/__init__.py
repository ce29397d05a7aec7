"""Finds pictures by what they show, when they were taken, or what they look like."""
