//! Random steps: formulas, tables and bands over random facts.

use super::*;

/// A fact: name, type, least and greatest, and how fine its steps are.
pub struct Fact {
    pub name: &'static str,
    pub ty: Type,
    pub min: i64,
    pub max: i64,
    /// Register units to one unit of value.
    pub den: i64,
}

/// Facts of all programs; `spent` and `share` are parameters that the text leaves open, `previous.paid` is of an
/// earlier stay.
pub const FACTS: [Fact; 13] = [
    // Wide enough that some programs need more than 64 bits and some only just do not.
    Fact { name: "total", ty: Type::Money, min: 0, max: 10_000_000_000_000, den: 1 },
    Fact { name: "extra", ty: Type::Money, min: -50_000, max: 300_000, den: 1 },
    Fact { name: "count", ty: Type::Number, min: 0, max: 20, den: 1 },
    Fact { name: "factor", ty: Type::Number, min: -500, max: 500, den: 100 },
    Fact { name: "rate", ty: Type::Rate, min: 0, max: 1_000, den: 1_000 },
    Fact { name: "cut", ty: Type::Points, min: 0, max: 30, den: 100 },
    Fact { name: "days", ty: Type::Days, min: 0, max: 400, den: 1 },
    Fact { name: "first", ty: Type::Date, min: 18_000, max: 20_000, den: 1 },
    Fact { name: "second", ty: Type::Date, min: 18_000, max: 20_000, den: 1 },
    Fact { name: "holds", ty: Type::Bool, min: 0, max: 1, den: 1 },
    Fact { name: "other", ty: Type::Bool, min: 0, max: 1, den: 1 },
    Fact { name: "level", ty: Type::Option, min: 0, max: 3, den: 1 },
    Fact { name: "place", ty: Type::Option, min: 0, max: 3, den: 1 },
];
pub const FIELDS: [Fact; 4] = [
    Fact { name: "amount", ty: Type::Money, min: 0, max: 1_000_000, den: 1 },
    Fact { name: "share", ty: Type::Rate, min: 0, max: 100, den: 100 },
    Fact { name: "kind", ty: Type::Option, min: 0, max: 3, den: 1 },
    Fact { name: "own", ty: Type::Bool, min: 0, max: 1, den: 1 },
];

pub fn header() -> String {
    let label = "label: { zh: 项, en: entry }";
    let mut out = String::from(
        "pack: random\nrevision: '1'\ntitle: { zh: 随机, en: random }\nregion: { code: '000000', zh: 虚设, en: nowhere }\npublisher: { zh: 测试, en: tests }\nstatus: invented\n",
    );
    let options = OPTIONS.map(|o| format!("{o}: {{ zh: {o}, en: {o} }}")).join(", ");
    let fact = |f: &Fact, more: &str| {
        let bound = |n: i64| match f.ty {
            Type::Money => figure(Type::Money, &q(n)),
            Type::Days => n.to_string(),
            ty => figure(ty, &ratio(n, f.den)),
        };
        let decimals = match (f.ty, f.den) {
            (Type::Rate, 1_000) => ", decimals: 1",
            (Type::Number, 100) => ", decimals: 2",
            _ => "",
        };
        let body = match f.ty {
            Type::Money => format!("money, min: {}, max: {}", bound(f.min), bound(f.max)),
            Type::Rate => format!("rate, min: \"{}\", max: \"{}\"{decimals}", bound(f.min), bound(f.max)),
            Type::Number => format!("number, min: {}, max: {}{decimals}", bound(f.min), bound(f.max)),
            Type::Points => format!("points, min: \"{}\", max: \"{}\"", bound(f.min), bound(f.max)),
            Type::Days => format!("days, min: {}, max: {}", bound(f.min), bound(f.max)),
            Type::Date => "date".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Option => format!("option, options: {{ {options} }}"),
        };
        format!("  {}: {{ type: {body}, {label}{more} }}\n", f.name)
    };
    out.push_str("facts:\n");
    FACTS.iter().for_each(|f| out.push_str(&fact(f, "")));
    let fields: String = FIELDS.iter().map(|f| fact(f, "").trim().to_owned()).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "  lines: {{ type: list, max: 6, {label}, of: {{ {fields} }} }}");
    let _ = writeln!(out, "  earlier: {{ type: money, min: 0元, max: 20000元, {label} }}");
    let _ = writeln!(out, "previous:\n  paid: earlier");
    let _ = writeln!(
        out,
        "parameters:\n  spent: {{ type: money, {label}, max: 5000元, unset: {{ zh: 隐去, en: redacted }} }}"
    );
    out
}

