"""What the linter's checks share: a finding, and every criterion with the place where it stands."""

from collections.abc import Iterator

from attrs import frozen

from levels.faults import Severity, Text
from levels.framework import Criterion, Framework, Tier
from levels.source import Path


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
