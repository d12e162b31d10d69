"""The council's screens: what waits for appraisal, criterion by criterion, with what each ruling would change."""
