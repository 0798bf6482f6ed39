"""Words that must never be made up: weapons, injuries, fire, people, colours, directions. Pure.

Words of one group say the same thing. A sentence with a word of a group needs a word of that group,
or of one that implies it, in what it cites. A sign tells "unconscious" from "conscious".
"""
# ruff: noqa: E501 - word lists

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from ringdown.spoken.vocabulary import word_set


class Term(NamedTuple):
    """What a word says: its group, and whether it says the opposite."""

    group: str
    denied: bool = False


_GROUPS: Final[Mapping[str, str]] = {
    "gun": "gun guns firearm firearms",
    "knife": "knife knives blade",
    "club": "club",
    "bomb": "bomb bombs explosive explosives grenade",
    "weapon": "weapon weapons armed",
    "shot": "shot shots shooting shoot shoots shooter gunshot gunshots gunfire",
    "stab": "stab stabbed stabbing stabs slashed",
    "cut": "cut cuts cutting",
    "strangle": "strangle strangled strangling choked throttled",
    "hit": "hit hits hitting struck",
    "attack": "attack attacked attacking assault assaulted assaulting",
    "fight": "fight fights fighting fought",
    "rape": "rape raped sexually molested",
    "rob": "rob robbed robbing robbery",
    "threat": "threat threaten threatened threatening threats",
    "hostage": "hostage hostages",
    "breathe": "breathe breathes breathing breath breaths",
    "pulse": "pulse heartbeat",
    "conscious": "conscious awake responsive responding alert",
    "dead": "dead died dying deceased killed murdered fatal death corpse",
    "bleed": "bleed bleeds bleeding blood bloody bled hemorrhaging",
    "hurt": "hurt injured injury injuries wounded wound wounds pain painful",
    "broken": "broken broke fracture fractured",
    "burn": "burn burned burns burnt",
    "seizure": "seizure seizures seizing convulsing convulsion",
    "stroke": "stroke",
    "choke": "choke choking chokes",
    "drown": "drown drowned drowning",
    "cpr": "cpr compressions",
    "overdose": "overdose overdosed overdosing narcan",
    "drug": "drug drugs medication medications medicine",
    "alcohol": "drunk intoxicated alcohol",
    "suicide": "suicide suicidal",
    "pregnant": "pregnant pregnancy",
    "allergy": "allergic allergy anaphylaxis",
    "diabetes": "diabetic diabetes",
    "asthma": "asthma asthmatic",
    "heart": "heart cardiac",
    "fire": "fire fires flames flame burning blaze",
    "smoke": "smoke smoky smoking",
    "explosion": "explosion exploded explode explodes blast",
    "gas": "gas propane methane",
    "leak": "leak leaking leaks spill spilled",
    "chemical": "chemical chemicals toxic fumes",
    "wire": "wire wires powerline powerlines electrocuted electrocution",
    "trapped": "trapped stuck pinned entrapped entrapment",
    "crash": "crash crashed collision collided wreck wrecked accident",
    "flood": "flood flooded flooding",
    "missing": "missing lost disappeared",
    "fall": "fall fell fallen falls falling",
    "car": "car cars",
    "truck": "truck trucks",
    "van": "van vans",
    "suv": "suv suvs",
    "motorcycle": "motorcycle motorcycles motorbike",
    "bicycle": "bicycle bike bikes bicycles cyclist",
    "bus": "bus buses",
    "train": "train trains",
    "boat": "boat boats canoe kayak",
    "plane": "plane aircraft helicopter airplane",
    "vehicle": "vehicle vehicles",
    "dog": "dog dogs puppy",
    "cat": "cat cats kitten",
    "horse": "horse horses",
    "snake": "snake snakes",
    "animal": "animal animals pet pets",
    "male": "male males",
    "female": "female females",
    "child": "child children kid kids minor juvenile",
    "baby": "baby babies infant newborn",
    "teenager": "teenager teenagers teen teens teenage",
    "elderly": "elderly",
    "husband": "husband",
    "wife": "wife",
    "boyfriend": "boyfriend",
    "girlfriend": "girlfriend",
    "son": "son sons",
    "daughter": "daughter daughters",
    "mother": "mother mom mommy mum mama",
    "father": "father dad daddy papa",
    "brother": "brother brothers",
    "sister": "sister sisters",
    "grandmother": "grandmother grandma granny",
    "grandfather": "grandfather grandpa",
    "uncle": "uncle",
    "aunt": "aunt",
    "neighbor": "neighbor neighbors neighbour neighbours",
    "friend": "friend friends",
    "roommate": "roommate roommates",
    "officer": "officer officers police cop cops deputy",
    "head": "head skull",
    "face": "face",
    "eye": "eye eyes",
    "neck": "neck throat",
    "chest": "chest",
    "stomach": "stomach belly abdomen abdominal",
    "arm": "arm arms",
    "hand": "hand hands",
    "leg": "leg legs",
    "foot": "foot",
    "hip": "hip",
    "knee": "knee knees",
    "shoulder": "shoulder shoulders",
    **{
        each: each
        for each in sorted(word_set("red blue green black white yellow orange purple pink brown gray grey silver gold tan "
            "beige maroon blond blonde bald north south east west northbound southbound eastbound "
            "westbound northeast northwest southeast southwest monday tuesday wednesday thursday "
            "friday saturday sunday yesterday tonight tomorrow hoodie jacket shirt jeans shorts hat "
            "mask dress coat sweater tattoo beard mustache backpack upstairs downstairs basement "
            "attic roof kitchen bedroom bathroom garage school church hospital store bank hotel "
            "motel bridge highway interstate river lake pool"
        ))
    },
}  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "gun": "handgun/handguns/pistol/pistols/revolver/glock rifle/rifles shotgun/shotguns",
    "weapon": "gun knife club bomb machete sword dagger screwdriver boxcutter scissors bat hammer "
    "crowbar pipe stick brick bottle axe hatchet",
    "hit": "punched/punching/punch kicked/kicking/kick slapped/slapping beat/beats/beaten/beating",
    "attack": "hit stab shot",
    "steal": "stole/stolen/steal/stealing/theft rob",
    "burglary": "burglar/burglary/burglarized",
    "kidnap": "kidnapped/kidnapping abducted",
    "drug": "pills heroin fentanyl cocaine meth insulin inhaler epipen",
    "alcohol": "drinking/drank/drinks",
    "labor": "labor/labour contractions",
    "chemical": "poison/poisoned",
    "car": "sedan coupe hatchback",
    "truck": "pickup semi",
    "van": "minivan",
    "vehicle": "car truck van suv motorcycle bus boat",
    "animal": "dog cat horse snake",
    "hurt": "bleed burn",
    "child": "baby toddler boy/boys girl/girls",
    "male": "man/men/guy/guys/gentleman boy he husband boyfriend son father brother grandfather uncle",
    "female": "woman/women/lady/ladies girl she wife girlfriend daughter mother sister grandmother "
    "aunt",
    "man": "he husband boyfriend father grandfather uncle",
    "woman": "she wife girlfriend mother grandmother aunt",
    "boy": "he son",
    "girl": "she daughter",
    "he": "he/him/his/himself",
    "she": "she/her/hers/herself",
    "leg": "thigh",
    "foot": "ankle",
    **{way: f"{way}bound" for way in ("north", "south", "east", "west")},
    **{f"{way}bound": way for way in ("north", "south", "east", "west")},
}
"""What a group is also said by, since it says more: a rifle is a gun, and a gun is no rifle."""

