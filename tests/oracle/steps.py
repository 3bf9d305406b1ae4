"""The steps of a service, one after the other (docs/packs.md section 8, S30 to S50)."""

import re
from fractions import Fraction

from formula import evaluate, figure, parse, rounding
from pack import answered, listed, unit_of
from values import *


class Scope:
    """What formulas may name: answers, parameters, balances, the stay before, and the steps above."""

    def __init__(self, run):
        self.run, self.values = run, dict(run.inputs)
        self.replaced = {}

    def read(self, name):
        if name in self.values:
            return self.values[name]
        if name in self.run.pack.words:
            return known(name, 'option')
        raise KeyError(f'{name} in {self.run.name}')

    def pair(self, a, b):
        """Two operands; a bare word beside an option is an option."""
        left, right = self.operand(a), self.operand(b)
        return left, right

    def operand(self, tree):
        if tree[0] == 'name' and tree[1] not in self.values:
            return known(tree[1], 'option')
        return evaluate(tree, self)

    def in_group(self, tree, group, day):
        value = evaluate(tree, self)
        if not value.known:
            return lost('bool', value) if day is None else lost('bool', value, day)
        own = [member for member in self.run.pack.groups[group] if member['id'] == value.it]
        if day is None or not own or any('from' not in member and 'until' not in member for member in own):
            return truth(bool(own))
        return lost('bool', day) or truth(any(is_within(day.it, member) for member in own))

    def records(self, name):
        return self.run.lists[name]

    def unit_of_record(self, name, tree):
        fields = self.run.pack.facts[name]['of']
        return unit_of(fields[tree[1]]) if tree and tree[0] == 'name' and tree[1] in fields else 'money'

    def left(self, items):
        return self.run.bill.left([item[1] for item in items])

    def cost_for(self, items):
        """S34."""
        of, start, rows = self.run.bands[items[0][1]]
        paid = evaluate(items[1], self)
        rates = [rate for _, rate in rows]
        edges = [edge for edge, _ in rows if edge is not None]
        state = lost('money', start, *rates, *edges, paid)
        if state is not None:
            return state
        at, left, used = max(start.it, 0), max(paid.it, 0), Fraction(0)
        for edge, rate in rows:
            room = None if edge is None else max(edge.it - at, 0)
            if room is not None and left > room * rate.it:
                left -= room * rate.it
                used += room
                at += room
                continue
            return known(used + left / rate.it, 'money')
        return known(used, 'money')


class Record:
    """A record of a list: its fields before everything else."""

    def __init__(self, scope, fields, place):
        self.scope, self.fields, self.place = scope, fields, place

    def __getattr__(self, name):
        return getattr(self.scope, name)

    def read(self, name):
        return self.fields[name] if name in self.fields else self.scope.read(name)

    def pair(self, a, b):
        return self.operand(a), self.operand(b)

    def operand(self, tree):
        if tree[0] == 'name' and tree[1] not in self.fields and tree[1] not in self.scope.values:
            return known(tree[1], 'option')
        return evaluate(tree, self)

    def in_group(self, tree, group, day):
        value = evaluate(tree, self)
        self.scope.values['*'] = value
        return self.scope.in_group(('name', '*'), group, day)


def is_within(day, row):
    start, until = row.get('from'), row.get('until')
    return (start is None or str(day) >= str(start)) and (until is None or str(day) < str(until))


class Bill:
    """Parts of a bill and what is left of each (S40 to S49)."""

    def __init__(self, total, parts):
        self.total, self.parts, self.remaining = total, parts, dict(parts)
        self.payments = []

    def left(self, names):
        values = [self.remaining[name] for name in names]
        return lost('money', *values) or known(sum(value.it for value in values), 'money')

    def draw(self, names, paid):
        remaining = paid
        for name in names[:-1]:
            room = self.remaining[name]
            taken = lost('money', room, remaining) or known(min(room.it, remaining.it), 'money')
            self.remaining[name] = minus(room, taken)
            remaining = minus(remaining, taken)
        self.remaining[names[-1]] = minus(self.remaining[names[-1]], remaining)


