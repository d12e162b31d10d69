"""THE FACTS: who is assessed and what each unit has shown."""
