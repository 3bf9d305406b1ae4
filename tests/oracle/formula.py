"""Formulas: text to a tree, and a tree to a value. The language is docs/packs.md, section 6."""

import re
from datetime import date
from fractions import Fraction

from values import *

UNITS = {
    '元': ('money', Fraction(1)), '万元': ('money', Fraction(10_000)), '%': ('rate', Fraction(1, 100)),
    'points': ('points', Fraction(1, 100)), '个百分点': ('points', Fraction(1, 100)),
    'days': ('days', Fraction(1)), '天': ('days', Fraction(1)), 'weeks': ('days', Fraction(7)), '周': ('days', Fraction(7)),
    'day': ('days', Fraction(1)), 'week': ('days', Fraction(7)), 'month': ('months', Fraction(1)), 'point': ('points', Fraction(1, 100)),
    'months': ('months', Fraction(1)), '个月': ('months', Fraction(1)), 'years': ('months', Fraction(12)), '年': ('months', Fraction(12)), '倍': ('number', Fraction(1)), '万': ('number', Fraction(10_000)),
    'yuan': ('money', Fraction(1)), 'fen': ('money', Fraction(1, 100)), '分': ('money', Fraction(1, 100)),
}
UNIT = '|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))
TOKEN = re.compile(
    rf'\s*(?:(?P<date>\d{{4}}-\d\d-\d\d)|(?P<figure>\d+(?:\.\d+)?\s*(?:{UNIT})(?![a-z_]))|(?P<number>\d+(?:\.\d+)?)'
    r'|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)|(?P<sign><=|>=|!=|[-+*/()=<>,{}:]))'
)
FIGURE = re.compile(rf'^\s*(-?\d+(?:\.\d+)?)\s*({UNIT})?\s*$')
WORDS = {'if', 'then', 'else', 'or', 'and', 'not', 'in', 'within', 'of', 'on', 'where', 'to', 'true', 'false'}
FOLDS = {'sum', 'count', 'any', 'all', 'min', 'max'}


def figure(text):
    """A figure with its unit: `1.5万元` as money."""
    text = str(text).strip()
    if text in ('true', 'false'):
        return truth(text == 'true')
    if re.fullmatch(r'\d{4}-\d\d-\d\d', text):
        return known(date.fromisoformat(text), 'date')
    found = FIGURE.match(text)
    if not found:
        raise ValueError(f'no figure: {text}')
    unit, scale = UNITS.get(found[2], ('number', Fraction(1)))
    return known(Fraction(found[1]) * scale, unit)


def tokens(text):
    at, out = 0, []
    text = text.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            raise ValueError(f'formula: {text[at:at + 20]!r} in {text!r}')
        kind = found.lastgroup
        word = found[kind]
        out.append(('word' if kind == 'name' and word in WORDS else kind, word))
        at = found.end()
    return out


class Parser:
    """Loosest first: if, or, and, not, comparisons, + -, * /, unary -."""

    def __init__(self, text):
        self.text, self.all, self.at = text, tokens(text), 0

    def peek(self, ahead=0):
        return self.all[self.at + ahead] if self.at + ahead < len(self.all) else ('end', '')

    def take(self, word=None):
        kind, found = self.peek()
        if word is not None and found != word:
            raise ValueError(f'expected {word} at {found!r} in {self.text!r}')
        self.at += 1
        return found

    def has(self, *words):
        kind, found = self.peek()
        if found in words and kind in ('word', 'sign'):
            self.at += 1
            return found
        return None

    def whole(self):
        tree = self.choice()
        if self.peek()[0] != 'end':
            raise ValueError(f'left over {self.peek()} in {self.text!r}')
        return tree

    def choice(self):
        if self.has('if'):
            condition = self.choice()
            self.take('then')
            then = self.choice()
            self.take('else')
            return ('if', condition, then, self.choice())
        return self.either()

    def either(self):
        tree = self.both()
        while self.has('or'):
            tree = ('or', tree, self.both())
        return tree

    def both(self):
        tree = self.denied()
        while self.has('and'):
            tree = ('and', tree, self.denied())
        return tree

    def denied(self):
        return ('not', self.denied()) if self.has('not') else self.compared()

    def compared(self):
        tree = self.added()
        sign = self.has('=', '!=', '<', '<=', '>', '>=')
        if sign:
            return ('compare', sign, tree, self.added())
        if self.has('in'):
            if self.has('{'):
                names = [self.take()]
                while self.has(','):
                    names.append(self.take())
                self.take('}')
                return ('in', tree, names)
            group = self.take()
            return ('group', tree, group, self.added() if self.has('on') else None)
        if self.has('within'):
            days = self.added()
            self.take('of')
            return ('within', tree, days, self.added())
        return tree

    def added(self):
        tree = self.multiplied()
        while sign := self.has('+', '-'):
            tree = ('add' if sign == '+' else 'subtract', tree, self.multiplied())
        return tree

    def multiplied(self):
        tree = self.signed()
        while sign := self.has('*', '/'):
            tree = ('multiply' if sign == '*' else 'divide', tree, self.signed())
        return tree

    def signed(self):
        return ('minus', self.signed()) if self.has('-') else self.single()

    def single(self):
        kind, word = self.peek()
        if self.has('('):
            tree = self.choice()
            self.take(')')
            return tree
        self.at += 1
        if kind in ('date', 'figure', 'number'):
            return ('figure', figure(word))
        if word in ('true', 'false'):
            return ('figure', truth(word == 'true'))
        if kind != 'name':
            raise ValueError(f'unexpected {word!r} in {self.text!r}')
        return self.call(word) if self.has('(') else ('name', word)

    def call(self, name):
        kind, word = self.peek()
        follows = self.peek(1)[1]
        if name in FOLDS and kind == 'name' and follows in (':', 'where', ')') and not (name in ('min', 'max') and follows == ')'):
            if follows != ')' or name == 'count':
                return self.fold(name)
        if name == 'round':
            tree = self.choice()
            self.take(',')
            mode, unit = self.rounding()
            self.take(')')
            return ('round', tree, mode, unit)
        if name == 'add_months':
            day = self.choice()
            self.take(',')
            months = self.choice()
            self.take(',')
            end = self.take()
            self.take(')')
            return ('add_months', day, months, end)
        items = [self.choice()]
        while self.has(','):
            items.append(self.choice())
        self.take(')')
        return ('call', name, items)

    def fold(self, name):
        of = self.take()
        value = where = None
        if self.has(':'):
            value = self.choice()
        if self.has('where'):
            where = self.choice()
        self.take(')')
        return ('fold', name, of, value, where)

    def rounding(self):
        mode = self.take()
        self.take('to')
        kind, word = self.peek()
        self.at += 1
        if kind == 'figure':
            return mode, figure(word).it
        if kind == 'number':
            return mode, Fraction(word)
        return mode, UNITS[word][1]


