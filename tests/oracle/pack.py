"""A pack from its text, and the answers of a case. Nothing of a compiled plan is read here."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import yaml

from formula import figure, parse
from values import *


class TextLoader(yaml.SafeLoader):
    """Every scalar stays text but true and false: a day is written as a day, an amount as an amount."""


TextLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in all if tag in ('tag:yaml.org,2002:bool', 'tag:yaml.org,2002:null')]
    for letter, all in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path):
    return yaml.load(Path(path).read_text(encoding='utf-8'), TextLoader)


class BadAnswer(Exception):
    """An answer that cannot be one: an error, not a refusal (S60)."""


def listed(value):
    return [] if value is None else value if isinstance(value, list) else [value]


class Pack:
    def __init__(self, text, vocabulary, frames):
        self.text, self.frames = text, frames
        self.id, self.status = text['pack'], text['status']
        self.evidence = day_of(text.get('evidence_date'))
        period = text.get('period') or {}
        self.start, self.until = day_of(period.get('from')), day_of(period.get('until'))
        self.shared = set()
        self.facts = {name: self.fact(name, fact, vocabulary) for name, fact in (text.get('facts') or {}).items()}
        self.institutions = text.get('institutions') or {}
        self.groups = {name: [member if isinstance(member, dict) else {'id': member} for member in members] for name, members in (text.get('groups') or {}).items()}
        self.parameters = text.get('parameters') or {}
        ledger = text.get('ledger') or {}
        self.entries = ledger.get('entries') or {}
        month, day = map(int, str(ledger.get('year_starts', '01-01')).split('-'))
        self.year_starts = (month, day)
        self.previous = text.get('previous') or {}
        self.own = {payer for payer, it in (text.get('payers') or {}).items() if it.get('own')}
        self.payers = set(text.get('payers') or {})
        self.services = text['services']
        self.words = self.all_words()
        constraints = [(one['must'], False) for one in text.get('constraints') or []]
        constraints += [(one['must'], True) for one in vocabulary.get('constraints') or []]
        facts = set(vocabulary['facts']) | set(self.facts) | {'ledger', 'previous'}
        roots = lambda tree: {name.split('.')[0] for name in names_of(tree)} & facts
        self.constraints = [(parse(must), roots(parse(must)), common) for must, common in constraints]

    def fact(self, name, fact, vocabulary):
        if fact == 'shared' or isinstance(fact, dict) and fact.get('shared'):
            self.shared.add(name)
            whole = dict(vocabulary['facts'][name])
            if isinstance(fact, dict) and 'options' in fact:
                whole['options'] = {option: whole['options'][option] for option in fact['options']}
            return self.fields_of(whole, vocabulary)
        return self.fields_of(dict(fact), vocabulary)

    def fields_of(self, fact, vocabulary):
        for key in ('attributes', 'of'):
            given = fact.get(key)
            if isinstance(given, str):
                fact[key] = self.facts_text()[given][key]
            elif isinstance(given, dict):
                fact[key] = {name: self.field(one, vocabulary) for name, one in given.items()}
        return fact

    def field(self, one, vocabulary):
        if isinstance(one, str):
            own = self.facts_text().get(one)
            one = vocabulary['facts'][one] if own in (None, 'shared') else own
        return self.fields_of(dict(one), vocabulary)

    def facts_text(self):
        return self.text.get('facts') or {}

    def all_words(self):
        """Options that a formula may name."""
        words, open_ = set(self.institutions) | {'other'}, list(self.facts.values())
        while open_:
            fact = open_.pop()
            words |= set(fact.get('options') or ()) | {str(one) for one in fact.get('values') or ()}
            open_ += list((fact.get('attributes') or {}).values()) + list((fact.get('of') or {}).values())
        return words

    def settlement_year(self, day):
        return day.year if (day.month, day.day) >= self.year_starts else day.year - 1

    def institution(self, answer):
        for id, one in self.institutions.items():
            if answer == id or answer == one['zh'] or answer in listed(one.get('names')):
                return id
        return None


def day_of(text):
    return None if text is None else date.fromisoformat(str(text))


def names_of(tree, inside=()):
    """Every name that a formula reads."""
    if not isinstance(tree, tuple):
        return set().union(*(names_of(one, inside) for one in tree)) if isinstance(tree, list) else set()
    if tree[0] == 'name':
        return {tree[1]}
    if tree[0] == 'fold':
        return {tree[2]} | {name for name in names_of(tree[3]) | names_of(tree[4])}
    if tree[0] in ('figure',):
        return set()
    if tree[0] == 'group':
        return names_of(tree[1]) | (names_of(tree[3]) if tree[3] else set())
    return set().union(set(), *(names_of(one) for one in tree[1:]))


UNIT_OF_TYPE = {'bool': 'bool', 'date': 'date', 'option': 'option', 'code': 'option', 'institution': 'option'}


def unit_of(fact):
    return UNIT_OF_TYPE.get(fact['type'], fact['type'])


def answered(pack, name, fact, answer, place):
    """One answer as a value, its attributes beside it: `{name: value}`."""
    kind, unit = fact['type'], unit_of(fact)
    if kind == 'institution':
        return institution(pack, name, fact, answer, place)
    return {name: single(fact, kind, unit, answer, place)}


def single(fact, kind, unit, answer, place):
    if answer is None:
        return unknown(unit, {place})
    if kind == 'bool':
        return truth(answer in (True, 'true'))
    if kind == 'date':
        return known(day_of(answer), 'date')
    if kind == 'option':
        if answer not in fact['options']:
            raise BadAnswer(place)
        return known(str(answer), 'option')
    if kind == 'code':
        listed_here = str(answer) in [str(one) for one in fact['values']]
        return Value(KNOWN, str(answer) if listed_here else 'other', 'option', frozenset() if listed_here else frozenset({place}), None, not listed_here)
    text = str(answer)
    if kind == 'money' and re.fullmatch(r'-?\d+(\.\d+)?', text):
        number = Fraction(text)
    else:
        number = figure(text).it if not re.fullmatch(r'-?\d+(\.\d+)?', text) else Fraction(text) * (Fraction(1, 100) if kind in ('points', 'rate') else 1)
    for key, wrong in (('min', lambda n, bound: n < bound), ('max', lambda n, bound: n > bound)):
        if key in fact and wrong(number, figure(fact[key]).it):
            raise BadAnswer(place)
    return known(number, unit)


def institution(pack, name, fact, answer, place):
    attributes = fact.get('attributes') or {}
    id, given = None, {}
    if isinstance(answer, dict):
        given = {key: value for key, value in answer.items() if key != 'id'}
        answer = answer.get('id')
    out = {}
    if answer is None:
        out[name] = unknown('option', {place})
    elif answer == 'other':
        out[name] = Value(KNOWN, 'other', 'option', frozenset({place}), None, True)
    else:
        id = pack.institution(str(answer))
        if id is None:
            raise BadAnswer(place)
        out[name] = known(id, 'option')
    for key, attribute in attributes.items():
        known_of = pack.institutions.get(id, {}).get(key) if id else None
        value = given.get(key, known_of)
        out[f'{name}.{key}'] = single(attribute, attribute['type'], unit_of(attribute), value, f'{place}.{key}')
    return out
