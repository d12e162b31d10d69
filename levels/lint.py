"""Is the rulebook what a lawyer would sign: complete, consistent, every doubtful word read aloud?

Each check is one small function that yields what it finds. An error makes the framework unfit to
decide by; a warning is something that a person should look at.
"""

from collections.abc import Callable, Iterator

import attrs

from levels.faults import Fault, Text
from levels.findings import Finding, lines, misnumbered, placed
from levels.framework import Count, Framework, Members, Requirement, Tier
from levels.index import Index
from levels.index_lint import lint_index
from levels.readings import check_exemptions, check_interpretations, check_open_points, check_validity, check_wordings
from levels.requirements import implies
from levels.source import Path, Positions
from levels.words import FIELDS, KINDS, TIERS

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_TIERS = tuple(Tier)


def lint(rulebook: Framework | Index, positions: Positions) -> list[Fault]:
    """Every error and warning against ``rulebook``, in the order of its file."""
    if isinstance(rulebook, Index):
        return lint_index(rulebook, positions)
    return placed((finding for check in CHECKS for finding in check(rulebook)), positions)


def check_codes(framework: Framework) -> Iterator[Finding]:
    """Groups I, II, III … and in each the criteria 1, 2, 3 …: in order, without a gap."""
    for tier, criteria_set in framework.sets.items():
        for number, group in enumerate(criteria_set.groups):
            path: Path = ("sets", tier, "groups", number)
            if group.code != ROMAN[number]:
                yield misnumbered((*path, "code"), group.code, ROMAN[number])
            members = [criterion for criterion in criteria_set.criteria if criterion.group == group.code]
            for index, criterion in enumerate(members):
                expected = f"{group.code}.{index + 1}"
                if criterion.code != expected:
                    yield misnumbered((*path, "criteria", index, "code"), criterion.code, expected)
                    break  # those behind a gap are all off by it


def check_counts(framework: Framework) -> Iterator[Finding]:
    """The counts that the instrument's own text states (Mục II.1) equal the counts found."""
    for tier, criteria_set in framework.sets.items():
        path: Path = ("sets", tier)
        yield from _compare_counts((*path, "stated_count"), criteria_set.stated_count, len(criteria_set.criteria))
        for number, group in enumerate(criteria_set.groups):
            found = sum(criterion.group == group.code for criterion in criteria_set.criteria)
            yield from _compare_counts((*path, "groups", number, "stated_count"), group.stated_count, found)


def _compare_counts(path: Path, stated: int, found: int) -> Iterator[Finding]:
    if stated != found:
        yield Finding(
            path,
            Text(
                f"văn bản nêu {stated} tiêu chí, bảng có {found}",
                f"the text states {stated} criteria, there are {found}",
            ),
            Text("hai số phải bằng nhau", "both must be equal"),
        )


def check_thresholds(framework: Framework) -> Iterator[Finding]:
    """No level demands less than the one below it."""
    for line in lines(framework):
        demands = [_without_alternative(requirement) for requirement in line.criterion.requirements]
        for index in range(1, len(demands)):
            if not implies(demands[index], demands[index - 1]):
                before, after = line.criterion.cells[index - 1], line.criterion.cells[index]
                yield Finding(
                    (*line.path, "cells", index),
                    Text(
                        f"tiêu chí {line.criterion.code}: mức {index + 1} «{after}» thấp hơn mức {index} «{before}»",
                        f"criterion {line.criterion.code}: level {index + 1} «{after}» demands less than level {index}"
                        f" «{before}»",
                    ),
                    Text(
                        "mức sau phải đòi hỏi bằng hoặc hơn mức trước",
                        "a level demands at least what the one below does",
                    ),
                )


def _without_alternative(requirement: Requirement) -> Requirement:
    # Phụ lục 01, II.4: «hoặc 100%» opens a second way, it does not lower the number.
    return attrs.evolve(requirement, or_all=False) if isinstance(requirement, Count) else requirement


def check_measures(framework: Framework) -> Iterator[Finding]:
    """``%`` measures shares, ``Có/ không`` presences, anything else a presence or a number."""
    for line in lines(framework):
        measure, kind = line.criterion.measure, line.criterion.kind
        if measure == "%":
            fitting: tuple[str, ...] = ("ratio", "members")
        elif measure.replace(" ", "").casefold() == "có/không":
            fitting = ("presence",)
        else:
            fitting = ("presence", "count")
        if kind not in fitting:
            yield Finding(
                (*line.path, "measure"),
                Text(
                    f"tiêu chí {line.criterion.code}: đơn vị «{measure}» không hợp với yêu cầu về {KINDS[kind].vi}",
                    f"criterion {line.criterion.code}: measure «{measure}» does not fit requirements of kind {kind}",
                ),
                Text(
                    f"cần yêu cầu về {' hoặc '.join(KINDS[kind].vi for kind in fitting)}",
                    f"requirements of kind {' / '.join(fitting)} are expected",
                ),
            )


