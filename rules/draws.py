"""Draws: how a fact may turn out, as integers; the same bits wherever, whenever and beside whatever they are drawn.

A *law* says how likely which numerators are. What it gives in a draw depends on the seed, on the fact's name (tier,
unit, criterion) and on the number of the draw, and on nothing else: not on blocks, threads, machines, releases of
NumPy, nor on the other units of the file (but for what ``Among`` draws from). The bits come from Philox, whose
stream NumPy guarantees, at the place that the number of the draw states. Nothing is compared in floating point:
every probability is a threshold in 64 bits, so that it differs from the exact one by less than 2^-64.
"""

import hashlib
import threading
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Any, ClassVar, Protocol

import numpy as np
from attrs import frozen
from numpy.random import Philox
from numpy.typing import NDArray

from evidence.assumptions import GRAIN, MOST_SAMPLED
from rules.compile import FREE, UNMET

Words = NDArray[np.uint64]
"""Random bits: draws × words of a draw."""

Numerators = NDArray[np.int64]

MOST_DRAWS = 10**7
"""The most draws for which all counts are exact in 64 bits (``rules.worth``)."""

_BITS = 64
_HALF = np.uint64(32)
_LOW = np.uint64(2**32 - 1)
_FINE = 160  # bits of the weights from which the thresholds of a binomial are made


class Law(Protocol):
    """How likely which numerators are."""

    words: ClassVar[int]
    """How many words of 64 bits one draw takes."""

    def draw(self, words: Words) -> Numerators:
        """One numerator for every row of ``words``."""
        ...

    def at_least(self, numerator: int) -> Fraction:
        """The exact probability of this numerator or more: the closed form of what ``draw`` approaches."""
        ...


