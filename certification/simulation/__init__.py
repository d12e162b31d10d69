"""Simulation: how likely each level and each rank is, from facts with stated uncertainty."""
