"""What there is to count in a made-up district: the sums that the indicators of Chư Prông divide by.

The facts of one place share their bases: its people, households, officials and systems are counted once.
"""

from collections.abc import Callable, Mapping

from attrs import frozen

Draw = Callable[[str, int, int], int]

BASES: dict[str, tuple[str, ...]] = {
    "II.1.3": ("instructions",), "II.3.1": ("people",), "II.3.2": ("households",), "II.3.3": ("households",),
    "II.3.4": ("communes",), "II.3.5": ("platforms",), "II.3.6": ("deployed",), "II.3.7": ("officials",),
    "II.4.2": ("villages",), "II.4.4": ("offices",), "II.4.6": ("officials",), "II.4.7": ("workers",),
    "II.4.8": ("schools",), "II.5.1": ("systems",), "II.5.2": ("approved",), "II.5.3": ("servers",),
    "II.5.4": ("computers",), "II.5.5": ("addresses",), "II.5.6": ("systems",), "II.5.7": ("systems",),
    "II.5.8": ("drills",), "II.5.10": ("incidents",), "II.5.11": ("technology",), "II.6.3": ("services",),
    "II.6.4": ("services",), "II.6.5": ("partial", "full"), "II.6.6": ("files",), "II.6.7": ("citizens", "firms"),
    "II.6.8": ("payments",), "II.6.9": ("files",), "II.6.10": ("raters",), "II.6.17": ("budget",),
    "II.6.18": ("letters",), "II.6.19": ("officials",), "II.6.20": ("officials",), "II.7.1": ("small",),
    "II.7.2": ("small",), "II.7.3": ("enterprises",), "II.7.4": ("enterprises",), "II.7.5": ("sellers",),
    "II.7.6": ("parcels",), "II.7.7": ("budget",), "II.8.1": ("people",), "II.8.2": ("people15",),
    "II.8.3": ("households",),
}  # fmt: skip
"""Of every quotient: the bases of its denominator, in printed order."""


COUNTED: dict[str, str] = {"II.3.5": "deployed", "II.5.1": "approved", "II.5.9": "incidents"}
"""Numerators that are themselves the base of another indicator."""


@frozen
class Range:
    """From where to where something is drawn: hundredths of a per cent of a base, or plain numbers."""

    low: int
    high: int


SHARES: dict[str, Range] = {
    "II.3.6": Range(0, 4_000), "II.3.7": Range(8_500, 10_800), "II.4.4": Range(4_000, 12_000),
    "II.4.7": Range(1_500, 7_000), "II.4.8": Range(4_000, 10_000), "II.5.11": Range(150, 1_400),
    "II.6.17": Range(40, 150), "II.7.1": Range(300, 1_600), "II.7.2": Range(2_500, 7_000),
    "II.7.3": Range(4_000, 9_500), "II.7.5": Range(150, 800), "II.7.6": Range(150, 900), "II.7.7": Range(8, 45),
    "II.8.3": Range(1_000, 6_000),
}  # fmt: skip
"""Shares that lie elsewhere than the strength of a place says."""

NUMBERS: dict[str, Range] = {"II.1.4": Range(0, 16), "II.8.4": Range(40, 900), "II.8.5": Range(4, 34)}
"""What is counted without a base; money in hundredths."""

PRICES: dict[str, tuple[int, int]] = {
    "instructions": (2_000, 1_500), "people": (20_000, 30), "households": (25_000, 60), "communes": (15_000, 12_000),
    "platforms": (20_000, 35_000), "deployed": (40_000, 60_000), "officials": (10_000, 120),
    "villages": (10_000, 1_500), "offices": (5_000, 15_000), "workers": (30_000, 25), "schools": (15_000, 4_000),
    "systems": (10_000, 25_000), "approved": (10_000, 20_000), "servers": (0, 12_000), "computers": (5_000, 350),
    "addresses": (2_000, 500), "drills": (5_000, 18_000), "incidents": (2_000, 1_500), "technology": (0, 1_000),
    "services": (20_000, 900), "partial": (10_000, 800), "full": (12_000, 750), "files": (30_000, 15),
    "citizens": (20_000, 20), "firms": (5_000, 200), "payments": (15_000, 12), "raters": (10_000, 25),
    "budget": (0, 1_000_000), "letters": (8_000, 4), "small": (10_000, 1_500), "enterprises": (10_000, 1_200),
    "sellers": (20_000, 400), "parcels": (15_000, 30), "people15": (20_000, 25),
}  # fmt: skip
"""Made-up costs, in thousand dong, of one more of what is divided by a base: once, and for each."""

PRICES_OF: dict[str, tuple[int, int]] = {
    "II.1.4:2": (0, 800), "II.8.4": (0, 1_000_000), "II.8.5": (5_000, 3_000), "presence": (20_000, 10_000),
    "choice": (25_000, 25_000),
}  # fmt: skip
"""The same of what is counted without a base, of a yes and of a better option."""

UNPRICED: tuple[str, ...] = ("II.5.9:1", "II.5.9:2", "II.5.10:1")
"""Incidents found, and that none were: nobody buys them."""

WHOLE: tuple[str, ...] = ("II.6.3", "II.6.20")
"""All or nothing at 100 %: drawn full for strong places."""


def count_district(draw: Draw) -> Mapping[str, int]:
    """What there is to count in one district; money in hundredths of the decision's unit."""
    people = draw("people", 41_000, 148_000)
    enterprises = draw("enterprises", 90, 620)
    systems, platforms = draw("systems", 4, 9), draw("platforms", 9, 14)
    return {
        "people": people,
        "people15": people * draw("people15", 64, 70) // 100,
        "workers": people * draw("workers", 54, 59) // 100,
        "households": people * 10 // draw("households", 38, 46),
        "communes": draw("communes", 8, 20),
        "villages": draw("villages", 70, 170),
        "instructions": draw("instructions", 9, 28),
        "platforms": platforms,
        "deployed": platforms - draw("deployed", 0, 4),
        "officials": draw("officials", 1_300, 2_600),
        "offices": draw("offices", 12, 13),
        "schools": draw("schools", 38, 82),
        "systems": systems,
        "approved": systems - draw("approved", 0, 2),
        "servers": draw("servers", 2, 7),
        "computers": draw("computers", 420, 900),
        "addresses": draw("addresses", 3, 18),
        "drills": draw("drills", 2, 4),
        "incidents": draw("incidents", 2, 9),
        "technology": draw("technology", 120_000, 480_000),  # triệu đồng, in hundredths
        "services": draw("services", 210, 260),
        "partial": draw("partial", 30, 90),
        "full": draw("full", 60, 140),
        "files": draw("files", 5_200, 24_000),
        "citizens": draw("citizens", 6_000, 31_000),
        "firms": enterprises,
        "payments": draw("payments", 1_500, 9_000),
        "raters": draw("raters", 600, 4_000),
        "budget": draw("budget", 52_000, 118_000),  # tỷ đồng, in hundredths
        "letters": draw("letters", 9_000, 26_000),
        "small": enterprises * 97 // 100,
        "enterprises": enterprises,
        "sellers": draw("sellers", 9_000, 26_000),
        "parcels": draw("parcels", 14_000, 90_000),
    }