pub struct Maker<'d> {
    pub dice: &'d mut Dice,
    pub steps: Vec<(String, Type)>,
    pub in_list: bool,
}

impl Maker<'_> {
    pub fn literal(&mut self, ty: Type) -> E {
        let d = &mut self.dice;
        let n = match ty {
            Type::Money => q(d.between(-2_000, 200_000)) * if d.one_in(2) { q(1) } else { q(100) },
            Type::Rate => ratio(d.between(0, 1_200), 1_000),
            Type::Number => {
                if d.one_in(2) {
                    q(d.between(0, 12))
                } else {
                    ratio(d.between(-150, 300), 100)
                }
            }
            Type::Points => ratio(d.between(0, 40), 100),
            Type::Days => q(d.between(0, 500)),
            Type::Date => q(d.between(18_000, 20_000)),
            Type::Bool => q(d.between(0, 1)),
            Type::Option => q(d.between(0, 3)),
        };
        E::Figure(ty, n)
    }

    pub fn name(&mut self, ty: Type) -> Option<E> {
        let mut all: Vec<String> = FACTS.iter().filter(|f| f.ty == ty).map(|f| f.name.to_owned()).collect();
        all.extend(self.steps.iter().filter(|(_, t)| *t == ty).map(|(name, _)| name.clone()));
        if self.in_list {
            let fields: Vec<String> = FIELDS.iter().filter(|f| f.ty == ty).map(|f| f.name.to_owned()).collect();
            // The record's own fields are what an aggregate is about.
            all.extend(fields.iter().cloned().chain(fields.iter().cloned()));
        }
        if ty == Type::Money {
            all.extend(["spent".to_owned(), "previous.paid".to_owned()]);
        }
        if all.is_empty() { None } else { Some(E::Name(all[self.dice.below(all.len())].clone())) }
    }

    pub fn leaf(&mut self, ty: Type) -> E {
        if !self.dice.one_in(3)
            && let Some(name) = self.name(ty)
        {
            return name;
        }
        if ty == Type::Option { self.name(ty).unwrap() } else { self.literal(ty) }
    }

    /// A literal that divides: a decimal that is not zero.
    pub fn divisor(&mut self) -> Box<E> {
        Box::new(E::Figure(Type::Number, self.dice.pick(&[1, 2, 3, 4, 5, 7, 8, 12]).pipe(q)))
    }

    pub fn expr(&mut self, ty: Type, depth: usize) -> E {
        if depth == 0 || self.dice.one_in(6) {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        if self.dice.one_in(7) {
            let c = Box::new(self.expr(Type::Bool, depth));
            return E::If(c, Box::new(self.expr(ty, depth)), Box::new(self.expr(ty, depth)));
        }
        match ty {
            Type::Bool => self.condition(depth),
            Type::Option => self.leaf(Type::Option),
            Type::Date => match self.dice.below(3) {
                0 => E::Add(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Days))),
                1 => E::Sub(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Days))),
                _ => self.leaf(Type::Date),
            },
            Type::Days => match self.dice.below(3) {
                0 => E::Sub(Box::new(self.leaf(Type::Date)), Box::new(self.leaf(Type::Date))),
                1 => E::Add(Box::new(self.expr(Type::Days, depth)), Box::new(self.expr(Type::Days, depth))),
                _ => self.leaf(Type::Days),
            },
            ty => self.number(ty, depth),
        }
    }

    pub fn number(&mut self, ty: Type, depth: usize) -> E {
        let (mode, _) = self.dice.pick(&MODES);
        let (unit, written): (Q, &'static str) = match ty {
            Type::Money => self.dice.pick(&[(1, "fen"), (100, "yuan"), (1_000, "10 yuan")]).pipe(|(n, w)| (q(n), w)),
            Type::Rate | Type::Points => self.dice.pick(&[(1, "1%"), (5, "5%")]).pipe(|(n, w)| (ratio(n, 100), w)),
            _ => self.dice.pick(&[(100, "1"), (25, "0.25"), (10, "0.1")]).pipe(|(n, w)| (ratio(n, 100), w)),
        };
        let two = |m: &mut Self| (Box::new(m.expr(ty, depth)), Box::new(m.expr(ty, depth)));
        match self.dice.below(14) {
            0 | 1 => {
                let (a, b) = two(self);
                E::Add(a, b)
            }
            2 | 3 => {
                let (a, b) = two(self);
                E::Sub(a, b)
            }
            4 => {
                let (a, b) = two(self);
                E::Min(vec![*a, *b, self.leaf(ty)])
            }
            5 => {
                let (a, b) = two(self);
                E::Max(vec![*a, *b])
            }
            6 => {
                let (a, b) = two(self);
                E::Clamp(a, b, Box::new(self.leaf(ty)))
            }
            7 => {
                let scale = self.dice.pick(&[Type::Rate, Type::Number]);
                let scale = if matches!(ty, Type::Points | Type::Number) { Type::Number } else { scale };
                let (a, b) = (Box::new(self.expr(ty, depth)), Box::new(self.leaf(scale)));
                if self.dice.one_in(2) { E::Mul(a, b) } else { E::Mul(b, a) }
            }
            8 => E::Div(Box::new(self.expr(ty, depth)), self.divisor()),
            9 if ty != Type::Points => {
                let a = self.expr(ty, depth);
                // A divisor that is no figure must not reach zero.
                let by = E::Add(
                    Box::new(
                        self.name(Type::Number).map_or(E::Figure(Type::Number, q(2)), |_| E::Name("count".into())),
                    ),
                    Box::new(E::Figure(Type::Number, q(1))),
                );
                E::RoundDiv(Box::new(a), Box::new(by), mode, unit, written)
            }
            10 => E::Neg(Box::new(self.expr(ty, depth))),
            11 => E::Round(Box::new(self.expr(ty, depth)), mode, unit, written),
            12 if !self.in_list && matches!(ty, Type::Money | Type::Number) => {
                let fold = if ty == Type::Number { "count" } else { self.dice.pick(&["sum", "min", "max"]) };
                self.in_list = true;
                let value = (fold != "count").then(|| Box::new(self.expr(ty, depth.min(2))));
                let filter =
                    (fold == "count" || self.dice.one_in(2)).then(|| Box::new(self.expr(Type::Bool, depth.min(2))));
                self.in_list = false;
                E::Fold(fold, value, filter)
            }
            _ if ty == Type::Rate => {
                let (a, b) = (Box::new(self.expr(Type::Rate, depth)), Box::new(self.leaf(Type::Points)));
                if self.dice.one_in(2) { E::Add(a, b) } else { E::Sub(a, b) }
            }
            _ => self.leaf(ty),
        }
    }

    pub fn condition(&mut self, depth: usize) -> E {
        let two = |m: &mut Self| (Box::new(m.expr(Type::Bool, depth)), Box::new(m.expr(Type::Bool, depth)));
        match self.dice.below(9) {
            0 | 1 => {
                let (a, b) = two(self);
                E::And(a, b)
            }
            2 | 3 => {
                let (a, b) = two(self);
                E::Or(a, b)
            }
            4 => E::Not(Box::new(self.expr(Type::Bool, depth))),
            5 => {
                let ty = self.dice.pick(&[Type::Money, Type::Rate, Type::Number, Type::Date, Type::Days, Type::Points]);
                let sign = self.dice.pick(&["=", "!=", "<", "<=", ">", ">="]);
                E::Compare(sign, Box::new(self.expr(ty, depth)), Box::new(self.expr(ty, depth)))
            }
            6 => {
                let option = Box::new(self.leaf(Type::Option));
                if self.dice.one_in(2) {
                    E::InSet(option, (0..4).filter(|_| self.dice.one_in(2)).chain([1]).collect())
                } else {
                    E::Compare(
                        self.dice.pick(&["=", "!="]),
                        option,
                        Box::new(E::Figure(Type::Option, q(self.dice.between(0, 3)))),
                    )
                }
            }
            7 if !self.in_list => {
                let fold = self.dice.pick(&["any", "all"]);
                self.in_list = true;
                let value = Some(Box::new(self.expr(Type::Bool, depth.min(2))));
                let filter = self.dice.one_in(3).then(|| Box::new(self.expr(Type::Bool, 1)));
                self.in_list = false;
                E::Fold(fold, value, filter)
            }
            7 => E::Within(
                Box::new(self.leaf(Type::Date)),
                Box::new(self.literal(Type::Days)),
                Box::new(self.leaf(Type::Date)),
            ),
            _ => E::Applies(Box::new(self.expr(Type::Money, depth.min(1)))),
        }
    }
}

