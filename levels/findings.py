"""What the linter's checks share: a finding, and every criterion or indicator with the place where it stands."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from levels.faults import Fault, Severity, Text
from levels.framework import Criterion, Framework, Tier
from levels.index import Index, Indicator
from levels.source import Path, Positions


@frozen
class Finding:
    """What a check found at ``path`` of the framework's content."""

    path: Path
    found: Text
    expected: Text
    severity: Severity = "error"


@frozen
class Line:
    """One criterion where it stands."""

    tier: Tier
    path: Path
    criterion: Criterion

    @property
    def place(self) -> str:
        """How interpretations name it: ``commune/II.3``."""
        return f"{self.tier}/{self.criterion.code}"


def lines(framework: Framework) -> Iterator[Line]:
    """Every criterion of every set, in the order of the file."""
    for tier, criteria_set in framework.sets.items():
        for number, group in enumerate(criteria_set.groups):
            members = [criterion for criterion in criteria_set.criteria if criterion.group == group.code]
            for index, criterion in enumerate(members):
                yield Line(tier, ("sets", tier, "groups", number, "criteria", index), criterion)


@frozen
class IndicatorLine:
    """One indicator where it stands; of a pillar that is scored whole, the pillar."""

    tier: Tier
    path: Path
    indicator: Indicator

    @property
    def place(self) -> str:
        """How interpretations name it: ``district/6.5``."""
        return f"{self.tier}/{self.indicator.code}"


def indicator_lines(index: Index) -> Iterator[IndicatorLine]:
    """Everything that earns points, of every set, in the order of the file."""
    for tier, indicator_set in index.sets.items():
        for number, pillar in enumerate(indicator_set.pillars):
            path: Path = ("sets", tier, "pillars", number)
            for order, indicator in enumerate(pillar.indicators):
                yield IndicatorLine(tier, path if pillar.whole else (*path, "indicators", order), indicator)


def misnumbered(path: Path, code: str, expected: str) -> Finding:
    """The finding that ``code`` stands where ``expected`` should."""
    return Finding(
        path,
        Text(f"mã «{code}» không đúng thứ tự", f"the code «{code}» is out of order"),
        Text(f"ở đây cần «{expected}»", f"«{expected}» is expected here"),
    )


def placed(findings: Iterable[Finding], positions: Positions) -> list[Fault]:
    """The findings as faults of their file, in its order."""
    faults = [
        Fault(positions.file, *positions.of(*finding.path), finding.found, finding.expected, finding.severity)
        for finding in findings
    ]
    return sorted(faults, key=lambda fault: (fault.row, fault.column))
