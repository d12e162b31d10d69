"""What the tests of the application share."""

from typing import Any

import pytest

# Help texts are made when the commands are first imported, in the language chosen then: in tests always Vietnamese,
# whichever test a process begins with.
import certification.cli.commands  # noqa: F401 - imported for that effect alone
from certification.cli import main
from certification.cli.stored import CONFIGURED_BY


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call ``certify`` where no store is configured, unless the test says so: exit code, standard output and error."""
    for name in CONFIGURED_BY:
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return call
