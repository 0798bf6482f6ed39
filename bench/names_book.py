"""An invented town: names of streets, places and businesses that sound like real ones."""

import random

from ringdown.speech.model.names import NameBook


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    """
    ash ald and arn ban bar bay beck bel ber birch black bran breck bren brook bur cal cam
    car cas cedar chan clay cliff col con cor crans crow dal dan dar den dun east el elm
    fair fal farn fen fern fox gar gil glen gold gran green gris had hal ham har hart hav
    hay hazel heather hen hil hol hub hunt ing kel ken kil king kirk lam lan lar laurel lex
    lin lock long lyn mal man mar maple mead mel mill mon mor nel nor oak orch par pem pen
    pine por pres quin ran red rich ridge rose rush sal san shel sher silver spring stan
    sted stone strat sul sum syl tam than thorn til tren tul van ver wal war wat wel wen
    whit wil win wind wood york
    """
)
SECOND = _words(
    """
    bank beth bourne bridge brook bury by combe cote croft dale den don dorf er fell field
    ford gate glen grove hall ham haven hill holm hurst ing kirk land ley ler lin low man
    mere mond more mont mouth ner ness port rick ridge ro ros sey shaw shire side son stead
    stone sworth ter thorpe ton vale view ville wald ward way well wick win wood worth
    """
)
WHOLE = _words(
    """
    Abernathy Alvarado Anacortes Arroyo Atherton Beauchamp Benedetto Bettencourt Bialystok
    Bordeaux Buckhorn Calhoun Callaghan Camarillo Carpenter Castellano Chesapeake Cheyenne
    Cholla Coeur Cordova Daugherty Delacroix Delgado Dombrowski Escondido Esperanza
    Fauntleroy Figueroa Fitzgerald Fuentes Gallagher Gallatin Garrison Genesee Gough
    Guerrero Gutierrez Hathaway Hennepin Hiawatha Houlihan Huckleberry Iroquois Jacaranda
    Kalamath Kalispell Kearney Kieffer Klickitat Knickerbocker Kosciuszko Lachapelle
    Lafayette Larimer Loughlin Machado Mahoney Manzanita McAllister McGillivray McTavish
    Menomonie Merriweather Milwaukie Monongahela Montague Montezuma Navarro Nicollet
    Nisqually Ocotillo Okanogan Oneida Ottawa Palomino Papillion Pendergast Phinney
    Pocahontas Ponderosa Poughkeepsie Quincy Quintana Ramirez Rensselaer Rochambeau
    Sacajawea Saginaw Sahalee Saratoga Savannah Schaefer Schiller Schroeder Schuyler
    Sepulveda Shaughnessy Shenandoah Siskiyou Skokomish Snohomish Stanislaus Steilacoom
    Susquehanna Tamarack Tecumseh Thibodeaux Ticonderoga Trujillo Tualatin Tuscarora
    Umatilla Vallejo Vandermeer Villanueva Wabash Wenatchee Willamette Winnebago Woonsocket
    Worcester Wyandotte Yarborough Yesler Zamora Zuniga
    """
)
KINDS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Boulevard", "Way", "Place")
SHORT = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Boulevard": "Blvd", "Drive": "Dr"}
PLACES = ("Park", "School", "Apartments", "Mall", "Hospital", "Bridge", "Plaza")
SHOPS = ("Market", "Bakery", "Motors", "Pharmacy", "Tavern", "Hardware")


def own_words(count: int, chance: random.Random) -> list[str]:
    """Words that streets are named for: whole ones and put together."""
    made = set(WHOLE)
    while len(made) < count:
        made.add((chance.choice(FIRST) + chance.choice(SECOND)).capitalize())
    return sorted(made)


def book(size: int, seed: int = 5) -> NameBook:
    """As many names as asked for; the same every time."""
    chance = random.Random(seed)
    words = own_words(min(7000, size), chance)
    names: dict[str, str] = {f"{word} {chance.choice(KINDS)}": "s" for word in words}
    while len(names) < size:
        word, more = chance.choice(words), chance.choice(words)
        drawn = chance.random()
        if drawn < 0.55:
            kind = chance.choice(KINDS)
            side = chance.choice(("", "", "", "N ", "South "))
            names[f"{side}{word} {SHORT.get(kind, kind)}"] = "s"
        elif drawn < 0.75:
            names[f"{word} {more} {chance.choice(KINDS)}"] = "s"
        elif drawn < 0.9:
            names[f"{word} {chance.choice(PLACES)}"] = "p"
        else:
            names[f"{word} {chance.choice(SHOPS)}"] = "b"
    return NameBook("bench", tuple(names), "".join(names.values()))


def spoken(count: int, seed: int = 6) -> list[tuple[str, str]]:
    """Names to be said, half of them whole words, half put together; each with a kind of road."""
    chance = random.Random(seed)
    streets = {
        name.rpartition(" ")[0]: name.rpartition(" ")[2]
        for name in book(7000).names
        if name.rpartition(" ")[2] in KINDS and name.count(" ") == 1
    }
    whole = [word for word in WHOLE if word in streets]
    made = sorted(word for word in streets if word not in WHOLE)
    chosen = chance.sample(whole, count // 2) + chance.sample(made, count - count // 2)
    chance.shuffle(chosen)
    return [(word, streets[word]) for word in chosen]
