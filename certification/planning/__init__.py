"""Planning: the cheapest way of one unit, to a level or in points."""