TREES = {}


def parse(text):
    text = str(text).lower() if isinstance(text, bool) else str(text)
    if text not in TREES:
        TREES[text] = Parser(text).whole()
    return TREES[text]


def rounding(text):
    """`half_up to fen` of a step."""
    return Parser(text).rounding()


# ── evaluating

SIGNS = {
    '=': lambda a, b: a == b, '!=': lambda a, b: a != b, '<': lambda a, b: a < b, '<=': lambda a, b: a <= b,
    '>': lambda a, b: a > b, '>=': lambda a, b: a >= b,
}


def evaluate(tree, scope):
    return globals()['do_' + tree[0]](scope, *tree[1:])


def do_figure(scope, value):
    return value


def do_name(scope, name):
    return scope.read(name)


def do_if(scope, condition, then, otherwise):
    c = evaluate(condition, scope)
    if c.known:
        return evaluate(then if c.it else otherwise, scope)
    branches = [evaluate(then, scope), evaluate(otherwise, scope)]
    same = agreed(branches)
    if same is not None:
        return same
    unit = branches[0].unit
    if c.state == UNKNOWN:
        return unknown(unit, asked(c, *branches))
    return Value(c.state, None, unit, frozenset(), c.reason)


def do_or(scope, a, b):
    return disjunction(evaluate(a, scope), evaluate(b, scope))


def do_and(scope, a, b):
    return conjunction(evaluate(a, scope), evaluate(b, scope))


def do_not(scope, a):
    return negation(evaluate(a, scope))


def do_compare(scope, sign, a, b):
    left, right = scope.pair(a, b)
    return compare(sign, left, right)


def compare(sign, a, b):
    state = lost('bool', a, b)
    if state is not None:
        return state
    if a.open and b.open and sign in ('=', '!='):
        return unknown('bool', a.missing | b.missing)
    units = {a.unit, b.unit}
    if units == {'days', 'months'}:
        return compare_span(sign, a, b)
    return truth(SIGNS[sign](a.it, b.it))


def compare_span(sign, a, b):
    """S27."""
    if a.unit == 'months':
        swapped = {'<': '>', '<=': '>=', '>': '<', '>=': '<='}.get(sign, sign)
        return compare_span(swapped, b, a)
    least, most = span(b.it)
    results = {SIGNS[sign](a.it, Fraction(length)) for length in (least, most)}
    if sign in ('=', '!=') and least < a.it < most:
        results.add(sign == '=')
        results.add(sign != '=')
    if sign in ('=', '!=') and least != most and least <= a.it <= most:
        results = {True, False}
    return truth(results.pop()) if len(results) == 1 else unset('bool', Reason('month-length'))


def do_in(scope, a, names):
    value = evaluate(a, scope)
    return lost('bool', value) or truth(value.it in names)


def do_group(scope, a, group, on):
    day = None if on is None else evaluate(on, scope)
    return scope.in_group(a, group, day)


def do_within(scope, a, days, b):
    later, length, earlier = evaluate(a, scope), evaluate(days, scope), evaluate(b, scope)
    state = lost('bool', later, length, earlier)
    return state or truth(0 <= (later.it - earlier.it).days <= length.it)


