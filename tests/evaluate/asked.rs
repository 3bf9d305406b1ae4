//! Random answers, and what the engine gives held against what it should.

use super::*;

/// Facts of a case with their values, and the answers that say so.
pub struct Asked {
    pub names: BTreeMap<String, V>,
    pub lines: Option<Vec<BTreeMap<String, V>>>,
    pub case: Case,
}

pub fn answer(ty: Type, n: &Q) -> Answer {
    match ty {
        Type::Bool => Answer::truth(*n != q(0)),
        Type::Money => Answer::text(decimal(&(n / q(100)))),
        Type::Points => Answer::text(decimal(&(n * q(100)))),
        Type::Days => Answer::text(decimal(n)),
        ty => Answer::text(figure(ty, n)),
    }
}

pub fn draw(dice: &mut Dice, fact: &Fact) -> Q {
    // Edges are where mistakes are.
    let n = match dice.below(6) {
        0 => fact.min,
        1 => fact.max,
        _ => dice.between(fact.min, fact.max),
    };
    ratio(n, fact.den)
}

pub fn ask(dice: &mut Dice) -> Asked {
    let mut names = BTreeMap::new();
    let mut case = Case::default();
    for fact in &FACTS {
        let n = draw(dice, fact);
        if dice.one_in(6) {
            names.insert(fact.name.to_owned(), without(State::Unknown));
        } else {
            case.facts.push((fact.name.to_owned(), answer(fact.ty, &n)));
            names.insert(fact.name.to_owned(), Ok(n));
        }
    }
    let mut lines = None;
    if !dice.one_in(8) {
        let mut all = Vec::new();
        let mut answers = Vec::new();
        for _ in 0..dice.below(5) {
            let mut record = BTreeMap::new();
            let mut named = Vec::new();
            for field in &FIELDS {
                let n = draw(dice, field);
                if dice.one_in(8) {
                    record.insert(field.name.to_owned(), without(State::Unknown));
                } else {
                    named.push((field.name.to_owned(), answer(field.ty, &n)));
                    record.insert(field.name.to_owned(), Ok(n));
                }
            }
            all.push(record);
            answers.push(Answer { kind: AnswerKind::Map(named), place: None });
        }
        case.facts.push(("lines".into(), Answer { kind: AnswerKind::List(answers), place: None }));
        lines = Some(all);
    }
    let tried = q(dice.between(0, 500_000));
    if dice.one_in(3) {
        case.parameters.push(("spent".into(), answer(Type::Money, &tried)));
        names.insert("spent".into(), Ok(tried));
    } else {
        names.insert("spent".into(), without(State::Unset));
    }
    let paid = q(dice.between(0, 2_000_000));
    let previous = match dice.below(3) {
        0 => without(State::Unknown),
        1 => {
            case.previous = Earlier::None;
            without(State::NotApplicable)
        }
        _ => {
            case.previous = Earlier::Known(vec![("paid".into(), answer(Type::Money, &paid))]);
            Ok(paid)
        }
    };
    names.insert("previous.paid".into(), previous);
    Asked { names, lines, case }
}

/// Values of all steps by the book.
pub fn expected(p: &Program, asked: &Asked) -> BTreeMap<String, V> {
    let mut names = asked.names.clone();
    for (name, _, step) in &p.steps {
        let value = {
            let w = World { names: &names, record: None, lines: &asked.lines };
            match step {
                Step::Value(e) => eval(e, &w),
                Step::Exception { base, others } => exceptions(
                    eval(base, &w),
                    others.iter().map(|(when, value)| (eval(when, &w), eval(value, &w))).collect(),
                    name,
                ),
                Step::Table(table) => table.look_up(&w),
                Step::Bands { of, from, edges, rates, totals } => {
                    let rates: Vec<Q> = rates.iter().map(|r| eval(r, &w).unwrap()).collect();
                    with(eval(of, &w), eval(from, &w), |of, from| {
                        let start = not_negative(from);
                        let end = &start + not_negative(of);
                        let (end, start) = (up_to(&end, edges, &rates), up_to(&start, edges, &rates));
                        match totals {
                            None => end - start,
                            Some(mode) => round(&end, *mode, &q(1)) - round(&start, *mode, &q(1)),
                        }
                    })
                }
                // The inverse is held against F itself, below.
                Step::Cost { .. } => without(State::Known),
            }
        };
        names.insert(name.clone(), value);
    }
    names
}

