"""The sealed bundle: one decision with everything it rests on, and its verification offline.

A bundle is one file of canonical JSON (RFC 8785) under a SHA-256 seal. It holds the rulebook, the
facts with their statuses and document hashes, the verdicts with their justification graph, the
digests of the decisions it rests on and the hashes of the documents that were rendered. A bundle
proves that nothing was changed since it was sealed and that the law, applied to these facts,
gives these levels; who sealed it is a matter of signatures, which it does not carry.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import networkx as nx
import rfc8785
from attrs import frozen
from cattrs.preconf.json import make_converter

from certification.decisions import unsettled
from evidence.facts import Fact
from evidence.units import Unit
from levels.faults import Fault, Faulty, Text
from levels.framework import Framework, Tier
from levels.loader import content as framework_content
from levels.loader import framework_from_content
from rules import reference
from rules.decide import stand
from rules.trace import trace
from rules.verdict import (
    CriterionVerdict,
    Decision,
    Levels,
    Member,
    Recognition,
    Standing,
    Verdict,
    as_triple,
)

FORMAT = "certify-decision/1"
MAX_BYTES = 512 * 2**20
SUFFIX = ".bundle.json"


@frozen
class FoundLevel:
    """What the verdict says of one criterion."""

    criterion: str
    levels: Levels
    standing: Standing
    rules: tuple[str, str, str]


@frozen
class Assessed:
    """One unit with its facts, the members it reads, and its verdict."""

    unit: Unit
    facts: tuple[Fact, ...]
    members: tuple[Member, ...]
    levels: Levels
    criteria: tuple[FoundLevel, ...]


@frozen
class Sealed:
    """What the seal covers."""

    format: str
    software: str
    framework: dict[str, Any]  # canonical content of the rulebook
    framework_digest: str
    cycle: int
    issuer: Unit
    superior: Unit | None
    tier: Tier
    provisional: tuple[Text, ...]
    number: str
    signed_on: str
    signer: str
    minutes: str
    closed: bool
    synthetic: bool
    units: tuple[Assessed, ...]  # the units the decision is about
    below: tuple[Assessed, ...]  # members whose computed level was read: no decision of theirs existed
    rests_on: tuple[str, ...]  # seals of the decisions that recognised the members
    justification: dict[str, Any]  # the justification graph, node-link
    documents: dict[str, str]  # file name → "sha256:…" of the rendered documents


@frozen
class Finding:
    """One thing that ``verify`` looked at, and whether it agrees."""

    agrees: bool
    text: Text


_converter = make_converter(forbid_extra_keys=True)


def _strict(value: Any, kind: type) -> Any:
    # cattrs would turn "7" and 7.0 into 7: a decision takes no value of another type.
    if type(value) is not (str if issubclass(kind, StrEnum) else kind):
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return kind(value)


for _kind in (int, str, bool):
    _converter.register_structure_hook(_kind, _strict)


def digest(data: bytes) -> str:
    """``sha256:…`` of some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def seal(
    decision: Decision, verdicts: Mapping[str, Verdict], documents: Mapping[str, bytes], software: str
) -> tuple[str, bytes]:
    """The seal and the bytes of a decision's bundle.

    ``verdicts`` by unit code must hold those of every member whose computed level was read;
    ``documents`` are the rendered files by name.
    """
    below = [
        verdicts[member.unit.code]
        for verdict in decision.verdicts
        for member in verdict.members
        if member.recognition is None
    ]
    rests_on = {
        m.recognition.decision: None for verdict in decision.verdicts for m in verdict.members if m.recognition
    }
    sealed = Sealed(
        format=FORMAT,
        software=software,
        framework=framework_content(decision.framework),
        framework_digest=decision.framework.digest,
        cycle=decision.cycle,
        issuer=decision.issuer,
        superior=decision.superior,
        tier=decision.tier,
        provisional=decision.provisional,
        number=decision.number,
        signed_on=decision.signed_on.isoformat() if decision.signed_on else "",
        signer=decision.signer,
        minutes=decision.minutes,
        closed=decision.closed,
        synthetic=decision.synthetic,
        units=tuple(_assessed(verdict) for verdict in decision.verdicts),
        below=tuple(_assessed(verdict) for verdict in below),
        rests_on=tuple(rests_on),
        justification=_graph([*below, *decision.verdicts]),
        documents={name: digest(data) for name, data in documents.items()},
    )
    content = _converter.unstructure(sealed)
    mark = digest(rfc8785.dumps(content))
    return mark, rfc8785.dumps({"content": content, "seal": mark})


