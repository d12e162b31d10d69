"""Django's settings under test: the application's own, in a folder that goes with the process.

Nothing of this machine's environment reaches the tests: a database or a home that happens to be configured is left
alone. ``python -m tests.postgres`` names its own database.
"""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("CERTIFY_")]:
    if _name != "CERTIFY_ARTEFACTS" and not _name.startswith("CERTIFY_TEST_"):
        del os.environ[_name]
os.environ["DATABASE_URL"] = os.environ.get("CERTIFY_TEST_DATABASE_URL", "")
os.environ["CERTIFY_HOME"] = tempfile.mkdtemp(prefix="certify-tests-")
atexit.register(shutil.rmtree, os.environ["CERTIFY_HOME"], ignore_errors=True)
# What a test starts chooses its settings itself, as it does for users.
os.environ.pop("DJANGO_SETTINGS_MODULE", None)

from certification.settings import *  # noqa: E402, F403 - after the environment it reads
from certification.settings import DATABASES, HOME, STATIC_ROOT  # noqa: E402 - likewise

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 takes its time on purpose

if not os.environ["DATABASE_URL"]:
    # A file, as in use: a database in memory locks otherwise when two write.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}

STATIC_ROOT.mkdir()  # whitenoise warns where there is none
