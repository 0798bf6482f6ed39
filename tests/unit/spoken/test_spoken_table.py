"""Spoken numbers and how they are written: one row per way of saying, with its kind."""

import pytest

from ringdown.spoken.numbers import find_numbers

# said | kind | written (several finds: joined by " + "); "-" when there is no number.
TABLE = """
two | number | 2
twelve | number | 12
thirty | number | 30
forty two | number | 42
twenty-two | number | 22
ninety nine | number | 99
zero | number | 0
a hundred | number | 100
one hundred | number | 100
one hundred and five | number | 105
one hundred five | number | 105
three hundred twenty one | number | 321
two thousand | number | 2000
two thousand twelve | number | 2012
two thousand three hundred and five | number | 2305
ten thousand five hundred | number | 10500
twelve thousand | number | 12000
one hundred thousand | number | 100000
two million | number | 2,000,000
one million two hundred thousand | number | 1,200,000
1,000 | number | 1000
1,250,000 | number | 1,250,000
5 thousand | number | 5000
22 hundred | number | 2200
niner | number | 9
a dozen | - |
first | ordinal | 1st
second floor | ordinal | 2nd
the third house | ordinal | 3rd
twelfth | ordinal | 12th
twentieth | ordinal | 20th
twenty first | ordinal | 21st
twenty-third | ordinal | 23rd
forty eighth | ordinal | 48th
one hundredth | ordinal | 100th
one hundred first | ordinal | 101st
one hundred and twelfth | ordinal | 112th
one eighty seventh | ordinal | 187th
five forty eighth | ordinal | 548th
two thousand third | ordinal | 2003rd
1st | ordinal | 1st
42nd | ordinal | 42nd
113th | ordinal | 113th
twelve forty eighth street | number ordinal | 12 + 48th
twenty two ten maple | number | 2210
twenty-two ten | number | 2210
22 ten | number | 2210
22 10 | number | 2210
twenty two 10 | number | 2210
one oh five elm | number | 105
two two one oh | number | 2210
nine hundred oak street | number | 900
eleven hundred | number | 1100
twenty two hundred | number | 2200
fifteen twenty five | number | 1525
fifteen oh five | number | 1505
ten ten | number | 1010
six eleven | number | 611
one twenty two | number | 122
one ninety | number | 190
nineteen eighty four | number | 1984
three forty seven | number | 347
sixty three four | number | 634
four thousand and one | number | 4001
one two three four five | number | 12345
one twenty three forty five | number | 12345
four four four | number | 444
double four two | number | 442
triple five | number | 555
one double oh seven | number | 1007
o five | number | 5
twelve thirteen and a crash | number | 1213
nine hundred block of main | block | 900
the twelve hundred block | block | 1200
forty five hundred block | block | 4500
900 block | block | 900
it is 2210, 22 of them | number number | 2210 + 22
five, six or seven | number number number | 5 + 6 + 7
one, two, three | number number number | 1 + 2 + 3
two, two, one, oh | number | 2210
forty fifty people | number | 40 50
ten fifteen minutes | number | 10 15
two three guys | number | 2 3
five five five oh one two three | phone | 555-0123
five five five, oh one two three | phone | 555-0123
five, five, five, oh, one, two, three | phone | 555-0123
five five five zero one double two | phone | 555-0122
triple five oh one four three | phone | 555-0143
five fifty five oh one forty three | phone | 555-0143
five five five twelve twelve | phone | 555-1212
five five five two thousand | phone | 555-2000
eight one two five five five oh one four three | phone | 812-555-0143
eight one two, five five five, oh one four three | phone | 812-555-0143
area code eight one two five five five oh one four three | phone | 812-555-0143
it's area code 812, 555, 0143 | phone | 812-555-0143
eight twelve five five five oh one four three | phone | 812-555-0143
eight hundred five five five oh one two three | phone | 800-555-0123
one eight hundred five five five oh one two three | phone | 1-800-555-0123
eight one two and then five five five dash oh one four three | phone | 812-555-0143
812. 555. 0143. | phone | 812-555-0143
555-0123 | phone | 555-0123
555.0123 | phone | 555-0123
(812) 555-0143 | phone | 812-555-0143
(812)555-0143 | phone | 812-555-0143
812-555-0143 | phone | 812-555-0143
8125550143 | phone | 812-555-0143
5550143 | phone | 555-0143
1-812-555-0143 | phone | 1-812-555-0143
five five five oh one two three extension forty two | phone | 555-0123 ext. 42
812-555-0143 ext 7 | phone | 812-555-0143 ext. 7
plus one eight one two five five five oh one four three | phone | +1 812-555-0143
+44 | digits | +44
five five five oh one two | number | 555012
one two three four five six seven | digits | 1234567
oh one two three four | digits | 01234
four one one one one one one one one one one one one one one one | digits | 4111111111111111
one oh four point five | decimal | 104.5
point five | decimal | 0.5
three point one four | decimal | 3.14
point oh eight | decimal | 0.08
98.6 | decimal | 98.6
minus ten | decimal | -10
two point twelve | decimal | 2.12
at that point five people | number | 5
mile marker one oh four point five | mile_marker | 104.5
mile marker one oh four | mile_marker | 104
mile marker 104 | mile_marker | 104
mile post sixty three | mile_marker | 63
marker twelve | mile_marker | 12
exit twelve | exit | 12
exit number forty two | exit | 42
exit twelve b | exit | 12B
exit 12B | exit | 12B
I ninety five | road | I-95
on i five | road | I-5
I-95 | road | I-95
I four ninety five | road | I-495
interstate sixty five | road | I-65
I have two kids | number | 2
I ninety five northbound | road | I-95
US one oh one | road | US 101
U.S. forty one | road | US 41
u s forty one | road | US 41
us highway forty one | road | US 41
help us two people | number | 2
highway thirty seven | road | Highway 37
route seven | road | Route 7
Route 66 | road | Route 66
state road forty six | road | State Road 46
state route one sixteen | road | State Route 116
county road twelve hundred north | road | County Road 1200 North
county road four fifty | road | County Road 450
farm to market nineteen sixty | road | FM 1960
f m nineteen sixty | road | FM 1960
a half | fraction | 1/2
three quarters of a mile | fraction | 3/4
two thirds | fraction | 2/3
a quarter of it | fraction | 1/4
one and a half | fraction | 1 1/2
two and three quarters | fraction | 2 3/4
half past six | time | 6:30
one third | fraction | 1/3
a third of it | fraction | 1/3
a third car | ordinal | 3rd
3/4 | fraction | 3/4
five dollars | money | $5
a hundred dollars | money | $100
twenty bucks | money | $20
fifty cents | money | $0.50
five dollars and fifty cents | money | $5.50
five dollars fifty cents | money | $5.50
two million dollars | money | $2,000,000
$5.50 | money | $5.50
$2 million | money | $2,000,000
ten percent | percent | 10%
ten per cent | percent | 10%
2.5 percent | percent | 2.5%
50% | percent | 50%
a hundred and one degrees | temperature | 101°
ninety eight point six degrees fahrenheit | temperature | 98.6°F
minus ten degrees | temperature | -10°
negative five degrees celsius | temperature | -5°C
forty five years old | age | 45
she is forty five year old | age | 45
5-year-old | age | 5
six month old | number | 6
aged seventy two | age | 72
quarter past ten | time | 10:15
a quarter past ten | time | 10:15
quarter to eleven | time | 10:45
quarter to one | time | 12:45
half past ten | time | 10:30
twenty past four | time | 4:20
ten after five | time | 5:10
ten to eleven p m | time | 10:50 PM
ten minutes to eleven | time | 10:50
five to six people | number number | 5 + 6
ten oh five p m | time | 10:05 PM
ten oh five p.m. | time | 10:05 PM
ten oh five pm | time | 10:05 PM
ten p m | time | 10:00 PM
8 a.m. | time | 8:00 AM
8am | time | 8:00 AM
8:30pm | time | 8:30 PM
10:05 | time | 10:05
10:05 p.m. | time | 10:05 PM
five o'clock | time | 5:00
five o clock | time | 5:00
five o'clock in the morning | time | 5:00 AM
five thirty this morning | time | 5:30 AM
ten at night | time | 10:00 PM
two at night | time | 2:00 AM
noon | time | 12:00 PM
midnight | time | 12:00 AM
oh six hundred hours | time | 06:00
oh nine fifteen hours | time | 09:15
zero one oh five hours | time | 01:05
eighteen thirty hours | time | 18:30
sixteen hundred hours | time | 16:00
forty eight hours | number | 48
july fourth | date | July 4
july the fourth | date | July 4
july four | date | July 4
July 4 | date | July 4
July 4th, 1984 | date | July 4, 1984
july fourth nineteen eighty four | date | July 4, 1984
july fourth eighty four | date | July 4, 1984
the twenty third of may nineteen eighty four | date | May 23, 1984
the fourth of july | date | July 4
the third day of march | date | March 3
may first | date | May 1
may I have one | number | 1
march on | - |
july nineteen eighty four | date | July 1984
july twenty twelve | date | July 2012
december thirty first two thousand five | date | December 31, 2005
august twenty second two thousand and nine | date | August 22, 2009
born three fourteen ninety nine | date | 3/14/1999
date of birth oh three fourteen nineteen ninety nine | date | 3/14/1999
three fourteen ninety nine | number | 31499
3/14/99 | date | 3/14/1999
03-14-1999 | date | 3/14/1999
1984-05-23 | date | 5/23/1984
14/3/1999 | date | 3/14/1999
nineteen eighties | date | 1980s
the nineties | date | 90s
adam boy charles one two three | serial | ABC123
plate adam boy charles one two three | plate | ABC123
plate is alpha bravo charlie one two three | plate | ABC123
license seven x-ray yankee zulu four four two | plate | 7XYZ442
the tag is k l m four five six | plate | KLM456
seven a b c one two three | serial | 7ABC123
b as in boy | spelling | B
b as in boy r as in robert | spelling | BR
d like david four | serial | D4
s m i t h | spelling | SMITH
S-M-I-T-H | spelling | SMITH
s. m. i. t. h. | spelling | SMITH
m a r i a | spelling | MARIA
double u a r d | spelling | WARD
alpha bravo charlie | spelling | ABC
john paul george | - |
my name is john king | - |
tango delta five | serial | TD5
five n e maple | number | 5
ten a m | time | 10:00 AM
apartment four b | unit | 4B
apartment four | unit | 4
apartment number four b | unit | 4B
apartment 4B | unit | 4B
apt 4-b | unit | 4B
unit twelve | unit | 12
unit b twelve | unit | B12
unit b | unit | B
suite two hundred | unit | 200
lot c c | unit | CC
room three fifteen | unit | 315
four b | unit | 4B
118 CC | number | 118
twenty two ten e maple | number | 2210
zip code four six two oh one | zip | 46201
zip is 46201 | zip | 46201
zip code four six two oh one one two three four | zip | 46201-1234
social is one two three four five six seven eight nine | ssn | 123-45-6789
social security number 123-45-6789 | ssn | 123-45-6789
nine one one | code | 911
9-1-1 | code | 911
911 | code | 911
nine eleven | code | 911
ten four | code | 10-4
10-4 | code | 10-4
twenty four seven | code | 24/7
24/7 | code | 24/7
fifty fifty | code | 50/50
k nine unit | code | K-9
one of them | - |
no one is here | - |
this one | - |
which one is it | - |
one moment | - |
one second please | - |
wait a second | - |
a split second | - |
at first | - |
first of all | - |
first name | - |
first aid | - |
the first one | ordinal | 1st
one person is hurt | number | 1
oh my god | - |
oh two people | number | 2
twenty two oh my god | number | 22
five five five no five six five | corrected | 565
twenty two oh seven no sorry twenty two ten | corrected | 2210
five i mean six | corrected | 6
555-0142 no 3 | corrected | 3
is there one? no, two | number number | 1 + 2
five no seven no nine | corrected | 9
john dot smith at example dot com | email | john.smith@example.com
j smith at example dot org | email | jsmith@example.org
jo underscore five at example dot net | email | jo_5@example.net
jo@example.org | email | jo@example.org
www dot example dot com | web | www.example.com
2x4 | serial | 2X4
the rain falls | - |
to for too won ate | - |
five five five oh for two seven | phone | five five five oh for two seven
apartment for b | unit | for b
413 to Martin Drive | number | 413
""".strip().splitlines()


