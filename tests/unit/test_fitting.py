"""Fitting: weights that are learnt from labeled items."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.fitting import Example, cross_validate, fit, fold_of
from crawler.news.grounds import AGAINST, FOR, GROUNDS


def example(relevant: bool, **amounts: float) -> Example:
    return Example(amounts=amounts, relevant=relevant)


PLAIN = [
    *(example(True, title_pair=1) for _ in range(20)),
    *(example(False, title_pair=1, digest=1) for _ in range(20)),
    *(example(False) for _ in range(20)),
]


def test_what_tells_the_items_apart_is_learnt() -> None:
    learnt = fit(PLAIN)
    assert all(learnt.keeps(item.amounts) == item.relevant for item in PLAIN)
    assert learnt.threshold > 0


def test_a_ground_that_no_item_shows_keeps_its_prior() -> None:
    learnt = fit(PLAIN)
    assert learnt.weights["spoken"] == 1.0
    assert learnt.weights["outrun"] == -1.0


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            Example,
            amounts=st.dictionaries(st.sampled_from(sorted(GROUNDS)), st.floats(0, 2), max_size=4),
            relevant=st.booleans(),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_no_ground_ever_counts_for_the_other_side(items: list[Example]) -> None:
    weights = fit(items).weights
    assert all(weights[ground] >= 0 for ground in FOR)
    assert all(weights[ground] <= 0 for ground in AGAINST)


def test_the_same_items_give_the_same_weights() -> None:
    assert fit(PLAIN) == fit(PLAIN)


def test_an_item_is_judged_by_weights_that_never_saw_it() -> None:
    items = [example(True, spoken=1), example(False, spoken=1), example(False, spoken=1)]
    # Without the one that is relevant nothing speaks for it.
    assert cross_validate(items, [0, 1, 1])[0] is False


def test_updates_of_one_report_lie_in_one_fold() -> None:
    title = "Envoy says that talks on the bridge will go on next week"
    folds = {fold_of(f"{title}{end}", "", 10) for end in ("", " (2nd LD)", " - agency")}
    assert len(folds) == 1
    assert len({fold_of(title, "", 10, salt) for salt in range(40)}) > 1