pub trait Pipe: Sized {
    fn pipe<T>(self, f: impl FnOnce(Self) -> T) -> T {
        f(self)
    }
}
impl<T> Pipe for T {}

/// A step of a random program.
#[derive(Clone, Debug)]
pub enum Step {
    Value(E),
    Exception {
        base: E,
        others: Vec<(E, E)>,
    },
    Table(Table),
    Bands {
        of: E,
        from: E,
        edges: Vec<Q>,
        rates: Vec<E>,
        totals: Option<Mode>,
    },
    /// The cost that a payment used up in the bands step of this index.
    Cost {
        bands: usize,
        payment: E,
    },
}

/// A table over facts: one cell a key and row; a row without cells is `otherwise`.
#[derive(Clone, Debug)]
pub struct Table {
    pub keys: Vec<usize>,
    pub rows: Vec<(Vec<Cell>, E)>,
    pub otherwise: Option<E>,
}

#[derive(Clone, Debug)]
pub enum Cell {
    Any,
    Options(Vec<i64>),
    /// Ends with whether they belong to the cell.
    Interval(Option<(Q, bool)>, Option<(Q, bool)>),
}

impl Cell {
    pub fn takes(&self, n: &Q) -> bool {
        match self {
            Self::Any => true,
            Self::Options(all) => all.iter().any(|o| q(*o) == *n),
            Self::Interval(low, high) => {
                low.as_ref().is_none_or(|(at, closed)| n > at || (*closed && n == at))
                    && high.as_ref().is_none_or(|(at, closed)| n < at || (*closed && n == at))
            }
        }
    }

