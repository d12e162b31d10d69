"""All commands of ``certify``, in the order of its help."""

from certification.cli import (
    acts,
    crosswalk,
    exchange,
    findings,
    impacts,
    maintenance,
    plans,
    ratings,
    reminders,
    serving,
    simulations,
    standing,
    units,
    what_if,
)
from certification.cli.app import app

__all__ = [
    "acts",
    "app",
    "crosswalk",
    "exchange",
    "findings",
    "impacts",
    "maintenance",
    "plans",
    "ratings",
    "reminders",
    "serving",
    "simulations",
    "standing",
    "units",
    "what_if",
]
