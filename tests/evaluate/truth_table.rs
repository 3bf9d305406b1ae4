//! The published truth table, made from the engine.

use super::*;

pub const STATES: [(&str, &str); 5] = [
    ("known", "two"),
    ("unknown", "asked"),
    ("not applicable", "previous.number"),
    ("unset", "open"),
    ("failed", "refused"),
];
pub const TRUTHS: [(&str, &str); 6] = [
    ("true", "yes"),
    ("false", "no"),
    ("unknown", "maybe"),
    ("not applicable", "previous.truth"),
    ("unset", "open = 1"),
    ("failed", "refused = 1"),
];

pub struct Sheet {
    pub steps: String,
    pub names: Vec<String>,
}

impl Sheet {
    /// A step of this formula; its number.
    pub fn add(&mut self, form: &str) -> usize {
        let name = format!("s{}", self.names.len());
        let _ = writeln!(self.steps, "      - {{ id: {name}, label: {{ zh: 步, en: step }}, {form} }}");
        self.names.push(name);
        self.names.len() - 1
    }

    pub fn value(&mut self, formula: &str) -> usize {
        self.add(&format!("value: \"{formula}\""))
    }
}

pub fn word(slot: &Slot<i128>, kind: Kind) -> String {
    match slot.state {
        State::Known if kind == Kind::Bool => (slot.num != 0).to_string(),
        State::Known => "known".into(),
        State::Unknown => "unknown".into(),
        State::NotApplicable => "not applicable".into(),
        State::Unset => "unset".into(),
        State::Failed => "failed".into(),
    }
}