    pub fn print(&self, ty: Type) -> Option<String> {
        let fig = |n: &Q| figure(ty, n);
        Some(match self {
            Self::Any => return None,
            Self::Options(all) if ty == Type::Bool => (all == &[1]).to_string(),
            Self::Options(all) => {
                format!("[{}]", all.iter().map(|o| OPTIONS[*o as usize]).collect::<Vec<_>>().join(", "))
            }
            Self::Interval(None, None) => return None,
            Self::Interval(None, Some((at, closed))) => format!("\"{} {}\"", if *closed { "<=" } else { "<" }, fig(at)),
            Self::Interval(Some((at, closed)), None) => format!("\"{} {}\"", if *closed { ">=" } else { ">" }, fig(at)),
            Self::Interval(Some((a, x)), Some((b, y))) => {
                format!("\"{}{}, {}{}\"", if *x { '[' } else { '(' }, fig(a), fig(b), if *y { ']' } else { ')' })
            }
        })
    }
}

pub fn partition(dice: &mut Dice, fact: &Fact) -> Vec<Cell> {
    match fact.ty {
        Type::Bool => vec![Cell::Options(vec![0]), Cell::Options(vec![1])],
        Type::Option => {
            let mut parts: Vec<Vec<i64>> = vec![Vec::new(); 1 + dice.below(3)];
            for option in 0..4 {
                let at = dice.below(parts.len());
                parts[at].push(option);
            }
            parts.retain(|p| !p.is_empty());
            if parts.len() == 1 { vec![Cell::Any] } else { parts.into_iter().map(Cell::Options).collect() }
        }
        _ => {
            let mut cuts: Vec<i64> = (0..1 + dice.below(3)).map(|_| dice.between(fact.min + 1, fact.max - 1)).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let mut cells = Vec::new();
            let mut low: Option<(Q, bool)> = None;
            for cut in cuts {
                let at = ratio(cut, fact.den);
                let closed = dice.one_in(2);
                // `(5, 5)` and its like hold nothing.
                if low.as_ref().is_some_and(|(l, _)| *l == at) {
                    continue;
                }
                cells.push(Cell::Interval(low.take(), Some((at.clone(), closed))));
                low = Some((at, !closed));
            }
            cells.push(Cell::Interval(low, None));
            cells
        }
    }
}

