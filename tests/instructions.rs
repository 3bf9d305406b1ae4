//! Each instruction by itself: its shape (unit, denominator, range, few values, widest number) and its value, both
//! worked out by hand beside it, and every way in which it does not fit.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what is wrong by stopping there"
)]

use yibao_rules::date::{Date, MonthEnd};
use yibao_rules::evaluate::{Answers, Slot, evaluate};
use yibao_rules::number::Rounding;
use yibao_rules::plan::{
    Aggregate, Block, Cell, Comparison, Constant, Fold, Group, Input, Instr as I, Kind, LOCAL, List, Member, Problem,
    Program, Reg, Row, Shape, Shapes, State, Table, cover, date_shape, link,
};

/// Names for registers that follow each other.
macro_rules! registers {
    ($first:tt :) => {};
    ($first:tt : $name:ident $($rest:ident)*) => {
        const $name: Reg = $first;
        registers! { ($name + 1) : $($rest)* }
    };
}

const CHOICE: Kind = Kind::Choice(0);

/// Inputs of every program here, by register: kind, denominator, least, greatest, the only values.
const INPUTS: [(Kind, i64, i64, i64, &[i64]); 18] = [
    (Kind::Money, 1, -300, 700, &[]),
    (Kind::Money, 1, 200, 500, &[]),
    (Kind::Rate, 10, 1, 9, &[]),
    (Kind::Number, 1, 2, 3, &[2, 3]),
    (Kind::Points, 100, 0, 5, &[]),
    (Kind::Days, 1, 0, 400, &[]),
    (Kind::Date, 1, 0, 20_000, &[]),
    (Kind::Date, 1, 0, 20_000, &[]),
    (Kind::Bool, 1, 0, 1, &[]),
    (Kind::Bool, 1, 0, 1, &[]),
    (CHOICE, 1, 0, 2, &[]),
    (Kind::Number, 2, -1, 5, &[]),
    (Kind::Months, 1, 0, 24, &[]),
    (Kind::Number, 1, 0, 1, &[0, 1]),
    (Kind::Number, 1, -4, -2, &[]),
    (Kind::Rate, 10, -1, 5, &[]),
    (Kind::Months, 2, 0, 9, &[]),
    (Kind::Days, 2, 0, 9, &[]),
];
registers! { 0: M N R K P D T U B C O H MO Z NEG LOSS HALVES HALF_DAYS }
/// Figures: 500 fen, 4, a half, 7/10, 3 × 10^18, and two that the text leaves open.
const FIGURES: [(Kind, i64, i64, State, u32); 7] = [
    (Kind::Money, 500, 1, State::Known, 0),
    (Kind::Number, 4, 1, State::Known, 0),
    (Kind::Rate, 1, 2, State::Known, 0),
    (Kind::Rate, 7, 10, State::Known, 0),
    (Kind::Number, 3_000_000_000_000_000_000, 1, State::Known, 0),
    (Kind::Money, 0, 1, State::Unset, 7),
    (Kind::Money, 0, 1, State::Unset, 9),
];
registers! { 18: FEN FOUR HALF SEVEN HUGE OPEN OPEN_TOO }
/// The first register that code writes.
const FIRST: Reg = 25;
// Fields of the only list.
registers! { LOCAL: AMOUNT FLAG SORT }

fn input(kind: Kind, den: i64, min: i64, max: i64, only: &[i64]) -> Input {
    Input { name: "i".into(), kind, den, min, max, only: only.to_vec(), absent: State::Unknown, reason: 0 }
}

fn program(tables: &[Table]) -> Program {
    let fields =
        vec![input(Kind::Money, 1, -5, 100, &[]), input(Kind::Bool, 1, 0, 1, &[]), input(CHOICE, 1, 0, 2, &[])];
    let constant = |(kind, num, den, state, reason)| Constant { kind, num, den, state, reason };
    Program {
        inputs: INPUTS.iter().map(|(kind, den, min, max, only)| input(*kind, *den, *min, *max, only)).collect(),
        lists: vec![List { name: "l".into(), max: 10, fields }],
        constants: FIGURES.map(constant).to_vec(),
        tables: tables.to_vec(),
        blocks: vec![Block { list: 0, code: Vec::new() }],
        code: Vec::new(),
    }
}

/// The shape of the last of some instructions.
fn shape_in(tables: &[Table], code: &[I]) -> Result<Shape, Problem> {
    let program = Program { code: code.to_vec(), ..program(tables) };
    let mut shapes = Shapes::start(&program);
    let mut last = Err(Problem::Register(0));
    for instr in code {
        last = shapes.push(&program, instr).cloned();
    }
    last
}