/// What a step gives whose value exceptions may replace. (S6)
pub fn exceptions(base: V, others: Vec<(V, V)>, step: &str) -> V {
    let sure: Vec<&V> = others.iter().filter(|(when, _)| yes(when) == Some(true)).map(|(_, v)| v).collect();
    let open: Vec<(&V, &V)> = others.iter().filter(|(when, _)| when.is_err()).map(|(w, v)| (w, v)).collect();
    match (sure.len(), open.len()) {
        (0, 0) => base,
        (1, 0) => sure[0].clone(),
        (2.., _) => Err(Why(State::Failed, step[1..].parse::<usize>().unwrap() + 1)),
        (0, 1) if agree(open[0].1, &base) => base,
        // Undecided whether one of them applies, or two at once: what is asked first.
        _ => open.iter().skip(1).fold(open[0].0.clone(), |asked, (when, _)| Err(undecided(&asked, when).unwrap())),
    }
}

/// Registers of a service as the engine's own 64- and 128-bit paths fill them.
pub fn both_paths(
    plan: &Plan,
    service: &Service,
    verified: &Verified,
    narrow: bool,
    encoded: &yibao_rules::case::Encoded,
) -> Vec<Slot<i128>> {
    let slot = |value: &Result<i64, State>, reason: u32| match value {
        Ok(n) => Slot::known(i128::from(*n)),
        Err(state) => Slot::without(*state, reason),
    };
    let answers = Answers {
        inputs: encoded.inputs.iter().zip(&service.program.inputs).map(|(v, i)| slot(v, i.reason)).collect(),
        lists: encoded
            .lists
            .iter()
            .map(|l| l.as_ref().map(|all| all.iter().map(|r| r.iter().map(|v| slot(v, 0)).collect()).collect()))
            .collect(),
    };
    let mut wide = Vec::new();
    evaluate(
        &link(&service.program, &verified.shapes, &verified.covers).unwrap(),
        &plan.groups,
        &answers,
        &mut wide,
        &(),
    );
    if narrow {
        let cut = |s: &Slot<i128>| Slot { num: i64::from_wide(s.num), state: s.state, reason: s.reason };
        let answers = Answers {
            inputs: answers.inputs.iter().map(cut).collect(),
            lists: answers
                .lists
                .iter()
                .map(|l| l.as_ref().map(|all| all.iter().map(|r| r.iter().map(cut).collect()).collect()))
                .collect(),
        };
        let mut narrow = Vec::new();
        evaluate(
            &link(&service.program, &verified.shapes, &verified.covers).unwrap().over::<i64>(),
            &plan.groups,
            &answers,
            &mut narrow,
            &(),
        );
        let narrow: Vec<Slot<i128>> =
            narrow.iter().map(|s| Slot { num: s.num.to_wide(), state: s.state, reason: s.reason }).collect();
        assert_eq!(narrow, wide, "64 and 128 bits differ");
    }
    wide
}

#[derive(Default)]
pub struct Tally {
    pub compiled: usize,
    pub refused: BTreeMap<String, usize>,
    pub narrow: usize,
    pub values: usize,
    pub states: BTreeMap<String, usize>,
    pub costs: usize,
    /// Services of the pack at hand whose answer may be not applicable, as their warnings say.
    pub warned: Vec<String>,
    pub not_applicable: usize,
}