def minus(a, b):
    return lost('money', a, b) or known(a.it - b.it, 'money')


def least(*values):
    return lost('money', *values) or known(min(value.it for value in values), 'money')


def whole_fen(value):
    return value if not value.known else known(floor_fen(value.it), 'money')


class Run:
    """One service on one set of answers."""

    def __init__(self, pack, name, answers):
        self.pack, self.name, self.service = pack, name, pack.services[name]
        self.inputs, self.lists, self.day = answers.inputs, {}, answers.day
        self.values, self.order, self.requires, self.refusals = {}, [], [], []
        self.bands, self.bill, self.benefits, self.allocations = {}, None, [], []
        self.limit, self.conditions = None, {}
        self.scope = Scope(self)
        for list_name, given in answers.lists.items():
            self.lists[list_name] = self.list_of(list_name, given)
        self.steps = self.flattened()
        self.run()

    def steps_of(self, name):
        prefix = '' if name == self.name else f'{name}.'
        return [(prefix, step) for step in self.pack.services[name]['steps']]

    def list_of(self, name, given):
        if given is None:
            return unknown('number', {name})
        fields = self.pack.facts[name]['of']
        records = []
        for at, record in enumerate(given):
            values = {}
            for field, fact in fields.items():
                values.update(answered(self.pack, field, fact, record.get(field), name))
            records.append(Record(self.scope, values, f'{name}[{at}]'))
        return records

    # ── the steps

    def run(self):
        steps, exceptions = self.steps, {}
        for prefix, step in steps:
            if 'exception_to' in step:
                exceptions.setdefault(prefix + step['exception_to'], []).append(prefix + step['id'])
        waiting = {}
        for prefix, step in steps:
            id = prefix + step['id']
            self.prefix = prefix
            value = self.step(prefix, step, id)
            if 'exception_to' in step:
                base = prefix + step['exception_to']
                done = waiting.setdefault(base, [])
                done.append((self.whens[id], value))
                if len(done) == len(exceptions[base]):
                    self.put(base, excepted(self.values[base], done))
            self.values.setdefault(id, value)
            if 'exception_to' in step:
                self.values[id] = value
            self.order.append(id)
            if 'exception_to' not in step:
                self.put(id, self.values[id])

    def put(self, id, value):
        self.values[id] = value
        self.scope.values[id] = value
        if '.' in id and id.split('.')[0] == self.prefix.rstrip('.'):
            self.scope.values[id.split('.', 1)[1]] = value

    def flattened(self):
        out = []
        for name in listed(self.service.get('after')):
            out += self.steps_of(name)
        return out + self.steps_of(self.name)

    whens = None

    def step(self, prefix, step, id):
        self.whens = self.whens or {}
        cites = tuple(cite_of(cite) for cite in listed(step.get('cite')))
        for form in ('each', 'table', 'bands', 'bill', 'pay', 'benefit', 'condition', 'require', 'limit', 'allocate', 'versions'):
            if form in step and not (form == 'table' and 'each' in step):
                return getattr(self, 'do_' + form)(step, id, cites)
        value = self.formula(step['value'])
        if 'exception_to' in step:
            self.whens[id] = self.formula(step['when'])
        return self.rounded(step, value)

    def formula(self, text, scope=None):
        tree = parse(text)
        scope = scope or self.scope
        return scope.operand(tree)

    def rounded(self, step, value):
        if 'round' not in step or not value.known:
            return value
        mode, unit = rounding(step['round'].removeprefix('totals '))
        return known(rounded(value.it, mode, unit), value.unit)

    # ── tables (S4, S30)

    def do_table(self, step, id, cites):
        value = self.table(step['table'], self.scope, id)
        if 'exception_to' in step:
            self.whens[id] = self.formula(step['when'])
        return self.rounded(step, value)

    def table(self, table, scope, id):
        columns = listed(table['by'])
        keys = {column: scope.operand(parse(column)) for column in columns}
        rows, dated = table['rows'], any('from' in row or 'until' in row for row in table['rows'])
        if dated:
            keys['*day'] = self.day
        results = {}

        def result(at):
            if at not in results:
                results[at] = self.outcome(rows[at] if at != 'otherwise' else {'is': table['otherwise']}, scope, id)
            return results[at]

        hits = self.hits(table, keys, rows)
        open_keys = [key for key in keys.values() if not key.known]
        if not hits:
            reason = Reason('impossible')
            return failed('number', reason)
        outcomes = [result(at) for at in hits]
        if not open_keys:
            return outcomes[0]
        same = agreed(outcomes)
        if same is not None:
            return same
        unit = outcomes[0].unit
        if any(key.state == UNKNOWN for key in open_keys):
            return unknown(unit, asked(*open_keys))
        worst = max(open_keys, key=lambda key: key.state)
        return Value(worst.state, None, unit, frozenset(), worst.reason)

    def outcome(self, row, scope, id):
        what = row['is'] if 'is' in row else row
        if isinstance(what, dict):
            if 'refuse' in what:
                return failed('number', Reason('not-covered', tuple(cite_of(c) for c in listed(what.get('cite')))))
            what = what['is']
        if 'refuse' in row:
            return failed('number', Reason('not-covered', tuple(cite_of(c) for c in listed(row.get('cite')))))
        return self.formula(what, scope)

    def hits(self, table, keys, rows):
        """The rows that some combination of what the keys may be comes to."""
        if all(key.known for key in keys.values()):
            if self.impossible(table, keys):
                return []
            found = [at for at, row in enumerate(rows) if self.matches(row, keys)]
            return found[:1] or (['otherwise'] if 'otherwise' in table else [])
        possible = self.combinations(table, keys, rows)
        found = []
        for combination in possible:
            if self.impossible(table, combination):
                continue
            at = next((at for at, row in enumerate(rows) if self.matches(row, combination)), 'otherwise')
            # A sample that no row hits, where there is no `otherwise`, is a value that the key cannot have.
            if at not in found and (at != 'otherwise' or 'otherwise' in table):
                found.append(at)
        return found

    def matches(self, row, keys):
        for column, value in keys.items():
            if column == '*day':
                if not is_within(value.it, row):
                    return False
            elif column in row and not cell_holds(row[column], value):
                return False
        return True

    def impossible(self, table, keys):
        return any(self.matches({k: v for k, v in cells.items()}, {k: v for k, v in keys.items() if k != '*day'}) for cells in table.get('impossible') or [])

    def combinations(self, table, keys, rows):
        out = [{}]
        for column, value in keys.items():
            choices = [value] if value.known else self.samples(column, rows + list(table.get('impossible') or []), value)
            out = [{**one, column: choice} for one in out for choice in choices]
        return out

    def samples(self, column, rows, value):
        """Enough values to hit every cell of a column in every way."""
        if column == '*day':
            days = sorted({day for row in rows for day in (row.get('from'), row.get('until')) if day})
            edges = [FIRST_DAY] + [day_of_text(day) for day in days]
            return [known(day, 'date') for day in edges]
        if value.unit == 'bool':
            return [truth(True), truth(False)]
        if value.unit == 'option':
            return [known(option, 'option') for option in self.options(column)]
        cells = [row[column] for row in rows if column in row]
        low, high = self.bounds(column)
        points = sorted({bound for cell in cells for bound in bounds_of(cell)})
        numbers = set()
        for point in points:
            numbers |= {point - Fraction(1, 10**9), point, point + Fraction(1, 10**9)}
        numbers |= {low, high} - {None} or {Fraction(0)}
        inside = [n for n in numbers if (low is None or n >= low) and (high is None or n <= high)]
        return [known(n, value.unit) for n in sorted(inside)]

    def options(self, column):
        fact = self.fact_named(column)
        if fact is None:
            return sorted({option for step in self.service['steps'] if step['id'] == column for option in self.options(step.get('options_of', ''))})
        if fact['type'] == 'code':
            return [str(one) for one in fact['values']] + ['other']
        if fact['type'] == 'institution':
            return list(self.pack.institutions) + ['other']
        return list(fact['options'])

    def fact_named(self, column):
        name, _, attribute = column.partition('.')
        fact = self.pack.facts.get(name)
        if fact and attribute:
            return (fact.get('attributes') or {}).get(attribute)
        if fact is None:
            for one in self.pack.facts.values():
                if column in (one.get('of') or {}):
                    return one['of'][column]
                if name in (one.get('of') or {}) and attribute:
                    return one['of'][name]['attributes'][attribute]
        return fact

    def bounds(self, column):
        fact = self.fact_named(column) or self.pack.entries.get(column.removeprefix('ledger.'), {})
        return tuple(figure(fact[key]).it if fact.get(key) is not None else None for key in ('min', 'max'))

    def do_versions(self, step, id, cites):
        rows = step['versions']
        keys = {'*day': self.day}
        hits = self.hits({'rows': rows}, keys, rows)
        outcomes = [self.formula(rows[at]['value']) for at in hits]
        if self.day.known:
            return self.rounded(step, outcomes[0])
        same = agreed(outcomes)
        if same is not None:
            return self.rounded(step, same)
        return Value(self.day.state, None, outcomes[0].unit, self.day.missing, self.day.reason)

    # ── bands (S32, S33)

    def do_bands(self, step, id, cites):
        bands = step['bands']
        of, start = self.formula(bands['of']), self.formula(bands['from'])
        rows = [(self.formula(row['up_to']) if 'up_to' in row else None, self.formula(row['rate'])) for row in bands['rows']]
        self.bands[step['id']] = (of, start, rows)
        read = [of, start] + [edge for edge, _ in rows if edge is not None] + [rate for _, rate in rows]
        state = lost('money', *read)
        if state is not None:
            return state
        first = max(start.it, Fraction(0))
        last = first + max(of.it, Fraction(0))
        totals = str(step.get('round', '')).startswith('totals ')
        ends = [paid_up_to(rows, first), paid_up_to(rows, last)]
        if totals:
            mode, unit = rounding(step['round'].removeprefix('totals '))
            ends = [rounded(end, mode, unit) for end in ends]
        value = known(ends[1] - ends[0], 'money')
        return value if totals else self.rounded(step, value)

    # ── the bill

    def do_bill(self, step, id, cites):
        total = self.formula(step['bill'])
        parts, rest = {}, None
        for name, part in step['parts'].items():
            if part['amount'] == 'rest':
                rest = name
                parts[name] = None
            else:
                parts[name] = self.formula(part['amount'])
        given = [value for value in parts.values() if value is not None]
        state = lost('money', total, *given)
        over = failed('money', Reason('over-bill'))
        if state is None:
            left = total.it - sum(value.it for value in given)
            wrong = left < 0 or any(value.it < 0 for value in given) or (rest is None and left != 0)
            if wrong:
                parts = {name: over for name in parts}
                state = over
            elif rest is not None:
                parts[rest] = known(left, 'money')
        elif rest is not None:
            parts[rest] = state
        negative = next((value for value in given if value.known and value.it < 0), None)
        if negative is not None:
            state = over
            parts = {name: over for name in parts}
        self.bill = Bill(total, parts)
        self.bill.state = state
        if state is not None:
            self.requires.append(state)
        return total

    def do_pay(self, step, id, cites):
        asked = self.rounded(step, self.formula(step['amount']))
        asked = not_negative(asked)
        if 'at_least' in step:
            floor = self.rounded(step, self.formula(step['at_least']))
            asked = lost('money', asked, floor) or known(max(asked.it, floor.it), 'money')
        names = listed(step['from'])
        room = [self.bill.left(sorted(names, key=list(self.bill.parts).index))]
        if 'cap' in step:
            room.append(at_least_zero(self.formula(step['cap'])))
        if 'leaves' in step:
            room.append(at_least_zero(minus(self.bill.left(list(self.bill.parts)), self.formula(step['leaves']))))
        paid = least(asked, *room)
        self.bill.draw(names, paid)
        self.bill.payments.append((id, step['pay'], paid))
        return paid

    def do_benefit(self, step, id, cites):
        value = not_negative(self.rounded(step, self.formula(step['amount'])))
        self.benefits.append((id, step['benefit'], value))
        return value

    def do_allocate(self, step, id, cites):
        value = not_negative(self.rounded(step, self.formula(step['amount'])))
        self.allocations.append((id, step['allocate'], value))
        return value

    def do_condition(self, step, id, cites):
        value = self.formula(step['condition'])
        self.conditions[id] = step
        return value

    def do_require(self, step, id, cites):
        holds = self.formula(step['require'])
        value = failed('bool', Reason('not-covered', cites)) if holds.known and not holds.it else holds
        self.requires.append(value)
        return value

    def do_limit(self, step, id, cites):
        limit = step['limit']
        if isinstance(limit, dict):
            start, value = self.formula(limit['from']), self.formula(limit['to'])
        else:
            start, value = None, self.rounded(step, self.formula(limit))
        self.limit = (id, step, start, value)
        return value

    def do_each(self, step, id, cites):
        records = self.scope.records(step['each'])
        if isinstance(records, Value):
            return records
        for record in records:
            self.scope.values['*record'] = None
            value = self.table(step['table'], record, id) if 'table' in step else self.formula(step['value'], record)
            record.fields[step['id']] = self.rounded(step, value)
        return truth(True)


