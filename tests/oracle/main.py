"""Holds the engine to the second reader: `python3 main.py DECISIONS`, the folder that `cargo xtask decisions` wrote."""

import json
import sys
import traceback
from collections import Counter
from pathlib import Path

from decide import Decision
from pack import BadAnswer, Pack, read
from values import *
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
    if ours.run is None:
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


def main(folder):
    all_packs, counts, kinds = packs(), Counter(), Counter()
    for line in Path(folder, 'decisions.jsonl').read_text(encoding='utf-8').splitlines():
        asked, _, answer = line.partition('\t')
        case = json.loads(asked)
        place = f"{case['pack']}: {case['case']}"
        if case['service'] is None:
            counts['years'] += 1
            continue
        counts['cases'] += 1
        engine = None
        try:
            engine = json.loads(answer)
        except ValueError:
            pass
        is_error = 'outcome' not in (engine or {})
        try:
            ours = Decision(all_packs[case['pack']], case['service'], case['input'])
        except BadAnswer as error:
            if not is_error:
                report(kinds, counts, place, [f'error here: {error}'])
            continue
        except Exception:
            report(kinds, counts, place, ['crash: ' + traceback.format_exc().splitlines()[-1][:160] + traceback.format_exc().splitlines()[-3]])
            continue
        if is_error:
            report(kinds, counts, place, [f'error of the engine: {answer[:120]}'])
            continue
        found = differences(engine, ours)
        if found:
            report(kinds, counts, place, found)
    print(dict(counts), dict(kinds))
    print(f"{counts['cases'] - counts['different']} passed, {counts['different']} failed")
    return 1 if counts['different'] else 0


def report(kinds, counts, place, found):
    counts['different'] += 1
    kinds[found[0].split(':')[0].split(' ')[0]] += 1
    if counts['different'] <= 60:
        print(place, *found[:3], sep='\n    ')


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
