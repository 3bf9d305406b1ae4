"""A year of stays: a fold over encounters (S80 to S88)."""

from datetime import date, timedelta
from fractions import Fraction

from decide import Decision
from formula import evaluate, figure, parse
from pack import BadAnswer, answered, day_of, unit_of
from values import *


MOST_PIECES = 1_000


class Handed:
    """What the stays before hand to this one."""

    def __init__(self, ledger, previous, is_piece=False, too_many=False):
        self.ledger, self.previous, self.is_piece, self.too_many = ledger, previous, is_piece, too_many


class Year:
    def __init__(self, pack, given):
        self.pack, self.given = pack, given
        self.encounters = given['encounters']
        attached = {}
        self.first = None
        for _ in range(64):
            settled = self.fold(attached)
            self.first = self.first or settled
            found = self.attachments(settled)
            if found == attached:
                break
            attached = found
        self.settled = settled

    # ── one pass

    def fold(self, attached):
        ledger, year = None, None
        handed_on, settled = {}, []
        before = None
        for encounter in self.encounters:
            service = self.pack.services[encounter['service']]
            facts = dict(encounter.get('facts') or {})
            for fact in self.attachable():
                if fact in facts:
                    raise BadAnswer(fact)
                facts[fact] = attached.get((encounter['id'], fact), False)
            first, last = (day_of(facts.get(service.get(key))) for key in ('as_of', 'ends'))
            follows = encounter.get('follows') or before
            previous = handed_on.get(follows, {})
            pieces = self.pieces(service, facts, first, last)
            done, start = [], None
            for at, (begin, end, own) in enumerate(pieces):
                bears = end if service.get('crosses_year') == 'discharge' else begin
                ledger, year = self.turned(ledger, year, bears)
                start = start or dict(ledger)
                piece_facts = {**facts, **(own or {})}
                handed = Handed(ledger, previous, len(pieces) > 1 or bool(own), own is None)
                case = {'facts': piece_facts, 'parameters': self.given.get('parameters')}
                decision = Decision(self.pack, encounter['service'], case, handed)
                done.append(decision)
                ledger = self.posted(ledger, decision)
            settled.append((encounter, done, start, dict(ledger)))
            handed_on[encounter['id']] = self.handed(done, facts)
            before = encounter['id']
        return settled

    def attachable(self):
        return {fact for service in self.pack.services.values() for fact in service.get('attaches') or {}}

    def turned(self, ledger, year, day):
        """The balances of the year that bears a stay."""
        now = year if day is None else self.pack.settlement_year(day)
        if ledger is None:
            return self.opening(now), now
        if now == year or now is None or year is None:
            return ledger, now if now is not None else year
        return {id: ledger[id] if entry['kind'] == 'last' else self.fresh(entry) for id, entry in self.pack.entries.items()}, now

    def fresh(self, entry):
        kind = entry['kind']
        if kind == 'last':
            return not_applicable(unit_of(entry))
        return known(figure(entry['min']).it if kind == 'max' else Fraction(0), entry['type'])

    def opening(self, year):
        given = self.given.get('opening') or {}
        return {
            id: answered(self.pack, id, entry, given[id], id)[id] if id in given else self.fresh(entry)
            for id, entry in self.pack.entries.items()
        }

    # ── S86, S87

    def pieces(self, service, facts, first, last):
        rule, every = service.get('crosses_year', 'refuse'), service.get('split_every')
        whole = [(first, last, {})]
        if first is None or last is None or 'lines' not in service:
            return whole
        starts = {first}
        if every:
            days = int(figure(every).it)
            starts |= {first + timedelta(days=n) for n in range(days, (last - first).days + 1, days)}
        if rule == 'split':
            month, day = self.pack.year_starts
            starts |= {start for y in range(first.year, last.year + 2) if first < (start := date(y, month, day)) <= last}
        if len(starts) == 1:
            return whole
        if len(starts) > MOST_PIECES:
            return [(first, last, None)]
        edges = sorted(starts)
        of, field = service['lines']['list'], service['lines']['date']
        lines = facts.get(of)
        if lines is None or any(line.get(field) is None or not first <= day_of(line[field]) <= last for line in lines):
            return whole
        out = []
        for begin, following in zip(edges, edges[1:] + [last + timedelta(days=1)]):
            end = following - timedelta(days=1)
            own = {service['as_of']: str(begin), service['ends']: str(end), of: [line for line in lines if begin <= day_of(line[field]) <= end]}
            out.append((begin, end, own))
        return out

    # ── S83 to S85

    def posted(self, ledger, decision):
        ledger = dict(ledger)
        for id, text in (decision.service.get('posts') or {}).items():
            entry, value = self.pack.entries[id], self.value_of(decision, text)
            ledger[id] = self.taken_in(entry, ledger[id], value)
        return ledger

    def value_of(self, decision, text):
        tree = parse(text)
        worked_out = tree[0] != 'figure' and not (tree[0] == 'name' and tree[1] in decision.answers.inputs)
        value = evaluate(tree, decision.run.scope)
        return refused(value, decision) if worked_out else value

    def taken_in(self, entry, balance, value):
        kind = entry['kind']
        if value.state == NOT_APPLICABLE:
            return balance
        if kind == 'last':
            return value.with_unit(unit_of(entry))
        if not (balance.known and value.known):
            return max((balance, value), key=lambda one: one.state)
        if kind == 'max':
            return known(max(balance.it, value.it), entry['type'])
        return known(balance.it + value.it, entry['type'])

    def handed(self, done, facts):
        last, out = done[-1], {}
        whole = Decision.answers_of(self.pack, last, facts) if len(done) > 1 else last.answers
        for id, of in self.pack.previous.items():
            source = of['from'] if isinstance(of, dict) else of
            if source in self.pack.facts:
                out[id] = whole.inputs[source]
                for name, value in whole.inputs.items():
                    if name.startswith(f'{source}.'):
                        out[f'{id}.{name.removeprefix(source + ".")}'] = value
            elif source in last.run.values:
                out[id] = refused(last.run.values[source], last)
        return out

    # ── S88

    def attachments(self, settled):
        found = {}
        for encounter, done, _, _ in settled:
            for fact, text in (done[-1].service.get('attaches') or {}).items():
                value = evaluate(parse(text), done[-1].run.scope)
                if value.known and value.it:
                    if not encounter.get('follows'):
                        raise BadAnswer('transfer-without-stay')
                    found[encounter['follows'], fact] = True
        return found

    def credit(self, at):
        """Net before less net after, where a later stay has attached something."""
        (_, first, _, _), (_, now, _, _) = self.first[at], self.settled[at]
        nets = [sum_of(done) for done in (first, now)]
        return None if None in nets or nets[0] == nets[1] else nets[0] - nets[1]


def refused(value, decision):
    """What a refused stay worked out is not handed on as a value (S84); a state is, with its own reason (S83)."""
    fails = decision.outcome == 'refused' and value.known
    return failed(value.unit, Reason(decision.refused[0])) if fails else value


def sum_of(done):
    nets = [None if one.early else getattr(one, 'net', None) for one in done]
    if any(net is None or not net.known for net in nets):
        return None
    return sum(net.it for net in nets)
