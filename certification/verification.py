"""Verification: a sealed decision recomputed offline, and the recognised levels that can be read from it.

Uses ``rules.reference`` alone, neither the rule engine nor a database, so that anybody can repeat
it years later. A bundle that another rests on is verified with it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from certification.bundle import (
    SUFFIX,
    Assessed,
    FoundLevel,
    Sealed,
    bundles_in,
    digest,
    justification,
    read_bundle,
    recognitions_in,
    seal_of,
)
from certification.decisions import unsettled
from certification.soundness import find_objections, known_rulebooks
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text
from levels.framework import Framework
from levels.loader import framework_from_content
from rules import reference
from rules.decide import stand
from rules.verdict import CriterionVerdict, Levels, Member, Recognition, Verdict, as_triple


@frozen
class Finding:
    """One thing that ``verify`` looked for, and whether it agrees; None: it was not there to be looked at."""

    agrees: bool | None
    text: Text


def verify(
    path: Path, name: str, others: Mapping[str, Path], rulebooks: Collection[str] = frozenset()
) -> Iterator[Finding]:
    """Recompute a sealed decision with the reference and say what agrees and what does not.

    The law applied must be known: one of the bundled rulebooks, or one whose digest is in ``rulebooks``.

    Uses neither the rule engine nor a database. ``others`` are the bundles by the seal each
    carries: those of the decisions it rests on are verified with it. Rendered documents are looked
    for beside the bundle. Raises ``Faulty`` where the file is no bundle.
    """
    yield from _verify(path, name, others, known_rulebooks().union(rulebooks), frozenset())


def _verify(
    path: Path, name: str, others: Mapping[str, Path], rulebooks: Collection[str], seen: frozenset[str]
) -> Iterator[Finding]:
    mark, sealed = read_bundle(path, name)
    yield compare(
        mark,
        seal_of(sealed),
        Text(vi="Niêm phong SHA-256", en="The SHA-256 seal"),
    )
    framework = framework_from_content(sealed.framework, name)
    yield compare(
        sealed.framework_digest,
        framework.digest,
        Text(vi=f"Mã băm của bộ tiêu chí {framework.id}", en=f"The digest of the rulebook {framework.id}"),
    )
    objections = [Finding(False, text) for text in find_objections(sealed, framework, rulebooks)]
    if objections:
        yield from objections  # on these nothing can be recomputed
    else:
        yield from _verify_content(sealed, framework)
    yield from _verify_members(sealed, others, rulebooks, seen)
    criteria_set = framework.sets.get(sealed.tier)
    if not seen and criteria_set and criteria_set.members_tier:
        for other in others.values():  # also where a decision is at hand that this one does not name
            yield from _verify_none_left_out(sealed, read_bundle(other, other.name)[1])
    yield from verify_documents(sealed.documents, path, SUFFIX)


def _verify_content(sealed: Sealed, framework: Framework) -> Iterator[Finding]:
    rebuilt: dict[str, Verdict] = {}
    for assessed in (*sealed.below, *sealed.units):
        verdict, findings = _recompute(framework, sealed.cycle, assessed, rebuilt)
        rebuilt[assessed.unit.code] = verdict
        yield from findings
    yield compare(
        sealed.justification,
        justification(rebuilt[assessed.unit.code] for assessed in (*sealed.below, *sealed.units)),
        Text(vi="Đồ thị căn cứ", en="The justification graph"),
        show=False,
    )
    yield compare(
        sealed.provisional,
        unsettled([rebuilt[assessed.unit.code] for assessed in sealed.units], closed=sealed.closed),
        Text(vi="Những điều khiến quyết định còn là tạm tính", en="What makes the decision provisional"),
        show=False,
    )


def read_recognitions(
    paths: Iterable[Path], framework: Framework, cycle: int, units: Mapping[str, Unit]
) -> dict[str, Recognition]:
    """The recognised levels that sealed decisions of this rulebook and cycle state, by unit.

    Every bundle is verified first; decisions of other cycles or rulebooks say nothing here. Raises
    ``Faulty`` naming all that do not verify, units on which two decisions differ, and units that
    stand elsewhere among ``units``, so that another committee would decide on them.
    """
    bundles = bundles_in(paths)
    faults: list[Fault] = []
    recognitions: dict[str, Recognition] = {}
    for mark, path in bundles.items():
        sealed = read_bundle(path, str(path))[1]
        if (sealed.framework_digest, sealed.cycle) != (framework.digest, cycle):
            continue
        faults.extend(
            Fault(
                str(path), 1, 1, finding.text, Text(vi="cần một gói còn nguyên vẹn", en="an intact bundle is expected")
            )
            for finding in verify(path, str(path), bundles, {framework.digest})
            if finding.agrees is False
        )
        for assessed in sealed.units:
            code = assessed.unit.code
            known = units.get(code, assessed.unit)
            if (known.parent, known.tier) != (assessed.unit.parent, assessed.unit.tier):
                faults.append(
                    Fault(
                        str(path),
                        1,
                        code,
                        Text(
                            vi=f"quyết định ghi {code} ({assessed.unit.tier}) thuộc {assessed.unit.parent}",
                            en=f"the decision has {code} ({assessed.unit.tier}) under {assessed.unit.parent}",
                        ),
                        Text(
                            vi=f"trong tệp đơn vị là {known.tier} thuộc {known.parent}",
                            en=f"in the units file it is a {known.tier} under {known.parent}",
                        ),
                    )
                )
            if code in recognitions:
                other = bundles[recognitions[code].decision]
                faults.append(
                    Fault(
                        str(path),
                        1,
                        code,
                        Text(vi=f"{code} đã có trong quyết định {other}", en=f"{code} is already decided by {other}"),
                        Text(vi="chỉ một quyết định cho mỗi đơn vị", en="one decision for each unit is expected"),
                    )
                )
        recognitions |= recognitions_in(mark, sealed)
    if faults:
        raise Faulty(faults)
    return recognitions


def compare(recorded: Any, recomputed: Any, what: Text, *, show: bool = True) -> Finding:
    """Whether what a bundle records is what was recomputed; with ``show`` both are told where they differ."""
    if recorded == recomputed:
        return Finding(True, Text(vi=f"{what.vi}: khớp.", en=f"{what.en}: agrees."))
    detail_vi = f" ghi {recorded}, tính lại {recomputed}" if show else " ghi trong gói khác với tính lại"
    detail_en = f" recorded {recorded}, recomputed {recomputed}" if show else " the recorded and the recomputed differ"
    return Finding(False, Text(vi=f"{what.vi}: KHÔNG khớp,{detail_vi}.", en=f"{what.en}: does NOT agree,{detail_en}."))


def _plain(levels: tuple[int, int, int]) -> str:
    """Accepted/claimed/possible as a person reads them: ``3/3/4``."""
    return "/".join(map(str, levels))


def _recompute(
    framework: Framework, cycle: int, assessed: Assessed, below: Mapping[str, Verdict]
) -> tuple[Verdict, list[Finding]]:
    unit, criteria_set = assessed.unit, framework.sets[assessed.unit.tier]
    facts = {fact.criterion: fact for fact in assessed.facts}
    recorded = {found.criterion: found for found in assessed.criteria}
    levels, by_code = reference.decide(criteria_set, cycle, facts, [as_triple(m.levels) for m in assessed.members])
    who = f"{unit.name} ({unit.code})"
    what = Text(vi=f"Các mức của {who}", en=f"The levels of {who}")
    findings = [compare(_plain(as_triple(assessed.levels)), _plain(levels), what)]
    criteria = []
    for criterion in criteria_set.criteria:
        fact = facts.get(criterion.code)
        standing = stand(criterion, fact, cycle, assessed.members)
        found = recorded.pop(criterion.code, None)
        told = f"{_plain(as_triple(found.levels))} ({found.standing})" if found else "–"
        right = f"{_plain(by_code[criterion.code])} ({standing})"
        if told != right:
            what = Text(vi=f"Tiêu chí {criterion.code} của {who}", en=f"Criterion {criterion.code} of {who}")
            findings.append(compare(told, right, what))
        elif found and not _states(found):
            text = Text(
                vi=f"Tiêu chí {criterion.code} của {who}: luật được ghi không phải luật cho các mức ấy.",
                en=f"Criterion {criterion.code} of {who}: the rules said to have fired are not those of its levels.",
            )
            findings.append(Finding(False, text))
        rules = found.rules if found else ("", "", "")
        criteria.append(CriterionVerdict(criterion, Levels(*by_code[criterion.code]), standing, fact, rules))
    strays = sorted({*recorded, *(facts.keys() - criteria_set.by_code.keys())})
    misplaced = [fact.id for fact in assessed.facts if fact.unit != unit.code]
    if strays or misplaced or len(facts) != len(assessed.facts):
        findings.append(
            Finding(
                False,
                Text(
                    vi=f"Hồ sơ của {who} có dữ liệu lạ hoặc trùng: {', '.join([*strays, *misplaced])}.",
                    en=f"The dossier of {who} holds stray or duplicate facts: {', '.join([*strays, *misplaced])}.",
                ),
            )
        )
    for member in assessed.members:
        if member.recognition is None:
            computed = below.get(member.unit.code)
            findings.append(
                compare(
                    _plain(as_triple(member.levels)),
                    _plain(as_triple(computed.levels)) if computed else "–",
                    Text(
                        vi=f"Mức tính được của {member.unit.name} mà {who} dựa vào",
                        en=f"The computed level of {member.unit.name} that {who} rests on",
                    ),
                )
            )
    return Verdict(framework, unit, cycle, Levels(*levels), tuple(criteria), assessed.members), findings


def _states(found: FoundLevel) -> bool:
    """Whether the rules said to have fired conclude the levels: ``I.2/L3``, ``II.3/free``, ``II.1/unmet``."""
    return all(
        re.fullmatch(rf"{re.escape(found.criterion)}/(L{level}(/all| \(.*\))?|unmet{'|free' * (level == 5)})", rule)
        for rule, level in zip(found.rules, as_triple(found.levels), strict=True)
    )


def _verify_members(
    sealed: Sealed, others: Mapping[str, Path], rulebooks: Collection[str], seen: frozenset[str]
) -> Iterator[Finding]:
    recognised = [
        (member, member.recognition)
        for assessed in sealed.units
        for member in assessed.members
        if member.recognition is not None
    ]
    used = {recognition.decision for _, recognition in recognised}
    yield compare(
        sorted(sealed.rests_on),
        sorted(used),
        Text(vi="Danh sách quyết định làm căn cứ", en="The list of decisions it rests on"),
    )
    for mark in sorted(used):
        if mark not in others or mark in seen:
            yield Finding(
                False,
                Text(
                    vi=f"Thiếu gói quyết định {mark} mà quyết định này dựa vào: không thể xác nhận.",
                    en=f"The bundle {mark} that this decision rests on is missing: it cannot be confirmed.",
                ),
            )
            continue
        read_from_it = [(member, recognition) for member, recognition in recognised if recognition.decision == mark]
        findings = list(_verify_below(sealed, others[mark], read_from_it, others, rulebooks, seen | {mark}))
        yield from findings
        if not findings:
            name = others[mark].name
            yield Finding(True, Text(vi=f"Gói {name} làm căn cứ: khớp.", en=f"The bundle {name} it rests on: agrees."))


def _verify_below(
    sealed: Sealed,
    path: Path,
    read_from_it: Sequence[tuple[Member, Recognition]],
    others: Mapping[str, Path],
    rulebooks: Collection[str],
    seen: frozenset[str],
) -> Iterator[Finding]:
    """What does not agree in a decision that ``sealed`` rests on, or between the two."""
    yield from (finding for finding in _verify(path, path.name, others, rulebooks, seen) if finding.agrees is False)
    mark, below = read_bundle(path, path.name)
    if below.synthetic and not sealed.synthetic:
        yield Finding(
            False,
            Text(
                vi=f"{path.name} dựa vào dữ liệu mô phỏng, quyết định này không ghi rõ.",
                en=f"{path.name} rests on synthetic data, which this decision does not say.",
            ),
        )
    units = {assessed.unit.code: assessed.unit for assessed in below.units}
    stated = {}
    if (below.cycle, below.framework_digest) == (sealed.cycle, sealed.framework_digest):
        stated = recognitions_in(mark, below)
    for member, recognition in read_from_it:
        who = f"{member.unit.name} ({member.unit.code})"
        if (
            units.get(member.unit.code) != member.unit
            or stated.get(member.unit.code) != recognition
            or member.levels != recognition.levels
        ):
            yield Finding(
                False,
                Text(
                    vi=f"{who}: mức được dùng không phải mức mà {path.name} công nhận.",
                    en=f"{who}: the level used is not the one {path.name} recognises.",
                ),
            )


def _verify_none_left_out(sealed: Sealed, below: Sealed) -> Iterator[Finding]:
    read = {assessed.unit.code: {m.unit.code for m in assessed.members} for assessed in sealed.units}
    if (below.cycle, below.framework_digest) != (sealed.cycle, sealed.framework_digest):
        return
    for unit in (assessed.unit for assessed in below.units):
        if unit.parent in read and unit.code not in read[unit.parent]:
            yield Finding(
                False,
                Text(
                    vi=f"{unit.name} ({unit.code}) thuộc {unit.parent} nhưng không được tính đến.",
                    en=f"{unit.name} ({unit.code}) belongs to {unit.parent} but was left out.",
                ),
            )


def verify_documents(documents: Mapping[str, str], bundle: Path, suffix: str) -> Iterator[Finding]:
    """Whether the rendered ``documents`` (digests by name) beside ``bundle`` are those that were sealed."""
    stem = bundle.name.removesuffix(suffix)
    beside = {path.name for path in bundle.parent.iterdir() if path.is_file()}
    for name, expected in sorted(documents.items()):
        if name not in beside:
            yield Finding(
                None,
                Text(
                    vi=f"Văn bản {name}: không có bên cạnh gói, chưa kiểm tra.",
                    en=f"The document {name}: not beside the bundle, not looked at.",
                ),
            )
        else:
            yield compare(
                expected,
                digest((bundle.parent / name).read_bytes()),
                Text(vi=f"Văn bản {name}", en=f"The document {name}"),
                show=False,
            )
    for name in sorted(beside & {f"{stem}.{kind}" for kind in ("docx", "html", "pdf")} - documents.keys()):
        yield Finding(
            False,
            Text(
                vi=f"Văn bản {name} nằm cạnh gói nhưng không thuộc quyết định đã niêm phong.",
                en=f"The document {name} lies beside the bundle but is not of the sealed decision.",
            ),
        )
