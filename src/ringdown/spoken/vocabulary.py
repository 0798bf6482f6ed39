"""The words numbers are said with, and the words around them. Pure."""
# ruff: noqa: E501 - word lists

from typing import Final


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


UNITS: Final = {
    **{
        word: at
        for at, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1
        )
    },
    "niner": 9,
}
ZEROS: Final = word_set("oh zero o nought")
TEENS: Final = {
    word: at
    for at, word in enumerate(
        [
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        10,
    )
}
TENS: Final = {
    **{
        word: 10 * at
        for at, word in enumerate(
            ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
        )
    },
    "fourty": 40,
}
SCALES: Final = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
REPEATS: Final = {"double": 2, "triple": 3, "quadruple": 4}
ORDINAL_UNITS: Final = {
    word: at
    for at, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1
    )
}
ORDINAL_TEENS: Final = {
    word: at
    for at, word in enumerate(
        [
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        10,
    )
}
ORDINAL_TENS: Final = {
    word: 10 * at
    for at, word in enumerate(
        [
            "twentieth",
            "thirtieth",
            "fortieth",
            "fiftieth",
            "sixtieth",
            "seventieth",
            "eightieth",
            "ninetieth",
        ],
        2,
    )
}
ORDINALS: Final = {**ORDINAL_UNITS, **ORDINAL_TEENS, **ORDINAL_TENS}
NUMBER_WORDS: Final = (
    frozenset({**UNITS, **TEENS, **TENS, **SCALES, **REPEATS, **ORDINALS})
    | ZEROS
    | {"hundred", "hundredth", "thousandth"}
)
"""Words that may be part of a number. Numbers from recognition are never to be trusted."""

HOMOPHONES: Final = {
    "for": "4",
    "fore": "4",
    "to": "2",
    "too": "2",
    "won": "1",
    "ate": "8",
    "tree": "3",
    "sex": "6",
    "nein": "9",
}
"""Words a recogniser writes for a digit. They are digits in alternative readings only."""

NATO: Final = {
    word: letter
    for letter, said in {
        "A": "alpha alfa",
        "B": "bravo",
        "C": "charlie",
        "D": "delta",
        "E": "echo",
        "F": "foxtrot",
        "G": "golf",
        "H": "hotel",
        "I": "india",
        "J": "juliet juliett",
        "K": "kilo",
        "L": "lima",
        "M": "mike",
        "N": "november",
        "O": "oscar",
        "P": "papa",
        "Q": "quebec",
        "R": "romeo",
        "S": "sierra",
        "T": "tango",
        "U": "uniform",
        "V": "victor",
        "W": "whiskey whisky",
        "X": "x-ray xray",
        "Y": "yankee",
        "Z": "zulu",
    }.items()
    for word in said.split()
}
POLICE: Final = {
    word: word[0].upper()
    for word in [
        "adam",
        "boy",
        "charles",
        "david",
        "edward",
        "frank",
        "george",
        "henry",
        "ida",
        "john",
        "king",
        "lincoln",
        "mary",
        "nora",
        "ocean",
        "paul",
        "queen",
        "robert",
        "sam",
        "tom",
        "union",
        "victor",
        "william",
        "young",
        "zebra",
    ]
}
"""The alphabet of most American police radios. Its words are names too, so they prove little."""

LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")

MONTHS: Final = {
    name: at
    for at, names in enumerate(
        [
            "january jan",
            "february feb",
            "march",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        1,
    )
    for name in names.split()
}
MONTH_NAMES: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

COUNTED: Final = word_set(
    "people persons person guys men women kids children males females adults officers victims patients "
    "cars vehicles trucks shots rounds times minutes minute mins hours hour seconds days day weeks week months month years year "
    "feet foot inches inch yards miles mile pounds blocks houses doors units beers pills"
)
"""What is counted: "forty fifty people" is forty or fifty, not four thousand and fifty."""

FILLERS: Final = word_set("um uh er ah")
CORRECTING: Final = word_set(
    "no not sorry wait correction actually rather mean meant i i'm im scratch that make it it's its that's excuse me um uh oops"
)
"""Words between a number and its correction: "five five five, no, five six five"."""
CORRECTS: Final = word_set("no sorry correction actually rather mean meant scratch oops")

TURNING: Final = word_set(
    "my god no yeah yes okay ok lord man shit gosh please wait sorry well jesus dear boy i'm it's he's she's they're and"
)
"""After "oh" these say that it was a sigh and no zero: "twenty two, oh my god"."""

AFTER_TO: Final = word_set(
    "the a an my me us him her his their them it this that be get go see help come call tell you your our some"
)
"""After these "to" and "for" are what they are: "2210 to the hospital"."""
