"""What the rule base is measured against.

The bare safe pattern: the sketch of the safe way to use durable-rules that the rule base grew from,
copied word for word. It shows the pattern only: no statuses, no hierarchy, no reference check.
"""

import threading
from math import floor

from durable import engine


class QuietHost(engine.Host):
    def _run(self):  # the default starts timer threads that touch deleted sessions and crash
        pass


class UnitRules:
    """Levels of one kind of unit: {criterion: [threshold of level 1, …, level 5]} with thresholds as Fractions."""

    def __init__(self, thresholds, scale):
        self.criteria, self.scale = frozenset(thresholds), scale
        self.lock, self.runs, self.conclusion = threading.Lock(), 0, None
        rules = {"unit": {"all": [{"m": {"kind": "level"}}], "count": len(thresholds), "run": self._conclude}}
        for criterion, bounds in thresholds.items():
            bounds = [self._integer(b, exact=True) for b in bounds]
            for level in range(len(bounds) + 1):
                band = [{"kind": "fact"}, {"criterion": criterion}]
                if level:
                    band.append({"$gte": {"amount": bounds[level - 1]}})
                if level < len(bounds):
                    band.append({"$lt": {"amount": bounds[level]}})
                rule = f"{criterion}/L{level}"
                rules[rule] = {"all": [{"m": {"$and": band}}], "run": self._criterion_level(rule, level)}
        self.host = QuietHost({"unit": rules})

    def _integer(self, value, exact=False):
        scaled = value * self.scale
        if exact and scaled.denominator != 1:
            raise ValueError(f"{value} is not a multiple of 1/{self.scale}")
        if abs(scaled) >= 2**53:
            raise ValueError(f"{value} is too large")
        return floor(scaled)

    def _criterion_level(self, rule, level):  # a factory: default arguments would make the consequent asynchronous
        def run(c):
            c.post({"kind": "level", "level": level, "rule": rule, "fact": c.m.fact})

        return run

    def _conclude(self, c):
        self.conclusion = min(m.level for m in c.m), [(m.rule, m.fact) for m in c.m]

    def decide(self, facts):
        """{criterion: (fact id, Fraction)} → (level, [(rule, fact id), …]); every criterion exactly once."""
        if set(facts) != self.criteria:
            raise ValueError(f"criteria differ: {sorted(self.criteria ^ set(facts))}")
        with self.lock:
            session, self.conclusion, self.runs = f"s{self.runs}", None, self.runs + 1
            state = self.host.post_batch(
                "unit",
                [
                    {"sid": session, "kind": "fact", "criterion": k, "fact": fact, "amount": self._integer(value)}
                    for k, (fact, value) in facts.items()
                ],
            )
            if self.conclusion is None or "exception" in state:
                raise RuntimeError(f"the rule engine did not conclude: {state}")
            self.host.delete_state("unit", session)
            return self.conclusion
