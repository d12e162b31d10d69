"""Guards: triggers by which the database itself refuses to change what is signed, closed or logged.

They stand whichever program writes, ours or a console. They are put in place after every migration (SQLite
drops the triggers of a table that it rebuilds), and ``find_missing`` tells which are not there.
"""

import contextlib
from collections.abc import Iterator

from attrs import frozen
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@frozen
class Guard:
    """One trigger: before ``event`` on a row of ``table``, where ``when`` holds, the change is refused."""

    table: str
    event: str  # UPDATE, DELETE, INSERT
    when: str = ""  # SQL over OLD and NEW that both databases read alike; empty: always
    columns: str = ""  # of an UPDATE: only where one of these is set
    vendor: str = ""  # only for this database; empty: for both

    @property
    def name(self) -> str:
        """The name of the trigger in the database."""
        return f"guard_{self.table.removeprefix('store_')}_{self.event.lower()}"


def _never_changed(table: str, key: str = "id") -> tuple[Guard, ...]:
    # SQLite's INSERT OR REPLACE removes the old row without asking the triggers of DELETE.
    replaced = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our own names
    return Guard(table, "UPDATE"), Guard(table, "DELETE"), Guard(table, "INSERT", replaced, vendor="sqlite")


def _closed_with(table: str, within: str) -> tuple[Guard, ...]:
    """Rows of ``table`` that belong to closed minutes: ``within`` says so of the row whose name stands for ``{}``."""
    return tuple(
        Guard(table, event, within.format(row))
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    )


_CLOSED = "EXISTS (SELECT 1 FROM store_minutes WHERE id = {}.minutes_id AND closed_at IS NOT NULL)"
_CLOSED_ITEM = (
    "EXISTS (SELECT 1 FROM store_minutesitem JOIN store_minutes ON store_minutes.id = store_minutesitem.minutes_id "
    "WHERE store_minutesitem.id = {}.item_id AND closed_at IS NOT NULL)"
)

GUARDS = (
    *_never_changed("store_auditentry", "sequence"),
    Guard("store_audithead", "UPDATE", "NEW.sequence <> OLD.sequence + 1"),
    Guard("store_audithead", "DELETE"),
    Guard("store_audithead", "INSERT", "EXISTS (SELECT 1 FROM store_auditentry)"),
    *_never_changed("store_act"),
    *_never_changed("store_actfile"),
    *_never_changed("store_actunit"),
    *_never_changed("store_publication"),
    *_never_changed("store_transition"),
    Guard(
        "store_numberseries", "UPDATE", "NEW.last <> OLD.last + 1 OR NEW.body_id <> OLD.body_id OR NEW.year <> OLD.year"
    ),
    Guard("store_numberseries", "DELETE"),
    Guard(
        "store_rulebookrecord",
        "UPDATE",
        "EXISTS (SELECT 1 FROM store_cycle WHERE rulebook_id = OLD.id)",
        columns="framework, version, digest, content",
    ),
    Guard("store_minutes", "UPDATE", "OLD.closed_at IS NOT NULL"),
    Guard("store_minutes", "DELETE", "OLD.closed_at IS NOT NULL"),
    *_closed_with("store_minutes_present", _CLOSED),
    *_closed_with("store_minutesitem", _CLOSED),
    *_closed_with("store_vote", _CLOSED_ITEM),
)

_EMPTIED = tuple(dict.fromkeys(guard.table for guard in GUARDS if guard.event == "DELETE"))
"""Tables that PostgreSQL must not empty at one stroke either: TRUNCATE asks no trigger of a row."""

_REFUSE = """
CREATE OR REPLACE FUNCTION certify_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'certify: % on % is refused: what is signed, closed or logged never changes', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in place whose table is there; those that are there already are made anew."""
    tables = set(connection.introspection.table_names())
    postgres = connection.vendor == "postgresql"
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if postgres:
            cursor.execute(_REFUSE)
        for statement in _drop(connection, tables):
            cursor.execute(statement)
        for guard in GUARDS:
            if guard.table in tables and guard.vendor in ("", connection.vendor):
                cursor.execute(_postgres(guard) if postgres else _sqlite(guard))
        for table in _EMPTIED if postgres else ():
            if table in tables:
                cursor.execute(
                    f"CREATE TRIGGER {_name_truncate(table)} BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION certify_refuse()"
                )


@contextlib.contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take the guards away for the time of the block: for tests that empty the database, and nothing else."""
    with connection.cursor() as cursor:
        for statement in _drop(connection, set(connection.introspection.table_names())):
            cursor.execute(statement)
    try:
        yield
    finally:
        install(connection)


def find_missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of the guards that are not there or are switched off."""
    connection = connections[using]
    expected = {guard.name for guard in GUARDS if guard.vendor in ("", connection.vendor)}
    if connection.vendor == "postgresql":
        expected |= {_name_truncate(table) for table in _EMPTIED}
        query = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard%' AND tgenabled IN ('O', 'A')"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(expected - {str(name) for (name,) in cursor.fetchall()})


def _drop(connection: BaseDatabaseWrapper, tables: set[str]) -> Iterator[str]:
    if connection.vendor == "postgresql":
        for table in _EMPTIED:
            if table in tables:
                yield f"DROP TRIGGER IF EXISTS {_name_truncate(table)} ON {table}"
    for guard in GUARDS:
        if guard.table in tables:
            on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            yield f"DROP TRIGGER IF EXISTS {guard.name}{on}"


def _name_truncate(table: str) -> str:
    return f"guard_{table.removeprefix('store_')}_truncate"


def _event(guard: Guard) -> str:
    columns = f" OF {guard.columns}" if guard.columns else ""
    return f"CREATE TRIGGER {guard.name} BEFORE {guard.event}{columns} ON {guard.table} FOR EACH ROW"


def _postgres(guard: Guard) -> str:
    # A WHEN of PostgreSQL may hold no query: those guards ask within a function of their own.
    if "SELECT" not in guard.when:
        when = f" WHEN ({guard.when})" if guard.when else ""
        return f"{_event(guard)}{when} EXECUTE FUNCTION certify_refuse()"
    given = "OLD" if guard.event == "DELETE" else "NEW"
    return f"""
    CREATE OR REPLACE FUNCTION certify_{guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {guard.when} THEN
            RAISE EXCEPTION 'certify: % on % is refused: what is signed, closed or logged never changes',
                TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN {given};
    END $$;
    {_event(guard)} EXECUTE FUNCTION certify_{guard.name}()
    """


def _sqlite(guard: Guard) -> str:
    when = f" WHEN {guard.when}" if guard.when else ""
    return (
        f"{_event(guard)}{when} BEGIN SELECT RAISE(ABORT, 'certify: {guard.event} on {guard.table} is refused: "
        "what is signed, closed or logged never changes'); END"
    )
