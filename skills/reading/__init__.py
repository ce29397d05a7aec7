"""Transcribes pages: lines to paragraphs and tables, told as Markdown, text, JSON or CSV."""