pub fn truth_table() -> String {
    let label = "label: { zh: 项, en: entry }";
    let head = format!(
        "pack: truth\nrevision: '1'\ntitle: {{ zh: 真值表, en: truth table }}\nregion: {{ code: '0', zh: 虚设, en: nowhere }}\npublisher: {{ zh: 测试, en: tests }}\nstatus: invented\nfacts:\n  two: {{ type: number, min: 0, max: 9, {label} }}\n  asked: {{ type: number, min: 0, max: 9, {label} }}\n  yes: {{ type: bool, {label} }}\n  no: {{ type: bool, {label} }}\n  maybe: {{ type: bool, {label} }}\n  day: {{ type: date, {label} }}\n  empty: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\n  gone: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\n  blank: {{ type: list, max: 3, {label}, of: {{ n: {{ type: number, min: 0, max: 9, {label} }}, b: {{ type: bool, {label} }} }} }}\nparameters:\n  open: {{ type: number, {label}, max: 9, unset: {{ zh: 隐去, en: redacted }} }}\nprevious:\n  number: two\n  truth: yes\n  day: day\nservices:\n  all:\n    title: {{ zh: 全, en: all }}\n    kind: indicator\n    result: [s0]\n    steps:\n      - {{ id: refused, {label}, table: {{ by: [yes], rows: [{{ yes: true, refuse: {{ zh: 拒, en: refused }} }}, {{ yes: false, is: 1 }}] }} }}\n"
    );
    let mut sheet = Sheet { steps: String::new(), names: Vec::new() };
    // Title, row names, column names, cells by step.
    type Grid = (String, Vec<String>, Vec<String>, Vec<Vec<usize>>);
    let mut grids: Vec<Grid> = Vec::new();
    let names = |all: &[(&str, &str)]| all.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    for (title, sign) in [
        ("Arithmetic: `a + b` (so `-`, `*`, `/`, `min`, `max`, `clamp`, `round`, bands)", "+"),
        ("Comparison: `a < b` (2 < 2; so `=`, `in`, `within`)", "<"),
    ] {
        let cells = STATES
            .iter()
            .map(|(_, a)| STATES.iter().map(|(_, b)| sheet.value(&format!("{a} {sign} {b}"))).collect())
            .collect();
        grids.push((title.to_owned(), names(&STATES), names(&STATES), cells));
    }
    for word in ["and", "or"] {
        let cells = TRUTHS
            .iter()
            .map(|(_, a)| TRUTHS.iter().map(|(_, b)| sheet.value(&format!("({a}) {word} ({b})"))).collect())
            .collect();
        grids.push((format!("`a {word} b`"), names(&TRUTHS), names(&TRUTHS), cells));
    }
    let one: Vec<Vec<usize>> = TRUTHS
        .iter()
        .map(|(_, c)| {
            let cell = format!("table: {{ by: [\"{c}\"], rows: [{{ \"{c}\": true, is: 1 }}, {{ \"{c}\": false, is: ");
            let mut row = vec![
                sheet.value(&format!("not ({c})")),
                sheet.value(&format!("if {c} then 1 else 1")),
                sheet.value(&format!("if {c} then 1 else 2 + asked")),
            ];
            row.push(sheet.add(&format!("{cell}1 }}] }}")));
            row.push(sheet.add(&format!("{cell}2 }}] }}")));
            for value in ["1", "two"] {
                let base = sheet.value("1 * 1");
                let _ = writeln!(
                    sheet.steps,
                    "      - {{ id: x{base}, {label}, exception_to: s{base}, when: \"{c}\", value: \"{value}\" }}"
                );
                row.push(base);
            }
            row
        })
        .collect();
    let columns = [
        "`not c`",
        "`if c`, both branches the same",
        "`if c`, then known, else unknown",
        "table by `c`, rows agree",
        "table by `c`, rows differ",
        "exception when `c`, same value",
        "exception when `c`, another value",
    ];
    grids.push(("One condition `c`".to_owned(), names(&TRUTHS), columns.map(str::to_owned).to_vec(), one));
    let applies = STATES.iter().map(|(_, a)| vec![sheet.value(&format!("applies({a})"))]).collect();
    grids.push(("`applies(a)`".to_owned(), names(&STATES), vec!["`applies(a)`".to_owned()], applies));
    let folds = [("sum", "n"), ("count", ""), ("any", "b"), ("all", "b"), ("min", "n"), ("max", "n")];
    let formula = |fold: &str, value: &str, list: &str, filter: &str| match (value, filter) {
        ("", filter) => format!("count({list}{filter})"),
        (value, filter) => format!("{fold}({list}: {value}{filter})"),
    };
    let cells = folds
        .iter()
        .map(|(fold, value)| {
            [("empty", ""), ("gone", ""), ("blank", ""), ("blank", " where b"), ("blank", " where no")]
                .iter()
                .map(|(list, filter)| sheet.value(&formula(fold, value, list, filter)))
                .collect()
        })
        .collect();
    let columns = [
        "no record",
        "list not answered",
        "a record, its value unknown",
        "a record, its `where` unknown",
        "a record, its `where` false",
    ];
    grids.push((
        "Aggregates".to_owned(),
        folds.iter().map(|(fold, _)| format!("`{fold}`")).collect(),
        columns.map(str::to_owned).to_vec(),
        cells,
    ));
    let first = [
        "previous.number + 1",
        "day within 28 days of previous.day",
        "if applies(previous.day) then day within 28 days of previous.day else false",
        "min(two, previous.number)",
        "previous.number > 1 or yes",
    ];
    let cells = first.iter().map(|f| vec![sheet.value(f)]).collect();
    grids.push((
        "On a first stay (`previous` is not applicable)".to_owned(),
        first.iter().map(|f| format!("`{f}`")).collect(),
        vec!["gives".to_owned()],
        cells,
    ));

    let pack = Pack::parse("pack.yaml", format!("{head}{}", sheet.steps).as_bytes(), &Library::new())
        .unwrap_or_else(|e| panic!("{e}"));
    // Every step is looked at, so every one stays in the plan.
    let engine = Engine::load(pack.into_plan()).unwrap();
    let service = &engine.plan().services[0];
    let record = Answer { kind: AnswerKind::Map(Vec::new()), place: None };
    let case = Case {
        facts: vec![
            ("two".into(), Answer::text("2")),
            ("yes".into(), Answer::truth(true)),
            ("no".into(), Answer::truth(false)),
            ("day".into(), Answer::text("2023-06-16")),
            ("empty".into(), Answer { kind: AnswerKind::List(Vec::new()), place: None }),
            ("blank".into(), Answer { kind: AnswerKind::List(vec![record]), place: None }),
        ],
        previous: Earlier::None,
        ..Case::default()
    };
    let run = engine.run(0, &encode(engine.plan(), service, &case).unwrap());
    let shapes = engine.shapes(0).unwrap();
    let shown = |at: usize| {
        let step = service.steps.iter().find(|s| s.id == sheet.names[at]).unwrap();
        word(&run.registers[step.register as usize], shapes.get(step.register).unwrap().kind)
    };
    let mut out = String::new();
    for (title, rows, columns, cells) in grids {
        let _ = writeln!(out, "\n**{title}**\n\n| | {} |\n|---|{}", columns.join(" | "), "---|".repeat(columns.len()));
        for (name, row) in rows.iter().zip(cells) {
            let _ = writeln!(out, "| **{name}** | {} |", row.into_iter().map(shown).collect::<Vec<_>>().join(" | "));
        }
    }
    out
}

/// S1, S2, S3, S4, S6, S8, S9 and S11, as far as one condition or one operand shows them.
#[test]
fn the_published_truth_table_is_the_engines() {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decisions/0001-language.md");
    let page = std::fs::read_to_string(&at).unwrap();
    let (before, rest) = page.split_once("<!-- truth table -->\n").unwrap();
    let (written, after) = rest.split_once("\n<!-- end -->").unwrap();
    let made = truth_table();
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "pages are not written anew in CI");
        std::fs::write(&at, format!("{before}<!-- truth table -->\n{made}\n<!-- end -->{after}")).unwrap();
    } else {
        assert_eq!(written, made, "run with BLESS=1 and read what changed");
    }
}
