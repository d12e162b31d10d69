"""Actors: an account with what it is appointed to."""

from attrs import frozen

from certification.procedure.roles import Role


@frozen
class Appointment:
    """One role at one unit; ``unit`` None: at every unit of the installation (auditor, administrator, planner only)."""

    role: Role
    unit: str | None


@frozen
class Actor:
    """Who acts. A token of the API acts as its account, with the one appointment that it is scoped to."""

    account: int | None  # None: nobody has signed in
    name: str = ""
    appointments: tuple[Appointment, ...] = ()