def do_add(scope, a, b):
    return plus(evaluate(a, scope), evaluate(b, scope), 1)


def do_subtract(scope, a, b):
    return plus(evaluate(a, scope), evaluate(b, scope), -1)


def plus(a, b, sign):
    if a.unit == 'date' or b.unit == 'date':
        return moved(a, b, sign)
    unit = 'rate' if 'rate' in (a.unit, b.unit) else a.unit
    return lost(unit, a, b) or known(a.it + sign * b.it, unit)


def moved(a, b, sign):
    if a.unit == b.unit:
        return lost('days', a, b) or known(Fraction((a.it - b.it).days), 'days')
    day, days = (a, b) if a.unit == 'date' else (b, a)
    state = lost('date', a, b)
    if state is not None:
        return state
    ordinal = day.it.toordinal() + sign * int(days.it)
    if not FIRST_DAY.toordinal() <= ordinal <= LAST_DAY.toordinal():
        return failed('date', Reason('no-such-day'))
    return known(date.fromordinal(ordinal), 'date')


def do_multiply(scope, a, b):
    left, right = evaluate(a, scope), evaluate(b, scope)
    unit = product_unit(left.unit, right.unit)
    return lost(unit, left, right) or known(left.it * right.it, unit)


def product_unit(a, b):
    pair = {a, b}
    for unit in ('money', 'points', 'days', 'months'):
        if unit in pair and pair <= {unit, 'rate', 'number'}:
            return unit
    return 'rate' if pair == {'rate', 'number'} or pair == {'rate'} else 'number'


def do_divide(scope, a, b):
    left, right = evaluate(a, scope), evaluate(b, scope)
    unit = 'number' if left.unit == right.unit else left.unit
    return lost(unit, left, right) or known(left.it / right.it, unit)


def do_minus(scope, a):
    value = evaluate(a, scope)
    return lost(value.unit, value) or known(-value.it, value.unit)


def do_round(scope, a, mode, unit):
    value = evaluate(a, scope)
    return lost(value.unit, value) or known(rounded(value.it, mode, unit), value.unit)


def do_add_months(scope, day, months, end):
    at, count = evaluate(day, scope), evaluate(months, scope)
    state = lost('date', at, count)
    if state is not None:
        return state
    found = add_months(at.it, int(count.it), end)
    return failed('date', Reason('no-such-day')) if found is None else known(found, 'date')


def do_call(scope, name, items):
    if name in ('left', 'cost_for'):
        return getattr(scope, name)(items)
    values = [evaluate(item, scope) for item in items]
    if name == 'applies':
        value = values[0]
        if value.state == NOT_APPLICABLE:
            return truth(False)
        return truth(True) if value.known else lost('bool', value)
    unit = {'days_between': 'days', 'months_between': 'months', 'years_between': 'number', 'year': 'number'}.get(name, values[0].unit)
    state = lost(unit, *values)
    if state is not None:
        return state
    its = [value.it for value in values]
    if name == 'min':
        return known(min(its), unit)
    if name == 'max':
        return known(max(its), unit)
    if name == 'clamp':
        return known(min(max(its[0], its[1]), its[2]), unit)
    if name == 'days_between':
        return known(Fraction((its[1] - its[0]).days), unit)
    if name == 'months_between':
        return known(Fraction(months_between(*its)), unit)
    if name == 'years_between':
        months = months_between(*its)
        return known(Fraction(abs(months) // 12 * (1 if months >= 0 else -1)), unit)
    if name == 'year':
        return known(Fraction(its[0].year), unit)
    raise ValueError(f'no function {name}')


def do_fold(scope, name, of, value, where):
    """S9."""
    records = scope.records(of)
    if isinstance(records, Value):
        unit = 'bool' if name in ('any', 'all') else 'number' if name == 'count' else scope.unit_of_record(of, value)
        return records.with_unit(unit)
    parts = []
    for record in records:
        condition = truth(True) if where is None else evaluate(where, record)
        if condition.known and not condition.it and name not in ('any', 'all'):
            continue
        item = truth(True) if value is None else evaluate(value, record)
        parts.append((condition, item))
    if name == 'any':
        return disjunction(*(conjunction(c, v) for c, v in parts)) if parts else truth(False)
    if name == 'all':
        return conjunction(*(disjunction(negation(c), v) for c, v in parts)) if parts else truth(True)
    unit = 'number' if name == 'count' else parts[0][1].unit if parts else scope.unit_of_record(of, value)
    if not parts:
        return not_applicable(unit) if name in ('min', 'max') else known(Fraction(0), unit)
    read = [c for c, _ in parts] if name == 'count' else [one for pair in parts for one in pair]
    state = lost(unit, *read)
    if state is not None:
        return state
    its = [v.it for _, v in parts]
    return known({'sum': sum, 'count': len, 'min': min, 'max': max}[name](its) * Fraction(1) if name != 'min' and name != 'max' else (min if name == 'min' else max)(its), unit)
