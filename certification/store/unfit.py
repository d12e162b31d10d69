"""Unfit: what somebody asked for cannot be done, as plain words for the form that he filled in."""

from levels.faults import Text


class Unfit(Exception):
    """What was asked for does not fit; ``text`` says why and what is expected, ``field`` which entry it concerns."""

    def __init__(self, text: Text, field: str = "") -> None:
        super().__init__(text.en)
        self.text = text
        self.field = field
