# ruff: noqa: RUF001, E501 - words and keys of eleven languages look like other letters, and wide
"""Questions for somebody who cannot speak, answered with one letter, in eleven languages. Pure.

The letters are the same everywhere, so that an answer is read without knowing the language; a key
of another keyboard that stands for the letter, its number, and the words of the answer count too.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, get_args

TextLanguage = Literal["en", "es", "zh", "vi", "ko", "tl", "ru", "ar", "fr", "pt", "ht"]
TEXT_LANGUAGES: Final[tuple[TextLanguage, ...]] = get_args(TextLanguage)
LETTERS: Final = "ABCD"
KEYS: Final = {
    "а": "A", "в": "B", "б": "B", "с": "C", "ц": "C", "д": "D",
    "ا": "A", "أ": "A", "ب": "B", "ج": "C", "د": "D",
    "ㅁ": "A", "ㅠ": "B", "ㅊ": "C", "ㅇ": "D",
}  # fmt: skip
"""Cyrillic and Arabic letters, and Korean keys, that people press for A, B, C and D."""
NORMAL_KEYS: Final = {unicodedata.normalize("NFKC", key): letter for key, letter in KEYS.items()}
YES_NO: Final = ("yes", "no")
ANSWERS: Final[dict[str, dict[TextLanguage, str]]] = {
    "yes": {
        "en": "yes", "es": "sí", "zh": "是", "vi": "có", "ko": "예", "tl": "oo", "ru": "да",
        "ar": "نعم", "fr": "oui", "pt": "sim", "ht": "wi",
    },
    "no": {
        "en": "no", "es": "no", "zh": "不是", "vi": "không", "ko": "아니요", "tl": "hindi", "ru": "нет",
        "ar": "لا", "fr": "non", "pt": "não", "ht": "non",
    },
    "not sure": {
        "en": "not sure", "es": "no sé", "zh": "不确定", "vi": "không chắc", "ko": "모름",
        "tl": "hindi sigurado", "ru": "не знаю", "ar": "لست متأكدا", "fr": "pas sûr",
        "pt": "não sei", "ht": "pa sèten",
    },
    "police": {
        "en": "police", "es": "policía", "zh": "警察", "vi": "cảnh sát", "ko": "경찰", "tl": "pulis",
        "ru": "полиция", "ar": "الشرطة", "fr": "police", "pt": "polícia", "ht": "lapolis",
    },
    "fire": {
        "en": "fire", "es": "bomberos", "zh": "消防", "vi": "cứu hỏa", "ko": "소방", "tl": "bumbero",
        "ru": "пожарные", "ar": "الإطفاء", "fr": "pompiers", "pt": "bombeiros", "ht": "ponpye",
    },
    "ambulance": {
        "en": "ambulance", "es": "ambulancia", "zh": "救护车", "vi": "xe cứu thương", "ko": "구급차",
        "tl": "ambulansya", "ru": "скорая помощь", "ar": "الإسعاف", "fr": "ambulance",
        "pt": "ambulância", "ht": "anbilans",
    },
    "something else": {
        "en": "something else", "es": "otra cosa", "zh": "其他", "vi": "khác", "ko": "기타",
        "tl": "iba pa", "ru": "другое", "ar": "شيء آخر", "fr": "autre chose", "pt": "outra coisa",
        "ht": "lòt bagay",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One question; without answers it is answered in words."""

    name: str
    answers: tuple[str, ...]
    words: dict[TextLanguage, str]


