"""Chinese and English words for each other, so that words help across the two languages."""
