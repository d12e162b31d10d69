"""A program that changes the store as fast as it can and says what was confirmed: to be killed meanwhile.

``python -m tests.certification.writing NAME`` opens accounts NAME-1, NAME-2 …, each with its entry in the log and a
stored document, and prints each number once it is committed.
"""

import hashlib
import itertools
import sys

from certification.store.opening import open_store


def main() -> None:
    """Write until killed."""
    open_store()
    from django.conf import settings
    from django.db import transaction

    from certification.store import audit
    from certification.store.models.accounts import Account
    from certification.store.models.facts import Proof

    for number in itertools.count(1):
        name = f"{sys.argv[1]}-{number}"
        content = f"tài liệu {name}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        folder = settings.MEDIA_ROOT / sha256[:2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / sha256).write_bytes(content)
        with transaction.atomic():
            Account.objects.create(username=name, full_name=name)
            Proof.objects.create(sha256=sha256, size=len(content), media_type="text/plain")
            audit.append(audit.deed("manage_accounts", "account", number, name, after={"username": name}))
        print(number, flush=True)


if __name__ == "__main__":
    main()
