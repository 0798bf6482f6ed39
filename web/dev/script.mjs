/** The scripted call: invented people, an invented street. Times in milliseconds. */
const beat = (at, ms, side, text, doubt) => ({ at, ms, side, text, doubt });

export const BEATS = [
  beat(900, 2200, "call_taker", "911, what is the address of your emergency?"),
  beat(3600, 3900, "caller", "My house is on fire, there's smoke everywhere, please hurry!", ["everywhere,"]),
  beat(8100, 1900, "call_taker", "Okay. What is the address there?"),
  { ...beat(10600, 3600, "caller", "It's 240 Birch Street, Millbrook. 240 Birch.", ["240"]), check: [1, 3] },
  beat(15000, 2600, "call_taker", "240 Birch Street, is that right?"),
  { ...beat(18200, 3700, "caller", "No, no, 214. 214 Birch Street.", ["214."]), check: [2, 5] },
  beat(22600, 2600, "call_taker", "214 Birch Street. Is everybody out of the house?"),
  beat(25800, 4500, "caller", "My husband is still upstairs, I can't get to him, he uses a wheelchair.", ["wheelchair."]),
  beat(31000, 3300, "call_taker", "Help is on the way. Stay outside. What number are you calling from?"),
  { at: 33000, event: "dtmf", data: { digit: "5" } },
  { at: 34000, tone: "dtmf", digits: "51" },
  beat(35200, 3600, "caller", "Uh, 509 555 0142. Please, he's in the front bedroom.", ["bedroom."]),
  beat(39600, 2700, "call_taker", "509 555 0142. Which window is that?"),
  {
    ...beat(43000, 5200, "caller", "The back road, it's off jenny see street at twenty two ten", ["jenny", "see"]),
    check: [5, 11],
    numbers: [{ first_word: 9, last_word: 11, kind: "number", written: "2210", alternatives: ["20 2 10"] }],
    suggestions: [{ first_word: 5, last_word: 7, names: [{ name: "Genesee Street", score: 0.83 }, { name: "Jennings Street", score: 0.61 }, { name: "Jenny Lind Street", score: 0.52 }] }],
  },
  { ...beat(50000, 2600, "caller", "and the the the the", ["and", "the"]), doubts: ["loop", "noise"] },
  beat(55800, 3200, "caller", "I don't hear him anymore. The stairs are burning.", ["stairs"]),
  beat(60000, 3400, "call_taker", "Stay with me. Do not go back in. Engines are coming."),
  beat(65200, 2400, "caller", "I can see the lights. They're here."),
  beat(69000, 2600, "call_taker", "Go to the firefighters and tell them where he is."),
];
export const LENGTH_MS = 74_000;

/** What plain rules would find in each beat: `words` are the first and last word, counted from 0. */
export const EXTRACT = {
  1: { type: { value: "FIRE_STRUCTURE", text: "Structure fire", confidence: 0.91, words: [0, 4] } },
  3: { location: { value: "240 Birch Street, Millbrook", text: "240 Birch Street, Millbrook", confidence: 0.58, words: [1, 4] } },
  5: { location: { value: "214 Birch Street, Millbrook", text: "214 Birch Street, Millbrook", confidence: 0.79, words: [3, 5] } },
  7: {
    victims: { value: "1 trapped", text: "1 person trapped", confidence: 0.82, words: [0, 4] },
    severity: { value: "critical", text: "Critical", confidence: 0.77, words: [2, 4] },
  },
  11: { callback_number: { value: "+15095550142", text: "(509) 555-0142", confidence: 0.93, words: [1, 3] } },
};

export const TYPES = {
  types: [
    ["FIRE_STRUCTURE", "Structure fire", "Fire"], ["FIRE_VEHICLE", "Vehicle fire", "Fire"], ["FIRE_WILDLAND", "Wildland fire", "Fire"], ["FIRE_ALARM", "Fire alarm", "Fire"],
    ["MED_CARDIAC", "Cardiac or respiratory arrest", "Medical"], ["MED_BREATHING", "Breathing problem", "Medical"], ["MED_FALL", "Fall", "Medical"],
    ["POL_DISTURBANCE", "Disturbance", "Law enforcement"], ["POL_BURGLARY", "Burglary", "Law enforcement"], ["TRAF_COLLISION", "Traffic collision", "Traffic"],
  ].map(([code, label, category]) => ({ code, label, category })),
  severities: ["critical", "high", "medium", "low"],
};
