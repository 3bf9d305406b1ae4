"""A service's answer to a case: outcome, refusals, what is missing, verdict, amounts (S60 to S73)."""

from formula import evaluate, figure
from pack import BadAnswer, answered, day_of, listed, names_of, unit_of
from steps import Run, Scope
from values import *


class Answers:
    """A case's answers as values: facts, parameters, balances, the stay before, the day that decides."""

    def __init__(self, pack, name, case, handed=None):
        self.pack, self.service = pack, pack.services[name]
        self.inputs, self.lists = {}, {}
        facts = case.get('facts') or {}
        for id in facts:
            if id not in pack.facts:
                raise BadAnswer(id)
        for id, fact in pack.facts.items():
            answer = facts.get(id)
            if id == self.service.get('as_of') and answer is None and case.get('date') is not None:
                answer = case['date']
            if fact['type'] == 'list':
                self.lists[id] = answer
            else:
                self.inputs.update(answered(pack, id, fact, answer, id))
        self.parameters(case.get('parameters') or {})
        self.balances(case.get('ledger') or {}, handed)
        self.earlier(case.get('previous'), handed)
        as_of = self.service.get('as_of')
        if self.service.get('crosses_year') == 'discharge':
            as_of = self.service['ends']
        self.as_of = as_of
        self.day = self.inputs[as_of] if as_of else not_applicable('date')

    def parameters(self, tried):
        for id, one in self.pack.parameters.items():
            unit = one['type']
            if id in tried:
                text = str(tried[id])
                self.inputs[id] = known(tried_value(one, text), unit)
            elif 'is' in one:
                self.inputs[id] = figure(one['is'])
            else:
                cites = tuple(str(cite).split('#')[0] for cite in listed(one['unset'].get('cite')))
                self.inputs[id] = unset(unit, Reason('unset', cites, id))

    def balances(self, given, handed):
        for id, entry in self.pack.entries.items():
            name = f'ledger.{id}'
            if handed is not None:
                self.inputs[name] = handed.ledger[id].named(name)
            elif id in given:
                self.inputs[name] = answered(self.pack, name, entry, given[id], name)[name]
            else:
                self.inputs[name] = unknown(entry['type'], {name})

    def earlier(self, given, handed):
        for id, of in self.pack.previous.items():
            name, fact = f'previous.{id}', self.earlier_fact(of)
            unit = unit_of(fact)
            if handed is not None:
                self.put_earlier(name, handed.previous.get(id, not_applicable(unit)), fact, handed.previous)
            elif given == 'none':
                self.put_earlier(name, not_applicable(unit), fact, {})
            elif isinstance(given, dict) and id in given:
                self.inputs.update(answered(self.pack, name, fact, given[id], name))
            else:
                self.inputs.update(answered(self.pack, name, fact, None, name))

    def put_earlier(self, name, value, fact, handed):
        self.inputs[name] = value.named(name)
        for key, attribute in (fact.get('attributes') or {}).items():
            short = f'{name.removeprefix("previous.")}.{key}'
            self.inputs[f'{name}.{key}'] = handed.get(short, not_applicable(unit_of(attribute))).named(f'{name}.{key}')

    def earlier_fact(self, of):
        if isinstance(of, dict):
            return of
        return self.pack.facts.get(of, {'type': 'money'})