fn shape(instr: I) -> Shape {
    shape_in(&[], std::slice::from_ref(&instr)).unwrap_or_else(|e| panic!("{instr:?}: {e}"))
}

/// Unit, denominator, least and greatest, the widest number on the way.
fn is(instr: I, kind: Kind, den: i128, (lo, hi): (i128, i128), widest: i128) {
    assert_eq!(shape(instr.clone()), Shape { kind, den, lo, hi, finite: None, widest }, "{instr:?}");
}

/// The same where the values are few.
fn is_one_of(instr: I, kind: Kind, all: &[i128], widest: i128) {
    let (lo, hi) = (all[0], all[all.len() - 1]);
    let expected = Shape { kind, den: 1, lo, hi, finite: Some(all.to_vec()), widest };
    assert_eq!(shape(instr.clone()), expected, "{instr:?}");
}

fn fails(instr: I, words: &str) {
    let found = shape_in(&[], std::slice::from_ref(&instr)).map_err(|problem| problem.to_string());
    assert_eq!(found, Err(words.to_owned()), "{instr:?}");
}

/// A truth value: 100 is what writing it takes.
const TRUTH: Shape = Shape { kind: Kind::Bool, den: 1, lo: 0, hi: 1, finite: None, widest: 100 };

#[test]
fn sums_and_products() {
    // −300 + 200 and 700 + 500; −300 − 500 and 700 − 200.
    is(I::Add(M, N), Kind::Money, 1, (-100, 1_200), 1_200);
    is(I::Sub(M, N), Kind::Money, 1, (-800, 500), 800);
    // Over hundredths 10 to 90, and 0 to 5 points; a share is written in hundredths of per cent: 100 × 100.
    is(I::Add(R, P), Kind::Rate, 100, (10, 95), 10_000);
    is(I::Add(P, R), Kind::Rate, 100, (10, 95), 10_000);
    is(I::Sub(R, P), Kind::Rate, 100, (5, 90), 10_000);
    // 2 or 3, and 4: few values stay few.
    is_one_of(I::Add(K, FOUR), Kind::Number, &[6, 7], 100);
    is_one_of(I::Sub(FOUR, K), Kind::Number, &[1, 2], 100);
    assert_eq!([I::Add(T, D), I::Add(D, T), I::Sub(T, D)].map(shape), [date_shape(), date_shape(), date_shape()]);
    is(I::Sub(T, U), Kind::Days, 1, (-20_000, 20_000), 20_000);
    fails(I::Sub(D, T), "`days` - `date` has no meaning");
    fails(I::Sub(P, R), "`points` - `rate` has no meaning");
    fails(I::Add(T, U), "`date` + `date` has no meaning");
    fails(I::Add(B, C), "`yes/no` + `yes/no` has no meaning");
    fails(I::Add(O, O), "`option` + `option` has no meaning");
    fails(I::Add(M, R), "`money` + `rate` has no meaning");
    fails(I::Add(T, HALF_DAYS), "a date moves by whole days");
    fails(I::Add(HALF_DAYS, T), "a date moves by whole days");

    // Corners −300 × 1, −300 × 9, 700 × 1, 700 × 9 over ten.
    is(I::Mul(M, R), Kind::Money, 10, (-2_700, 6_300), 6_300);
    is(I::Mul(R, M), Kind::Money, 10, (-2_700, 6_300), 6_300);
    is(I::Mul(N, K), Kind::Money, 1, (400, 1_500), 1_500);
    is(I::Mul(NEG, NEG), Kind::Number, 1, (4, 16), 100);
    is(I::Mul(R, R), Kind::Rate, 100, (1, 81), 10_000);
    is_one_of(I::Mul(FEN, FOUR), Kind::Money, &[2_000], 2_000);
    // Half of 500 fen is whole: the denominator goes, the number on the way was 500.
    is_one_of(I::Mul(FEN, HALF), Kind::Money, &[250], 500);
    fails(I::Mul(M, N), "`money` * `money` has no meaning");
    fails(I::Mul(T, K), "`date` * `number` has no meaning");
    fails(I::Mul(K, B), "`number` * `yes/no` has no meaning");
    fails(I::Mul(P, M), "`points` * `money` has no meaning");
    // 3 × 10^18 squared is 9 × 10^36, twice more would pass 2^127 ≈ 1.7 × 10^38.
    assert!(shape_in(&[], &[I::Mul(HUGE, HUGE), I::Mul(FIRST, FOUR)]).is_ok());
    assert_eq!(shape_in(&[], &[I::Mul(HUGE, HUGE), I::Mul(FIRST, HUGE)]), Err(Problem::TooWide));
    let doubled = [I::Mul(HUGE, HUGE), I::Mul(FIRST, FOUR), I::Mul(FIRST + 1, FOUR), I::Add(FIRST + 2, FIRST + 2)];
    assert_eq!(shape_in(&[], &doubled), Err(Problem::TooWide));
    fails(I::Add(M, FIRST), &format!("register {FIRST} is not written before it is read"));
    fails(I::Add(M, LOCAL), &format!("register {LOCAL} is not written before it is read"));
}

