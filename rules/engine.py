"""The rule engine: the only file that imports durable, used only in the way that was measured safe.

Forward chaining over one short session per unit::

    fact ──band rule──▶ criterion's level ──count rule──▶ unit's level
    share of members ──share rules──▶ requirement met or not ──count rule──▶ criterion's level ──▶ …

One session answers for up to three *runs* (accepted, claimed, possible): a fact that is the same
in several runs is matched once and its conclusion posted to each. Every conclusion carries the
rule, whose name begins with the criterion: in the unit's session the name of the fact it rests on.
What durable-rules 2.0.28 must not be given (floats, large numbers, joins, ``none``, many units in
one session, timer threads, rebuilt rulesets) never reaches it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from attrs import field, frozen
from durable import engine as durable

from rules.compile import RuleBase, Share

RUNS = (0, 1, 2)


class EngineFailure(RuntimeError):
    """The engine did not come to exactly one conclusion; no verdict may be given."""


class FactMessage(NamedTuple):  # half a million of them for a country: lighter than attrs
    """One fact for the runs in ``runs``; ``whole`` only where the bands ask for it."""

    criterion: str
    amount: int
    runs: tuple[int, ...]
    whole: bool | None = None


class ShareMessage(NamedTuple):
    """The scaled shares of members at the two levels that requirement ``level`` asks about."""

    criterion: str
    level: int
    every: int
    at: int
    run: int


class Fired(NamedTuple):
    """What one run concluded of one criterion: its level and the rule that fired on the unit's fact."""

    level: int
    rule: str

    @property
    def criterion(self) -> str:
        """The criterion, whose code stands before the rule's own name: ``I.2`` of ``I.2/L3``."""
        return self.rule.partition("/")[0]


@frozen
class Conclusion:
    """What one run concluded of the unit."""

    level: int
    criteria: dict[str, Fired]


class _QuietHost(durable.Host):
    def _run(self) -> None:
        """Start no timer threads: they touch deleted sessions and crash."""


_RUNS_OF = {mask: tuple(run for run in RUNS if mask >> run & 1) for mask in range(1, 1 << len(RUNS))}
_MASK_OF = {runs: mask for mask, runs in _RUNS_OF.items()}

_lock = threading.Lock()
_host: _QuietHost | None = None  # one Host per process: many hosts leak and spin
_registered: set[str] = set()
_concluded: dict[int, Conclusion] = {}
_sessions = 0


def conclude(rule_base: RuleBase, messages: Sequence[FactMessage | ShareMessage], runs: int) -> tuple[Conclusion, ...]:
    """Run the rules over one unit and return what each of the ``runs`` runs concludes.

    ``messages`` must hold every criterion of the rule base exactly once for every run; raises
    ``EngineFailure`` where the engine does not conclude each run exactly once over all criteria.
    What was concluded lately is not concluded again: it follows from the rules and the messages alone.
    """
    return _conclude(_Question(rule_base.name, tuple(messages), runs, rule_base))


@frozen
class _Question:
    """What a conclusion follows from. The name of a rule base tells it from any other, here as in the engine."""

    name: str
    messages: tuple[FactMessage | ShareMessage, ...]
    runs: int
    rule_base: RuleBase = field(eq=False)


@lru_cache(maxsize=512)  # some 20 kB each
def _conclude(question: _Question) -> tuple[Conclusion, ...]:
    rule_base, messages, runs = question.rule_base, question.messages, question.runs
    try:
        conclusions = _run(rule_base, messages, runs)
    except EngineFailure:
        # durable tells messages apart by a 32-bit hash over session and content (its bug 376): about
        # one unit in a million holds two that collide. In another session they do not.
        conclusions = _run(rule_base, messages, runs)
    for conclusion in conclusions.values():
        if conclusion.criteria.keys() != set(rule_base.criteria):
            missing = set(rule_base.criteria) ^ conclusion.criteria.keys()
            raise EngineFailure(f"the rule engine concluded without, or twice over, {sorted(missing)}")
    return tuple(conclusions[run] for run in range(runs))


def _run(rule_base: RuleBase, messages: Sequence[FactMessage | ShareMessage], runs: int) -> dict[int, Conclusion]:
    global _sessions
    with _lock:
        host = _host_with(rule_base)
        _sessions += 1
        session = f"s{_sessions}"
        _concluded.clear()
        try:
            state = host.post_batch(rule_base.name, [_as_message(session, message) for message in messages])
        except (durable.MessageNotHandledException, durable.MessageObservedException) as error:
            raise EngineFailure(f"a message has no rule, or stands twice: {error.message}") from error
        conclusions = dict(_concluded)
        if set(conclusions) != set(range(runs)) or "exception" in state:
            # The session is left alone: deleting one whose rules did not all fire crashes the process.
            raise EngineFailure(f"the rule engine concluded {sorted(conclusions)} of {runs} runs: {state}")
        host.delete_state(rule_base.name, session)
    return conclusions