class Decision:
    """What is compared: every field as plain data."""

    def __init__(self, pack, name, case, handed=None):
        self.pack, self.name, self.service = pack, name, pack.services[name]
        self.answers = Answers(pack, name, case, handed)
        self.run, self.refused, self.missing, self.verdict = None, [], set(), None
        self.early = self.before(handed)
        self.run = Run(pack, name, self.answers)
        self.constraints()
        self.judge()
        if self.early:
            self.outcome, self.refused, self.missing = 'refused', self.early + self.refused, set()
            self.verdict = None

    @staticmethod
    def answers_of(pack, decision, facts):
        """The answers of a stay as a whole, where it was settled in pieces."""
        return Answers(pack, decision.name, {'facts': facts})

    # ── S64

    def before(self, handed):
        pack, day, codes = self.pack, self.answers.day, []
        if pack.status == 'proposal':
            codes.append('not-in-force')
        if day.known and (pack.start and day.it < pack.start or pack.until and day.it >= pack.until):
            codes.append('out-of-period')
        crossing = self.crossing(handed)
        lines = ['too-many-pieces' if handed.too_many else 'needs-lines'] if crossing == ['needs-split'] and handed is not None else []
        return lines + codes + crossing

    def crossing(self, handed):
        service, inputs = self.service, self.answers.inputs
        if not service.get('ends') or (handed is not None and handed.is_piece):
            return []
        first, last = inputs[service['as_of']], inputs[service['ends']]
        if not (first.known and last.known):
            return []
        crosses = self.pack.entries and self.pack.settlement_year(first.it) != self.pack.settlement_year(last.it)
        rule = service.get('crosses_year', 'refuse')
        every = service.get('split_every')
        if every and (last.it - first.it).days >= figure(every).it:
            return ['needs-split']
        if crosses and rule == 'refuse':
            return ['crosses-year']
        if crosses and rule == 'split':
            return ['needs-split']
        return []

    # ── S61

    def constraints(self):
        read = self.names_read()
        for tree, roots, common in self.pack.constraints:
            if common and not all(name in self.pack.shared for name in roots):
                continue
            if not all(name in read for name in roots):
                continue
            holds = evaluate(tree, self.run.scope)
            if holds.known and not holds.it:
                raise BadAnswer('constraint')

    def names_read(self):
        from formula import parse
        names = {self.service.get('as_of'), self.service.get('ends')}
        # What a later stay may know of this one is read too.
        names |= {of['from'] if isinstance(of, dict) else of for of in self.pack.previous.values()}
        for _, step in self.run.steps:
            for text in formulas_of(step):
                names |= names_of(parse(text))
        for text in (self.service.get('posts') or {}).values():
            names |= names_of(parse(text))
        if self.service.get('verdict'):
            names |= names_of(parse(self.service['verdict']))
        return names | {name.split('.')[0] for name in names if name}

    # ── S62 to S69

    def judge(self):
        run, answers = self.run, list(self.run.requires)
        if run.bill:
            total = run.values[[id for id, step in zip(run.order, [s for _, s in run.steps]) if 'bill' in step][0]]
            self.amounts(total)
            answers += [total] + [paid for _, _, paid in run.bill.payments] + [self.patient, self.net]
        answers += [value for _, _, value in run.benefits + run.allocations]
        answers += [run.values[step] for step in listed(self.service.get('result'))]
        self.limit = None
        if run.limit:
            answers += self.limited()
        verdict = self.judged(asked(*answers))
        everything = answers + ([verdict] if verdict is not None else [])
        bad = [value for value in everything if value.state > UNKNOWN]
        if bad:
            self.outcome = 'refused'
            self.refused = list(dict.fromkeys(code_of(value) for value in bad))
            return
        open_ = [value for value in everything if value.state == UNKNOWN]
        self.missing = asked(*open_) if open_ else set()
        if self.pack.start or self.pack.until:
            if self.answers.as_of and not self.answers.day.known:
                self.missing = set(self.missing) | set(self.answers.day.missing)
                open_ = open_ or [self.answers.day]
        self.outcome = 'incomplete' if open_ else 'computed'

    def amounts(self, total):
        bill = self.run.bill
        base = bill.state if bill.state is not None and bill.state.state == FAILED else total
        self.patient = taken(base, [paid for _, payer, paid in bill.payments if payer not in self.pack.own])
        self.cash = taken(self.patient, [paid for _, payer, paid in bill.payments if payer in self.pack.own])
        self.net = taken(self.patient, [value for _, _, value in self.run.benefits])
        self.total = total

    def limited(self):
        id, step, start, value = self.run.limit
        if value.state == UNSET and step.get('frame'):
            pack, bound = step['frame'].split('/')
            of = self.pack.frames[pack].text['frame'][bound]
            value = figure(of.get('at_most', of.get('at_least')))
        self.limit = (start, value)
        return [value] if start is None else [start, value]

    def judged(self, missing):
        text = self.service.get('verdict')
        if text is None:
            return None
        value = self.run.formula(text)
        if value.known:
            self.verdict = 'meets' if value.it else 'does_not_meet'
        elif value.state == UNSET:
            self.verdict = 'must_be_confirmed'
            if value.reason and value.reason.code == 'month-length':
                return truth(True)
        elif value.state == UNKNOWN:
            confirmed = all(self.confirmed(name) for name in value.missing | missing)
            self.verdict = 'must_be_confirmed' if confirmed else 'cannot_tell'
            if confirmed:
                self.also_missing = value.missing
                return truth(True)
        else:
            self.verdict = 'cannot_tell'
        return value

    also_missing = frozenset()

    def confirmed(self, name):
        fact = self.pack.facts.get(name.split('.')[0].split('[')[0])
        if fact is None:
            return False
        attribute = name.partition('.')[2]
        if attribute and fact.get('attributes'):
            return bool(fact['attributes'][attribute].get('confirmed_by') or fact.get('confirmed_by'))
        return bool(fact.get('confirmed_by'))


def tried_value(parameter, text):
    """A figure that an asker tries: within its bounds, or one of those that the text lists."""
    try:
        number = figure(text).it
    except ValueError:
        raise BadAnswer(text) from None
    most = {'money': 10**10, 'rate': 1, 'points': 1}.get(parameter['type'], 10_000)
    low = figure(parameter['min']).it if 'min' in parameter else 0
    high = figure(parameter['max']).it if 'max' in parameter else most
    wrong = not low <= number <= high
    if 'options' in parameter:
        wrong = number not in [figure(option).it for option in parameter['options']]
    if wrong:
        raise BadAnswer(text)
    return number


def taken(base, payments):
    return lost('money', base, *payments) or known(base.it - sum(one.it for one in payments), 'money')


def code_of(value):
    return 'not-applicable' if value.state == NOT_APPLICABLE else value.reason.code if value.reason else 'unset'


def formulas_of(step):
    """Every formula of a step, as text."""
    out = []
    for key in ('value', 'when', 'condition', 'require', 'amount', 'cap', 'at_least', 'leaves', 'bill'):
        if key in step and not isinstance(step[key], (dict, list)):
            out.append(step[key])
    if isinstance(step.get('limit'), dict):
        out += step['limit'].values()
    elif 'limit' in step:
        out.append(step['limit'])
    out += [part['amount'] for part in (step.get('parts') or {}).values() if part['amount'] != 'rest']
    out += [row['value'] for row in step.get('versions') or []]
    table = step.get('table') or {}
    out += listed(table.get('by'))
    results = [row.get('is') for row in table.get('rows') or []] + [table.get('otherwise')]
    for result in results:
        if isinstance(result, dict):
            result = result.get('is')
        if isinstance(result, str):
            out.append(result)
    bands = step.get('bands') or {}
    out += [bands[key] for key in ('of', 'from') if key in bands]
    out += [row[key] for row in bands.get('rows') or [] for key in ('up_to', 'rate') if key in row]
    return out
