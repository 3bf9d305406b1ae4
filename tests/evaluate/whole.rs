//! Random programs, as packs.

use super::*;

pub struct Program {
    pub steps: Vec<(String, Type, Step)>,
}

pub fn make(dice: &mut Dice) -> Program {
    let mut m = Maker { dice, steps: Vec::new(), in_list: false };
    let mut steps: Vec<(String, Type, Step)> = Vec::new();
    for i in 0..6 {
        let mut ty =
            m.dice.pick(&[Type::Money, Type::Money, Type::Rate, Type::Number, Type::Bool, Type::Points, Type::Days]);
        let bands: Vec<usize> = steps
            .iter()
            .enumerate()
            .filter(|(_, (_, _, s))| matches!(s, Step::Bands { totals: None, .. }))
            .map(|(i, _)| i)
            .collect();
        let step = match m.dice.below(8) {
            0 => {
                let base = m.expr(ty, 2);
                let others = (0..1 + m.dice.below(2)).map(|_| (m.expr(Type::Bool, 2), m.expr(ty, 2))).collect();
                Step::Exception { base, others }
            }
            1 | 2 if ty != Type::Bool && ty != Type::Days => Step::Table(make_table(&mut m, ty)),
            3 | 4 => {
                ty = Type::Money;
                let mut edges: Vec<i64> = (0..m.dice.below(4)).map(|_| m.dice.between(1, 60_000) * 100).collect();
                edges.sort_unstable();
                edges.dedup();
                // A rate of nothing has no inverse.
                let rates =
                    (0..=edges.len()).map(|_| E::Figure(Type::Rate, ratio(m.dice.between(1, 100), 100))).collect();
                let from = if m.dice.one_in(2) { E::Figure(Type::Money, q(0)) } else { m.expr(Type::Money, 1) };
                let totals = m.dice.one_in(3).then(|| m.dice.pick(&MODES).0);
                Step::Bands {
                    of: m.expr(Type::Money, 1),
                    from,
                    edges: edges.into_iter().map(q).collect(),
                    rates,
                    totals,
                }
            }
            5 if !bands.is_empty() => {
                ty = Type::Money;
                Step::Cost { bands: m.dice.pick(&bands), payment: m.leaf(Type::Money) }
            }
            _ => Step::Value(m.expr(ty, 4)),
        };
        let name = format!("s{i}");
        m.steps.push((name.clone(), ty));
        steps.push((name, ty, step));
    }
    Program { steps }
}

pub fn print_program(p: &Program, id: usize) -> String {
    let mut out = format!(
        "  run{id}:\n    title: {{ zh: 测, en: test }}\n    kind: indicator\n    result: [{}]\n    steps:\n",
        p.steps.iter().map(|(n, ..)| n.as_str()).collect::<Vec<_>>().join(", ")
    );
    let label = "label: { zh: 步, en: step }";
    for (name, _, step) in &p.steps {
        match step {
            Step::Value(e) => {
                let _ = writeln!(out, "      - {{ id: {name}, {label}, value: \"{}\" }}", print(e));
            }
            Step::Exception { base, others } => {
                let _ = writeln!(out, "      - {{ id: {name}, {label}, value: \"{}\" }}", print(base));
                for (i, (when, value)) in others.iter().enumerate() {
                    let _ = writeln!(
                        out,
                        "      - {{ id: {name}_x{i}, {label}, exception_to: {name}, when: \"{}\", value: \"{}\" }}",
                        print(when),
                        print(value)
                    );
                }
            }
            Step::Table(table) => {
                let keys: Vec<&str> = table.keys.iter().map(|k| FACTS[*k].name).collect();
                let _ = writeln!(
                    out,
                    "      - id: {name}\n        {label}\n        table:\n          by: [{}]\n          rows:",
                    keys.join(", ")
                );
                for (cells, e) in &table.rows {
                    let mut row: Vec<String> = cells
                        .iter()
                        .zip(&table.keys)
                        .filter_map(|(cell, k)| Some(format!("{}: {}", FACTS[*k].name, cell.print(FACTS[*k].ty)?)))
                        .collect();
                    row.push(format!("is: \"{}\"", print(e)));
                    let _ = writeln!(out, "            - {{ {} }}", row.join(", "));
                }
                if let Some(e) = &table.otherwise {
                    let _ = writeln!(out, "          otherwise: \"{}\"", print(e));
                }
            }
            Step::Bands { of, from, edges, rates, totals } => {
                let _ = writeln!(
                    out,
                    "      - id: {name}\n        {label}\n        bands:\n          of: \"{}\"\n          from: \"{}\"\n          rows:",
                    print(of),
                    print(from)
                );
                for (i, rate) in rates.iter().enumerate() {
                    let edge = edges.get(i).map(|e| format!("up_to: {}, ", figure(Type::Money, e))).unwrap_or_default();
                    let _ = writeln!(out, "            - {{ {edge}rate: \"{}\" }}", print(rate));
                }
                if let Some(mode) = totals {
                    let _ = writeln!(
                        out,
                        "        round: totals {} to fen",
                        MODES.iter().find(|(m, _)| m == mode).unwrap().1
                    );
                }
            }
            Step::Cost { bands, payment } => {
                let _ = writeln!(
                    out,
                    "      - {{ id: {name}, {label}, value: \"cost_for({}, {})\" }}",
                    p.steps[*bands].0,
                    print(payment)
                );
            }
        }
    }
    out
}
