"""THE APPLICATION: use cases, command line, store and web."""
