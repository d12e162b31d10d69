"""What the tests of the application share."""

# Help texts are made when the commands are first imported, in the language chosen then: in tests always Vietnamese,
# whichever test a process begins with.
import certification.cli.commands  # noqa: F401 - imported for that effect alone
