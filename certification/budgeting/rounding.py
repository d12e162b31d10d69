"""Rounding: a proposal of the solver in whole numbers, paid for exactly, or an inequality that rules it out.

A cut holds for every solution in whole numbers and excludes the combination it was made for.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import inf

from certification.budgeting.goals import Solution, bill, demand, overspent
from certification.budgeting.program import EVERYTHING, NOTHING, Candidate, Program, Row, Values


def examine(program: Program, values: Values) -> tuple[Candidate | None, Row | None]:
    """The proposal in whole numbers; without it an inequality that rules out this combination, if there is one."""
    claims = _claims(program, values)
    try:
        needed = demand(program.goals, _wanted(program, values, claims))
        climbed = {need: _first(values, program.climb, need, year) for need, year in needed.items()}
        bought = {
            number: _first(values, program.buy, (number,), program.goals.years) for number in program.goals.useful
        }
        solution = Solution(
            {need: needed[need] if year is None else year for need, year in climbed.items()},
            {number: year for number, year in bought.items() if year is not None},
        )
        bills, _ = bill(program.goals, solution)
        used = {each.shared for each in bills.values()}
        solution = Solution(solution.climbed, {n: year for n, year in solution.bought.items() if n in used})
        _, spent = bill(program.goals, solution)
    except ValueError:  # a rung without its way: rounding has broken the proposal beyond a budget's row
        return None, None
    year = overspent(program.goals, spent) if program.budgets else None
    if year is not None:
        return None, _cover(program, solution, year)
    candidate = Candidate(solution, claims, sum(spent))
    for target, found in program.kept:
        if target.cost and candidate.spent > found:
            return None, None  # dearer by less than the solver's last digit: the aim stays as it was found
        if not target.cost and program.value(target, candidate) < found:
            missing = [(code, target.year) for code, _ in program.counted(target.tier)]
            free = {program.claim(*each): 1.0 for each in missing if each not in claims}
            free.pop(NOTHING, None)
            return None, Row(free, 1, inf) if free else None
    return candidate, None


def _claims(program: Program, values: Values) -> frozenset[tuple[str, int]]:
    """The units that are counted, with every year at whose end they are at the target: once there, they stay."""
    claims = set()
    weighed = program.goals.weights
    codes = [code for each in program.goals.counted.values() for code in each] if weighed is None else list(weighed)
    for code in dict.fromkeys((*codes, *program.goals.must)):
        there = False
        for year in range(program.goals.years):
            there = there or _holds(values, program.claim(code, year))
            if there:
                claims.add((code, year))
    return frozenset(claims)


def _wanted(program: Program, values: Values, claims: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The levels that the claims rest on, their members' included, each with the year by which it is needed."""
    wanted: dict[tuple[str, int], int] = {}
    waiting = [(code, program.goals.target, year) for code, year in claims]
    while waiting:
        code, level, year = waiting.pop()
        place = program.goals.places[code]
        if level <= place.level or wanted.get((code, level), program.goals.years) <= year:
            continue
        wanted[code, level] = year
        quotas = place.quotas[level]
        waiting += [(member, quotas.every, year) for member in place.members]
        for at, needed in quotas.at.items():
            standing = [m for m in place.members if _holds(values, program.stands(m, at, year))]
            if len(standing) < needed:
                raise ValueError(f"{code}: {len(standing)} of {needed} members at level {at}")
            waiting += [(member, at, year) for member in standing]
    return wanted


def _first(values: Values, variables: Mapping[tuple[int, ...], int], key: tuple[int, ...], years: int) -> int | None:
    """The first of the first ``years`` in which a variable holds."""
    return next((year for year in range(years) if _holds(values, variables[(*key, year)])), None)


def _cover(program: Program, solution: Solution, year: int) -> Row:
    """That not all is paid in ``year`` that together costs more than there is: as few and as dear as will do."""
    payments = sorted(_payments(program, solution, year), reverse=True)
    carried = program.goals.wish.carry_over
    left = sum(program.goals.budgets[: year + 1]) if carried else program.goals.budgets[year]
    terms: dict[int, float] = {}
    count = 0
    for cost, now, before in payments:
        left -= cost
        count += 1
        for variable, sign in ((now, 1), (before, -1)):
            if variable >= 0:
                terms[variable] = terms.get(variable, 0) + sign
        if left < 0:
            break
    return Row(terms, -inf, count - 1)


def _payments(program: Program, solution: Solution, year: int) -> Iterator[tuple[int, int, int]]:
    """What is paid in ``year`` (with carrying over: up to then): cost, its variable, that of the year before."""

    def paid(
        cost: int, when: int, variables: Mapping[tuple[int, ...], int], key: tuple[int, ...]
    ) -> Iterator[tuple[int, int, int]]:
        if cost and (when <= year if program.goals.wish.carry_over else when == year):
            before = NOTHING if program.goals.wish.carry_over else variables.get((*key, year - 1), NOTHING)
            yield cost, variables[(*key, year)], before

    for number, when in solution.bought.items():
        yield from paid(program.goals.purchases[number], when, program.buy, (number,))
    bills, _ = bill(program.goals, solution)
    for need, each in bills.items():
        task, rung = program.goals.tasks[need[0]], program.goals.tasks[need[0]].rungs[need[1]]
        if each.shared is not None:
            continue
        when = solution.climbed[need]
        if not task.covered:
            yield from paid(each.cost, when, program.climb, need)
            continue
        yield from paid(rung.cost or 0, when, program.pay, need)
        yield from paid(each.cost - (rung.cost or 0), when, program.open, need[:1])


def _holds(values: Values, variable: int) -> bool:
    return variable == EVERYTHING or (variable != NOTHING and bool(values[variable] > 0.5))