/// Six programs in one pack, so that its head is read once for all.
pub fn one_pack(seed: u64, head: &str, tally: &mut Tally) {
    let dice = &mut Dice(seed);
    let programs: Vec<Program> = (0..6).map(|_| make(dice)).collect();
    let services: String = programs.iter().enumerate().map(|(i, p)| print_program(p, i)).collect();
    let text = format!("{head}services:\n{services}");
    let pack = match Pack::parse("pack.yaml", text.as_bytes(), &Library::new()) {
        Ok(pack) => pack,
        Err(problems) => {
            for d in problems.iter().filter(|d| d.is_error()) {
                // What chance may write and the language refuses; anything else is a fault of the printer.
                assert!(
                    matches!(d.code.as_ref(), "overflow" | "zero-divisor" | "formula-too-long" | "table-unreachable"),
                    "seed {seed}: {d}\n{text}"
                );
                *tally.refused.entry(d.code.to_string()).or_default() += 1;
            }
            return;
        }
    };
    tally.warned = pack.warnings().iter().map(|d| d.message.clone()).collect();
    let engine = Engine::load(pack.into_plan()).unwrap();
    let verified = verify(engine.plan()).unwrap();
    for (index, program) in programs.iter().enumerate() {
        tally.compiled += 1;
        tally.narrow += usize::from(engine.is_narrow(index));
        for round in 0..2 {
            one_case(
                &engine,
                index,
                &verified[index],
                program,
                &ask(dice),
                round == 0,
                &format!("seed {seed}, service {index}\n{text}"),
                tally,
            );
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "what a failure must show")]
pub fn one_case(
    engine: &Engine,
    index: usize,
    verified: &Verified,
    program: &Program,
    asked: &Asked,
    whole: bool,
    text: &str,
    tally: &mut Tally,
) {
    let (plan, service) = (engine.plan(), &engine.plan().services[index]);
    let shapes = engine.shapes(index).unwrap();
    let encoded = encode(plan, service, &asked.case).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let registers = both_paths(plan, service, verified, engine.is_narrow(index), &encoded);
    assert_eq!(engine.run(index, &encoded).registers, registers, "the engine's own run: {text}");
    let mut names = expected(program, asked);
    for (name, _, step) in &program.steps {
        let Some(found) = service.steps.iter().find(|s| s.id == *name) else { continue };
        let (slot, shape) = (registers[found.register as usize], shapes.get(found.register).unwrap());
        let value = if slot.state == State::Known {
            Ok(Q::new(slot.num.into(), shape.den.into()))
        } else {
            // Whose conflict it is the names say: of the engine's reasons only the number is known here.
            Err(Why(slot.state, names.get(name).and_then(|v| v.as_ref().err()).map_or(0, |why| why.1)))
        };
        if slot.state == State::Known {
            assert!(
                slot.num >= shape.lo && slot.num <= shape.hi,
                "{name}: {} is outside its proved range {}..{}: {text}",
                slot.num,
                shape.lo,
                shape.hi
            );
        }
        if let Step::Cost { bands, payment } = step {
            // What the program computed stands for the step from here on; for what reason, its operands say.
            let Step::Bands { from, .. } = &program.steps[*bands].2 else { panic!("no bands") };
            let w = World { names: &names, record: None, lines: &asked.lines };
            let why = worse(&eval(payment, &w), &eval(from, &w)).map_or(0, |why| why.1);
            let value = value.map_err(|found| Why(found.0, why));
            names.insert(name.clone(), value.clone());
            names = rerun(program, asked, names, name);
            tally.costs += inverse(program, asked, &names, *bands, payment, &value, text);
            continue;
        }
        assert_eq!(value, names[name], "step {name}\ncase {:?}\n{text}", asked.case);
        tally.values += 1;
        *tally.states.entry(format!("{:?}", slot.state)).or_default() += 1;
    }
    if !whole {
        return;
    }
    // The whole way to a decision.
    let decision = decide(engine, &service.id, &asked.case).unwrap();
    if decision.refusals.iter().any(|r| r.code == "not-applicable") {
        // S65: the pack said so when it compiled.
        let warning = format!("`{}` refuses", service.id);
        assert!(tally.warned.iter().any(|w| w.ends_with(&warning)), "{:?} not warned of\n{text}", decision.refusals);
        tally.not_applicable += 1;
    }
    let states: Vec<State> =
        program.steps.iter().filter_map(|(name, ..)| names[name].as_ref().err()).map(|why| why.0).collect();
    let outcome = if states.iter().any(|s| matches!(s, State::NotApplicable | State::Unset | State::Failed)) {
        Outcome::Refused
    } else if states.contains(&State::Unknown) {
        Outcome::Incomplete
    } else {
        Outcome::Computed
    };
    assert_eq!(
        decision.outcome, outcome,
        "missing {:?}, refused {:?}, {names:?}\n{text}",
        decision.missing, decision.refusals
    );
}

/// The steps after `from` again, now that its value is known.
pub fn rerun(p: &Program, asked: &Asked, names: BTreeMap<String, V>, from: &str) -> BTreeMap<String, V> {
    let at = p.steps.iter().position(|(name, ..)| name == from).unwrap();
    let rest = Program { steps: p.steps[at + 1..].to_vec() };
    let world = Asked { names: names.clone(), lines: asked.lines.clone(), case: Case::default() };
    let mut all = expected(&rest, &world);
    for (name, value) in names {
        all.entry(name).or_insert(value);
    }
    all
}

/// `F(S + cost) - F(S) = payment`, exactly.
pub fn inverse(
    p: &Program,
    asked: &Asked,
    names: &BTreeMap<String, V>,
    bands: usize,
    payment: &E,
    cost: &V,
    text: &str,
) -> usize {
    let Step::Bands { from, edges, rates, .. } = &p.steps[bands].2 else { panic!("no bands") };
    let w = World { names, record: None, lines: &asked.lines };
    let (from, payment) = (eval(from, &w), eval(payment, &w));
    let rates: Vec<Q> = rates.iter().map(|r| eval(r, &w).unwrap()).collect();
    match worse(&payment, &from) {
        Some(state) => assert_eq!(*cost, Err(state), "{text}"),
        None => {
            let start = not_negative(from.unwrap());
            let end = &start + cost.clone().unwrap();
            assert_eq!(
                up_to(&end, edges, &rates) - up_to(&start, edges, &rates),
                not_negative(payment.unwrap()),
                "{text}"
            );
            return 1;
        }
    }
    0
}

#[test]
fn random_programs_mean_what_the_guide_says() {
    let head = header();
    let mut all = Tally::default();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let run = |part: u64| {
            let head = &head;
            scope.spawn(move || {
                let mut tally = Tally::default();
                for i in 0..100 {
                    one_pack(part * 1_000_003 + i, head, &mut tally);
                }
                tally
            })
        };
        let threads: Vec<_> = (0..4).map(run).collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    for t in tallies {
        all.compiled += t.compiled;
        all.narrow += t.narrow;
        all.values += t.values;
        all.costs += t.costs;
        all.not_applicable += t.not_applicable;
        t.refused.into_iter().for_each(|(k, n)| *all.refused.entry(k).or_default() += n);
        t.states.into_iter().for_each(|(k, n)| *all.states.entry(k).or_default() += n);
    }
    println!(
        "{} programs, {} of them narrow, {} values, {} inverses, {:?}, refused {:?}",
        all.compiled, all.narrow, all.values, all.costs, all.states, all.refused
    );
    assert!(all.compiled >= 2_000, "{} programs compiled", all.compiled);
    assert!(all.narrow > 300 && all.compiled - all.narrow > 100, "both widths: {} of {}", all.narrow, all.compiled);
    assert!(all.not_applicable > 100, "{} without anything to be worked out from", all.not_applicable);
    assert!(all.costs > 100, "{} inverses", all.costs);
    for state in ["Known", "Unknown", "NotApplicable", "Unset", "Failed"] {
        assert!(all.states.get(state).copied().unwrap_or(0) >= 20, "{state}: {:?}", all.states);
    }
}
