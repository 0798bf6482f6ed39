"""Sentences as callers and call-takers say them, and what is left of each."""

import pytest

from ringdown.redaction.model.tokens import Tokens

CASES = [
    # names
    ("My name is Priya Raman.", "My name is [NAME_1]."),
    ("What's your name? Um, Whitlock.", "What's your name? Um, [NAME_1]."),
    ("What's your last name? It's Dellarosa, D-E-L-L-A-R-O-S-A.",
     "What's your last name? It's [NAME_1], [NAME_1]."),
    ("what's your name my name is priya raman", "what's your name my name is [NAME_1]"),
    ("okay let me talk to samantha please", "okay let me talk to [NAME_1] please"),
    ("Is Mr. Bexley there?", "Is Mr. [NAME_1] there?"),
    ("Marcus, wake up!", "[NAME_1], wake up!"),
    ("His name's Tyrone Bexley's brother.", "His name's [NAME_1]'s brother."),
    ("Spell it. B as in boy, E, X, L, E, Y.", "Spell it. [NAME_1]."),
    # not names
    ("I will call back, may I?", "I will call back, may I?"),
    ("He drives a Honda Civic and it's Monday.", "He drives a Honda Civic and it's Monday."),
    ("Oh my God, Mom, please hurry.", "Oh my God, Mom, please hurry."),
    ("We need EMS and start CPR.", "We need EMS and start CPR."),
    ("My name is on the list.", "My name is on the list."),
    # telephone numbers
    ("My number is five five five oh one four three.", "My number is [PHONE_1]."),
    ("Call me at 509-555-0143.", "Call me at [PHONE_1]."),
    ("It's area code 509, 555, 0143.", "It's area code [PHONE_1]."),
    ("phone number? five five five no five six five oh one four three",
     "phone number? [PHONE_1]"),
    ("What's your phone number? 555. Okay. 0143.", "What's your phone number? [PHONE_1]."),
    ("What's your phone number? five oh nine, triple five, oh one forty three.",
     "What's your phone number? [PHONE_1]."),
    # addresses
    ("I'm at 2210 Maple Street.", "I'm at [ADDRESS_1]."),
    ("it's twenty two ten maple street", "it's [ADDRESS_1]"),
    ("He's at 14 North Birch Avenue, apartment 4B, Fairhaven.", "He's at [ADDRESS_1]."),
    ("I'm in apartment four B.", "I'm in apartment [ADDRESS_FRAGMENT_1]."),
    ("on the corner of Birch and Quail Hollow Road", None),
    ("Is it 2210 or 2212?", "Is it [ADDRESS_FRAGMENT_1] or [ADDRESS_FRAGMENT_2]?"),
    ("He's on fifth street by the school.", "He's on [ADDRESS_1] by the school."),
    # numbers that are nobody's
    ("There are 2 people and 300 feet of road.", "There are 2 people and 300 feet of road."),
    ("911, what is the address of your emergency?", "911, what is the address of your emergency?"),
    ("He is 45 years old, weighs 210 pounds.", "He is 45 years old, weighs 210 pounds."),
    ("It's a 2008 Toyota Camry.", "It's a 2008 Toyota Camry."),
    ("One, two, three, four, keep counting.", "One, two, three, four, keep counting."),
    ("It was 5:30 and it cost $400.", "It was 5:30 and it cost $400."),
    ("It happened in 2019.", "It happened in 2019."),
    # the others
    ("My social is 123-45-6789.", "My social is [SSN_1]."),
    ("social security number one two three, four five, six seven eight nine",
     "social security number [SSN_1]"),
    ("Date of birth? July fourth nineteen eighty five.", "Date of birth? [DATE_OF_BIRTH_1]."),
    ("She was born 3/14/99.", "She was born [DATE_OF_BIRTH_1]."),
    ("His birthday is the twenty third of May 1984.", "His birthday is the [DATE_OF_BIRTH_1]."),
    ("The plate is 7ABC123.", "The plate is [PLATE_1]."),
    ("License plate Adam Boy Charles one two three.", "License plate [PLATE_1]."),
    ("plate number a b c one two three", "plate number [PLATE_1]"),
    ("My card number is 4111 1111 1111 1111.", "My card number is [CARD_1]."),
    ("My account number is 00123456.", "My account number is [ACCOUNT_1]."),
    ("Write to jo.smith@example.org.", "Write to [EMAIL_1]."),
    ("It's jo dot smith at example dot org.", "It's [EMAIL_1]."),
    ("My insurance policy number is QX 445 5543.", "My insurance policy number is [POLICY_1]."),
    ("Medical record number eight eight one two three.",
     "Medical record number [MEDICAL_RECORD_1]."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "left"), [(s, r) for s, r in CASES if r is not None])
def test_what_is_left_of_a_sentence(said: str, left: str) -> None:
    assert Tokens().redact(said).text == left


def test_a_number_said_over_two_utterances_is_gone_from_both() -> None:
    """With the call-taker's "okay" between them; the question is what tells."""
    tokens = Tokens()
    asked = "What's the best number to call you back?"
    first = tokens.redact("five oh nine five five", asked)
    taker = tokens.redact("okay", f"{asked}\nfive oh nine five five")
    second = tokens.redact("five oh one forty three", f"{asked}\nfive oh nine five five\nokay")
    assert (first.text, taker.text, second.text) == ("[PHONE_1]", "okay", "[PHONE_2]")


def test_a_read_back_in_another_form_has_the_same_token() -> None:
    tokens = Tokens()
    tokens.redact("My number is five oh nine five five five oh one four three.")
    assert tokens.redact("I have 509-555-0143, correct?").text == "I have [PHONE_1], correct?"


def test_an_address_read_back_without_its_street_is_gone() -> None:
    tokens = Tokens()
    said = tokens.redact("It's twenty two ten Genesee Street.")
    back = tokens.redact("two two one zero genesee, is that right")
    assert said.text == "It's [ADDRESS_1]."
    assert "genesee" not in back.text
    assert "two" not in back.text


def test_a_part_of_a_name_said_later_in_small_letters_is_gone() -> None:
    tokens = Tokens()
    tokens.redact("My name is Gwendolyn Whitlock.")
    assert "whitlock" not in tokens.redact("okay miss whitlock stay with me").text
    assert "w" not in tokens.redact("w h i t l o c k").text


def test_a_token_in_the_text_stays_and_its_number_is_not_given_away() -> None:
    tokens = Tokens()
    assert tokens.redact("[NAME_1] says my name is Priya.").text == (
        "[NAME_1] says my name is [NAME_2]."
    )
    assert tokens.redact("[NAME_2] again").text == "[NAME_2] again"


def test_a_narrative_is_restored_and_a_made_up_token_stays() -> None:
    tokens = Tokens()
    tokens.redact("I'm at 2210 Maple Street.")
    assert tokens.restore("Fire at [ADDRESS_1], call [PHONE_7].") == (
        "Fire at 2210 Maple Street, call [PHONE_7]."
    )