#[test]
fn quotients_and_roundings() {
    // By 2 or 3: over sixths, 500 × 6 at most.
    is(I::Div(N, K), Kind::Money, 6, (0, 3_000), 3_000);
    is(I::Div(M, K), Kind::Money, 6, (-4_200, 4_200), 4_200);
    is(I::Div(K, K), Kind::Number, 6, (0, 18), 600);
    fails(I::Div(N, M), "the divisor is not a figure: put the division inside `round(…)`");
    fails(I::Div(N, Z), "the divisor may be zero");
    fails(I::Div(T, K), "`date` / `number` has no meaning");
    fails(I::Div(B, K), "`yes/no` / `number` has no meaning");
    fails(I::Div(R, FEN), "`rate` / `money` has no meaning");
    // By a half: money ÷ rate is money, 500 × 2.
    is(I::Div(N, HALF), Kind::Money, 1, (0, 1_000), 1_000);

    // 500 fen ÷ 10 % = 5,000 fen at most; to 2.5 fen 700 ÷ 10 % = 7,000 = 14,000 halves, either way.
    is(I::DivRound(N, R, Rounding::HalfUp, 1, 1), Kind::Money, 1, (0, 5_000), 5_000);
    is(I::DivRound(M, R, Rounding::Floor, 5, 2), Kind::Money, 2, (-14_000, 14_000), 14_000);
    // ÷ −2 is farthest from nought, ÷ −4 the wider number below.
    is(I::DivRound(N, NEG, Rounding::Floor, 1, 1), Kind::Money, 1, (-250, 250), 500);
    fails(I::DivRound(N, H, Rounding::Floor, 1, 1), "the divisor may be zero");
    fails(I::DivRound(N, Z, Rounding::Floor, 1, 1), "the divisor may be zero");
    fails(I::DivRound(N, T, Rounding::Floor, 1, 1), "`money` / `date` has no meaning");

    // −½ and 2½, halves away from nought, to whole numbers; to fives of a half each.
    is(I::Round(H, Rounding::HalfUp, 1, 1), Kind::Number, 1, (-1, 3), 100);
    is(I::Round(H, Rounding::Floor, 1, 1), Kind::Number, 1, (-1, 2), 100);
    is(I::Round(M, Rounding::Ceiling, 200, 1), Kind::Money, 1, (-200, 800), 800);
    is(I::Round(M, Rounding::Ceiling, 5, 2), Kind::Money, 2, (-600, 1_400), 1_400);
    is_one_of(I::Round(K, Rounding::Floor, 2, 1), Kind::Number, &[2], 100);
    is_one_of(I::Round(K, Rounding::Ceiling, 2, 1), Kind::Number, &[2, 4], 100);
    fails(I::Round(T, Rounding::Floor, 1, 1), "`date` cannot be rounded");
    fails(I::Round(O, Rounding::Floor, 1, 1), "`option` cannot be rounded");
}

