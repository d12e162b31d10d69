"""Rulebooks: a YAML is checked by the linter, kept under its digest, and compared with the version in force.

A version never changes: whoever mends a rulebook raises its version. An open cycle keeps the one it was opened with.
"""

from attrs import frozen
from django.db.models import Count

from certification.procedure.actions import Action
from certification.procedure.actors import Actor
from certification.store.assessments import rulebook_of
from certification.store.changes import change
from certification.store.loading import keep_rulebook
from certification.store.models.cycles import Cycle, RulebookRecord
from certification.store.subjects import INSTALLATION, account_of
from certification.store.unfit import Unfit
from levels.changes import Change
from levels.diff import diff
from levels.faults import Fault, Faulty, Text
from levels.lint import lint
from levels.loader import Rulebook, framework_ids, load_rulebook, read_bundled, read_rulebook


@frozen
class Checked:
    """What the linter says of a YAML: every fault, and the rulebook where it could be read at all."""

    faults: tuple[Fault, ...]
    rulebook: Rulebook | None = None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that make it unfit to decide by."""
        return tuple(fault for fault in self.faults if fault.severity == "error")


def check_rulebook(raw: bytes, name: str) -> Checked:
    """Read ``raw`` and look at it as the linter does; ``name`` is what its faults call the file."""
    try:
        rulebook, positions = read_rulebook(raw, name)
    except Faulty as faulty:
        return Checked(faulty.faults)
    return Checked(tuple(lint(rulebook, positions)), rulebook)


def add_rulebook(actor: Actor, raw: bytes, name: str, *, bundled: bool = False) -> RulebookRecord:
    """Keep the rulebook. Raises ``Refused``, ``Faulty`` with the linter's errors, ``Unfit`` where it is there."""
    with change(actor, Action.MANAGE_RULEBOOKS, INSTALLATION, kind="rulebook") as made:
        checked = check_rulebook(raw, name)
        if checked.errors or checked.rulebook is None:
            raise Faulty(checked.errors)
        rulebook = checked.rulebook
        same = RulebookRecord.objects.filter(framework=rulebook.id, version=rulebook.version).first()
        if same is not None:
            raise Unfit(_there(same, rulebook))
        record, _ = keep_rulebook(raw, name, bundled=bundled, added_by=account_of(actor.account))
        made.key, made.label = record.pk, str(record)
        made.after = {"digest": record.digest, "warnings": len(checked.faults)}
    return record


def add_bundled(actor: Actor, framework: str) -> RulebookRecord:
    """Keep a rulebook that came with the software. Raises ``KeyError`` for an unknown one, else as ``add_rulebook``."""
    return add_rulebook(actor, read_bundled(framework), f"{framework}.yaml", bundled=True)


def bundled_versions() -> list[Rulebook]:
    """The rulebooks that came with the software in a version that is not kept yet."""
    kept = set(RulebookRecord.objects.values_list("digest", flat=True))
    return [rulebook for rulebook in map(load_rulebook, framework_ids()) if rulebook.digest not in kept]


def _there(same: RulebookRecord, rulebook: Rulebook) -> Text:
    if same.digest == rulebook.digest:
        return Text(vi=f"{same} đã có với đúng nội dung này.", en=f"{same} is there already with this very content.")
    return Text(
        vi=f"{same} đã có với nội dung khác; một phiên bản không bao giờ thay đổi, hãy tăng «version».",
        en=f"{same} is there with another content; a version never changes, raise the «version».",
    )


def rulebook_from(record: RulebookRecord) -> Rulebook:
    """The rulebook that ``record`` holds; read once per process."""
    return rulebook_of(Cycle(rulebook=record))


def in_force(framework: str) -> RulebookRecord | None:
    """The version that the latest cycle was opened with; without a cycle the one added last."""
    used = (
        Cycle.objects.filter(rulebook__framework=framework).select_related("rulebook").order_by("-year", "-pk").first()
    )
    if used is not None:
        return used.rulebook
    return RulebookRecord.objects.filter(framework=framework).order_by("-added_at", "-pk").first()


def compare_rulebooks(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Every difference between two versions of one kind; none between an index and a framework of levels."""
    return diff(old, new) if type(old) is type(new) else ()


def listed_rulebooks() -> list[RulebookRecord]:
    """All versions with the number of their cycles, as ``cycle_count``."""
    return list(RulebookRecord.objects.defer("content").annotate(cycle_count=Count("cycles")))
