"""All commands of ``certify``, in the order of its help."""

from certification.cli import acts, exchange, findings
from certification.cli.app import app

__all__ = ["acts", "app", "exchange", "findings"]