_OPPOSITES: Final[Mapping[str, str]] = {
    "conscious": "unconscious unresponsive",
    "dead": "alive",
    "hurt": "unhurt uninjured unharmed",
    "weapon": "unarmed",
    "breathe": "apneic",
    "alcohol": "sober",
}

TERMS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        **{
            word: Term(each.partition("/")[0])
            for kinds in _KINDS.values()
            for each in kinds.split()
            for word in each.split("/")
        },
        **{word: Term(group) for group, words in _GROUPS.items() for word in words.split()},
        **{
            word: Term(group, denied=True)
            for group, words in _OPPOSITES.items()
            for word in words.split()
        },
    }
)
"""What each word says."""

PHRASES: Final[Mapping[tuple[str, ...], Term]] = MappingProxyType(
    {
        ("passed", "out"): Term("conscious", denied=True),
        ("blacked", "out"): Term("conscious", denied=True),
        ("knocked", "out"): Term("conscious", denied=True),
        ("lost", "consciousness"): Term("conscious", denied=True),
        ("out", "cold"): Term("conscious", denied=True),
        ("waking", "up"): Term("conscious"),
        ("wake", "up"): Term("conscious"),
        ("power", "line"): Term("wire"),
        ("power", "lines"): Term("wire"),
        ("heart", "attack"): Term("heart attack"),
        ("false", "alarm"): Term("false alarm"),
    }
)
"""Words that say it together."""


def _below(group: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """The groups that say this one too, over all steps."""
    found: set[str] = set()
    for each in _KINDS.get(group, "").split():
        kind = each.partition("/")[0]
        if kind != group and kind not in seen:
            found |= {kind} | _below(kind, seen | {group})
    return frozenset(found)


IMPLIED_BY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {group: _below(group) for group in _KINDS}
)
"""Groups that say this one too, and more."""

HE_OR_SHE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "he": frozenset("man boy husband boyfriend son father brother grandfather uncle".split()),  # noqa: SIM905
        "she": frozenset(
            "woman girl wife girlfriend daughter mother sister grandmother aunt".split()  # noqa: SIM905
        ),
    }
)
"""Who a pronoun may stand for: it shows what somebody is only where no such word is said."""

PRONOUNS: Final = word_set("he him his himself she her hers herself")
"""They show of whom something was said; by themselves they claim nothing."""

CENTRE_ACTS: Final = word_set(
    "dispatch dispatched dispatching cancel canceled cancelled cancelling enroute"
)
"""What the centre does: only the call-taker's own words show that it was done."""