@pytest.mark.parametrize("row", TABLE)
def test_what_is_said_is_written(row: str) -> None:
    """Each way of saying, with nothing but its own words."""
    said, kinds, written = (cell.strip() for cell in row.split("|"))
    found = find_numbers(said.split())
    assert " + ".join(number.written for number in found) == written
    assert " ".join(number.kind for number in found) == kinds.replace("-", "")


@pytest.mark.parametrize(
    ("said", "alternatives"),
    [
        ("twenty two ten", ("22 10", "20 2 10")),
        ("two two one oh", ()),
        ("one twenty two", ("1 22", "1 20 2", "1:22")),
        ("one oh five", ("1:05",)),
        ("ten oh five", ("10 0 5", "10:05")),
        ("eight twenty nine", ("8 29", "8 20 9", "8:29")),
        ("three fourteen ninety nine", ("3 14 99", "3 14 90 9", "3/14/1999")),
        ("forty fifty people", ("4050",)),
        ("one eighty seventh", ("1 87th",)),
        ("oh six hundred hours", ("0600",)),
        ("july fourth eighty four", ("July 4, 2084",)),
        ("nine eleven", ("9 11", "9:11", "9/11")),
        ("twenty four seven", ("247", "24 7")),
        ("ten four", ("104", "10 4")),
        ("five five five no five six five", ("555",)),
        ("555-0142 no 3", ("555-0142", "555-0143")),
        ("five no seven no nine", ("7", "5")),
        ("413 to Martin", ("4132",)),
        ("413 to the left", ()),
        ("four one three to five", ("4132", "41325")),
        ("two to four people", ()),
        ("forty to ten Maple Street", ("4210",)),
        ("sixty to eleven old mill road", ("6211",)),
        ("50 for 10 Harrison", ("5410",)),
        ("forty to fifty Maple Street", ()),
        ("forty to ten, Maple Street", ()),
        ("forty to ten miles down the road", ()),
        ("it went from forty to ten on Elm Street", ()),
        ("apartment for b", ("4B",)),
        ("five five five oh for two seven", ("555-0427",)),
        ("k l m oh five", ("KLMO5",)),
        ("m a r i a", ("MARI",)),
        ("mile marker one twenty point five", ("1 20.5",)),
    ],
)
def test_other_readings_stay(said: str, alternatives: tuple[str, ...]) -> None:
    """What the same words may also mean, the likelier first."""
    assert find_numbers(said.split())[0].alternatives == alternatives


def test_the_heard_words_stay_as_they_came() -> None:
    """Case and punctuation are kept beside the written form."""
    (found,) = find_numbers(["At", "Twenty-Two", "ten,", "please."])
    assert (found.first, found.last, found.heard) == (1, 2, "Twenty-Two ten,")
