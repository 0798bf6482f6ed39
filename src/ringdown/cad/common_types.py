"""Our kinds of incident in the common codes of public safety (APCO 2.103.2-2019). Pure.

A code says no more than what was confirmed: where the common list asks for a detail that ours does
not have, the wider code stands here, or the one that is safer to be wrong with.
"""

from typing import Final

NO_CODE: Final = "NCRNONE"
"""No type is confirmed, or the common list has none for it."""

COMMON: Final[dict[str, str]] = {
    "shooting": "SHOOT",
    "stabbing": "STABBING",
    "person_with_weapon": "WEAPON",
    "assault": "ASSAULT",
    "domestic": "DVA",
    "sexual_assault": "SEXOFFNS",
    "robbery": "ROBBERY",
    "burglary": "BURGLARY",
    "theft": "LARCENY",
    "missing_person": "PERMISS",
    "kidnapping": "ABDUCTNF",
    "suspicious": "SUSP",
    "threat": "THREATS",
    "explosive": "BOMB",
    "death": "DEATH",
    "damage": "VANDAL",
    "welfare": "WELFARE",
    "unknown_trouble": "TROUBLE",
    "structure_fire": "FSTRU",
    "fire": "FUNK",
    "vehicle_fire": "FVEH",
    "outdoor_fire": "FBRUSH",
    "smoke_alarm": "FSMOKE",
    "gas_leak": "GASLEAK",
    "cardiac_arrest": "RESPARR",
    "unconscious": "PERUNCON",
    "breathing": "RESP",
    "chest_pain": "CARDIAC",
    "stroke": "STROKE",
    "overdose": "OD",
    "suicidal": "SUICTHRT",
    "childbirth": "PREG",
    "bleeding": "TRAUMA",
    "fall": "FALL",
    "seizure": "SEIZURE",
    "sick": "SICK",
    "mental_health": "EDP",
    "drowning": "DROWN",
    "trapped": "ENTRAP",
    "lost": "SAR",
    "aircraft": "AIR",
    "crash": "MVAUNK",
    "struck_by_vehicle": "MVAINJY",
    "impaired_driver": "RECKDRV",
    "traffic_hazard": "THAZ",
    "runaway_vehicle": "THAZ",
    "animal_attack": "BITE",
    "animal_danger": "ANIMAL",
    "animal": "ANIMAL",
    "noise": "NOISE",
    "lockout": "CITASST",
    "dispute": "CDX",
    "misdial": "NONEMERG",
    "nuisance": "NONEMERG",
    "information": "INFO",
}


def common_type(code: str | None) -> str:
    """The common code of one of our types."""
    return COMMON.get(code or "", NO_CODE)
