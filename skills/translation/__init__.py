"""Translation of text and documents that keeps everything that is no prose."""
