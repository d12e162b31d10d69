"""THE RULEBOOK: what each level demands. Pure: knows no unit, no fact, no database."""