def _assessed(verdict: Verdict) -> Assessed:
    return Assessed(
        unit=verdict.unit,
        facts=tuple(found.fact for found in verdict.criteria if found.fact is not None),
        members=verdict.members,
        levels=verdict.levels,
        criteria=tuple(FoundLevel(c.code, c.levels, c.standing, c.rules) for c in verdict.criteria),
    )


def _graph(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    plain: dict[str, Any] = nx.node_link_data(trace(verdicts), edges="edges")
    return plain


def read_bundle(path: Path, name: str) -> tuple[str, Sealed]:
    """The seal a bundle carries and what it covers; ``name`` is how faults call the file.

    Raises ``Faulty`` where the file is no bundle at all. Whether it is *true* is for ``verify``.
    """

    def refuse(found: Text) -> Faulty:
        expected = Text(
            vi="cần một gói quyết định do «certify decide» tạo ra", en="a bundle written by «certify decide» is expected"
        )
        return Faulty([Fault(name, 1, 1, found, expected)])

    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse(Text(vi="tệp quá lớn", en="the file is too large"))
        data = path.read_bytes()
    except OSError as error:
        raise refuse(
            Text(vi=f"không đọc được tệp ({error.strerror})", en=f"the file cannot be read ({error.strerror})")
        ) from error
    try:
        plain = json.loads(data.decode("utf-8"))
        sealed = _converter.structure(plain["content"], Sealed)
        canonical = rfc8785.dumps({"content": plain["content"], "seal": plain["seal"]})
        mark = _strict(plain["seal"], str)
    except Exception as error:  # whatever is wrong in a hostile file, it is not a bundle
        raise refuse(
            Text(vi="nội dung không phải gói quyết định", en="the content is not that of a decision bundle")
        ) from error
    if sealed.format != FORMAT:
        raise refuse(
            Text(vi=f"định dạng «{sealed.format}» không đọc được", en=f"the format «{sealed.format}» is not known")
        )
    if canonical != data:
        raise refuse(
            Text(
                vi="các byte của tệp không ở dạng chuẩn RFC 8785: tệp đã bị sửa",
                en="the file's bytes are not canonical (RFC 8785): it was changed",
            )
        )
    return mark, sealed


def bundles_in(paths: Iterable[Path]) -> dict[str, Path]:
    """The bundles among files and folders, by the seal each carries.

    Raises ``Faulty`` for a file named that is no bundle; a folder is searched for ``*.bundle.json``.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for bundle in sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]:
            found[read_bundle(bundle, str(bundle))[0]] = bundle
    return found


def bundles_beside(bundle: Path, others: Iterable[Path]) -> dict[str, Path]:
    """The bundles among ``others`` and those beside ``bundle``, by the seal each carries.

    What lies beside it by chance and is no bundle is passed over; raises ``Faulty`` for ``others``.
    """
    found: dict[str, Path] = {}
    for path in sorted(bundle.parent.glob(f"*{SUFFIX}")):
        with contextlib.suppress(Faulty):
            found[read_bundle(path, str(path))[0]] = path
    return {**found, **bundles_in(others)}


def read_recognitions(paths: Iterable[Path], framework: Framework, cycle: int) -> dict[str, Recognition]:
    """The recognised levels that sealed decisions of this rulebook and cycle state, by unit.

    Every bundle is verified first; decisions of other cycles or rulebooks say nothing here. Raises
    ``Faulty`` naming all that do not verify, and units on which two decisions differ.
    """
    bundles = bundles_in(paths)
    faults: list[Fault] = []
    recognitions: dict[str, Recognition] = {}
    for mark, path in bundles.items():
        sealed = read_bundle(path, str(path))[1]
        if (sealed.framework_digest, sealed.cycle) != (framework.digest, cycle):
            continue
        faults.extend(
            Fault(str(path), 1, 1, finding.text, Text(vi="cần một gói còn nguyên vẹn", en="an intact bundle is expected"))
            for finding in verify(path, str(path), bundles)
            if not finding.agrees
        )
        for assessed in sealed.units:
            code = assessed.unit.code
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
            recognitions[code] = Recognition(code, _recognised(sealed, assessed), mark, bool(sealed.provisional))
    if faults:
        raise Faulty(faults)
    return recognitions


def verify(path: Path, name: str, others: Mapping[str, Path]) -> Iterator[Finding]:
    """Recompute a sealed decision with the reference and say what agrees and what does not.

    Uses neither the rule engine nor a database. ``others`` are the bundles by the seal each
    carries: those of the decisions it rests on are verified with it. Rendered documents are looked
    for beside the bundle. Raises ``Faulty`` where the file is no bundle.
    """
    mark, sealed = read_bundle(path, name)
    yield _compare(
        mark,
        digest(rfc8785.dumps(_converter.unstructure(sealed))),
        Text(vi="Niêm phong SHA-256", en="The SHA-256 seal"),
    )
    framework = framework_from_content(sealed.framework, name)
    yield _compare(
        sealed.framework_digest,
        framework.digest,
        Text(vi=f"Mã băm của bộ tiêu chí {framework.id}", en=f"The digest of the rulebook {framework.id}"),
    )
    rebuilt: dict[str, Verdict] = {}
    for assessed in (*sealed.below, *sealed.units):
        verdict, findings = _recompute(framework, sealed.cycle, assessed, rebuilt)
        rebuilt[assessed.unit.code] = verdict
        yield from findings
    yield _compare(
        sealed.justification,
        _graph(rebuilt[assessed.unit.code] for assessed in (*sealed.below, *sealed.units)),
        Text(vi="Đồ thị căn cứ", en="The justification graph"),
        show=False,
    )
    yield _compare(
        sealed.provisional,
        unsettled([rebuilt[assessed.unit.code] for assessed in sealed.units], closed=sealed.closed),
        Text(vi="Những điều khiến quyết định còn là tạm tính", en="What makes the decision provisional"),
        show=False,
    )
    yield from _verify_members(sealed, others)
    yield from _verify_documents(sealed, path.parent)


def _compare(recorded: Any, recomputed: Any, what: Text, *, show: bool = True) -> Finding:
    if recorded == recomputed:
        return Finding(True, Text(vi=f"{what.vi}: khớp.", en=f"{what.en}: agrees."))
    detail_vi = f" ghi {recorded}, tính lại {recomputed}" if show else " ghi trong gói khác với tính lại"
    detail_en = f" recorded {recorded}, recomputed {recomputed}" if show else " the recorded and the recomputed differ"
    return Finding(False, Text(vi=f"{what.vi}: KHÔNG khớp,{detail_vi}.", en=f"{what.en}: does NOT agree,{detail_en}."))


def _recompute(
    framework: Framework, cycle: int, assessed: Assessed, below: Mapping[str, Verdict]
) -> tuple[Verdict, list[Finding]]:
    unit, criteria_set = assessed.unit, framework.sets[assessed.unit.tier]
    facts = {fact.criterion: fact for fact in assessed.facts}
    recorded = {found.criterion: found for found in assessed.criteria}
    levels, by_code = reference.decide(criteria_set, cycle, facts, [as_triple(m.levels) for m in assessed.members])
    who = f"{unit.name} ({unit.code})"
    findings = [
        _compare(as_triple(assessed.levels), levels, Text(vi=f"Các mức của {who}", en=f"The levels of {who}"))
    ]
    criteria = []
    for criterion in criteria_set.criteria:
        fact = facts.get(criterion.code)
        standing = stand(criterion, fact, cycle, assessed.members)
        found = recorded.pop(criterion.code, None)
        told = (as_triple(found.levels), found.standing) if found else None
        if told != (by_code[criterion.code], standing):
            what = Text(
                vi=f"Tiêu chí {criterion.code} của {who}", en=f"Criterion {criterion.code} of {who}"
            )
            findings.append(_compare(told, (by_code[criterion.code], str(standing)), what))
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
                _compare(
                    as_triple(member.levels),
                    as_triple(computed.levels) if computed else None,
                    Text(
                        vi=f"Mức tính được của {member.unit.name} mà {who} dựa vào",
                        en=f"The computed level of {member.unit.name} that {who} rests on",
                    ),
                )
            )
    return Verdict(framework, unit, cycle, Levels(*levels), tuple(criteria), assessed.members), findings


def _verify_members(sealed: Sealed, others: Mapping[str, Path]) -> Iterator[Finding]:
    recognised = [m for assessed in sealed.units for m in assessed.members if m.recognition]
    used = {m.recognition.decision for m in recognised if m.recognition}
    yield _compare(
        sorted(sealed.rests_on),
        sorted(used),
        Text(vi="Danh sách quyết định làm căn cứ", en="The list of decisions it rests on"),
    )
    for mark in sorted(used):
        if mark not in others:
            yield Finding(
                False,
                Text(
                    vi=f"Thiếu gói quyết định {mark} mà quyết định này dựa vào: không thể xác nhận.",
                    en=f"The bundle {mark} that this decision rests on is missing: it cannot be confirmed.",
                ),
            )
            continue
        path = others[mark]
        findings = list(verify(path, path.name, others))
        wrong = [finding for finding in findings if not finding.agrees]
        yield from wrong
        below = read_bundle(path, path.name)[1]
        yield from _verify_none_left_out(sealed, below)
        stated = {a.unit.code: _recognised(below, a) for a in below.units} if below.cycle == sealed.cycle else {}
        for member in recognised:
            if member.recognition and member.recognition.decision == mark:
                if (stated.get(member.unit.code), bool(below.provisional)) != (
                    member.recognition.level,
                    member.recognition.provisional,
                ) or as_triple(member.levels) != (member.recognition.level,) * 3:
                    wrong.append(
                        _compare(
                            member.recognition.level,
                            stated.get(member.unit.code),
                            Text(
                                vi=f"Mức được công nhận của {member.unit.name} ({member.unit.code})",
                                en=f"The recognised level of {member.unit.name} ({member.unit.code})",
                            ),
                        )
                    )
                    yield wrong[-1]
        if not wrong:
            yield Finding(
                True, Text(vi=f"Gói {path.name} làm căn cứ: khớp.", en=f"The bundle {path.name} it rests on: agrees.")
            )


def _verify_none_left_out(sealed: Sealed, below: Sealed) -> Iterator[Finding]:
    read = {assessed.unit.code: {m.unit.code for m in assessed.members} for assessed in sealed.units}
    for unit in (assessed.unit for assessed in below.units):
        if unit.parent in read and unit.code not in read[unit.parent]:
            yield Finding(
                False,
                Text(
                    vi=f"{unit.name} ({unit.code}) thuộc {unit.parent} nhưng không được tính đến.",
                    en=f"{unit.name} ({unit.code}) belongs to {unit.parent} but was left out.",
                ),
            )


def _recognised(sealed: Sealed, assessed: Assessed) -> int:
    if sealed.framework["recognise"] == "at_most_registered" and assessed.unit.registered is not None:
        return min(assessed.levels.level, assessed.unit.registered)
    return assessed.levels.level


def _verify_documents(sealed: Sealed, folder: Path) -> Iterator[Finding]:
    for name, expected in sorted(sealed.documents.items()):
        path = folder / Path(name).name
        if not path.is_file():
            yield Finding(
                True,
                Text(
                    vi=f"Văn bản {name}: không có bên cạnh gói, chưa kiểm tra.",
                    en=f"The document {name}: not beside the bundle, not looked at.",
                ),
            )
        else:
            yield _compare(
                expected, digest(path.read_bytes()), Text(vi=f"Văn bản {name}", en=f"The document {name}"), show=False
            )