#[test]
fn extremes_comparisons_and_truths() {
    is(I::Min(M, N), Kind::Money, 1, (-300, 500), 700);
    is(I::Max(M, N), Kind::Money, 1, (200, 700), 700);
    is_one_of(I::Min(K, FOUR), Kind::Number, &[2, 3], 100);
    is_one_of(I::Max(K, FOUR), Kind::Number, &[4], 100);
    is(I::Max(T, U), Kind::Date, 1, (0, 20_000), 20_000);
    fails(I::Min(B, C), "`min` of `yes/no` and `yes/no` has no meaning");
    fails(I::Max(M, R), "`max` of `money` and `rate` has no meaning");

    for how in [Comparison::Eq, Comparison::Ne] {
        assert_eq!([I::Cmp(how, B, C), I::Cmp(how, O, O)].map(shape), [TRUTH, TRUTH]);
    }
    is(I::Cmp(Comparison::Lt, M, N), Kind::Bool, 1, (0, 1), 700);
    is(I::Cmp(Comparison::Lt, H, FOUR), Kind::Bool, 1, (0, 1), 100);
    fails(I::Cmp(Comparison::Lt, M, R), "`money` cannot be compared with `rate`");
    fails(I::Cmp(Comparison::Lt, B, C), "`yes/no` has no order");
    fails(I::Cmp(Comparison::Ge, O, O), "`option` has no order");

    // 24 months have at most 24 × 31 days.
    is(I::CmpSpan(Comparison::Lt, D, MO), Kind::Bool, 1, (0, 1), 744);
    let truths = [
        I::And(B, C),
        I::Or(B, C),
        I::Not(B),
        I::Applies(M),
        I::InSet(O, vec![0]),
        I::InSet(B, vec![0]),
        I::InGroup(O, 0, Some(T)),
        I::InGroup(O, 0, None),
    ];
    truths.into_iter().for_each(|instr| assert_eq!(shape(instr), TRUTH));
    fails(I::CmpSpan(Comparison::Lt, M, MO), "the left side is `money`, expected `days`");
    fails(I::CmpSpan(Comparison::Lt, D, D), "the right side is `days`, expected `months`");
    fails(I::CmpSpan(Comparison::Lt, D, HALVES), "months must be whole");
    fails(I::And(B, M), "the right side is `money`, expected `yes/no`");
    fails(I::Or(M, B), "the left side is `money`, expected `yes/no`");
    fails(I::Not(M), "what follows `not` is `money`, expected `yes/no`");
    fails(I::Applies(FIRST), &format!("register {FIRST} is not written before it is read"));
    fails(I::InSet(M, vec![0]), "`in` needs an option on its left, found `money`");
    fails(I::InGroup(O, 0, Some(M)), "what follows `on` is `money`, expected `date`");
    fails(I::InGroup(M, 0, None), "`in` needs an option on its left, found `money`");

    is(I::If(B, M, N), Kind::Money, 1, (-300, 700), 700);
    is(I::If(B, N, M), Kind::Money, 1, (-300, 700), 700);
    is_one_of(I::If(B, K, FOUR), Kind::Number, &[2, 3, 4], 100);
    is(I::If(B, K, H), Kind::Number, 2, (-1, 6), 200);
    fails(I::If(M, M, N), "the condition is `money`, expected `yes/no`");
    fails(I::If(B, M, R), "`then` gives `money` and `else` gives `rate`");
    is(I::Exceptions(M, vec![(B, N)], 0), Kind::Money, 1, (-300, 700), 700);
    is(I::Exceptions(N, vec![(B, N), (C, M)], 0), Kind::Money, 1, (-300, 700), 700);
    fails(I::Exceptions(M, vec![(M, N)], 0), "`when` is `money`, expected `yes/no`");
    fails(I::Exceptions(M, vec![(B, R)], 0), "the step gives `money` and the exception gives `rate`");
    is(I::Require(M, B, 0), Kind::Money, 1, (-300, 700), 700);
    is_one_of(I::Require(K, B, 0), Kind::Number, &[2, 3], 100);
    fails(I::Require(M, N, 0), "the requirement is `money`, expected `yes/no`");
}

#[test]
fn days_and_months() {
    is(I::MonthsBetween(T, U), Kind::Months, 1, (-3_600, 3_600), 3_600);
    is(I::YearsBetween(T, U), Kind::Number, 1, (-300, 300), 300);
    is(I::YearOf(T), Kind::Number, 1, (1_900, 2_199), 2_199);
    assert_eq!(shape(I::AddMonths(T, MO, MonthEnd::Clip, 0)), date_shape());
    fails(I::MonthsBetween(M, T), "the first day is `money`, expected `date`");
    fails(I::YearsBetween(T, M), "the second day is `money`, expected `date`");
    fails(I::YearOf(M), "`year` of is `money`, expected `date`");
    fails(I::AddMonths(M, MO, MonthEnd::Clip, 0), "`add_months` to is `money`, expected `date`");
    fails(I::AddMonths(T, D, MonthEnd::Clip, 0), "`add_months` of is `days`, expected `months`");
    fails(I::AddMonths(T, HALVES, MonthEnd::Clip, 0), "months must be whole");
}

fn table(rows: &[(Cell, Reg)], key: Reg, otherwise: Option<Reg>) -> Table {
    let rows = rows.iter().map(|(cell, result)| Row { cells: vec![cell.clone()], result: *result }).collect();
    Table { keys: vec![key], rows, impossible: Vec::new(), otherwise, impossible_reason: 3 }
}

fn options(all: &[u32]) -> Cell {
    Cell::Options(all.to_vec())
}