@frozen
class Audited:
    """``reported``, but with probability ``p`` only the part of it that a factor leaves, rounded down; the factor is
    drawn evenly from the whole ten-thousandths ``low`` to ``high``.
    """

    reported: int
    p: Fraction
    low: int
    high: int
    words: ClassVar[int] = 2

    def draw(self, words: Words) -> Numerators:
        values = np.full(len(words), self.reported, np.int64)
        corrected = np.flatnonzero(happens(words[:, 0], self.p))
        factors = self.low + below(words[corrected, 1], self.high - self.low + 1)
        whole, rest = divmod(self.reported, GRAIN)  # so that no product leaves 64 bits
        values[corrected] = whole * factors + rest * factors // GRAIN
        return values

    def at_least(self, numerator: int) -> Fraction:
        if self.reported < numerator:
            return Fraction(0)
        if numerator <= 0:
            return Fraction(1)
        enough = max(self.low, -(-numerator * GRAIN // self.reported))
        left = Fraction(max(0, self.high - enough + 1), self.high - self.low + 1)
        return 1 - self.p + self.p * left


@frozen
class Replaced:
    """``reported``, but with probability ``p`` one of ``others`` (in order, at least one), each as likely."""

    reported: int
    p: Fraction
    others: tuple[int, ...]
    words: ClassVar[int] = 2

    def draw(self, words: Words) -> Numerators:
        other = Among(self.others).draw(words[:, 1:])
        return np.where(happens(words[:, 0], self.p), other, self.reported)

    def at_least(self, numerator: int) -> Fraction:
        return (1 - self.p) * (self.reported >= numerator) + self.p * Among(self.others).at_least(numerator)


@frozen
class Sampled:
    """How many of ``size`` say yes where each does so with probability ``hits`` / ``asked``."""

    hits: int
    asked: int
    size: int
    words: ClassVar[int] = 1

    def draw(self, words: Words) -> Numerators:
        first, thresholds = binomial_thresholds(self.hits, self.asked, self.size)
        return first + np.searchsorted(thresholds, words[:, 0], side="right").astype(np.int64)

    def at_least(self, numerator: int) -> Fraction:
        missed = self.asked - self.hits
        ways = sum(
            comb(self.size, hits) * self.hits**hits * missed ** (self.size - hits)
            for hits in range(max(numerator, 0), self.size + 1)
        )
        return Fraction(ways, self.asked**self.size)


@frozen
class Chance:
    """Met at every level with probability ``p``, else unmet; ``met`` is the numerator that stands for it."""

    p: Fraction
    met: int = FREE
    unmet: int = UNMET
    words: ClassVar[int] = 1

    def draw(self, words: Words) -> Numerators:
        return np.where(happens(words[:, 0], self.p), np.int64(self.met), np.int64(self.unmet))

    def at_least(self, numerator: int) -> Fraction:
        if numerator <= self.unmet:
            return Fraction(1)
        return self.p if numerator <= self.met else Fraction(0)


@frozen
class Among:
    """One of ``values`` (in order, at least one), each as likely as the others."""

    values: tuple[int, ...]
    words: ClassVar[int] = 1

    def draw(self, words: Words) -> Numerators:
        return np.array(self.values, np.int64)[below(words[:, 0], len(self.values))]

    def at_least(self, numerator: int) -> Fraction:
        return Fraction(len(self.values) - bisect_left(self.values, numerator), len(self.values))


@frozen
class Between:
    """Any whole number from ``low`` to ``high``, each as likely as the others."""

    low: int
    high: int
    words: ClassVar[int] = 1

    def draw(self, words: Words) -> Numerators:
        return self.low + below(words[:, 0], self.high - self.low + 1)

    def at_least(self, numerator: int) -> Fraction:
        count = self.high - self.low + 1
        return Fraction(min(count, max(0, self.high - numerator + 1)), count)


def draw(law: Law, seed: int, name: str, block: range) -> Numerators:
    """The numerators of the fact called ``name`` (``commune/23281/I.2``) in the draws of ``block``."""
    return law.draw(random_words(seed, name, block, law.words))


def random_words(seed: int, name: str, block: range, words: int) -> Words:
    """The random bits of ``name`` in the draws of ``block``: draws × ``words``."""
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()
    first, count = block.start * words, len(block) * words
    bits = _philox()
    bits.state = {
        "bit_generator": "Philox",
        # Philox makes four words of every number of its counter.
        "state": {
            "counter": np.array([first // 4, 0, 0, 0], np.uint64),
            "key": np.frombuffer(digest, "<u8").astype(np.uint64),
        },
        "buffer": np.zeros(4, np.uint64),
        "buffer_pos": 4,
        "has_uint32": 0,
        "uinteger": 0,
    }
    drawn: Words = bits.random_raw(first % 4 + count)
    return drawn[first % 4 :].reshape(len(block), words)


_own = threading.local()


def _philox() -> Any:
    """The thread's own generator, of which every use sets the whole state: making one costs more than a block."""
    if not hasattr(_own, "bits"):
        _own.bits = Philox(0)
    return _own.bits


def happens(words: Words, p: Fraction) -> NDArray[np.bool_]:
    """Where something of probability ``p`` happens."""
    threshold = (p.numerator << _BITS) // p.denominator
    if threshold >> _BITS:
        return np.ones(words.shape, np.bool_)
    return words < np.uint64(threshold)


def below(words: Words, count: int) -> Numerators:
    """A number from 0 to ``count`` - 1 (at most 2^63) for every word: the upper 64 bits of their product."""
    upper, lower = words >> _HALF, words & _LOW
    low = np.uint64(count & 0xFFFFFFFF)
    across = (lower * low) >> _HALF
    across += upper * low
    if count >> 32:
        high = np.uint64(count >> 32)
        along = lower * high
        found = upper * high + (across >> _HALF) + (along >> _HALF)
        return _signed(found + (((across & _LOW) + (along & _LOW)) >> _HALF))
    return _signed(across >> _HALF)


def _signed(words: Words) -> Numerators:
    return words.astype(np.int64)


@lru_cache(maxsize=2**12)
def binomial_thresholds(hits: int, asked: int, size: int) -> tuple[int, Words]:
    """The least number of hits that has a chance, and for it and every one above how many of 2^64 lie at or below it.

    Made in integers outward from the most likely number; what is less likely than 2^-150 is left out. Raises
    ``ValueError`` for a share beyond 0 … 1 and for a sample that is empty or larger than ``MOST_SAMPLED``.
    """
    if not 0 <= hits <= asked or not 1 <= size <= MOST_SAMPLED:
        raise ValueError(f"no binomial of {size} with {hits}/{asked}")
    missed = asked - hits
    mode = (size + 1) * hits // asked if missed else size
    up, down = [1 << _FINE], list[int]()
    for number in range(mode, size):
        weight = up[-1] * (size - number) * hits // ((number + 1) * missed)
        if not weight:
            break
        up.append(weight)
    above = up[0]
    for number in range(mode, 0, -1):
        above = above * number * missed // ((size - number + 1) * hits)
        if not above:
            break
        down.append(above)
    return mode - len(down), _cumulated([*reversed(down), *up])


def _cumulated(weights: Sequence[int]) -> Words:
    total, so_far = sum(weights), 0
    thresholds = []
    for weight in weights[:-1]:  # the last one takes what is left
        so_far += weight
        thresholds.append((so_far << _BITS) // total)
    return np.array(thresholds, np.uint64)
