"""The kinds of incident a draft may name, their categories, and the four severities. Pure."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Category = Literal["police", "fire", "medical", "traffic", "rescue", "animal", "non_emergency"]
Level = Literal["low", "medium", "high", "critical"]

CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)


@dataclass(frozen=True)
class IncidentType:
    """One kind of incident: a stable code, the words a person reads, and its usual severity."""

    code: str
    label: str
    category: Category
    usual: Level


INCIDENT_TYPES: Final[tuple[IncidentType, ...]] = (
    IncidentType("shooting", "Shooting", "police", "critical"),
    IncidentType("stabbing", "Stabbing", "police", "critical"),
    IncidentType("person_with_weapon", "Person with a weapon", "police", "high"),
    IncidentType("assault", "Assault or fight", "police", "high"),
    IncidentType("domestic", "Domestic disturbance", "police", "high"),
    IncidentType("sexual_assault", "Sexual assault", "police", "critical"),
    IncidentType("robbery", "Robbery", "police", "high"),
    IncidentType("burglary", "Burglary or break-in", "police", "high"),
    IncidentType("theft", "Theft", "police", "medium"),
    IncidentType("missing_person", "Missing person", "police", "high"),
    IncidentType("kidnapping", "Kidnapping", "police", "critical"),
    IncidentType("suspicious", "Suspicious person or vehicle", "police", "medium"),
    IncidentType("threat", "Threat or harassment", "police", "medium"),
    IncidentType("explosive", "Bomb or explosive", "police", "high"),
    IncidentType("death", "Dead person found", "police", "critical"),
    IncidentType("damage", "Damage or vandalism", "police", "medium"),
    IncidentType("welfare", "Welfare check", "police", "medium"),
    IncidentType("unknown_trouble", "Help wanted, reason not clear", "police", "high"),
    IncidentType("structure_fire", "Building fire", "fire", "critical"),
    IncidentType("fire", "Fire", "fire", "high"),
    IncidentType("vehicle_fire", "Vehicle fire", "fire", "high"),
    IncidentType("outdoor_fire", "Brush or outdoor fire", "fire", "high"),
    IncidentType("smoke_alarm", "Alarm or smell of smoke", "fire", "medium"),
    IncidentType("gas_leak", "Gas leak or hazardous material", "fire", "high"),
    IncidentType("cardiac_arrest", "Not breathing or cardiac arrest", "medical", "critical"),
    IncidentType("unconscious", "Unconscious person", "medical", "critical"),
    IncidentType("breathing", "Breathing problem", "medical", "critical"),
    IncidentType("chest_pain", "Chest pain or heart", "medical", "high"),
    IncidentType("stroke", "Stroke", "medical", "high"),
    IncidentType("overdose", "Overdose or poisoning", "medical", "critical"),
    IncidentType("suicidal", "Suicidal person", "medical", "critical"),
    IncidentType("childbirth", "Childbirth", "medical", "high"),
    IncidentType("bleeding", "Injury or bleeding", "medical", "high"),
    IncidentType("fall", "Fall", "medical", "medium"),
    IncidentType("seizure", "Seizure", "medical", "high"),
    IncidentType("sick", "Sick person", "medical", "medium"),
    IncidentType("mental_health", "Mental health crisis", "medical", "high"),
    IncidentType("drowning", "Drowning or person in water", "rescue", "critical"),
    IncidentType("trapped", "Person trapped or stuck", "rescue", "high"),
    IncidentType("lost", "Lost person", "rescue", "high"),
    IncidentType("aircraft", "Aircraft crash", "rescue", "critical"),
    IncidentType("crash", "Vehicle crash", "traffic", "high"),
    IncidentType("struck_by_vehicle", "Person struck by a vehicle or train", "traffic", "critical"),
    IncidentType("impaired_driver", "Reckless or impaired driver", "traffic", "medium"),
    IncidentType("traffic_hazard", "Traffic hazard", "traffic", "medium"),
    IncidentType("runaway_vehicle", "Vehicle out of control", "traffic", "critical"),
    IncidentType("animal_attack", "Animal attack or threat", "animal", "medium"),
    IncidentType("animal", "Animal in need or loose", "animal", "low"),
    IncidentType("noise", "Noise complaint", "non_emergency", "low"),
    IncidentType("lockout", "Locked out", "non_emergency", "low"),
    IncidentType("dispute", "Customer or neighbour dispute", "non_emergency", "low"),
    IncidentType("misdial", "Wrong number or misdial", "non_emergency", "low"),
    IncidentType("nuisance", "Nuisance or prank call", "non_emergency", "low"),
    IncidentType("information", "Question or information", "non_emergency", "low"),
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
