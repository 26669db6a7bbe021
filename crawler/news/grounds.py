"""Grounds: every kind of evidence that a judgement weighs, for and against.

A topic file says how many points each is worth. Promise: a ground for never counts against, and the
other way round; one without evidence counts nothing.
"""

from __future__ import annotations

from typing import Final

FOR: Final = {
    "title_compound": 'the title names both in one word ("DPRK-Russia")',
    "title_pair": "the title names both",
    "title_deal": "the title says what the two exchange or do",
    "opening_pair": "no title: the sentence that stands in for it names both",
    "title_lead": "one in the title, the other in the lead",
    "title_theatre": "one's troops or arms in the title, at the other's war",
    "title_weak": "one in the title, the other by a weak word or by its war",
    "title_three_meet": "the title has the two and a third meet",
    "lead_both": "neither in the title, both in the lead",
    "lead_theatre": "no name in the title; one's troops or arms in the lead, at a war",
    "alone": "title and lead name the two and nobody else",
    "implied": "the outlet takes one for granted, the title names the other",
    "close_sentence": "sentences that name both in one breath, at most two",
    "crowded_sentence": "sentences that name both beside others, at most two",
    "spoken": "an organ of one speaks of the other; 1 from a third of its sentences",
}
AGAINST: Final = {
    "title_bound": "the title joins a party to somebody else",
    "title_third": "one word in the title for dealings with somebody else, at most two",
    "title_listed": "the title merely lists the two, beside others",
    "title_idle": "others' leaders in the title beside theirs, and nothing that the two do",
    "title_rival": "others in a title that names both, at most two",
    "title_foes": "the title names the two as somebody's foes",
    "title_sport": "a title of sports",
    "digest": "the title is a digest's",
    "digest_apart": "a digest that does not name the two in one breath",
    "outrun": "somebody else is named oftener than the rarer of the two",
}
GROUNDS: Final = FOR | AGAINST
