"""Values and their five states (S1 to S12 of docs/semantics.md). Amounts are exact fractions: money in yuan."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

KNOWN, UNKNOWN, NOT_APPLICABLE, UNSET, FAILED = range(5)
STATES = ['known', 'unknown', 'not_applicable', 'unset', 'failed']


@dataclass(frozen=True)
class Reason:
    """Why something is unset or failed: a code, the clauses, and what it is the reason of."""
    code: str
    cites: tuple = ()
    of: str = ''


@dataclass(frozen=True)
class Value:
    state: int
    it: object = None
    unit: str = 'number'
    missing: frozenset = frozenset()
    reason: Reason | None = None
    open: bool = field(default=False, compare=False)
    """An answer that is none of those listed (S10)."""

    @property
    def known(self):
        return self.state == KNOWN

    def named(self, name):
        """As a later stay reads it: what is open is missing under the name it is read by."""
        if self.state != UNKNOWN and not self.open:
            return self
        return Value(self.state, self.it, self.unit, frozenset({name}), self.reason, self.open)

    def with_unit(self, unit):
        return Value(self.state, self.it, unit, self.missing, self.reason, self.open)


def known(it, unit):
    return Value(KNOWN, it, unit)


def truth(it):
    return Value(KNOWN, bool(it), 'bool')


def unknown(unit, missing):
    return Value(UNKNOWN, None, unit, frozenset(missing))


def not_applicable(unit='number'):
    return Value(NOT_APPLICABLE, None, unit)


def unset(unit, reason):
    return Value(UNSET, None, unit, frozenset(), reason)


def failed(unit, reason):
    return Value(FAILED, None, unit, frozenset(), reason)


def lost(unit, *read):
    """The worst state of what is read (S1); None where all are known. What is missing of all that is unknown."""
    worst = max(read, key=lambda value: value.state)
    if worst.known:
        return None
    return Value(worst.state, None, unit, asked(*read), worst.reason)


def asked(*read):
    return frozenset().union(*(value.missing for value in read if value.state == UNKNOWN))


def agreed(outcomes):
    """What all outcomes agree on (S5), or None."""
    outcomes = list(outcomes)
    first = outcomes[0]
    if len(outcomes) == 1:
        return first
    if any(one.state != first.state for one in outcomes):
        return None
    if first.state == KNOWN:
        same = all(one.it == first.it and not (one.open and first.open) for one in outcomes)
        return first if same else None
    if first.state == NOT_APPLICABLE:
        return first
    if first.state in (UNSET, FAILED) and all(one.reason == first.reason for one in outcomes):
        return first
    return None


def conjunction(*parts):
    """S2."""
    if any(part.known and not part.it for part in parts):
        return truth(False)
    if all(part.known for part in parts):
        return truth(True)
    return open_truth(parts)


def disjunction(*parts):
    """S2."""
    if any(part.known and part.it for part in parts):
        return truth(True)
    if all(part.known for part in parts):
        return truth(False)
    return open_truth(parts)


def open_truth(parts):
    if any(part.state == UNKNOWN for part in parts):
        return unknown('bool', asked(*parts))
    return lost('bool', *parts)


def negation(part):
    return truth(not part.it) if part.known else lost('bool', part)


# ── rounding (S20, S21)

def rounded(number, mode, unit):
    scaled = number / unit
    floor = scaled.numerator // scaled.denominator
    rest = scaled - floor
    half = Fraction(1, 2)
    up = {
        'floor': False,
        'ceiling': rest > 0,
        'toward_zero': rest > 0 and scaled < 0,
        'half_up': rest > half or (rest == half and scaled > 0),
        'half_even': rest > half or (rest == half and floor % 2 == 1),
    }[mode]
    return (floor + up) * unit


FEN = Fraction(1, 100)


def floor_fen(number):
    return rounded(number, 'floor', FEN)


# ── days (S23 to S27)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def month_days(year, month):
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def add_months(day, months, end):
    """S26: the day, or None where there is none."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not 1900 <= year <= 2199:
        return None
    if day.day <= month_days(year, month):
        return date(year, month, day.day)
    if end == 'refuse':
        return None
    moved = date(year, month, month_days(year, month))
    if end == 'clip':
        return moved
    moved = date.fromordinal(moved.toordinal() + 1)
    return moved if moved <= LAST_DAY else None


def months_between(first, second):
    """S25."""
    if second < first:
        return -months_between(second, first)
    months = (second.year - first.year) * 12 + second.month - first.month
    last = month_days(second.year, second.month)
    # Complete on the day with the same number; where the month has none, on the first day after it.
    if second.day < first.day and (first.day <= last or second.day <= last):
        months -= 1
    return months


SPANS = {}


def span(months):
    """The fewest and the most days that so many months in a row can have (S27)."""
    count = abs(int(months))
    if count not in SPANS:
        # The calendar repeats after 400 years.
        whole, rest = divmod(count, 4800)
        lengths = [days_of(start, rest) + whole * 146097 for start in range(4800)]
        SPANS[count] = (min(lengths), max(lengths))
    least, most = SPANS[count]
    return (least, most) if months >= 0 else (-most, -least)


def days_of(start, count):
    return first_of(start + count) - first_of(start)


def first_of(index):
    return date(2000 + index // 12, index % 12 + 1, 1).toordinal()
