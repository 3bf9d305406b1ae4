//! Random bills against plain book-keeping.

use super::*;

pub struct Pay {
    pub payer: usize,
    pub from: Vec<usize>,
    pub amount: E,
    pub cap: Option<E>,
    pub at_least: Option<E>,
    pub leaves: Option<E>,
    pub mode: Mode,
}

pub fn one_bill(seed: u64, head: &str) -> Option<bool> {
    let dice = &mut Dice(seed);
    let parts = 1 + dice.below(4);
    let mut m = Maker { dice, steps: Vec::new(), in_list: false };
    let plain = |m: &mut Maker<'_>| loop {
        let e = m.expr(Type::Money, 2);
        // Open figures and earlier stays are the other test's.
        let text = print(&e);
        if !text.contains("spent") && !text.contains("previous") && !text.contains("lines") && !text.contains("if ") {
            return e;
        }
    };
    let part_amounts: Vec<E> = (1..parts)
        .map(|_| {
            E::Round(
                Box::new(E::Clamp(
                    Box::new(plain(&mut m)),
                    Box::new(E::Figure(Type::Money, q(0))),
                    Box::new(E::Figure(Type::Money, q(400_000))),
                )),
                Mode::Floor,
                q(1),
                "fen",
            )
        })
        .collect();
    let pays: Vec<Pay> = (0..1 + m.dice.below(5))
        .map(|_| {
            let mut from: Vec<usize> = (0..parts).filter(|_| m.dice.one_in(2)).collect();
            if from.is_empty() {
                from.push(m.dice.below(parts));
            }
            if m.dice.one_in(2) {
                from.reverse();
            }
            let some = |m: &mut Maker<'_>, n: usize| m.dice.one_in(n).then(|| plain(m));
            Pay {
                payer: m.dice.below(3),
                from,
                amount: plain(&mut m),
                cap: some(&mut m, 3),
                at_least: some(&mut m, 4),
                leaves: some(&mut m, 4),
                mode: m.dice.pick(&MODES).0,
            }
        })
        .collect();
    let benefit = m.dice.one_in(2).then(|| plain(&mut m));

    let label = "label: { zh: 步, en: step }";
    let mode_word = |mode: Mode| MODES.iter().find(|(m, _)| *m == mode).unwrap().1;
    let mut text = format!(
        "{head}payers:\n  p0: {{ zh: 甲, en: a }}\n  p1: {{ zh: 乙, en: b }}\n  p2: {{ zh: 自己, en: own, own: true }}\nservices:\n  run:\n    title: {{ zh: 测, en: test }}\n    kind: settlement\n    steps:\n      - id: bill\n        {label}\n        bill: total\n        parts:\n"
    );
    for i in 0..parts {
        let amount = part_amounts.get(i).map_or("rest".to_owned(), print);
        let _ = writeln!(text, "          part{i}: {{ zh: 部分, en: part, amount: \"{amount}\" }}");
    }
    for (i, pay) in pays.iter().enumerate() {
        let _ = writeln!(
            text,
            "      - id: pay{i}\n        {label}\n        pay: p{}\n        from: [{}]\n        amount: \"{}\"\n        round: {} to fen",
            pay.payer,
            pay.from.iter().map(|p| format!("part{p}")).collect::<Vec<_>>().join(", "),
            print(&pay.amount),
            mode_word(pay.mode)
        );
        for (key, e) in [("cap", &pay.cap), ("at_least", &pay.at_least), ("leaves", &pay.leaves)] {
            if let Some(e) = e {
                let _ = writeln!(text, "        {key}: \"{}\"", print(e));
            }
        }
    }
    if let Some(e) = &benefit {
        let _ = writeln!(
            text,
            "      - {{ id: gift, {label}, benefit: p0, amount: \"{}\", round: half_up to fen }}",
            print(e)
        );
    }
    let pack = match Pack::parse("pack.yaml", text.as_bytes(), &Library::new()) {
        Ok(pack) => pack,
        Err(problems) => {
            assert!(
                problems.iter().all(|d| matches!(d.code.as_ref(), "overflow" | "zero-divisor")),
                "seed {seed}: {problems}\n{text}"
            );
            return None;
        }
    };
    let engine = Engine::load(pack.into_plan()).unwrap();
    let mut asked = ask(dice);
    for fact in &FACTS {
        if asked.names[fact.name].is_err() {
            let n = draw(dice, fact);
            asked.case.facts.push((fact.name.to_owned(), answer(fact.ty, &n)));
            asked.names.insert(fact.name.to_owned(), Ok(n));
        }
    }
    let w = World { names: &asked.names, record: None, lines: &asked.lines };
    let value = |e: &E| eval(e, &w).unwrap();
    let least = |a: Q, b: Q| if b < a { b } else { a };
    let most = |a: Q, b: Q| if b > a { b } else { a };
    let fen = |e: &E, mode: Mode| round(&value(e), mode, &q(1));
    let limit = |n: Q| round(&not_negative(n), Mode::Floor, &q(1));

    let total = value(&E::Name("total".into()));
    let mut amounts: Vec<Q> = part_amounts.iter().map(value).collect();
    let rest = amounts.iter().fold(total.clone(), |left, a| left - a);
    let mut refused = rest < q(0);
    amounts.push(rest);
    let mut left = amounts.clone();
    let mut paid = Vec::new();
    for pay in &pays {
        let mut ask = fen(&pay.amount, pay.mode);
        refused |= ask < q(0);
        if let Some(floor) = &pay.at_least {
            ask = most(ask, fen(floor, pay.mode));
        }
        let mut room: Q = pay.from.iter().map(|p| left[*p].clone()).sum();
        if let Some(cap) = &pay.cap {
            room = least(room, limit(value(cap)));
        }
        if let Some(share) = &pay.leaves {
            room = least(room, limit(left.iter().cloned().sum::<Q>() - value(share)));
        }
        let amount = least(ask, room);
        let mut remaining = amount.clone();
        for part in &pay.from {
            let taken = least(left[*part].clone(), remaining.clone());
            left[*part] -= &taken;
            remaining -= taken;
        }
        paid.push(amount);
    }
    let gift = benefit.as_ref().map_or(q(0), |e| fen(e, Mode::HalfUp));
    // A benefit below zero is refused as a payment is. (S50)
    refused |= gift < q(0);
    let decision = decide(&engine, "run", &asked.case).unwrap_or_else(|e| panic!("seed {seed}: {e}\n{text}"));
    if refused {
        assert_eq!(decision.outcome, Outcome::Refused, "seed {seed}\n{text}");
        assert!(
            decision.refusals.iter().all(|r| matches!(r.code.as_str(), "over-bill" | "negative-payment")),
            "{:?}",
            decision.refusals
        );
        return Some(false);
    }
    assert_eq!(decision.outcome, Outcome::Computed, "seed {seed}: {:?}\n{text}", decision.refusals);
    let view = decision.amounts.unwrap();
    let money = |text: &str| Q::from_integer(text.replace('.', "").parse::<BigInt>().unwrap());
    let found: Vec<Q> = view.payments.iter().map(|p| money(&p.amount.text)).collect();
    assert_eq!(found, paid, "seed {seed}: payments\ncase {:?}\n{text}", asked.case);
    let lefts: Vec<Q> = view.parts.iter().map(|p| money(&p.left.text)).collect();
    assert_eq!(lefts, left, "seed {seed}: what is left of the parts\n{text}");
    assert_eq!(view.parts.iter().map(|p| money(&p.amount.text)).collect::<Vec<_>>(), amounts, "seed {seed}: parts");

    // Conservation, told by the decision's own figures.
    let sum = |all: &[Q]| all.iter().cloned().sum::<Q>();
    assert!(lefts.iter().chain(&found).all(|n| *n >= q(0)), "seed {seed}: nothing is below zero\n{text}");
    assert_eq!(money(&view.total.text), sum(&found) + money(&view.cash.text), "seed {seed}: total = payers + cash");
    assert_eq!(money(&view.total.text), sum(&amounts), "seed {seed}: total = parts");
    assert_eq!(money(&view.cash.text), sum(&lefts), "seed {seed}: cash = what is left");
    let own: Q = view.payments.iter().filter(|p| p.own).map(|p| money(&p.amount.text)).sum();
    assert_eq!(
        money(&view.patient.text),
        money(&view.cash.text) + own,
        "seed {seed}: the person bears cash and own account"
    );
    let gifts: Q = view.benefits.iter().map(|p| money(&p.amount.text)).sum();
    assert_eq!(gifts, gift, "seed {seed}: benefit");
    assert_eq!(money(&view.net.text), money(&view.patient.text) - gifts, "seed {seed}: net");
    Some(true)
}