def paid_up_to(rows, amount):
    paid, at = Fraction(0), Fraction(0)
    for edge, rate in rows:
        end = amount if edge is None else min(amount, edge.it)
        if end > at:
            paid += (end - at) * rate.it
            at = end
    return paid


def not_negative(value):
    """S43."""
    return failed('money', Reason('negative-payment')) if value.known and value.it < 0 else value


def at_least_zero(value):
    return value if not value.known else known(floor_fen(max(value.it, Fraction(0))), 'money')


def excepted(base, exceptions):
    """S6."""
    trues = [value for when, value in exceptions if when.known and when.it]
    opens = [(when, value) for when, value in exceptions if not when.known]
    if len(trues) > 1:
        return failed(base.unit, Reason('conflict'))
    if not opens:
        return trues[0] if trues else base
    if len(opens) == 1 and not trues:
        same = agreed([base, opens[0][1]])
        if same is not None:
            return same
    if any(when.state == UNKNOWN for when, _ in opens):
        return unknown(base.unit, asked(base, *(one for pair in exceptions for one in pair)))
    worst = max((when for when, _ in opens), key=lambda when: when.state)
    return Value(worst.state, None, base.unit, frozenset(), worst.reason)


def cite_of(cite):
    return str(cite['at'] if isinstance(cite, dict) and 'at' in cite else '' if isinstance(cite, dict) else cite).split('#')[0]


