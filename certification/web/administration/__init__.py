"""The administrator's screens: units and what becomes of them, cycles, rulebooks. Never verdicts."""