#[test]
fn tables() {
    let of = |table: Table| shape_in(&[table], &[I::Table(0)]).map_err(|problem| problem.to_string());
    let money = Shape { kind: Kind::Money, den: 1, lo: -300, hi: 700, finite: None, widest: 700 };
    assert_eq!(of(table(&[(options(&[0]), M), (options(&[1, 2]), N)], O, None)), Ok(money.clone()));
    assert_eq!(of(table(&[(options(&[0]), N)], O, Some(M))), Ok(money));
    let few = Shape { kind: Kind::Number, den: 1, lo: 2, hi: 4, finite: Some(vec![2, 3, 4]), widest: 100 };
    assert_eq!(of(table(&[(Cell::Any, K)], O, Some(FOUR))), Ok(few));
    let words = |table: Table| of(table).unwrap_err();
    let interval = || Cell::Interval(Some((0, 1, true)), None);
    assert_eq!(words(table(&[(interval(), M)], O, None)), "a column of `option` takes options");
    assert_eq!(words(table(&[(options(&[0]), M)], N, None)), "a column of `money` takes intervals");
    assert!(of(table(&[(interval(), M)], N, None)).is_ok());
    assert_eq!(words(table(&[(Cell::Any, M)], O, Some(R))), "one row gives `money` and another gives `rate`");
    assert_eq!(words(table(&[], O, None)), "a row does not exist");
    let narrow = Table { keys: vec![O, O], ..table(&[(Cell::Any, M)], O, None) };
    assert_eq!(words(narrow), "a cell does not exist");
    assert_eq!(shape_in(&[], &[I::Table(0)]).unwrap_err().to_string(), "the table does not exist");
}

fn bands(of: Reg, from: Reg, edges: &[Reg], rates: &[Reg]) -> I {
    I::Bands { of, from, edges: edges.to_vec(), rates: rates.to_vec(), totals: None }
}

fn totals(mut instr: I, mode: Rounding) -> I {
    if let I::Bands { totals, .. } = &mut instr {
        *totals = Some(mode);
    }
    instr
}

#[test]
fn bands_and_their_inverse() {
    // Up to 500 fen and beyond at 10 % to 90 %, from −300 to 700: at most 500 × 9 tenths; on the way (500 + 700) × 9.
    is(bands(N, M, &[FEN], &[R, R]), Kind::Money, 10, (0, 4_500), 10_800);
    is(totals(bands(N, M, &[FEN], &[R, R]), Rounding::HalfUp), Kind::Money, 1, (0, 1_080), 10_800);
    is(bands(K, H, &[], &[R]), Kind::Number, 20, (0, 54), 2_000);
    fails(bands(N, M, &[FEN], &[R]), "a band's rate does not exist");
    fails(bands(D, D, &[], &[R]), "bands share out money, not `days`");
    fails(bands(N, K, &[], &[R]), "`from` is `number`, expected `money`");
    fails(bands(N, M, &[FOUR], &[R, R]), "`up_to` is `number`, expected `money`");
    fails(bands(N, M, &[FEN], &[R, M]), "`rate` is `money`, expected `rate`");
    fails(bands(N, M, &[], &[LOSS]), "a band's rate may be negative");
    // The first may be 200 to 500, so 500 is not surely above it; −300 is not above nought.
    let edges = "the upper edges of the bands are not proved to rise";
    fails(bands(N, M, &[N, FEN], &[R, R, R]), edges);
    fails(bands(N, M, &[M], &[R, R]), edges);

    // Half and 7/10: over tenths 5 and 7, which 35 divides by. 500 × 10 × 35 of cost at most; 700 × 35 × 10 on the way.
    let inverse = |rates: &[Reg], payment: Reg| {
        let code = [bands(N, M, &[FEN], rates), I::CostFor(FIRST, payment)];
        shape_in(&[], &code).map_err(|problem| problem.to_string())
    };
    let cost = Shape { kind: Kind::Money, den: 35, lo: 0, hi: 175_000, finite: None, widest: 245_000 };
    assert_eq!(inverse(&[HALF, SEVEN], N), Ok(cost));
    assert_eq!(inverse(&[HALF, SEVEN], R), Err("the payment is `rate`, expected `money`".into()));
    let open = "the divisor is not a figure: put the division inside `round(…)`";
    assert_eq!(inverse(&[HALF, R], N), Err(open.into()));
    fails(I::CostFor(M, N), "the bands step does not exist");
}

fn fold(fold: Fold, value: Reg, filter: Option<Reg>) -> I {
    I::Aggregate(Aggregate { fold, block: 0, value, filter })
}