pub fn make_table(m: &mut Maker<'_>, ty: Type) -> Table {
    let all: Vec<usize> = (0..FACTS.len()).filter(|i| FACTS[*i].ty != Type::Date).collect();
    let first = m.dice.pick(&all);
    let mut keys = vec![first];
    if m.dice.one_in(2) {
        let second = m.dice.pick(&all);
        if second != first {
            keys.push(second);
        }
    }
    let mut rows: Vec<Vec<Cell>> = vec![Vec::new()];
    for key in &keys {
        let cells = partition(m.dice, &FACTS[*key]);
        rows = rows
            .iter()
            .flat_map(|row| cells.iter().map(move |cell| row.iter().cloned().chain([cell.clone()]).collect()))
            .collect();
    }
    let mut rows: Vec<(Vec<Cell>, E)> = rows.into_iter().map(|cells| (cells, E::Figure(ty, q(0)))).collect();
    for row in &mut rows {
        // Few different results, so that open keys meet rows that agree.
        row.1 = if m.dice.one_in(2) { E::Figure(ty, q(m.dice.between(1, 2) * 100)) } else { m.expr(ty, 1) };
    }
    let otherwise = if rows.len() > 1 && m.dice.one_in(3) {
        let at = m.dice.below(rows.len());
        Some(rows.remove(at).1)
    } else {
        None
    };
    Table { keys, rows, otherwise }
}

impl Table {
    pub fn look_up(&self, w: &World<'_>) -> V {
        let result = |e: &E| eval(e, w);
        // The number of the row, past the last for `otherwise`.
        let chosen = |at: &[Q]| {
            let hits = |(cells, _): &(Vec<Cell>, E)| cells.iter().zip(at).all(|(cell, n)| cell.takes(n));
            self.rows.iter().position(hits).unwrap_or(self.rows.len())
        };
        let of = |row: usize| self.rows.get(row).map(|(_, e)| e).or(self.otherwise.as_ref()).unwrap();
        let values: Vec<V> = self.keys.iter().map(|k| w.names[FACTS[*k].name].clone()).collect();
        let is_open = values.iter().any(Result::is_err);
        let open = values.iter().filter(|v| v.is_err()).fold(None, |open: Option<V>, v| match open {
            Some(open) => undecided(&open, v).map(Err),
            None => Some(v.clone()),
        });
        // Every value that an open key could have, as far as rows can tell them apart.
        let candidates: Vec<Vec<Q>> = values
            .iter()
            .enumerate()
            .map(|(i, v)| match v {
                Ok(n) => vec![n.clone()],
                Err(_) => {
                    let fact = &FACTS[self.keys[i]];
                    let mut all = vec![fact.min, fact.max];
                    if matches!(fact.ty, Type::Option | Type::Bool) {
                        all.extend(fact.min..=fact.max);
                    }
                    for (cells, _) in &self.rows {
                        if let Cell::Interval(low, high) = &cells[i] {
                            for (at, _) in low.iter().chain(high) {
                                let n: i64 = (at * q(fact.den)).to_integer().try_into().unwrap();
                                all.extend([n - 1, n, n + 1]);
                            }
                        }
                    }
                    all.into_iter().filter(|n| *n >= fact.min && *n <= fact.max).map(|n| ratio(n, fact.den)).collect()
                }
            })
            .collect();
        let mut combinations: Vec<Vec<Q>> = vec![Vec::new()];
        for all in &candidates {
            combinations = combinations
                .iter()
                .flat_map(|c| all.iter().map(move |n| c.iter().cloned().chain([n.clone()]).collect()))
                .collect();
        }
        let rows: std::collections::BTreeSet<usize> = combinations.iter().map(|at| chosen(at)).collect();
        let results: Vec<V> = rows.iter().map(|row| result(of(*row))).collect();
        let decided = !is_open || results.len() == 1 || results.iter().all(|r| agree(r, &results[0]));
        if decided { results[0].clone() } else { open.unwrap() }
    }
}

/// F: what the bands give for the stretch from nothing to a position.
pub fn up_to(position: &Q, edges: &[Q], rates: &[Q]) -> Q {
    let mut sum = q(0);
    let mut below = q(0);
    for (i, rate) in rates.iter().enumerate() {
        let top =
            edges.get(i).map_or(position.clone(), |edge| if edge < position { edge.clone() } else { position.clone() });
        if top > below {
            sum += (&top - &below) * rate;
            below = top;
        }
    }
    sum
}

pub fn not_negative(n: Q) -> Q {
    if n < q(0) { q(0) } else { n }
}
