"""What the page of a period shows: head figures first, then findings, shares, course and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from api.pages.costs_span import Span, spanning, spans_with
from api.pages.costs_words import change_said, rounded, rule_explained
from api.queries.costs import booked_days, is_pricing, unclosed_days
from logistics.operations.reports.price_shares import unpriced_days
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period, ReportData, Rule
from maps.i18n import Words
from maps.reports import caveats, figures, findings
from maps.reports.content import tables
from maps.reports.pictures import pictured
from maps.reports.tables import Form, Table, Value, shown

if TYPE_CHECKING:
    from sqlmodel import Session

    from api.pages.frame import Frame

#: Place in `figures.key_figures`, and the table behind the number.
_HEADS: Final = (
    (2, "summary"),
    (0, "runs"),
    (1, "relations"),
    (7, "runs"),
    (15, "factors"),
    (12, "days"),
    (14, "relations"),
    (9, "runs"),
)
#: Longer tables have a page of their own.
MOST_ROWS: Final = 12
_MOST_CHOICES: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """
    One number that stands large.

    Attributes
    ----------
    name, value
        As people read them.
    change
        Against the other period, in words; empty where there is none.
    table
        Key of the table behind it.
    """

    name: str
    value: str
    change: str
    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """
    What one municipality pays by the rule that is looked at.

    Attributes
    ----------
    municipality
        Its name, as data.
    sek
        What it pays.
    part
        Its part of the whole, 0 to 1.
    inhabitants
        For what it comes to for each.
    alone_sek
        What runs of its own would have cost; None where that is not priced.
    """

    municipality: str
    sek: float
    part: float
    inhabitants: int
    alone_sek: float | None


@dataclass(frozen=True, kw_only=True)
class CostsView:
    """
    A period of the books, as its pages show it.

    Attributes
    ----------
    span
        The period.
    data
        Its report.
    against
        The period chosen to compare with; None for the one before.
    w
        The reader's words.
    rule
        The rule whose shares are looked at.
    booked
        Every day that is booked.
    unclosed
        Days of the period that were driven, maybe, and are not booked.
    unpriced
        Days whose shares by the game are not priced.
    pricing
        Whether they are being priced now.
    days_are_linked
        Whether the reader may look at the plan of a day.
    """

    span: Span
    data: ReportData
    against: Span | None
    w: Words
    rule: Rule | None = None
    booked: list[date] = field(default_factory=list)
    unclosed: list[date] = field(default_factory=list)
    unpriced: list[date] = field(default_factory=list)
    pricing: bool = False
    days_are_linked: bool = False

    @property
    def title(self) -> str:
        """The period, as a title begins."""
        name = self.span.name(self.w)
        return name[:1].upper() + name[1:]

    @property
    def query(self) -> str:
        """What the address says beside the period."""
        return f"?mot={self.against.key}" if self.against else ""

    @cached_property
    def heads(self) -> list[Head]:
        """The numbers that stand large."""
        least = self.data.smallest_count
        now = figures.key_figures(self.data.totals, self.w, least=least)
        old = self.data.previous
        before = figures.key_figures(old, self.w, least=least) if old else now
        heads = []
        for place, table in _HEADS:
            name, cell = now[place]
            change = change_said(self.w, before[place][1], cell) if old else ""
            heads.append(Head(name=name, value=rounded(self.w, cell), change=change, table=table))
        return heads

    @property
    def findings(self) -> list[str]:
        """What the numbers say."""
        return findings.findings(self.data, self.w)

    @property
    def doubts(self) -> list[str]:
        """What is uncertain about them."""
        return caveats.told(self.data, self.w)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The tables by key."""
        return {table.key: table for table in tables(self.data, self.w)}

    @cached_property
    def pictures(self) -> dict[str, str]:
        """Titles of the charts, by key of their table."""
        return pictured(self.data, self.w)

    @cached_property
    def rules(self) -> list[tuple[Rule, str]]:
        """The rules that the period was shared by, with their names."""
        known = dict.fromkeys(rule for row in self.data.shares for rule, _ in row.shares_sek)
        return [(rule, figures.rule_name(rule, self.w)) for rule in known]

    @property
    def chosen(self) -> Rule | None:
        """The rule whose shares are shown."""
        known = [rule for rule, _ in self.rules]
        return self.rule if self.rule in known else next(iter(known), None)

    @property
    def explained(self) -> str:
        """What the chosen rule does, in one sentence."""
        return rule_explained(self.w, self.chosen) if self.chosen else ""

    @cached_property
    def shares(self) -> list[Share]:
        """What each pays by the chosen rule, the largest first."""
        rule, whole = self.chosen, self.data.totals.cost_sek
        if rule is None or not whole:
            return []
        rows = [
            Share(
                municipality=row.municipality,
                sek=row.share(rule) or 0.0,
                part=(row.share(rule) or 0.0) / whole,
                inhabitants=row.inhabitants,
                alone_sek=row.alone_sek,
            )
            for row in self.data.shares
        ]
        return sorted(rows, key=lambda row: (-row.sek, row.municipality))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Periods to compare with, newest first: key and name."""
        others = spans_with(self.booked, self.span.period)
        return [(other.key, other.name(self.w)) for other in others if other.key != self.span.key][
            :_MOST_CHOICES
        ]

    @property
    def lengths(self) -> list[tuple[str, Period, bool]]:
        """Addresses of the day, month and year that belong together."""
        inside = [day for day in self.booked if self.span.first <= day <= self.span.last]
        day = inside[-1] if inside else self.span.first
        return [
            (f"/kostnader/{spanning(day, period).key}", period, period is self.span.period)
            for period in (Period.DAY, Period.MONTH, Period.YEAR)
        ]

    @property
    def newest(self) -> Span | None:
        """The newest period of this length with something in it."""
        return next(iter(spans_with(self.booked[-1:], self.span.period)), None)

    def links(self, table: Table) -> list[str]:
        """
        Say where the rows of a table lead.

        Parameters
        ----------
        table
            The table.

        Returns
        -------
        list[str]
            An address for each row, empty for none.
        """
        if table.key == "trend":
            keys = [spanning(one.first_day, self.data.trend_period).key for one in self.data.trend]
            return [f"/kostnader/{key}" for key in keys]
        if table.key == "runs":
            deeper = self.span.period is not Period.DAY
            if deeper or self.days_are_linked:
                return [f"/{'kostnader' if deeper else 'dag'}/{row[0]}" for row in table.rows]
        return [""] * len(table.rows)

    def cell(self, value: Value, form: Form) -> str:
        """
        Write one value of a table.

        Parameters
        ----------
        value
            The value.
        form
            How to understand it.

        Returns
        -------
        str
            Not escaped.
        """
        return shown(self.w, value, form)


def costs_view(
    frame: Frame, session: Session, span: Span, *, against: Span | None, rule: Rule | None
) -> CostsView:
    """
    Read what the page of a period shows.

    Parameters
    ----------
    frame
        The page.
    session
        A session.
    span
        The period.
    against
        The period to compare with.
    rule
        The rule to show.

    Returns
    -------
    CostsView
        The page's content.
    """
    other = against.first if against else None
    return CostsView(
        span=span,
        data=build_report(session, span.first, span.period, against=other),
        against=against,
        w=frame.w,
        rule=rule,
        booked=booked_days(session),
        unclosed=unclosed_days(session, span.first, min(span.last, frame.today)),
        unpriced=unpriced_days(session, span.first, span.last),
        pricing=is_pricing(session),
        days_are_linked=frame.who.role in {"coordinator", "admin"},
    )
