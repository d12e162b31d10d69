"""Actors: an account with what it is appointed to."""

from attrs import frozen

from certification.procedure.roles import Role


@frozen
class Appointment:
    """One role at one unit; ``unit`` None: at every unit of the installation (auditor, administrator, planner only).

    A code outlives its unit: a merged unit may bear that of one of those it came from. ``stands_for`` are the records
    that this unit is or was before it only moved, ``heir_of`` those of other units that it came from.
    """

    role: Role
    unit: str | None
    stands_for: frozenset[int] = frozenset()
    heir_of: frozenset[int] = frozenset()


@frozen
class Actor:
    """Who acts. A token of the API acts as its account, with the one appointment that it is scoped to."""

    account: int | None  # None: nobody has signed in
    name: str = ""
    appointments: tuple[Appointment, ...] = ()
