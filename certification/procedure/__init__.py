"""The year's procedure: who may do what to which dossier, in which state, by which day."""
