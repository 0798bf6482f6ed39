"""The names an EIDO 1.0 document may hold (NENA-STA-021.1b-2022 §2): our own list.

The standard's schema is open, so that a misspelt member is valid by it. This list is closed.
"""

from dataclasses import dataclass
from typing import Final

MEDIA_TYPE: Final = 'application/emergency.eido+json;version="1"'
VERSION: Final = "1.0"

PROLOGUE: Final = frozenset({"$id", "lastUpdateTimeStamp", "updatedByAgencyReference"})
"""What every component begins with (§2.1)."""
PROLOGUE_MORE: Final = frozenset({"updatedByAgentReference"})


@dataclass(frozen=True)
class Shape:
    """A component: the members it must have, those it may have, and values from registries."""

    must: frozenset[str]
    may: frozenset[str] = frozenset()
    from_registry: tuple[tuple[str, str], ...] = ()
    """Member, registry."""
    one: bool = False
    """Whether the document holds one of it and not a list."""

    @property
    def allowed(self) -> frozenset[str]:
        """Every member that may stand in it."""
        return PROLOGUE | PROLOGUE_MORE | self.must | self.may


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


DOCUMENT: Final = Shape(
    _names("eidoVersion issuingElementIdentification agencyComponent"),
    _names(
        "incidentComponent callComponent callbackComponent agentComponent locationComponent "
        "personComponent notesComponent additionalDataComponent cautionComponent "
        "alarmsSensorsComponent vehicleComponent mediaComponent mergeComponent linkComponent "
        "emergencyResourceComponent dispatchComponent @context"
    ),
)

COMPONENTS: Final[dict[str, Shape]] = {
    "incidentComponent": Shape(
        _names("incidentTypeCommonRegistryText"),
        _names(
            "incidentTypeInternalCode incidentTypeInternalText incidentStatusInternalText "
            "incidentStatusCommonRegistryText internalIncidentId agentReference locationReference "
            "personReference vehicleReference documentIdentification reportNumberType "
            "incidentPriorityInternalText incidentCommonPriorityNumber beatOrDispatchGroupText "
            "dispositionComponent notesReference"
        ),
        (
            ("incidentTypeCommonRegistryText", "incident_type"),
            ("incidentStatusCommonRegistryText", "incident_status"),
            ("reportNumberType", "report_number"),
        ),
        one=True,
    ),
    "callComponent": Shape(
        _names("callStateRegistryText standardPrimaryCallType direction callStartTimestamp"),
        _names(
            "relatedCallIdentifier queueIdentifier standardSecondaryCallType localCallType "
            "additionalDataReference answerDate agentReference callBackReference verstat "
            "sipIdentity locationReference notesReference personReference"
        ),
        (
            ("callStateRegistryText", "call_state"),
            ("standardPrimaryCallType", "call_type"),
            ("direction", "direction"),
        ),
    ),
    "callbackComponent": Shape(
        frozenset(), _names("callBackInformationUri deviceContactHeader updatedCbn")
    ),
    "agencyComponent": Shape(
        _names("agencyRoleDescriptionRegistryText agencyType"),
        _names("agencyJcard notesReference incidentOwningAgencyIndicator"),
        (
            ("agencyRoleDescriptionRegistryText", "agency_role"),
            ("agencyType", "agency_type"),
        ),
    ),
    "agentComponent": Shape(
        _names("agentRoleRegistryText agencyReference"),
        _names("agentJcard agentWorkstationPositionIdentification notesReference"),
    ),
    "locationComponent": Shape(
        _names("locationTypeDescriptionRegistryText"),
        _names(
            "locationByValue locationByReferenceUrl locationDescriptionText crossStreetByValue "
            "crossStreetByReferenceUrl intersectingStreetByValue "
            "intersectingStreetByReferenceUrl cellTowerSectorId additionalDataReference "
            "notesReference"
        ),
        (("locationTypeDescriptionRegistryText", "location_type"),),
    ),
    "personComponent": Shape(
        _names("personIncidentRoleRegistryText"),
        _names(
            "ncPersonComponent callIdentifier locationReference notesReference "
            "additionalDataReference callBackReference"
        ),
        (("personIncidentRoleRegistryText", "person_role"),),
    ),
    "notesComponent": Shape(_names("notesActionComments"), _names("agentReference")),
    "additionalDataComponent": Shape(
        frozenset(),
        _names("additionalDataByReferenceUrl additionalDataByValue urlPurpose notesReference"),
    ),
    "cautionComponent": Shape(
        _names("cautionTypeInternalText cautionTypeCommonRegistryText cautionSeverity"),
        _names("cautionTypeCommonSubRegistryText cautionSource startDate"),
        (("cautionSeverity", "caution_severity"),),
    ),
    "alarmsSensorsComponent": Shape(
        frozenset(), _names("csaaAlarmInformation alarmUrl agentReference notesReference")
    ),
    "vehicleComponent": Shape(
        _names("vehicleRelationshipType vehicleRelationshipTimeStamp"),
        _names("additionalDataReference locationReference notesReference ncVehicleComponent"),
        (("vehicleRelationshipType", "vehicle_relationship"),),
    ),
    "mediaComponent": Shape(_names("uri contentType"), _names("label")),
    "mergeComponent": Shape(
        _names("incidentTrackingIdentifier incidentMergeDirectionCode"),
        from_registry=(("incidentMergeDirectionCode", "merge_direction"),),
    ),
    "linkComponent": Shape(
        _names("incidentTrackingIdentifier linkDirectionCode"),
        _names("transactionReasonText involvedAgencyReference"),
        (("linkDirectionCode", "link_direction"),),
    ),
    "emergencyResourceComponent": Shape(
        _names(
            "agentReference emergencyResourceTypeCommonRegistryText primaryUnitStatusRegistryText "
            "resourceAttributeRegistryText secondaryUnitStatusRegistryText"
        ),
        _names(
            "emergencyResourceTypeInternalText emergencyResourceName notesReference "
            "unitStatusInternal unitLocationReference unitDestinationReference eta "
            "personReference vehicleReference"
        ),
    ),
    "dispatchComponent": Shape(
        frozenset(),
        _names("agencyReference agentReference emergencyResourceReference notesReference"),
    ),
}