#[test]
fn random_bills_are_conserved_to_the_fen() {
    let head = header();
    let (mut settled, mut refused) = (0, 0);
    let results: Vec<Option<bool>> = std::thread::scope(|scope| {
        let run = |part: u64| {
            let head = &head;
            scope.spawn(move || (0..150).map(|i| one_bill(7_777_777 * (part + 1) + i, head)).collect::<Vec<_>>())
        };
        let threads: Vec<_> = (0..4).map(run).collect();
        threads.into_iter().flat_map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    for result in results {
        match result {
            Some(true) => settled += 1,
            Some(false) => refused += 1,
            None => {}
        }
    }
    println!("{settled} bills settled, {refused} refused");
    assert!(settled >= 200 && refused >= 50, "{settled} settled, {refused} refused");
}

#[test]
fn a_decimal_is_printed_as_it_is_read() {
    assert_eq!(decimal(&ratio(-5, 100)), "-0.05");
    assert_eq!(decimal(&q(12)), "12");
    assert_eq!(figure(Type::Date, &q(0)), "1970-01-01");
    assert_eq!(round(&ratio(-5, 2), Mode::HalfUp, &q(1)).cmp(&q(-3)), Ordering::Equal);
    assert_eq!(round(&ratio(5, 2), Mode::HalfEven, &q(1)), q(2));
    let _ = Kind::Money;
}
