"""The screens of the index frameworks: rankings, a unit's points and why, rounds, work lists of offices."""