def day_of_text(text):
    from datetime import date
    return date.fromisoformat(str(text))


INTERVAL = re.compile(r'^([\[(])\s*(.*?)\s*,\s*(.*?)\s*([\])])$')
HALF = re.compile(r'^(<=|>=|<|>)\s*(.+)$')


def cell_holds(cell, value):
    if isinstance(cell, bool):
        return value.it == cell
    if isinstance(cell, list):
        return any(cell_holds(one, value) for one in cell)
    text = str(cell)
    if value.unit == 'bool':
        return value.it == (text == 'true')
    if value.unit == 'option':
        return value.it == text
    if found := INTERVAL.match(text):
        low, high = figure_or_none(found[2]), figure_or_none(found[3])
        above = low is None or value.it > low or (found[1] == '[' and value.it == low)
        below = high is None or value.it < high or (found[4] == ']' and value.it == high)
        return above and below
    if found := HALF.match(text):
        bound = figure(found[2]).it
        return {'<': value.it < bound, '<=': value.it <= bound, '>': value.it > bound, '>=': value.it >= bound}[found[1]]
    return value.it == figure(text).it


def figure_or_none(text):
    return figure(text).it if text else None


def bounds_of(cell):
    if isinstance(cell, list):
        return [bound for one in cell for bound in bounds_of(one)]
    text = str(cell)
    if found := INTERVAL.match(text):
        return [figure(one).it for one in (found[2], found[3]) if one]
    if found := HALF.match(text):
        return [figure(found[2]).it]
    return [figure(text).it]