QUESTIONS: Final[tuple[Question, ...]] = (
    Question("talk", YES_NO, {
        "en": "This is 911. Is it safe for you to talk?",
        "es": "Aquí el 911. ¿Puede hablar sin peligro?",
        "zh": "这里是911。您现在说话安全吗？",
        "vi": "Đây là 911. Bạn nói chuyện có an toàn không?",
        "ko": "911입니다. 지금 말해도 안전합니까?",
        "tl": "Ito ang 911. Ligtas ba para sa iyo ang magsalita?",
        "ru": "Это 911. Вы можете говорить без опасности?",
        "ar": "هنا 911. هل يمكنك التحدث بأمان؟",
        "fr": "Ici le 911. Pouvez-vous parler sans danger ?",
        "pt": "Aqui é o 911. Pode falar em segurança?",
        "ht": "Se 911. Èske ou ka pale san danje?",
    }),
    Question("need", ("police", "fire", "ambulance", "something else"), {
        "en": "Who do you need?",
        "es": "¿A quién necesita?",
        "zh": "您需要什么帮助？",
        "vi": "Bạn cần ai giúp?",
        "ko": "누가 필요합니까?",
        "tl": "Sino ang kailangan mo?",
        "ru": "Кто вам нужен?",
        "ar": "من تحتاج؟",
        "fr": "De qui avez-vous besoin ?",
        "pt": "De quem precisa?",
        "ht": "Kiyès ou bezwen?",
    }),
    Question("danger", YES_NO, {
        "en": "Are you in danger right now?",
        "es": "¿Está en peligro ahora mismo?",
        "zh": "您现在有危险吗？",
        "vi": "Bạn có đang gặp nguy hiểm ngay lúc này không?",
        "ko": "지금 위험한 상황입니까?",
        "tl": "Nasa panganib ka ba ngayon?",
        "ru": "Вы сейчас в опасности?",
        "ar": "هل أنت في خطر الآن؟",
        "fr": "Êtes-vous en danger maintenant ?",
        "pt": "Está em perigo agora?",
        "ht": "Èske ou an danje kounye a?",
    }),
    Question("near", (*YES_NO, "not sure"), {
        "en": "Is somebody near you who could hurt you?",
        "es": "¿Hay cerca alguien que pueda hacerle daño?",
        "zh": "您附近有人可能伤害您吗？",
        "vi": "Có ai gần bạn có thể làm hại bạn không?",
        "ko": "당신을 해칠 수 있는 사람이 가까이 있습니까?",
        "tl": "May tao bang malapit na maaaring manakit sa iyo?",
        "ru": "Рядом есть кто-то, кто может вам навредить?",
        "ar": "هل يوجد بقربك شخص قد يؤذيك؟",
        "fr": "Y a-t-il près de vous quelqu'un qui pourrait vous faire du mal ?",
        "pt": "Há alguém perto que possa lhe fazer mal?",
        "ht": "Èske gen yon moun toupre ou ki ka fè ou mal?",
    }),
    Question("hurt", (*YES_NO, "not sure"), {
        "en": "Is anybody hurt?",
        "es": "¿Hay alguien herido?",
        "zh": "有人受伤吗？",
        "vi": "Có ai bị thương không?",
        "ko": "다친 사람이 있습니까?",
        "tl": "May nasaktan ba?",
        "ru": "Кто-нибудь ранен?",
        "ar": "هل هناك مصاب؟",
        "fr": "Quelqu'un est-il blessé ?",
        "pt": "Alguém está ferido?",
        "ht": "Èske gen moun ki blese?",
    }),
    Question("weapon", (*YES_NO, "not sure"), {
        "en": "Is there a weapon?",
        "es": "¿Hay un arma?",
        "zh": "有武器吗？",
        "vi": "Có vũ khí không?",
        "ko": "무기가 있습니까?",
        "tl": "May armas ba?",
        "ru": "Есть оружие?",
        "ar": "هل يوجد سلاح؟",
        "fr": "Y a-t-il une arme ?",
        "pt": "Há uma arma?",
        "ht": "Èske gen yon zam?",
    }),
    Question("place", (), {
        "en": "Where are you? Write the address, or what you see around you.",
        "es": "¿Dónde está? Escriba la dirección o lo que ve a su alrededor.",
        "zh": "您在哪里？请写下地址或您周围看到的东西。",
        "vi": "Bạn đang ở đâu? Hãy viết địa chỉ hoặc những gì bạn thấy xung quanh.",
        "ko": "어디에 계십니까? 주소나 주변에 보이는 것을 적어 주세요.",
        "tl": "Nasaan ka? Isulat ang address o ang nakikita mo sa paligid.",
        "ru": "Где вы? Напишите адрес или что вы видите вокруг.",
        "ar": "أين أنت؟ اكتب العنوان أو ما تراه حولك.",
        "fr": "Où êtes-vous ? Écrivez l'adresse ou ce que vous voyez autour de vous.",
        "pt": "Onde está? Escreva o endereço ou o que vê à sua volta.",
        "ht": "Ki kote ou ye? Ekri adrès la oswa sa ou wè bò kote ou.",
    }),
)  # fmt: skip
CATALOGUE: Final = {one.name: one for one in QUESTIONS}


def labels(question: Question, language: TextLanguage) -> list[tuple[str, str, str]]:
    """Each answer: its letter, its words in the caller's language, and in English."""
    return [
        (letter, ANSWERS[name][language], name)
        for letter, name in zip(LETTERS, question.answers, strict=False)
    ]


def compose(question: Question, language: TextLanguage) -> str:
    """The text that asks it."""
    lines = [f"{letter} = {words}" for letter, words, _ in labels(question, language)]
    return "\n".join([question.words[language], *lines])


def understand(question: str, text: str) -> str | None:
    """What a text means as the answer to a question, in English; None where it is anything else."""
    asked = CATALOGUE.get(question)
    if asked is None or not asked.answers:
        return None
    said = _bare(text)
    first, _, rest = said.partition(" ")
    letter = _letter(first)
    for own, name in zip(LETTERS, asked.answers, strict=False):
        words = {_bare(one) for one in ANSWERS[name].values()}
        if said in words or (letter == own and (not rest or rest in words)):
            return f"{own}: {name}"
    return None


def _letter(text: str) -> str | None:
    if len(text) != 1:
        return None
    number = unicodedata.digit(text, 0)
    if 1 <= number <= len(LETTERS):
        return LETTERS[number - 1]
    return NORMAL_KEYS.get(text, text.upper() if text.upper() in LETTERS else None)


def _bare(text: str) -> str:
    """Without marks, accents and case, so that `Sí.` is `si`."""
    # NFKC first: full-width letters and Korean syllables stay whole; then only Latin accents go.
    shaped = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(
        "".join(c for c in unicodedata.normalize("NFD", one) if not unicodedata.combining(c))
        if one < "\u0370" or "\u1e00" <= one < "\u1f00"
        else one
        for one in shaped
    )
    spaced = "".join(" " if unicodedata.category(one)[0] in "PSZC" else one for one in kept)
    return " ".join(spaced.split())
