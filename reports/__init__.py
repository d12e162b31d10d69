"""THE WORDS: a verdict or decision, in Vietnamese and English."""
