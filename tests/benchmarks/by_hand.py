"""The formulas of Chư Prông's annex written by hand, one by one: what scoring is measured against.

Exact fractions, straight code, values read from a plain mapping by fact code (what does not count is not
in it). It gives points and ranks only: no reasons, no states, no words, no checks.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Values = Mapping[str, int | Fraction]
"""What counts of one unit; a choice is the number of its option, a yes is 1."""

Points = dict[str, Fraction]

NOTHING, WHOLE = Fraction(0), Fraction(1)


def quotient(above: int | Fraction | None, below: int | Fraction | None) -> Fraction:
    """``above / below``, at most 1; 0 where one of them is not known or the base is 0."""
    if above is None or not below:
        return NOTHING
    return min(Fraction(above, below), WHOLE)


def awareness(f: Values, p: Points) -> None:
    """1. Nhận thức số."""
    head = f.get("II.1.1")
    p["II.1.1"] = Fraction(15) if head == 1 else Fraction(15, 2) if head == 2 else NOTHING
    p["II.1.2"] = Fraction(15, 2) * f.get("II.1.2:1", 0) + Fraction(15, 2) * f.get("II.1.2:2", 0)
    p["II.1.3"] = quotient(f.get("II.1.3:a"), f.get("II.1.3:b")) * 10
    p["II.1.4"] = NOTHING
    news = f.get("II.1.4:2")
    if f.get("II.1.4:1") and news is not None:
        p["II.1.4"] = Fraction(15) if news >= 10 else Fraction(15, 2) if news >= 5 else Fraction(15, 4)
    p["II.1.5"] = Fraction(10 * f.get("II.1.5", 0))
    often = f.get("II.1.6")
    p["II.1.6"] = Fraction(15) if often == 1 else Fraction(15, 2) if often == 2 else NOTHING


def institutions(f: Values, p: Points) -> None:
    """2. Thể chế số."""
    p["II.2.1"] = Fraction(10 * f.get("II.2.1", 0))
    p["II.2.2"] = Fraction(10 * f.get("II.2.2", 0))
    p["II.2.3"] = Fraction(10 * f.get("II.2.3", 0))
    p["II.2.4"] = Fraction(10 * f.get("II.2.4", 0))
    p["II.2.5"] = Fraction(10 * f.get("II.2.5", 0))
    p["II.2.6"] = Fraction(10 * f.get("II.2.6", 0))
    p["II.2.7"] = Fraction(10 * f.get("II.2.7", 0))
    p["II.2.8"] = Fraction(10 * f.get("II.2.8", 0))
    p["II.2.9"] = Fraction(20 * f.get("II.2.9", 0))
    p["II.2.10"] = Fraction(20 * f.get("II.2.10", 0))


def infrastructure(f: Values, p: Points) -> None:
    """3. Hạ tầng số."""
    p["II.3.1"] = quotient(f.get("II.3.1:a"), f.get("II.3.1:b")) * 10
    p["II.3.2"] = quotient(f.get("II.3.2:a"), f.get("II.3.2:b")) * 10
    p["II.3.3"] = quotient(f.get("II.3.3:a"), f.get("II.3.3:b")) * 10
    p["II.3.4"] = quotient(f.get("II.3.4:a"), f.get("II.3.4:b")) * 10
    p["II.3.5"] = quotient(f.get("II.3.5:a"), f.get("II.3.5:b")) * 30
    p["II.3.6"] = quotient(f.get("II.3.6:a"), f.get("II.3.6:b")) * 20
    p["II.3.7"] = quotient(f.get("II.3.7:1"), f.get("II.3.7:2")) * 10


def people(f: Values, p: Points) -> None:
    """4. Nhân lực số."""
    p["II.4.1"] = Fraction(10 * f.get("II.4.1", 0))
    p["II.4.2"] = quotient(f.get("II.4.2:1"), f.get("II.4.2:2")) * 10
    p["II.4.3"] = Fraction(10 * f.get("II.4.3", 0))
    p["II.4.4"] = quotient(f.get("II.4.4:b"), f.get("II.4.4:a")) * 10
    officer = f.get("II.4.5")
    p["II.4.5"] = Fraction(10) if officer == 1 else Fraction(5) if officer == 2 else NOTHING
    p["II.4.6"] = quotient(f.get("II.4.6:a"), f.get("II.4.6:b")) * 10
    p["II.4.7"] = quotient(f.get("II.4.7:a"), f.get("II.4.7:b")) * 20
    schools = quotient(f.get("II.4.8:a"), f.get("II.4.8:b"))
    p["II.4.8"] = Fraction(10) if schools >= Fraction(70, 100) else schools * 10


def security(f: Values, p: Points, incidents: tuple[int | Fraction, int | Fraction]) -> None:
    """5. An toàn thông tin mạng; ``incidents``: the fewest and the most that a district has found."""
    p["II.5.1"] = quotient(f.get("II.5.1:a"), f.get("II.5.1:b")) * 10
    p["II.5.2"] = quotient(f.get("II.5.2:a"), f.get("II.5.2:b")) * 10
    p["II.5.3"] = quotient(f.get("II.5.3:a"), f.get("II.5.3:b")) * 10
    p["II.5.4"] = quotient(f.get("II.5.4:a"), f.get("II.5.4:b")) * 10
    p["II.5.5"] = quotient(f.get("II.5.5:a"), f.get("II.5.5:b")) * 10
    p["II.5.6"] = quotient(f.get("II.5.6:a"), f.get("II.5.6:b")) * 10
    p["II.5.7"] = quotient(f.get("II.5.7:a"), f.get("II.5.7:b")) * 5
    p["II.5.8"] = quotient(f.get("II.5.8:a"), f.get("II.5.8:b")) * 5
    found, (fewest, most) = f.get("II.5.9:1"), incidents
    if f.get("II.5.9:2") and not found:
        p["II.5.9"] = Fraction(5)
    else:
        p["II.5.9"] = NOTHING if found is None else Fraction(found - fewest, most - fewest) * 5
    if f.get("II.5.10:1") and not f.get("II.5.10:a") and not f.get("II.5.10:b"):
        p["II.5.10"] = Fraction(10)
    else:
        p["II.5.10"] = quotient(f.get("II.5.10:a"), f.get("II.5.10:b")) * 10
    spent = quotient(f.get("II.5.11:a"), f.get("II.5.11:b"))
    if spent >= Fraction(10, 100):
        p["II.5.11"] = Fraction(15)
    elif spent >= Fraction(7, 100):
        p["II.5.11"] = Fraction(70, 100) * 15
    elif spent >= Fraction(3, 100):
        p["II.5.11"] = Fraction(30, 100) * 15
    else:
        p["II.5.11"] = NOTHING


def government(f: Values, p: Points) -> None:
    """6. Hoạt động chính quyền số."""
    p["II.6.1"] = Fraction(4, 5) * 10 * f.get("II.6.1:1", 0) + Fraction(1, 5) * 10 * f.get("II.6.1:2", 0)
    p["II.6.2"] = Fraction(5, 2) * f.get("II.6.2:1", 0) + Fraction(5, 2) * f.get("II.6.2:2", 0)
    p["II.6.3"] = Fraction(10) if quotient(f.get("II.6.3:a"), f.get("II.6.3:b")) == 1 else NOTHING
    p["II.6.4"] = quotient(f.get("II.6.4:a"), f.get("II.6.4:b")) * 10
    p["II.6.5"] = dossiers_online(f, "II.6.5")
    paper, part, whole = f.get("II.6.6:a"), f.get("II.6.6:b"), f.get("II.6.6:c")
    handled = NOTHING if part is None or whole is None else quotient(part + whole, paper)
    p["II.6.6"] = Fraction(20) if handled >= Fraction(80, 100) else handled / Fraction(80, 100) * 20
    a, b, c, d = f.get("II.6.7:a"), f.get("II.6.7:b"), f.get("II.6.7:c"), f.get("II.6.7:d")
    if a is None or b is None or c is None or d is None:
        p["II.6.7"] = NOTHING
    else:
        p["II.6.7"] = quotient(a + b, c + d) * 20
    p["II.6.8"] = quotient(f.get("II.6.8:a"), f.get("II.6.8:b")) * 20
    p["II.6.9"] = quotient(f.get("II.6.9:b"), f.get("II.6.9:a")) * 20
    p["II.6.10"] = quotient(f.get("II.6.10:b"), f.get("II.6.10:a")) * 20
    p["II.6.11"] = Fraction(10, 2) * f.get("II.6.11:1", 0) + Fraction(10, 2) * f.get("II.6.11:2", 0)
    p["II.6.12"] = Fraction(10 * f.get("II.6.12", 0))


def government_services(f: Values, p: Points) -> None:
    """6. Hoạt động chính quyền số, from 6.13 on."""
    for_people, for_officials = f.get("II.6.13"), f.get("II.6.14")
    p["II.6.13"] = Fraction(10) if for_people == 1 else Fraction(10, 2) if for_people == 2 else NOTHING
    p["II.6.14"] = Fraction(10) if for_officials == 1 else Fraction(10, 2) if for_officials == 2 else NOTHING
    p["II.6.15"] = Fraction(15 * f.get("II.6.15", 0))
    p["II.6.16"] = Fraction(15 * f.get("II.6.16", 0))
    spent = quotient(f.get("II.6.17:a"), f.get("II.6.17:b"))
    p["II.6.17"] = Fraction(10) if spent >= Fraction(1, 100) else spent / Fraction(1, 100) * 10
    p["II.6.18"] = quotient(f.get("II.6.18:a"), f.get("II.6.18:b")) * 10
    p["II.6.19"] = quotient(f.get("II.6.19:a"), f.get("II.6.19:b")) * 5
    p["II.6.20"] = Fraction(10) if quotient(f.get("II.6.20:1"), f.get("II.6.20:2")) == 1 else NOTHING


def economy(f: Values, p: Points) -> None:
    """7. Hoạt động kinh tế số."""
    p["II.7.1"] = programme(f, "II.7.1")
    platforms = quotient(f.get("II.7.2:a"), f.get("II.7.2:b"))
    p["II.7.2"] = Fraction(10) if platforms >= Fraction(50, 100) else platforms * 10
    contracts = quotient(f.get("II.7.3:a"), f.get("II.7.3:b"))
    p["II.7.3"] = Fraction(15) if contracts >= Fraction(80, 100) else contracts * 15
    p["II.7.4"] = quotient(f.get("II.7.4:a"), f.get("II.7.4:b")) * 15
    market = quotient(f.get("II.7.5:a"), f.get("II.7.5:b"))
    p["II.7.5"] = Fraction(40) if market >= Fraction(5, 100) else market / Fraction(5, 100) * 40
    trades = quotient(f.get("II.7.6:a"), f.get("II.7.6:b"))
    p["II.7.6"] = Fraction(30) if trades >= Fraction(5, 100) else trades * 30
    spent = quotient(f.get("II.7.7:a"), f.get("II.7.7:b"))
    p["II.7.7"] = Fraction(10) if spent >= Fraction(25, 10_000) else spent * 10


def society(f: Values, p: Points, most_spent: int | Fraction) -> None:
    """8. Hoạt động xã hội số; ``most_spent``: what the district that spent most has spent."""
    p["II.8.1"] = quotient(f.get("II.8.1:a"), f.get("II.8.1:b")) * 20
    accounts = quotient(f.get("II.8.2:a"), f.get("II.8.2:b"))
    p["II.8.2"] = Fraction(20) if accounts >= Fraction(80, 100) else accounts / Fraction(80, 100) * 20
    p["II.8.3"] = quotient(f.get("II.8.3:a"), f.get("II.8.3:b")) * 20
    p["II.8.4"] = quotient(f.get("II.8.4"), most_spent) * 20
    p["II.8.5"] = Fraction(min(f.get("II.8.5", 0), 30))


def twice(f: Values, p: Points) -> None:
    """Two of them again, for 76 indicators: 6.5 and 7.1."""
    p["II.9.1"] = dossiers_online(f, "II.9.1")
    p["II.9.2"] = programme(f, "II.9.2")


def dossiers_online(f: Values, code: str) -> Fraction:
    """6.5: (c+d)/(a+b)."""
    a, b, c, d = f.get(f"{code}:a"), f.get(f"{code}:b"), f.get(f"{code}:c"), f.get(f"{code}:d")
    if a is None or b is None or c is None or d is None:
        return NOTHING
    return quotient(c + d, a + b) * 20


def programme(f: Values, code: str) -> Fraction:
    """7.1: from 10 % on everything, below the ratio itself."""
    joined = quotient(f.get(f"{code}:a"), f.get(f"{code}:b"))
    return Fraction(20) if joined >= Fraction(10, 100) else joined * 20


def points_by_hand(districts: Mapping[str, Values]) -> dict[str, Points]:
    """The points of every district on every indicator."""
    found = [f["II.5.9:1"] for f in districts.values() if "II.5.9:1" in f]
    incidents = (min(found), max(found))
    most_spent = max(f["II.8.4"] for f in districts.values() if "II.8.4" in f)
    all_points = {}
    for code, f in districts.items():
        p: Points = {}
        awareness(f, p)
        institutions(f, p)
        infrastructure(f, p)
        people(f, p)
        security(f, p, incidents)
        government(f, p)
        government_services(f, p)
        economy(f, p)
        society(f, p, most_spent)
        twice(f, p)
        all_points[code] = p
    return all_points


def ranks_by_hand(totals: Sequence[tuple[str, Fraction]]) -> dict[str, int]:
    """The rank by code; who has as many points as another shares his."""
    ranks: dict[str, int] = {}
    last: Fraction | None = None
    rank = 0
    for place, (code, total) in enumerate(sorted(totals, key=lambda pair: pair[1], reverse=True), start=1):
        if total != last:
            rank, last = place, total
        ranks[code] = rank
    return ranks