INNER: Final[dict[str, Shape]] = {
    "updatedCbn": Shape(
        _names("updatedCbnIdentifierUri"), _names("updatedCbnCallerDescription"), one=True
    ),
    "dispositionComponent": Shape(
        _names("dispositionCommonRegistryCode"),
        _names(
            "dispositionPrimaryIndicator dispositionCategoryText dispositionDescriptionText "
            "notesReference"
        ),
    ),
}
"""Components that stand inside others."""

EITHER: Final[dict[str, tuple[str, str]]] = {
    "locationComponent": ("locationByValue", "locationByReferenceUrl"),
    "additionalDataComponent": ("additionalDataByValue", "additionalDataByReferenceUrl"),
    "alarmsSensorsComponent": ("csaaAlarmInformation", "alarmUrl"),
}
"""Components that hold exactly one of two members."""

REFERS_TO: Final[dict[str, str]] = {
    "updatedByAgencyReference": "agencyComponent",
    "updatedByAgentReference": "agentComponent",
    "agencyReference": "agencyComponent",
    "involvedAgencyReference": "agencyComponent",
    "agentReference": "agentComponent",
    "locationReference": "locationComponent",
    "unitLocationReference": "locationComponent",
    "unitDestinationReference": "locationComponent",
    "personReference": "personComponent",
    "vehicleReference": "vehicleComponent",
    "notesReference": "notesComponent",
    "additionalDataReference": "additionalDataComponent",
    "callBackReference": "callbackComponent",
    "emergencyResourceReference": "emergencyResourceComponent",
}
"""The kind of component that a reference leads to."""
