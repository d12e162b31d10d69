"""The year on the screen: a dossier's page and its steps, the calendar, registrations, councils and minutes."""
