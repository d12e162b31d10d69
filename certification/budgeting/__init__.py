"""Budgeting: the most that money does for a province, over one year or several."""
