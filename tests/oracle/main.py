"""Holds the engine to the second reader.

`python3 main.py DECISIONS [--cases N] [--packs N] [--seed N]`: DECISIONS is the folder that `cargo xtask decisions`
wrote, with what the engine answers to every case of every pack. After them come random cases of every service (200 of
each) and of random packs (500).
"""

import argparse
import json
import subprocess
import sys
import traceback
from collections import Counter
from pathlib import Path

from chance import Chance
from decide import Decision
from pack import BadAnswer, Pack, read
from year import Year
from values import *
from datetime import date
from fractions import Fraction

ROOT = Path(__file__).resolve().parents[2]


def packs():
    vocabulary = read(ROOT / 'packs/vocabulary.yaml')
    texts = [read(path) for folder in ('packs', 'tests/packs') for path in sorted((ROOT / folder).glob('*/pack.yaml'))]
    frames = {}
    for text in texts:
        frames[text['pack']] = Pack(text, vocabulary, frames)
    return frames


def shown(value, unit=None):
    """A value as the engine prints it."""
    if not value.known:
        return STATES[value.state]
    if value.unit == 'money':
        cents = value.it * 100
        if cents.denominator != 1:
            return value.it
        sign = '-' if cents < 0 else ''
        return f'{sign}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02d}'
    if value.unit == 'bool':
        return str(value.it).lower()
    return value.it


def same(engine, ours):
    """Whether a value of the engine's decision is the one found here."""
    if engine['state'] != STATES[ours.state]:
        return False
    if not ours.known:
        return True
    text = engine['text']
    if ours.unit in ('bool', 'option', 'date'):
        return text == (str(ours.it).lower() if ours.unit == 'bool' else str(ours.it))
    number = text.replace('%', '')
    scale = Fraction(1, 100) if engine['unit'] in ('rate', 'points') else 1
    if engine['unit'] == 'rate' and '%' not in text:
        scale = 1
    if '/' in number:
        top, bottom = number.split('/')
        return Fraction(top) / Fraction(bottom) * scale == ours.it
    return Fraction(number) * scale == ours.it


def differences(engine, ours):
    out = []
    if engine['outcome'] != ours.outcome:
        return [f"outcome: the engine {engine['outcome']}, here {ours.outcome} ({ours.refused or sorted(ours.missing)})"]
    codes = list(dict.fromkeys(one['code'] for one in engine['refusals']))
    if set(codes) != set(ours.refused):
        out.append(f'refusals: the engine {codes}, here {ours.refused}')
    missing = {one['fact'] for one in engine['missing']}
    here = set(ours.missing) | set(ours.also_missing)
    if missing != here and ours.outcome != 'refused':
        out.append(f'missing: the engine {sorted(missing)}, here {sorted(here)}')
    verdict = (engine['verdict'] or {}).get('is')
    if verdict != ours.verdict:
        out.append(f'verdict: the engine {verdict}, here {ours.verdict}')
    if ours.early:
        return out
    for step in engine['steps']:
        if step['form'] == 'require' or '.' in step['id'] and step['id'] not in ours.run.values:
            continue
        value = ours.run.values.get(step['id'])
        if value is None:
            out.append(f"step {step['id']}: not found here")
        elif step['value'] is not None and not same(step['value'], value):
            out.append(f"step {step['id']}: the engine {step['value']}, here {shown(value)}")
    if engine['amounts'] and ours.run.bill:
        for name in ('total', 'patient', 'cash', 'net'):
            if not same(engine['amounts'][name], getattr(ours, name)):
                out.append(f"{name}: the engine {engine['amounts'][name]}, here {shown(getattr(ours, name))}")
        for payment, (id, payer, paid) in zip(engine['amounts']['payments'], ours.run.bill.payments):
            if not same(payment['amount'], paid):
                out.append(f"payment {id}: the engine {payment['amount']}, here {shown(paid)}")
    return out


def year_differences(engine, ours):
    out = []
    for at, (theirs, (encounter, done, before, after)) in enumerate(zip(engine['encounters'], ours.settled)):
        id = encounter['id']
        if len(theirs['pieces']) != len(done):
            return [f"pieces of {id}: the engine {len(theirs['pieces'])}, here {len(done)}"]
        for piece, decision in zip(theirs['pieces'], done):
            out += [f'{id}: {one}' for one in differences(piece['decision'] if 'decision' in piece else piece, decision)]
        for side, balances in (('before', before), ('after', after)):
            for one in theirs[side]:
                if not same(one['value'], balances[one['id']]):
                    out.append(f"{id} {side} {one['id']}: the engine {one['value']}, here {shown(balances[one['id']])}")
        credit = ours.credit(at)
        if theirs['credit'] != (None if credit is None else shown(known(credit, 'money'))):
            out.append(f"credit of {id}: the engine {theirs['credit']}, here {credit}")
    return out


