"""Copies of a text, found in Redis, whatever worker stored the first."""

from __future__ import annotations

from redis import Redis

from crawler.news.near_duplicates import bands, signature
from crawler.storage.connection import Connection, key
from crawler.storage.stories import Story, place_in_story
from tests.integration.frontiers import with_redis

WIRE = (
    "The ferry between Rason and Vladivostok will sail twice a week from spring on, the harbor "
    "office said on Monday. It carries forty cars and two hundred passengers, and takes nine hours "
    "for the way. Tickets are sold at both harbors and on board, and children pay half the price."
)
OTHER = (
    "A brass band from Halden has won the contest of the northern towns for the third year. "
    "Its leader thanked the baker who lends his oven room for rehearsals, and said that nobody had "
    "expected to win after the tuba was left behind at the station on the morning of the finals."
)


def test_a_copy_joins_the_story_of_the_first_and_says_of_what(redis_url: str) -> None:
    async def work(redis: Connection) -> list[Story]:
        texts = {"a": WIRE, "b": f"{WIRE} Bookings open in March.", "c": OTHER}
        return [await place_in_story(redis, name, signature(text)) for name, text in texts.items()]

    assert with_redis(redis_url, work) == [
        Story(id="a", duplicate_of=None),
        Story(id="a", duplicate_of="a"),
        Story(id="c", duplicate_of=None),
    ]


def test_a_text_that_is_placed_again_is_no_copy_of_itself(redis_url: str) -> None:
    async def work(redis: Connection) -> tuple[Story, Story]:
        first = await place_in_story(redis, "a", signature(WIRE))
        return first, await place_in_story(redis, "a", signature(WIRE))

    first, again = with_redis(redis_url, work)
    assert first == again == Story(id="a", duplicate_of=None)


def test_texts_that_share_nothing_are_never_compared(redis_url: str) -> None:
    async def work(redis: Connection) -> None:
        await place_in_story(redis, "a", signature(WIRE))
        await place_in_story(redis, "c", signature(OTHER))

    with_redis(redis_url, work)
    with Redis.from_url(redis_url, decode_responses=True) as client:
        places = {name: client.zrange(name, 0, -1) for name in client.keys(f"{key('band')}:*")}
    wanted = {key("band", band): ["a"] for band in bands(signature(WIRE))}
    assert places == wanted | {key("band", band): ["c"] for band in bands(signature(OTHER))}


def test_texts_without_words_are_no_copies_of_each_other(redis_url: str) -> None:
    async def work(redis: Connection) -> list[Story]:
        return [await place_in_story(redis, name, signature("")) for name in ("a", "b")]

    assert [story.id for story in with_redis(redis_url, work)] == ["a", "b"]
