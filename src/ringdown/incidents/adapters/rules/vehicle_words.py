"""Words for vehicles. Data only."""
# ruff: noqa: E501 - word lists

from typing import Final

from ringdown.spoken.vocabulary import word_set

COLOURS: Final = word_set(
    "white black silver gray grey red blue green brown tan gold beige maroon burgundy yellow orange "
    "purple pink navy teal bronze champagne charcoal cream turquoise multicolored primer camo "
    "dark-colored light-colored dark-colour light-colour"
)
SHADES: Final = word_set(
    "dark light bright metallic matte two tone colored coloured deep baby forest"
)
ADJECTIVES: Final = word_set(
    "old older new newer late beat-up beat up rusty rusted lifted big little small large four two door "
    "four-door two-door extended crew cab model tinted unmarked older-model classic vintage full size mid sized "
    "compact convertible electric"
)
MAKES: Final = (
    r"acura|audi|bmw|b m w|buick|cadillac|chevy|chevrolet|chrysler|dodge|ford|gmc|g m c|honda|hyundai|infiniti|"
    r"isuzu|jaguar|jeep|kia|land rover|range rover|lexus|lincoln|mazda|mercedes(?:-benz| benz)?|mercury|"
    r"mini cooper|mitsubishi|nissan|oldsmobile|plymouth|pontiac|porsche|saab|saturn|scion|subaru|suzuki|"
    r"tesla|toyota|volkswagen|v w|vw|volvo|harley(?:-davidson| davidson)?|kawasaki|yamaha|ducati|kenworth|"
    r"peterbilt|freightliner|mack|u-?haul|u haul|polaris|genesis|rivian|fiat|lamborghini|ferrari|maserati"
)
DOUBTFUL_MAKES: Final = word_set("dodge ford lincoln mercury saturn mack genesis jaguar fiat")
"""Makes that are other things too; alone they are no vehicle."""
SURE_MODELS: Final = (
    r"civic|corolla|camry|prius|altima|sentra|maxima|elantra|sonata|impala|mustang|camaro|corvette|silverado|"
    r"equinox|suburban|trailblazer|tacoma|tundra|sienna|highlander|rav ?4|rav four|4runner|four runner|"
    r"c ?-?r ?-?v|h ?-?r ?-?v|f ?-?150|f one fifty|f ?-?250|f two fifty|f ?-?350|f three fifty|crown vic(?:toria)?|wrangler|"
    r"grand cherokee|grand caravan|durango|sportage|sorento|optima|impreza|forester|jetta|passat|elantra|"
    r"avalanche|escalade|yukon|navigator|tahoe|malibu|cobalt|cavalier|taurus|econoline|sprinter|econo ?line|"
    r"monte carlo|grand prix|grand am|lesabre|le sabre|deville|firebird|pathfinder|murano|xterra|armada|"
    r"model (?:3|three|y|x|s)|cayenne|crosstrek|outlander|eclipse|lancer|town and country|pt cruiser|p t cruiser"
)
MODELS: Final = (
    SURE_MODELS
    + r"|accord|focus|fit|escape|edge|fusion|charger|challenger|ranger|pilot|escort|explorer|journey|compass|"
    r"patriot|liberty|soul|accent|legacy|golf|element|transit|expedition|rogue|beetle|sierra|tucson|dakota|"
    r"colorado|santa fe|canyon|sonoma|cherokee|odyssey|traverse|titan|frontier|quest|versa|leaf|volt|bolt|"
    r"spark|cruze|forte|rio|outback|avalon|matrix|yaris|venza|sequoia|caravan|avenger|dart|magnum|intrepid|"
    r"stratus|neon|bronco|maverick|express|astro|venture|uplander|aveo|trax|enclave|regal|lacrosse|century|"
    r"town car|continental|juke|kicks|terrain|acadia|envoy|jimmy|tribeca|baja|veloster|palisade|telluride|"
    r"1500|2500|3500|ram|blazer|s-?10|xlt|tercel|integra|prelude|celica|supra|miata|cutlass|caprice|park avenue|skylark|roadmaster|fleetwood|cts|sts|srx|300c?|sebring|pacifica|aspen|nitro|viper|ram van|windstar|freestar|flex|mariner|montego|sable|grand marquis|villager|sidekick|galant|montero|diamante|mirage|cube|juke|kona|ioniq|venue|seltos|stinger|amanti|sedona|spectra|tiguan|touareg|rabbit|cabrio|cx-?5|cx-?9|tribute|protege|mx-?5|rx-?7|q5|q7|a4|a6|x3|x5|rx ?350|es ?350|is ?250|gx ?460|mdx|rdx|tl|tsx|rsx"
)
BODIES: Final[dict[str, str]] = {
    "truck": r"pick ?-?up(?: truck)?s?|pick up truck|(?:box|dump|flatbed|garbage|delivery|work|utility|cement|tanker|moving|semi) trucks?|"
    r"semis?|semi-?trailer|tractor ?-?trailers?|eighteen ?-?wheelers?|18 ?-?wheelers?|big rig|flatbed|tanker|trucks?",
    "van": r"mini ?-?vans?|(?:cargo|work|delivery|utility|passenger|panel) vans?|vans?",
    "suv": r"s\.?u\.?v\.?s?|s u v|crossover",
    "car": r"sedans?|coupes?|hatchbacks?|station wagon|wagon|convertible|limo(?:usine)?|taxi|cars?",
    "bus": r"(?:school |city |tour )?bus(?:es)?",
    "motorcycle": r"motorcycles?|motor ?bikes?|dirt ?bikes?|mopeds?|scooters?|crotch rocket",
    "bicycle": r"bicycles?|e-?bikes?|bikes?",
    "off-road": r"four ?-?wheelers?|a\.?t\.?v\.?s?|golf carts?|side by side|dune buggy",
    "camper": r"r\.?v\.?|motor ?home|camper|trailer",
    "boat": r"boats?|jet ?skis?|pontoon|kayaks?|canoes?",
    "": r"vehicles?",
}
"""Bodies by the class in which two names may mean the same vehicle; "" may be any."""
BARE: Final = word_set(
    "car cars vehicle vehicles truck trucks bike bikes boat boats trailer taxi wagon rv camper bus buses scooter"
)
"""Bodies that say too little alone."""
NO_VEHICLE_BEFORE: Final = word_set(
    "police cop squad patrol fire sheriff's sheriff tow ambulance trooper undercover shopping rental wheel ice toy my-toy "
    "phone cable food the-food ladder"
)
NO_VEHICLE_AFTER: Final = word_set(
    "seat seats key keys wash washes alarm alarms stop stops station stations driver drivers title insurance payment "
    "battery trouble lot park parks accident accidents crash crashes wreck wrecks dealer dealership rental shop store "
    "show route pass ticket tires parts path lane rack trip ride rides theft break-in break-ins fire museum horn doors "
    "mechanic center"
)
FEATURES: Final = (
    r"with (?:a |an |the |its |his |some |two |no |lots of )?(?:[\w'-]+ ){0,3}?(?:windows?|rims|wheels|racks?|ladders?|tail ?lights?|"
    r"head ?lights?|bumper|stickers?|stripes?|trailer|spoiler|hood|damage|dents?|doors?|top|logo|writing|lettering|flags?|"
    r"lights|roof|camper shell|sunroof|exhaust|primer|fender)(?: on (?:the |it|its )?(?:\w+ )?(?:side|back|front|top|hood|roof|door|window)?)?|"
    r"tinted windows|dark windows|(?:broken|busted|cracked|smashed|missing|no|one|damaged) (?:\w+ )?(?:head ?lights?|tail ?lights?|windshield|bumper|mirror|"
    r"back window|rear window|hubcaps?)|(?:front|rear|back|driver'?s?|passenger'?s?)(?: end| side)? damage|ladder rack|roof rack|camper shell|"
    r"(?:no|without) (?:license )?(?:plates?|tags?)|(?:temporary|temp|paper|dealer|handicapped|handicap|out of state|canadian|mexican) (?:license )?(?:plates?|tags?)"
)
STATES: Final = (
    r"alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|"
    r"indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|"
    r"montana|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|north (?:carolina|dakota)|ohio|oklahoma|oregon|"
    r"pennsylvania|rhode island|south (?:carolina|dakota)|tennessee|texas|utah|vermont|virginia|washington|"
    r"west virginia|jersey|wisconsin|wyoming|ontario|quebec"
)

BODY: Final = "|".join(BODIES.values())

COLOUR: Final = "|".join(sorted(COLOURS, key=len, reverse=True))

SHADE: Final = "|".join(sorted(SHADES, key=len, reverse=True))

ADJECTIVE: Final = "|".join(sorted(ADJECTIVES, key=len, reverse=True))

YEAR: Final = (
    r"(?:19|20)\d\d|twenty (?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?: (?:one|two|three|four|five|six))?)|"
    r"two thousand(?: and)?(?: (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty))?|"
    r"nineteen (?:seventy|eighty|ninety)(?: (?:one|two|three|four|five|six|seven|eight|nine))?|(?:seventy|eighty|ninety) (?:one|two|three|four|five|six|seven|eight|nine)|'?[6-9]\d"
)

COUNT: Final = (
    r"two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d|several|multiple|a couple of"
)
