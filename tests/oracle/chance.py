"""Random cases of a service: every answer at its edges, between them, and left out. The same seed gives the same cases."""

import random
from datetime import date, timedelta
from fractions import Fraction

from formula import figure
from values import FIRST_DAY, LAST_DAY

LEFT_OUT = 0.12


class Chance:
    def __init__(self, pack, service, seed):
        self.pack, self.name, self.service = pack, service, pack.services[service]
        self.random = random.Random(f'{seed} {pack.id} {service}')
        self.figures, self.days = edges(pack.text)
        for day in (pack.evidence, pack.start, pack.until):
            if day:
                self.days.append(day)

    def case(self):
        """Answers as a case has them: text, as people give them."""
        case = {'facts': {}}
        for id, fact in self.pack.facts.items():
            if not self.leaves_out():
                case['facts'][id] = self.list_of(fact) if fact['type'] == 'list' else self.answer(fact)
        if self.pack.entries:
            case['ledger'] = {id: self.answer(entry) for id, entry in self.pack.entries.items() if not self.leaves_out()}
        if self.pack.previous and not self.leaves_out():
            case['previous'] = 'none' if self.random.random() < 0.3 else self.earlier()
        tried = {id: self.answer(one) for id, one in self.pack.parameters.items() if 'unset' in one and self.random.random() < 0.5}
        if tried:
            case['parameters'] = tried
        return case

    def leaves_out(self):
        return self.random.random() < LEFT_OUT

    def earlier(self):
        out = {}
        for id, of in self.pack.previous.items():
            fact = of if isinstance(of, dict) else self.pack.facts.get(of, {'type': 'money', 'min': '0元', 'max': '100000元'})
            if not self.leaves_out() and fact['type'] != 'list':
                out[id] = self.hospital() if fact['type'] == 'institution' else self.answer(fact)
        return out

    def hospital(self):
        """What a stay before says of its hospital: which one it was."""
        return self.random.choice(list(self.pack.institutions) + ['other'])

    def list_of(self, fact):
        records = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3])):
            records.append({field: self.answer(one) for field, one in fact['of'].items() if not self.leaves_out()})
        return records[:int(fact['max'])]

    def answer(self, fact):
        kind = fact['type']
        if kind == 'bool':
            return self.random.random() < 0.5
        if kind == 'option':
            return self.random.choice(list(fact['options']))
        if kind == 'code':
            return self.random.choice([str(one) for one in fact['values']] + ['elsewhere'])
        if kind == 'date':
            return str(self.day())
        if kind == 'institution':
            return self.institution(fact)
        return self.number(fact, kind)

    def institution(self, fact):
        named = list(self.pack.institutions)
        if named and self.random.random() < 0.6:
            return self.random.choice(named)
        attributes = fact.get('attributes') or {}
        given = {key: self.answer(one) for key, one in attributes.items() if not self.leaves_out()}
        return {'id': 'other', **given} if self.random.random() < 0.7 or not given else given

    def day(self):
        base = self.random.choice(self.days or [date(2024, 1, 1)])
        step = self.random.choice([0, 0, 1, -1, 1, self.random.randint(-400, 400), self.random.randint(-40, 40)])
        return min(max(base + timedelta(days=step), FIRST_DAY), LAST_DAY)

    def number(self, fact, kind):
        if 'options' in fact:
            return text_of(figure(self.random.choice(fact['options'])).it, kind)
        low = figure(fact['min']).it if 'min' in fact else Fraction(0)
        high = figure(fact['max']).it if 'max' in fact else Fraction({'rate': 1, 'points': 1, 'money': 100_000}.get(kind, 10_000))
        decimals = 2 if kind == 'money' else int(fact.get('decimals', 0))
        scale = Fraction(1, 10**decimals) * (Fraction(1, 100) if kind in ('rate', 'points') else 1)
        near = [one for one in self.figures.get(kind, []) if low <= one <= high]
        base = self.random.choice(near + [low, high]) if self.random.random() < 0.6 else low + (high - low) * Fraction(self.random.randint(0, 10**6), 10**6)
        if self.random.random() < 0.3:
            base = low + (min(high, low + 60_000) - low) * Fraction(self.random.randint(0, 10**6), 10**6)
        base = (base // scale + self.random.choice([0, 0, 1, -1])) * scale
        return text_of(min(max(base, low), high), kind)


def text_of(number, kind):
    if kind in ('rate', 'points'):
        number *= 100
    text = f'{number.numerator // number.denominator}' if number.denominator == 1 else decimal(number)
    return text + {'rate': '%', 'points': ' points'}.get(kind, '')


def decimal(number):
    sign, number = ('-', -number) if number < 0 else ('', number)
    whole = number.numerator // number.denominator
    rest, digits = number - whole, ''
    while rest and len(digits) < 12:
        rest *= 10
        digits += str(rest.numerator // rest.denominator)
        rest -= rest.numerator // rest.denominator
    return f'{sign}{whole}.{digits}'


def edges(text):
    """Every figure and every day that a pack writes down: where answers change what comes out."""
    figures, days = {}, []

    def take(value):
        if value.unit == 'date':
            days.append(value.it)
        elif value.unit not in ('bool', 'option'):
            figures.setdefault(value.unit, []).append(value.it)

    def walk(node, key=None):
        if isinstance(node, dict):
            for name, one in node.items():
                if name not in ('zh', 'en', 'quote', 'sources', 'title', 'label', 'cite'):
                    walk(one, name)
        elif isinstance(node, list):
            for one in node:
                walk(one, key)
        elif isinstance(node, str):
            for part in [node] + node.replace('[', ' ').replace(']', ' ').replace('(', ' ').replace(')', ' ').replace(',', ' ').replace('=', ' ').replace('<', ' ').replace('>', ' ').split():
                try:
                    take(figure(part))
                except ValueError:
                    pass

    walk(text)
    return figures, days
