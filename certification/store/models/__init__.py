"""The tables. Rows become the rooms' values at the store's door; nothing outside the application sees them."""

from certification.store.models.accounts import Account, Appointment, Invitation
from certification.store.models.acts import Act, ActFile, ActUnit, NumberSeries, Publication
from certification.store.models.audit import AuditEntry, AuditHead
from certification.store.models.councils import Conflict, Council, CouncilMember, Minutes, MinutesItem, Vote
from certification.store.models.cycles import Cycle, RulebookRecord
from certification.store.models.dossiers import Complaint, Dossier, Explanation, Transition
from certification.store.models.facts import FactProof, FactRecord, Proof
from certification.store.models.reports import YearReport
from certification.store.models.scenarios import PriceList, Scenario
from certification.store.models.tokens import ApiToken, ImportKey
from certification.store.models.units import Succession, UnitChange, UnitRecord

__all__ = [
    "Account",
    "Act",
    "ActFile",
    "ActUnit",
    "ApiToken",
    "Appointment",
    "AuditEntry",
    "AuditHead",
    "Complaint",
    "Conflict",
    "Council",
    "CouncilMember",
    "Cycle",
    "Dossier",
    "Explanation",
    "FactProof",
    "FactRecord",
    "ImportKey",
    "Invitation",
    "Minutes",
    "MinutesItem",
    "NumberSeries",
    "PriceList",
    "Proof",
    "Publication",
    "RulebookRecord",
    "Scenario",
    "Succession",
    "Transition",
    "UnitChange",
    "UnitRecord",
    "Vote",
    "YearReport",
]
