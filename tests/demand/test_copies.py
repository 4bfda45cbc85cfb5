from __future__ import annotations

from datetime import date

import pytest

from logistics.demand.importers.copies import read_balance, read_returned, read_shelf
from logistics.errors import InputError


def test_a_shelf_copy_has_its_defaults() -> None:
    data = (
        b"item,title,owner,at,acquired,leaves_home\n"
        b"s1,t1,nora,kumla,2026-01-02,no\ns2,t1,nora,nora,,\n"
    )
    first, second = read_shelf(data)
    assert (first.acquired, first.leaves_home, first.returned) == (date(2026, 1, 2), False, False)
    assert (second.acquired, second.leaves_home, second.material) == (None, True, "book")


def test_a_returned_copy_has_what_the_rules_look_at_and_the_first_comes_first() -> None:
    data = (
        b"item,title,owner,at,returned_at,acquired,leaves_home\n"
        b"b,t1,nora,kumla,2026-11-23T10:00:00Z,,\n"
        b"a,t1,nora,kumla,2026-11-23T09:00:00Z,2026-01-02,no\n"
    )
    first, second = read_returned(data)
    assert (first.item, first.acquired, first.leaves_home) == ("a", date(2026, 1, 2), False)
    assert (second.item, second.acquired, second.leaves_home) == ("b", None, True)
    assert first.returned
    assert second.returned
    with pytest.raises(InputError, match="line 2: returned_at is 'x', expected a time with"):
        read_returned(b"item,title,owner,at,returned_at\nb,t1,nora,kumla,x\n")


def test_faults_of_a_shelf_are_told_by_line() -> None:
    with pytest.raises(InputError) as caught:
        read_shelf(b"item,title,owner,at,leaves_home\ns1,t1,nora,kumla,maybe\n")
    (problem,) = caught.value.problems
    assert problem.startswith("shelf.csv line 2: leaves_home is 'maybe', expected")


def test_a_balance_is_read_and_a_branch_stands_once() -> None:
    (one,) = read_balance(b"branch,lent,borrowed\nnora,7,3\n")
    assert (one.branch, one.lent, one.borrowed) == ("nora", 7, 3)
    with pytest.raises(InputError, match="'nora' stands twice"):
        read_balance(b"branch,lent,borrowed\nnora,7,3\nnora,1,1\n")
    with pytest.raises(InputError, match="lent -1 and borrowed 3, expected 0 or more"):
        read_balance(b"branch,lent,borrowed\nnora,-1,3\n")
