"""Single words that say what a call is about when nobody says it outright. Data and one search.

One word proves little: "guardrail" is heard in talk of crashes and of fences. Several of a kind in
one call, heard through noise, still tell a person which kind of help to think of. What words like
these give is always less sure than what a phrase gives.
"""

from collections.abc import Iterator
from typing import Final

from ringdown.incidents.adapters.rules.tokens import Line

STRENGTH: Final = 0.36
"""What one word gives; each further one of its kind adds to it."""
EACH: Final = 0.05
MOST: Final = 0.48

_WORDS: Final[dict[str, str]] = {
    "crash": (
        "accident accidents airbag airbags bumper collided collision crashed crashes ditch fender "
        "flipped guardrail headlight hood intersection jackknifed overturned pileup rearended "
        "rollover sideswiped skidded sedan suv taillight totaled tboned windshield wreck wrecked "
        "insurance ejected extricate median"
    ),
    "impaired_driver": "drunk speeding swerving swerved tailgating weaving racing recklessly",
    "traffic_hazard": "debris pothole stalled stoplight barricade roadway lanes traffic flooded",
    "struck_by_vehicle": "pedestrian bicyclist cyclist crosswalk jogger",
    "sick": (
        "abdominal ache appendix blood-pressure cancer catheter chemo clammy confused constipated "
        "cramping cramps dehydrated diabetic diarrhea dialysis disoriented dizziness dizzy "
        "faint feverish fever hospice infection insulin kidney lethargic lightheaded "
        "medical migraine nausea nauseous numb numbness pale pneumonia puking "
        "shaky surgery sweating sweaty swelling swollen symptoms tingling tingly tired "
        "transplant ulcer unwell urinate vomit vomited vomiting weak weakness wheelchair "
        "ambulance paramedic paramedics medics ems emt"
    ),
    "bleeding": (
        "amputated bandage bled blister bone bruise bruised burned burns concussion dislocated "
        "fracture fractured gash gauze injured injuries injury laceration limping sliced "
        "sprained stitches tourniquet wound wounded wounds saw fingers"
    ),
    "fall": "fallen slipped tripped ladder stairs",
    "breathing": "asthma choke choking cough coughing gasping inhaler oxygen wheezing",
    "chest_pain": "cardiac chest heart palpitations nitro nitroglycerin pacemaker",
    "overdose": "narcan od overdosed overdosing pills poison poisoned swallowed syringe",
    "unconscious": "collapsed fainted passed unconscious unresponsive snoring",
    "childbirth": "baby's contraction crowning labor midwife placenta pregnant umbilical",
    "suicidal": "suicidal suicide cutting noose",
    "mental_health": "bipolar delusional hallucinating medication meds paranoid schizophrenic",
    "seizure": "convulsing epileptic seizures seizure twitching jerking",
    "stroke": "stroke slurred drooping",
    "structure_fire": "attic evacuated flames smoke smoky burning sprinkler fireplace chimney",
    "fire": "ablaze blaze ember embers inferno smolder smoldering",
    "gas_leak": "chemical fumes leaking odor propane sulfur vapor monoxide",
    "assault": (
        "assaulted attacked beaten brawl fight fighting fistfight hitting jumped kicked punched "
        "punching stomped swinging"
    ),
    "domestic": "abusive arguing argument boyfriend's custody ex restraining screaming yelling",
    "burglary": "burglar crowbar deadbolt flashlight intruder prowler ransacked",
    "robbery": "cashier demanded holdup mask robbed robber robbers register robbery",
    "theft": (
        "shoplifter shoplifting stole stolen steal stealing thief thieves pickpocket unpaid "
        "drive-off merchandise"
    ),
    "person_with_weapon": "firearm gun guns handgun holster knife machete pistol rifle shotgun",
    "shooting": "bullet bullets gunfire gunshot gunshots shooter shots",
    "stabbing": "stabbed stabbing stab",
    "threat": "harassing harassment stalker stalking threatened threatening threats threat",
    "suspicious": (
        "creeping hoodie loitering lurking masked peeking stranger suspicious trespasser "
        "trespassing vagrant sketchy"
    ),
    "missing_person": "runaway missing wandered amber disappeared vanished",
    "kidnapping": "abducted hostage kidnapped",
    "damage": "graffiti vandalism vandalized vandals",
    "drowning": "boat canoe current dam drown drowned drowning kayak lifeguard river swim undertow",
    "trapped": "buried collapsed elevator entrapped pinned rope rubble stuck trapped trench wedged",
    "lost": "compass hikers hiking lost mountain stranded trail wilderness woods",
    "aircraft": "airplane cessna helicopter parachute pilot plane runway",
    "animal_attack": "alligator bear bit bitten bite cougar coyote mauled rabid rattlesnake stung",
    "animal": (
        "beagle bird cat cats collar cow cows deer dog dogs duck goat goose groundhog horse "
        "horses kitten leash livestock opossum owl parrot pet pig pigeon possum puppy raccoon "
        "rooster skunk snake squirrel stray turkey wildlife bats chickens"
    ),
    "noise": (
        "bass blasting fireworks karaoke mower music noise noisy party stereo "
        "thumping speakers drums"
    ),
    "lockout": "locksmith keys locked",
    "dispute": (
        "coupon customer eviction fence landlord lease manager neighbor's overcharged "
        "parking receipt refund rent restaurant tenant warranty waitress towed hoa cashier's"
    ),
    "misdial": "accidentally apologize misdial misdialed mistake pocket oops dialing dialed",
    "nuisance": "bored joke joking lonely prank score lottery cigarettes pizza",
    "information": (
        "appointment clerk directions dmv hours information license office permit question "
        "schedule ticket tickets website wondering curious paperwork"
    ),
}
TOPICS: Final = {word: code for code, words in _WORDS.items() for word in words.split()}
"""Each word and the one kind that it hints at most."""


def hinted(line: Line) -> Iterator[tuple[str, int, float]]:
    """Kinds that single words hint at: code, place of the first word, strength."""
    found: dict[str, list[int]] = {}
    for at, token in enumerate(line.tokens):
        code = TOPICS.get(token.text)
        if code is not None:
            found.setdefault(code, []).append(at)
    for code, places in found.items():
        said = len({line.tokens[at].text for at in places})
        yield code, places[0], min(MOST, STRENGTH + EACH * (said - 1))
