"""``python -m certification.cli`` is ``certify``."""

from certification.cli import main

main()