def check_tiers(framework: Framework) -> Iterator[Finding]:
    """Who appraises stands above; whose levels are read have a table and stand below."""
    for tier, criteria_set in framework.sets.items():
        if _TIERS.index(criteria_set.appraised_by) >= _TIERS.index(tier):
            yield Finding(
                ("sets", tier, "appraised_by"),
                Text(
                    f"{TIERS[tier].vi} do {TIERS[criteria_set.appraised_by].vi} thẩm định",
                    f"{tier} is appraised by {criteria_set.appraised_by}",
                ),
                Text("cấp thẩm định phải là cấp trên", "the appraising tier must stand above"),
            )
    for line in lines(framework):
        for index, requirement in enumerate(line.criterion.requirements):
            if isinstance(requirement, Members) and requirement.tier not in framework.sets:
                yield Finding(
                    (*line.path, "cells", index),
                    Text(
                        f"tiêu chí {line.criterion.code} đọc mức của {TIERS[requirement.tier].vi}, không có bảng đó",
                        f"criterion {line.criterion.code} reads levels of tier {requirement.tier}, which has no table",
                    ),
                    Text("cần bảng tiêu chí của cấp đó", "a criteria set of that tier is expected"),
                )


def check_acts(framework: Framework) -> Iterator[Finding]:
    """For every tier that recognises, the framework says whom its act names."""
    for tier, criteria_set in framework.sets.items():
        above = _TIERS.index(criteria_set.appraised_by) < _TIERS.index(tier)
        if above and framework.act_of(criteria_set.appraised_by) is None:
            recognises = TIERS[criteria_set.appraised_by]
            yield Finding(
                ("sets", tier, "appraised_by"),
                Text(
                    f"chưa nêu nơi đề nghị, nơi nhận của quyết định {recognises.vi}",
                    f"it is not said who proposes and receives the act of the {recognises.en}",
                ),
                Text(
                    f"cần mục acts của {criteria_set.appraised_by}",
                    f"an entry of acts for {criteria_set.appraised_by} is expected",
                ),
            )


def check_derivation(framework: Framework) -> Iterator[Finding]:
    """Derived criteria read only tiers below, so that no level can rest on itself, not even in a circle."""
    for line in lines(framework):
        for index, requirement in enumerate(line.criterion.requirements):
            if isinstance(requirement, Members) and _TIERS.index(requirement.tier) <= _TIERS.index(line.tier):
                yield Finding(
                    (*line.path, "cells", index),
                    Text(
                        f"{line.place} đọc mức của {TIERS[requirement.tier].vi}: các mức sẽ dựa vòng tròn vào nhau",
                        f"{line.place} reads levels of tier {requirement.tier}: levels would rest on each other in a"
                        " circle",
                    ),
                    Text("chỉ được đọc mức của cấp dưới", "only levels of tiers below may be read"),
                )


def check_sources(framework: Framework) -> Iterator[Finding]:
    """A criterion names its source and legal basis; one derived from levels below needs neither."""
    for line in lines(framework):
        for key, present in (("method", line.criterion.method), ("basis", line.criterion.basis)):
            if not present and line.criterion.kind != "members":
                yield Finding(
                    (*line.path, key),
                    Text(
                        f"tiêu chí {line.criterion.code} không ghi {FIELDS[key].vi}",
                        f"criterion {line.criterion.code} has no {key}",
                    ),
                    Text("cần chữ in trong bảng", "the words printed in the table are expected"),
                    "warning",
                )


def check_dates(framework: Framework) -> Iterator[Finding]:
    """Every step of the year has at most one date, in the order of the procedure; no force before signing."""
    if framework.instrument.in_force < framework.instrument.signed_on:
        yield Finding(
            ("instrument", "in_force"),
            Text("có hiệu lực trước ngày ký", "in force before it was signed"),
            Text("hãy kiểm tra hai ngày", "check both dates"),
            "warning",
        )
    steps = ("registration", "self_assessment", "appraisal", "recognition", "summary")
    previous = (-1, (0, 0))
    for index, deadline in enumerate(framework.deadlines):
        current = (steps.index(deadline.step), (deadline.before_month, deadline.before_day))
        if current[0] <= previous[0] or current[1] <= previous[1]:
            yield Finding(
                ("deadlines", index),
                Text(
                    f"thời hạn «{deadline.name}» không theo thứ tự", f"the deadline «{deadline.name}» is out of order"
                ),
                Text("các bước và ngày phải tăng dần", "steps and dates must follow one another"),
            )
        previous = current


CHECKS: tuple[Callable[[Framework], Iterator[Finding]], ...] = (
    check_codes,
    check_counts,
    check_thresholds,
    check_measures,
    check_tiers,
    check_acts,
    check_derivation,
    check_wordings,
    check_open_points,
    check_interpretations,
    check_exemptions,
    check_validity,
    check_sources,
    check_dates,
)
