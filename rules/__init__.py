"""THE INFERENCE: what follows from the rulebook and the facts."""
