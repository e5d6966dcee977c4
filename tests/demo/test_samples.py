"""The sample concerns are those that the desk's people agreed on, and everybody in them is invented."""

from collections import Counter

from demo.people import PEOPLE, STAFF
from demo.samples import SAMPLES, Via
from triage.values import Area, Category, Urgency


def test_there_are_25_numbered_from_1() -> None:
    assert [one.n for one in SAMPLES] == list(range(1, 26))


def test_every_value_is_one_that_the_forms_of_the_desk_know() -> None:
    for one in SAMPLES:
        assert set(one.categories) <= {member.value for member in Category}
        assert one.urgency in {member.value for member in Urgency}
        assert one.area in {member.value for member in Area}


def test_they_come_by_telephone_voicemail_mail_and_mail_after_closing() -> None:
    assert Counter(one.via for one in SAMPLES) == {Via.TALK: 8, Via.VOICEMAIL: 2, Via.MAIL: 13, Via.NIGHT_MAIL: 2}


def test_a_polite_mail_of_category_1_is_acute() -> None:
    polite = SAMPLES[1]
    assert (polite.categories, polite.urgency) == (("cat1",), "acute")


def test_three_rows_are_one_household_misspelled_once() -> None:
    household = [one for one in SAMPLES if "Noor Testman" in one.text]
    assert [one.n for one in household] == [3, 4, 5]
    assert [one.n for one in household if "Testmann" in one.text] == [5]


def test_titles_hold_no_name_of_a_child() -> None:
    names = ("Mila", "Bo ", "Noor", "Sem", "Jip", "Daan", "Kyra", "Levi", "Lotte", "Nepstra", "Testman", "Dummiema")
    assert not [one.n for one in SAMPLES if any(name in one.title for name in names)]


def test_nobody_mails_more_often_than_the_desk_acknowledges_in_a_day() -> None:
    mails = Counter(one.who for one in SAMPLES if one.via in {Via.MAIL, Via.NIGHT_MAIL})
    assert max(mails.values()) <= 3


def test_everybody_is_invented() -> None:
    assert all(one.email.endswith(".example") for one in (*PEOPLE, *STAFF))
    assert all(one.phone.startswith("+31600000") for one in PEOPLE)
