"""The demonstration: the bundled samples in a store, with people, a year before the present one and a reform of units.

Everything is made up and says so. The facts are loaded as files are; whatever then happened was done by the use cases
that the pages call, so that histories, log, minutes, acts and successions are real ones.
"""