def _as_message(session: str, message: FactMessage | ShareMessage) -> dict[str, Any]:
    if isinstance(message, FactMessage):
        plain = {
            "sid": session,
            "kind": "fact",
            "criterion": message.criterion,
            "amount": message.amount,
            "runs": _MASK_OF[message.runs],
        }
        if message.whole is not None:
            plain["whole"] = int(message.whole)
        return plain
    return {
        "sid": session,
        "kind": "share",
        "criterion": message.criterion,
        "level": message.level,
        "every": message.every,
        "at": message.at,
        "run": message.run,
    }


def _host_with(rule_base: RuleBase) -> _QuietHost:
    global _host
    if _host is None:
        _host = _QuietHost()
    if rule_base.name not in _registered:
        _host.register_rulesets({rule_base.name: _ruleset(rule_base)})
        _registered.add(rule_base.name)
    return _host


def _ruleset(rule_base: RuleBase) -> dict[str, Any]:
    rules: dict[str, Any] = {}
    for run in RUNS:
        rules[f"unit/{run}"] = _counting("level", {"run": run}, len(rule_base.criteria), _conclude_unit(run))
    for band in rule_base.bands:
        conditions: list[dict[str, Any]] = [{"kind": "fact"}, {"criterion": band.criterion}]
        if band.low is not None:
            conditions.append({"$gte": {"amount": band.low}})
        if band.high is not None:
            conditions.append({"$lt": {"amount": band.high}})
        if band.whole is not None:
            conditions.append({"whole": int(band.whole)})
        rules[band.rule] = _single(conditions, _conclude_criterion(band.rule, band.level))
    for share in rule_base.shares:
        about: list[dict[str, Any]] = [{"kind": "share"}, {"criterion": share.criterion}, {"level": share.level}]
        every, at = {"$gte": {"every": share.every}}, {"$gte": {"at": share.at}}
        cases = {
            "met": [every, at],
            "not-every": [{"$lt": {"every": share.every}}],
            "not-share": [every, {"$lt": {"at": share.at}}],
        }
        for case, conditions in cases.items():
            rule = f"{share.criterion}/R{share.level}/{case}"
            rules[rule] = _single([*about, *conditions], _conclude_requirement(rule, share, case == "met"))
    for criterion in {share.criterion for share in rule_base.shares}:
        count = sum(share.criterion == criterion for share in rule_base.shares)
        for run in RUNS:
            about_run = {"criterion": criterion, "run": run}
            rule = f"{criterion}/requirements/{run}"
            rules[rule] = _counting("requirement", about_run, count, _conclude_from_requirements(criterion, run))
    return rules


def _single(conditions: list[dict[str, Any]], run: Callable[[Any], None]) -> dict[str, Any]:
    return {"all": [{"m": {"$and": conditions}}], "run": run}


def _counting(kind: str, about: Mapping[str, Any], count: int, run: Callable[[Any], None]) -> dict[str, Any]:
    conditions = [{"kind": kind}, *({key: value} for key, value in about.items())]
    return {"all": [{"m": {"$and": conditions}}], "count": count, "run": run}


# The consequents are made by factories: default arguments would count as a second parameter and
# turn a consequent asynchronous.


def _conclude_criterion(rule: str, level: int) -> Callable[[Any], None]:
    def consequent(c: Any) -> None:
        for run in _RUNS_OF[c.m["runs"]]:
            c.post({"kind": "level", "run": run, "level": level, "rule": rule})

    return consequent


def _conclude_requirement(rule: str, share: Share, met: bool) -> Callable[[Any], None]:
    def consequent(c: Any) -> None:
        about = {"criterion": share.criterion, "level": share.level}
        c.post({"kind": "requirement", "run": c.m["run"], "met": int(met), "rule": rule, **about})

    return consequent


def _conclude_from_requirements(criterion: str, run: int) -> Callable[[Any], None]:
    def consequent(c: Any) -> None:
        requirements = sorted((dict(m.items()) for m in c.m), key=itemgetter("level"))
        level = 0
        for requirement in requirements:
            if not requirement["met"]:
                break
            level = requirement["level"]
        fired = " ".join(requirement["rule"].removeprefix(f"{criterion}/") for requirement in requirements)
        rule = f"{criterion}/L{level} ({fired})"
        c.post({"kind": "level", "run": run, "level": level, "rule": rule})

    return consequent


def _conclude_unit(run: int) -> Callable[[Any], None]:
    def consequent(c: Any) -> None:
        if run in _concluded:
            raise EngineFailure(f"run {run} concluded twice")
        fired = [Fired(m["level"], m["rule"]) for m in c.m]
        _concluded[run] = Conclusion(min(level for level, _ in fired), {f.criterion: f for f in fired})

    return consequent