#[test]
fn folds() {
    // Ten records of −5 to 100 fen.
    is(fold(Fold::Sum, AMOUNT, None), Kind::Money, 1, (-50, 1_000), 1_000);
    is(fold(Fold::Sum, N, None), Kind::Money, 1, (0, 5_000), 5_000);
    is(fold(Fold::Count, AMOUNT, Some(FLAG)), Kind::Number, 1, (0, 10), 100);
    is(fold(Fold::Min, AMOUNT, None), Kind::Money, 1, (-5, 100), 100);
    // Few values of each record are not few of the least of them: there may be none.
    is(fold(Fold::Max, K, None), Kind::Number, 1, (2, 3), 100);
    for how in [Fold::Any, Fold::All] {
        assert_eq!(shape(fold(how, FLAG, None)), TRUTH);
    }
    fails(fold(Fold::Any, AMOUNT, None), "what is asked of each record is `money`, expected `yes/no`");
    fails(fold(Fold::Min, FLAG, None), "`yes/no` has no order");
    fails(fold(Fold::Max, SORT, None), "`option` has no order");
    fails(fold(Fold::Sum, FLAG, None), "`sum` of `yes/no` has no meaning");
    fails(fold(Fold::Sum, AMOUNT, Some(AMOUNT)), "`where` is `money`, expected `yes/no`");
    fails(I::Aggregate(Aggregate { fold: Fold::Sum, block: 1, value: M, filter: None }), "the block does not exist");
}

// ── Values.

const ASKED: State = State::Unknown;

/// What some code gives, with answers to some inputs and to the list; all else is not answered.
fn run(tables: &[Table], code: &[I], given: &[(Reg, i64)], list: Option<&[[Result<i64, State>; 3]]>) -> Slot<i128> {
    let program = Program { code: code.to_vec(), ..program(tables) };
    let mut shapes = Shapes::start(&program);
    for instr in code {
        shapes.push(&program, instr).unwrap();
    }
    let covers: Vec<_> = program
        .tables
        .iter()
        .map(|table| cover(table, &table.keys.iter().map(|key| shapes.get(*key).unwrap()).collect::<Vec<_>>()).unwrap())
        .collect();
    let linked = link(&program, &shapes, &covers).unwrap();
    let slot = |value: &Result<i64, State>| match value {
        Ok(n) => Slot::known(i128::from(*n)),
        Err(state) => Slot::without(*state, 0),
    };
    let answer = |reg: usize| given.iter().find(|(at, _)| *at as usize == reg).map_or(Err(ASKED), |(_, n)| Ok(*n));
    let inputs = (0..program.inputs.len()).map(|reg| slot(&answer(reg))).collect();
    let records = list.map(|all| all.iter().map(|record| record.iter().map(slot).collect()).collect());
    let day = |text: &str| Some(Date::parse(text).unwrap());
    let member = |institution, from, until| Member { institution, from, until };
    let from = member(3, day("2022-04-01"), None);
    let members = vec![member(0, None, None), member(1, day("2022-04-01"), day("2023-10-01")), from];
    let groups = [Group { id: "g".into(), members }];
    let mut registers = Vec::new();
    evaluate(&linked, &groups, &Answers { inputs, lists: vec![records] }, &mut registers, &());
    *registers.last().unwrap()
}

fn value(instr: I, given: &[(Reg, i64)]) -> Slot<i128> {
    run(&[], &[instr], given, None)
}

fn day(text: &str) -> i64 {
    i64::from(Date::parse(text).unwrap().days())
}

fn known(n: i128) -> Slot<i128> {
    Slot::known(n)
}

fn without(state: State) -> Slot<i128> {
    Slot::without(state, 0)
}

#[test]
fn days_against_months_are_certain_outside_what_months_can_have() {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    // Two months have 59 to 62 days: of each number of days, what is certain.
    let all = [Lt, Le, Gt, Ge, Eq, Ne];
    let expected = [(58, "11 00 01"), (59, "?1 0? ??"), (60, "?? ?? ??"), (62, "0? ?1 ??"), (63, "00 11 01")];
    for (days, words) in expected {
        let found: Vec<char> = all
            .iter()
            .map(|how| match value(I::CmpSpan(*how, D, MO), &[(D, days), (MO, 2)]) {
                slot if slot.is_true() => '1',
                slot if slot.is_false() => '0',
                slot => {
                    assert_eq!(slot, without(State::Unset));
                    '?'
                }
            })
            .collect();
        assert_eq!(found, words.chars().filter(|c| *c != ' ').collect::<Vec<_>>(), "{days} days");
    }
    // No months have no days, and that is certain.
    assert_eq!(value(I::CmpSpan(Eq, D, MO), &[(D, 0), (MO, 0)]), known(1));
    assert_eq!(value(I::CmpSpan(Ne, D, MO), &[(D, 0), (MO, 0)]), known(0));
    assert_eq!(value(I::CmpSpan(Eq, D, MO), &[(D, 1), (MO, 0)]), known(0));
    assert_eq!(value(I::CmpSpan(Eq, D, MO), &[(D, 1)]), without(ASKED));
}

