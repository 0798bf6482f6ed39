"""The kinds of incident a draft may name, their categories, and the four severities. Pure."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Category = Literal["police", "fire", "medical", "traffic", "rescue", "animal", "non_emergency"]
Level = Literal["low", "medium", "high", "critical"]

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)


@dataclass(frozen=True)
class IncidentType:
    """One kind of incident: a stable code, the words a person reads, and its usual severity.

    `common` is the code of APCO 2.103.2 that other centres and their systems know it by. Where the
    registry tells more kinds apart than callers do, it is the one that promises least.
    """

    code: str
    label: str
    category: Category
    usual: Level
    common: str


INCIDENT_TYPES: Final[tuple[IncidentType, ...]] = (
    IncidentType("shooting", "Shooting", "police", "critical", "SHOOT"),
    IncidentType("stabbing", "Stabbing", "police", "critical", "STABBING"),
    IncidentType("person_with_weapon", "Person with a weapon", "police", "high", "WEAPON"),
    IncidentType("assault", "Assault or fight", "police", "high", "ASSAULT"),
    IncidentType("domestic", "Domestic disturbance", "police", "high", "DVNA"),
    IncidentType("sexual_assault", "Sexual assault", "police", "critical", "SEXOFFNS"),
    IncidentType("robbery", "Robbery", "police", "high", "ROBBERY"),
    IncidentType("burglary", "Burglary or break-in", "police", "high", "BURGLARY"),
    IncidentType("theft", "Theft", "police", "medium", "LARCENY"),
    IncidentType("missing_person", "Missing person", "police", "high", "PERMISS"),
    IncidentType("kidnapping", "Kidnapping", "police", "critical", "ABDUCTNF"),
    IncidentType("suspicious", "Suspicious person or vehicle", "police", "medium", "SUSP"),
    IncidentType("threat", "Threat or harassment", "police", "medium", "THREATS"),
    IncidentType("explosive", "Bomb or explosive", "police", "high", "BOMB"),
    IncidentType("death", "Dead person found", "police", "critical", "DEATH"),
    IncidentType("damage", "Damage or vandalism", "police", "medium", "VANDAL"),
    IncidentType("welfare", "Welfare check", "police", "medium", "WELFARE"),
    IncidentType("unknown_trouble", "Help wanted, reason not clear", "police", "high", "TROUBLE"),
    IncidentType("structure_fire", "Building fire", "fire", "critical", "FSTRU"),
    IncidentType("fire", "Fire", "fire", "high", "FUNK"),
    IncidentType("vehicle_fire", "Vehicle fire", "fire", "high", "FVEH"),
    IncidentType("outdoor_fire", "Brush or outdoor fire", "fire", "high", "FBRUSH"),
    IncidentType("smoke_alarm", "Alarm or smell of smoke", "fire", "medium", "FSMOKE"),
    IncidentType("gas_leak", "Gas leak or hazardous material", "fire", "high", "GASLEAK"),
    IncidentType(
        "cardiac_arrest", "Not breathing or cardiac arrest", "medical", "critical", "RESPARR"
    ),
    IncidentType("unconscious", "Unconscious person", "medical", "critical", "PERUNCON"),
    IncidentType("breathing", "Breathing problem", "medical", "critical", "RESP"),
    IncidentType("chest_pain", "Chest pain or heart", "medical", "high", "CARDIAC"),
    IncidentType("stroke", "Stroke", "medical", "high", "STROKE"),
    IncidentType("overdose", "Overdose or poisoning", "medical", "critical", "OD"),
    IncidentType("suicidal", "Suicidal person", "medical", "critical", "SUICTHRT"),
    IncidentType("childbirth", "Childbirth", "medical", "high", "PREG"),
    IncidentType("bleeding", "Injury or bleeding", "medical", "high", "TRAUMA"),
    IncidentType("fall", "Fall", "medical", "medium", "FALL"),
    IncidentType("seizure", "Seizure", "medical", "high", "SEIZURE"),
    IncidentType("sick", "Sick person", "medical", "medium", "SICK"),
    IncidentType("mental_health", "Mental health crisis", "medical", "high", "EDP"),
    IncidentType("drowning", "Drowning or person in water", "rescue", "critical", "DROWN"),
    IncidentType("trapped", "Person trapped or stuck", "rescue", "high", "ENTRAP"),
    IncidentType("lost", "Lost person", "rescue", "high", "SAR"),
    IncidentType("aircraft", "Aircraft crash", "rescue", "critical", "AIR"),
    IncidentType("crash", "Vehicle crash", "traffic", "high", "MVAUNK"),
    IncidentType(
        "struck_by_vehicle", "Person struck by a vehicle or train", "traffic", "critical", "MVAINJY"
    ),
    IncidentType("impaired_driver", "Reckless or impaired driver", "traffic", "medium", "RECKDRV"),
    IncidentType("traffic_hazard", "Traffic hazard", "traffic", "medium", "THAZ"),
    IncidentType("runaway_vehicle", "Vehicle out of control", "traffic", "critical", "THAZ"),
    IncidentType("animal_attack", "Animal attack or threat", "animal", "medium", "ANIMAL"),
    IncidentType("animal_danger", "Animal in danger", "animal", "medium", "ANIMAL"),
    IncidentType("animal", "Animal in need or loose", "animal", "low", "ANIMAL"),
    IncidentType("noise", "Noise complaint", "non_emergency", "low", "NOISE"),
    IncidentType("lockout", "Locked out", "non_emergency", "low", "CITASST"),
    IncidentType("dispute", "Customer or neighbour dispute", "non_emergency", "low", "CDX"),
    IncidentType("misdial", "Wrong number or misdial", "non_emergency", "low", "NONEMERG"),
    IncidentType("nuisance", "Nuisance or prank call", "non_emergency", "low", "NONEMERG"),
    IncidentType("information", "Question or information", "non_emergency", "low", "INFO"),
)

RELATIONS: Final[dict[str, str]] = {
    "self": "The caller is the one in need",
    "relative": "Relative",
    "witness": "Witness",
    "bystander": "Bystander",
    "passer_by": "Passing by",
    "employee": "Employee or staff",
    "officer": "Officer or responder",
    "alarm_company": "Alarm company",
    "other": "Other",
}
"""How the caller stands to the incident."""

CHOICES: Final[dict[str, dict[str, str]]] = {
    "emergency": {"yes": "Emergency", "no": "No emergency"},
    "category": {
        "police": "Police",
        "fire": "Fire",
        "medical": "Medical",
        "traffic": "Traffic",
        "rescue": "Rescue",
        "animal": "Animal",
        "non_emergency": "Non-emergency",
    },
    "relation": RELATIONS,
}
"""Fields with few values: each value, and the words a person reads."""

BY_CODE: Final = {kind.code: kind for kind in INCIDENT_TYPES}


def type_text(code: str) -> str:
    """What a person reads for a type's code; an unknown code is shown as it is."""
    kind = BY_CODE.get(code)
    return kind.label if kind else code
