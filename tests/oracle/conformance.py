"""The conformance suite: packs, cases and answers on which the engine and the second reader agree, as plain JSON.

`python3 conformance.py DECISIONS` writes `conformance/`; with `--check` it says whether the folder is as it would be
written now. DECISIONS is the folder that `cargo xtask decisions` wrote.
"""

import argparse
import json
import sys
from pathlib import Path

from main import ROOT, compared, packs
from pack import read

VERSION = 1
SUITE = ROOT / 'conformance'
STATES_AND_TEXT = ('state', 'text', 'unit')


def value(one):
    return None if one is None else {key: one[key] for key in STATES_AND_TEXT if one.get(key)}


def expected(engine):
    """What an answer must be: no words, no order of clauses, nothing that another evaluator would say otherwise."""
    if 'error' in engine:
        return {'error': True}
    amounts = engine['amounts']
    out = {
        'outcome': engine['outcome'],
        'refusals': sorted({one['code'] for one in engine['refusals']}),
        'missing': sorted(one['fact'] for one in engine['missing']),
        'verdict': (engine['verdict'] or {}).get('is'),
        'steps': {step['id']: value(step['value']) for step in engine['steps'] if step['value'] is not None},
    }
    if amounts:
        out['amounts'] = {name: value(amounts[name]) for name in ('total', 'patient', 'cash', 'net')}
        out['payments'] = [{'step': one['step'], 'payer': one['payer'], **value(one['amount'])} for one in amounts['payments']]
    return out


def expected_year(engine):
    if 'error' in engine:
        return {'error': True}
    return {
        'encounters': [
            {
                'id': one['id'], 'credit': one['credit'],
                'before': {entry['id']: value(entry['value']) for entry in one['before']},
                'after': {entry['id']: value(entry['value']) for entry in one['after']},
                'pieces': [expected(piece['decision']) for piece in one['pieces']],
            }
            for one in engine['encounters']
        ],
    }


def suite(folder):
    """Every file of the suite by its name, as text."""
    all_packs, by_pack = packs(), {}
    small = {path.parent.name for path in (ROOT / 'tests/packs').glob('*/pack.yaml')}
    for line in Path(folder, 'decisions.jsonl').read_text(encoding='utf-8').splitlines():
        asked, _, answer = line.partition('\t')
        case, engine = json.loads(asked), json.loads(answer)
        if case['pack'] not in small or compared(all_packs[case['pack']], case['service'], case['input'], engine):
            continue
        is_year = case['service'] is None
        kept = {'id': case['case'], **({} if is_year else {'service': case['service']}), 'input': case['input']}
        kept['expect'] = expected_year(engine) if is_year else expected(engine)
        by_pack.setdefault(case['pack'], []).append(kept)
    vocabulary = {'version': VERSION, 'vocabulary': read(ROOT / 'packs/vocabulary.yaml')}
    files = {'vocabulary.json': written(vocabulary)}
    for id, cases in by_pack.items():
        files[f'{id}.json'] = written({'version': VERSION, 'pack': all_packs[id].text, 'cases': cases})
    return files


def written(data):
    """A case a line, so that a change of one is a change of a line."""
    cases = data.pop('cases', None)
    head = json.dumps(data, ensure_ascii=False, indent=1)
    if cases is None:
        return f'{head}\n'
    lines = ',\n'.join(json.dumps(case, ensure_ascii=False) for case in cases)
    return f'{head[:-2]},\n "cases": [\n{lines}\n]}}\n'


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument('decisions')
    arguments.add_argument('--check', action='store_true')
    given = arguments.parse_args()
    files = suite(given.decisions)
    there = {path.name: path.read_text(encoding='utf-8') for path in SUITE.glob('*.json')}
    if given.check:
        stale = sorted(name for name in {*files, *there} if files.get(name) != there.get(name))
        print(f'conformance/: {", ".join(stale)} are not as they would be written now' if stale else f'conformance/: {len(files)} files as they would be written')
        return 1 if stale else 0
    SUITE.mkdir(exist_ok=True)
    for name in there.keys() - files.keys():
        (SUITE / name).unlink()
    for name, text in files.items():
        (SUITE / name).write_text(text, encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main())