#[test]
fn what_is_made_of_days() {
    let on = |a: &str, b: &str| [(T, day(a)), (U, day(b))];
    assert_eq!(value(I::MonthsBetween(T, U), &on("2024-01-15", "2024-03-14")), known(1));
    assert_eq!(value(I::MonthsBetween(T, U), &on("2024-01-15", "2024-03-15")), known(2));
    assert_eq!(value(I::YearsBetween(T, U), &on("2000-06-16", "2024-06-15")), known(23));
    assert_eq!(value(I::YearsBetween(T, U), &on("2000-06-16", "2024-06-16")), known(24));
    assert_eq!(value(I::YearsBetween(T, U), &[(T, 0)]), without(ASKED));
    assert_eq!(value(I::YearOf(T), &[(T, 0)]), known(1970));
    assert_eq!(value(I::YearOf(T), &[(T, day("2023-12-31"))]), known(2023));
    assert_eq!(value(I::YearOf(T), &[]), without(ASKED));
    let later = |end| I::AddMonths(T, MO, end, 5);
    let from = |text: &str, months: i64| [(T, day(text)), (MO, months)];
    let is_day = |text: &str| known(i128::from(day(text)));
    assert_eq!(value(later(MonthEnd::Refuse), &from("2024-01-15", 1)), is_day("2024-02-15"));
    assert_eq!(value(later(MonthEnd::Clip), &from("2023-01-31", 1)), is_day("2023-02-28"));
    assert_eq!(value(later(MonthEnd::Next), &from("2023-01-31", 1)), is_day("2023-03-01"));
    assert_eq!(value(later(MonthEnd::Refuse), &from("2023-01-31", 1)), Slot::without(State::Failed, 5));
    assert_eq!(value(later(MonthEnd::Clip), &[(T, 0)]), without(ASKED));
    // A day is moved as far as the calendar goes, and no further.
    let moved = |instr: I, from: &str| value(instr, &[(T, day(from)), (D, 1)]);
    assert_eq!(moved(I::Add(T, D), "2199-12-30"), is_day("2199-12-31"));
    assert_eq!(moved(I::Add(T, D), "2199-12-31"), without(State::Failed));
    assert_eq!(moved(I::Sub(T, D), "1900-01-02"), is_day("1900-01-01"));
    assert_eq!(moved(I::Sub(T, D), "1900-01-01"), without(State::Failed));
    // Numbers that are no day of the calendar are refused and not read as another.
    let far = i64::from(i32::MAX) + 1;
    for instr in [I::YearOf(T), I::MonthsBetween(T, U), I::InGroup(O, 0, Some(T))] {
        assert_eq!(value(instr, &[(T, far), (U, 0), (O, 1)]), without(State::Failed));
    }
    assert_eq!(value(later(MonthEnd::Clip), &[(T, far), (MO, 1)]), Slot::without(State::Failed, 5));
}

#[test]
fn members_of_a_group_on_a_day() {
    // 0 is a member always, 1 from 2022-04-01 until 2023-10-01, 2 never.
    let on = |institution: i64, text: &str| value(I::InGroup(O, 0, Some(T)), &[(O, institution), (T, day(text))]);
    let expected = [("2022-03-31", 0), ("2022-04-01", 1), ("2023-09-30", 1), ("2023-10-01", 0)];
    for (text, inside) in expected {
        assert_eq!([0, 1, 2].map(|who| on(who, text)), [known(1), known(inside), known(0)], "{text}");
    }
    let open = [0, 1, 2].map(|who| value(I::InGroup(O, 0, Some(T)), &[(O, who)]));
    assert_eq!(open, [known(1), without(ASKED), known(0)]);
    // 3 from a day on, without an end: that depends on the day too.
    assert_eq!(value(I::InGroup(O, 0, Some(T)), &[(O, 3)]), without(ASKED));
    let undated = [0, 1, 2].map(|who| value(I::InGroup(O, 0, None), &[(O, who)]));
    assert_eq!(undated, [known(1), known(1), known(0)]);
    assert_eq!(value(I::InGroup(O, 0, Some(T)), &[(T, 0)]), without(ASKED));
    assert_eq!(value(I::InGroup(O, 1, None), &[(O, 0)]), without(State::Failed));
    let chosen = |who: i64| value(I::InSet(O, vec![0, 2]), &[(O, who)]);
    assert_eq!([0, 1, 2].map(chosen), [known(1), known(0), known(1)]);
    assert_eq!(value(I::InSet(O, vec![0, 2]), &[]), without(ASKED));
}

#[test]
fn of_two_that_are_equally_open_the_first_says_why() {
    let why = |first: Reg, second: Reg| value(I::Add(first, second), &[]);
    assert_eq!(why(OPEN, OPEN_TOO), Slot::without(State::Unset, 7));
    assert_eq!(why(OPEN_TOO, OPEN), Slot::without(State::Unset, 9));
    // What is worse goes before what comes first.
    assert_eq!(why(M, OPEN), Slot::without(State::Unset, 7));
    assert_eq!(value(bands(OPEN, OPEN_TOO, &[], &[HALF]), &[]), Slot::without(State::Unset, 7));
    assert_eq!(value(bands(N, OPEN_TOO, &[], &[HALF]), &[]), Slot::without(State::Unset, 9));
}