class Engine:
    """The engine, asked one case after the other."""

    def __init__(self, folder):
        script = Path(__file__).with_name('engine.mjs')
        self.process = subprocess.Popen(['node', script, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding='utf-8')

    def ask(self, pack, service, case):
        self.process.stdin.write(json.dumps({'pack': pack, 'service': service, 'input': case}, ensure_ascii=False) + '\n')
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def compared(pack, service, case, engine):
    """How the engine's answer differs from the one found here."""
    try:
        ours = Year(pack, case) if service is None else Decision(pack, service, case)
    except BadAnswer as error:
        return [] if 'error' in engine else [f'error here: {error}']
    except Exception:
        lines = traceback.format_exc().splitlines()
        return [f'crash: {lines[-1][:200]} {lines[-3].strip()}']
    if 'error' in engine:
        return [f"error of the engine: {engine['error'][0]['code']} {engine['error'][0]['message']}"]
    return year_differences(engine, ours) if service is None else differences(engine, ours)


class Report:
    """What was compared and what differs."""

    SHOWN = 40

    def __init__(self):
        self.counts, self.kinds = Counter(), Counter()

    def add(self, kind, place, found, case):
        self.counts[kind] += 1
        if not found:
            return
        self.counts['different'] += 1
        self.kinds[found[0].split(':')[0]] += 1
        if self.counts['different'] <= self.SHOWN:
            print(place, *found[:3], json.dumps(case, ensure_ascii=False), sep='\n    ')

    def close(self):
        different = self.counts.pop('different', 0)
        print(', '.join(f'{count} {kind}' for kind, count in self.counts.items()))
        for kind, count in self.kinds.most_common():
            print(f'{count} differ in {kind}')
        print(f'{sum(self.counts.values()) - different} passed, {different} failed')
        return 1 if different else 0


def shrunk(pack, service, case, engine):
    """The smallest case that still differs: answers are taken out one by one."""
    def differs(one):
        return bool(compared(pack, service, one, engine.ask(pack.id, service, one)))

    smaller = True
    while smaller:
        smaller = False
        for part in ('facts', 'ledger', 'parameters', 'previous'):
            answers = case.get(part)
            for id in list(answers) if isinstance(answers, dict) else []:
                one = {**case, part: {key: value for key, value in answers.items() if key != id}}
                if differs(one):
                    case, answers, smaller = one, one[part], True
    return case


def written_cases(folder, all_packs, report):
    for line in Path(folder, 'decisions.jsonl').read_text(encoding='utf-8').splitlines():
        asked, _, answer = line.partition('\t')
        case = json.loads(asked)
        found = compared(all_packs[case['pack']], case['service'], case['input'], json.loads(answer))
        report.add('years' if case['service'] is None else 'cases', f"{case['pack']}: {case['case']}", found, case['input'])


def published_facts(report):
    """What others have published of rounding and of months added to days (S20, S21, S26)."""
    def cases(name):
        return json.loads((ROOT / 'conformance/external' / name).read_text(encoding='utf-8'))['cases']

    for id, mode, number, power, result in cases('rounding.json'):
        found = rounded(Fraction(number), mode, Fraction(10) ** power)
        report.add('published facts', id, [] if found == Fraction(result) else [f'rounding: {found}'], number)
    for day, months, days, up, down in cases('dates.json'):
        for end, expected in (('next', up), ('clip', down), ('refuse', up if up == down else None)):
            found = add_months(date.fromisoformat(day), months, end)
            found = found and str(date.fromordinal(found.toordinal() + days))
            report.add('published facts', f'{day} + {months} months', [] if found == expected else [f'days: {found}'], end)


def random_cases(folder, all_packs, report, count, seed):
    engine = Engine(folder)
    for pack in all_packs.values():
        for service in pack.services:
            chance = Chance(pack, service, seed)
            for _ in range(count):
                case = chance.case()
                found = compared(pack, service, case, engine.ask(pack.id, service, case))
                if found and report.counts['different'] < Report.SHOWN:
                    case = shrunk(pack, service, case, engine)
                    found = compared(pack, service, case, engine.ask(pack.id, service, case))
                report.add('random cases', f'{pack.id}: {service}', found, case)


def random_packs(folder, report, count, cases, seed):
    """Packs that nobody wrote, for what no pack uses."""
    folder = Path(folder, 'random')
    script = Path(__file__).with_name('random_packs.mjs')
    subprocess.run(['node', script, folder, str(count), str(seed)], check=True)
    vocabulary, made = read(ROOT / 'packs/vocabulary.yaml'), {}
    for at in range(count):
        pack = Pack(read(folder / f'random-{at}.pack.yaml'), vocabulary, {})
        pack.id = f'random-{at}'
        made[pack.id] = pack
    random_cases(folder, made, report, cases, seed)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('decisions')
    arguments.add_argument('--cases', type=int, default=200)
    arguments.add_argument('--packs', type=int, default=500)
    arguments.add_argument('--seed', type=int, default=1)
    given = arguments.parse_args()
    all_packs, report = packs(), Report()
    published_facts(report)
    written_cases(given.decisions, all_packs, report)
    random_cases(given.decisions, all_packs, report, given.cases, given.seed)
    random_packs(given.decisions, report, given.packs, max(given.cases // 10, 1), given.seed)
    return report.close()


if __name__ == '__main__':
    sys.exit(main())