#[test]
fn what_a_table_gives() {
    let rows = table(&[(options(&[0]), M), (options(&[1]), N)], O, Some(FEN));
    let at = |given: &[(Reg, i64)]| run(std::slice::from_ref(&rows), &[I::Table(0)], given, None);
    let both = |level: i64| [(O, level), (M, 11), (N, 222)];
    assert_eq!([0, 1, 2].map(|level| at(&both(level))), [known(11), known(222), known(500)]);
    // Without the level only where all rows give the same.
    assert_eq!(at(&[(M, 11), (N, 222)]), without(ASKED));
    assert_eq!(at(&[(M, 500), (N, 500)]), known(500));
    let (below, above) = (Cell::Interval(None, Some((300, 1, true))), Cell::Interval(Some((300, 1, false)), None));
    let edged = table(&[(below, M), (above, FEN)], N, None);
    let at = |n: i64| run(std::slice::from_ref(&edged), &[I::Table(0)], &[(N, n), (M, 11)], None);
    assert_eq!([299, 300, 301].map(at), [known(11), known(11), known(500)]);
}

#[test]
fn what_folds_give() {
    let all = [[Ok(7), Ok(1), Ok(0)], [Ok(8), Ok(0), Ok(1)], [Ok(9), Ok(1), Ok(1)]];
    let of = |how, value, filter| run(&[], &[fold(how, value, filter)], &[], Some(&all));
    assert_eq!(of(Fold::Sum, AMOUNT, None), known(24));
    assert_eq!(of(Fold::Sum, AMOUNT, Some(FLAG)), known(16));
    // Counted are records, whatever their amounts are.
    assert_eq!(of(Fold::Count, AMOUNT, Some(FLAG)), known(2));
    assert_eq!(of(Fold::Min, AMOUNT, None), known(7));
    assert_eq!(of(Fold::Max, AMOUNT, Some(FLAG)), known(9));
    assert_eq!((of(Fold::Any, FLAG, None), of(Fold::All, FLAG, None)), (known(1), known(0)));
    // Of those that hold, all hold.
    assert_eq!(of(Fold::All, FLAG, Some(FLAG)), known(1));
    // A record of which it is not known whether it counts.
    let open = [[Ok(7), Err(ASKED), Ok(0)], [Ok(8), Ok(1), Ok(0)]];
    let of = |how, value, filter| run(&[], &[fold(how, value, filter)], &[], Some(&open));
    assert_eq!(of(Fold::Count, AMOUNT, Some(FLAG)), without(ASKED));
    assert_eq!(of(Fold::Sum, AMOUNT, Some(FLAG)), without(ASKED));
    assert_eq!((of(Fold::Any, FLAG, None), of(Fold::All, FLAG, None)), (known(1), without(ASKED)));
    // No record, and no list.
    let none = |how| run(&[], &[fold(how, AMOUNT, None)], &[], Some(&[]));
    assert_eq!([Fold::Sum, Fold::Count].map(none), [known(0), known(0)]);
    assert_eq!([Fold::Min, Fold::Max].map(none), [without(State::NotApplicable), without(State::NotApplicable)]);
    assert_eq!(run(&[], &[fold(Fold::Sum, AMOUNT, None)], &[], None), without(ASKED));
}

#[test]
fn what_bands_give_and_what_a_payment_used_up() {
    let shared = bands(N, M, &[FEN], &[HALF, SEVEN]);
    let paid = |from: i64, of: i64| run(&[], std::slice::from_ref(&shared), &[(M, from), (N, of)], None);
    // Over tenths: 300 of the first 500 at 5; from 400 on 100 at 5 and 200 at 7; from −300 as from nought.
    assert_eq!([paid(0, 300), paid(400, 300), paid(-300, 300)], [known(1_500), known(1_900), known(1_500)]);
    let cost = |from: i64, paid: i64| {
        let code = [shared.clone(), I::CostFor(FIRST, N)];
        run(&[], &code, &[(M, from), (N, paid)], None)
    };
    // Over 35ths: 200 paid from 400 on: 50 of the 100 below 500, then 150 at 7/10 = 214 2/7, in all 314 2/7 = 11,000 / 35.
    assert_eq!(cost(400, 200), known(11_000));
    // Exactly the first band: 250 paid of 500.
    assert_eq!(cost(0, 250), known(17_500));
    assert_eq!(cost(0, 251), known(17_550));
    assert_eq!(cost(500, 200), known(10_000));
}
