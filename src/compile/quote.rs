//! The proof of figures: every figure of a step stands, with its unit, in a marked phrase of one of
//! the step's own cites. Zero and 100 % are structure, not policy, and need no quote.

use super::objection::{Objection, named_at, objection};
use super::usage::{Met, Use};
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Place};
use crate::figure::{self, Figures, Motion, Unit};
use crate::formula::{Figure, FigureUnit};
use crate::number::Ratio;
use crate::pack::{RawCite, Scope};
use crate::plan::{Cite, Source, Text};
use core::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A place in a file, to tell figures and readings apart.
type At = (u32, u32);

/// A `reads` that was met: whether a figure leaned on it, where it stands, and what it says.
#[derive(Debug)]
struct Reading {
    used: bool,
    place: Place,
    figure: String,
}

/// What was found so far: a cite is resolved for each step and row that leans on it, and looking through a quote takes
/// time.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Places of a phrase, by clause and phrase.
    places: RefCell<BTreeMap<String, Vec<(usize, usize)>>>,
    /// Figures of a marked phrase as its quote reads them, by clause and phrase.
    figures: RefCell<BTreeMap<String, Rc<Figures>>>,
    /// Readings, by place and number.
    readings: RefCell<BTreeMap<(At, usize), Reading>>,
    /// Figures that needed a proof, by place, and whether a reading gave it.
    proved: RefCell<BTreeMap<At, bool>>,
    /// How far the rows of the step at hand have come in a list, by clause and phrase.
    listed: RefCell<BTreeMap<String, usize>>,
}

impl Found {
    /// Where the phrase of a cite (`source/clause#phrase`) stands in its quote.
    fn places(&self, cite: &str, quote: &str, phrase: &str) -> Vec<(usize, usize)> {
        if let Some(known) = self.places.borrow().get(cite) {
            return known.clone();
        }
        let all = figure::locate(quote, phrase);
        self.places.borrow_mut().insert(cite.to_owned(), all.clone());
        all
    }

    /// The figures of a phrase that stands once in its quote.
    fn figures(&self, cite: &str, quote: &str, phrase: &str) -> Option<Rc<Figures>> {
        let [(start, end)] = *self.places(cite, quote, phrase).as_slice() else { return None };
        let mut all = self.figures.borrow_mut();
        Some(Rc::clone(all.entry(cite.to_owned()).or_insert_with(|| Rc::new(Figures::within(quote, start, end)))))
    }

    /// The rows of another step begin.
    pub(super) fn next_step(&self) {
        self.listed.borrow_mut().clear();
    }

    /// Reports each reading that no figure leaned on. Where something else is wrong, a figure may only not have been
    /// reached.
    pub(super) fn report_unused(&self, scope: &Scope) {
        if scope.has_errors() {
            return;
        }
        for reading in self.readings.borrow().values().filter(|reading| !reading.used) {
            scope.report(
                Diagnostic::error("reading-unused", format!("no figure here is `{}`", reading.figure))
                    .at(reading.place.clone())
                    .help(
                        "a reading stands on the row or step whose figure it is; leave it out where none is read so \
                         （`reads` 要写在用到这个数字的那一行，没有用到就删去）",
                    ),
            );
        }
    }

    /// How many figures needed a proof, and to how many a reading gave it.
    pub(super) fn counts(&self) -> (usize, usize) {
        let all = self.proved.borrow();
        (all.len(), all.values().filter(|read_in| **read_in).count())
    }
}

/// A clause and the phrase marked in it.
fn marked<'s>(sources: &'s [Source], cite: &RawCite<'_>) -> Option<(&'s str, String)> {
    let at = cite.at.as_ref()?;
    let (path, phrase) = at.text().split_once('#')?;
    let (source, clause) = path.split_once('/')?;
    let source = sources.iter().find(|s| s.id == source)?;
    let clause = source.clauses.iter().find(|c| c.id == clause)?;
    Some((&clause.quote, phrase.to_owned()))
}

/// The figures in a cite's mark.
fn figures_of(found: &Found, sources: &[Source], cite: &RawCite<'_>) -> Option<Rc<Figures>> {
    let (quote, phrase) = marked(sources, cite)?;
    found.figures(cite.at.as_ref()?.text(), quote, &phrase)
}

/// What a mark prints where its reading says something else: printed and read. A unit may be read in, and the number of
/// a stay is one more than the stays before it.
fn contradiction(figures: &Figures, reading: &Figure) -> Option<(String, String)> {
    let same = |found: &&figure::Found| {
        let as_share = found.value.mul(Ratio::from_int(100)) == Some(reading.value);
        let before = found.unit == Unit::Times && reading.value.add(Ratio::ONE) == Some(found.value);
        // 提高5% leaves 105 %.
        let whole = Ratio::from_int(100);
        let left = match found.sense.motion {
            Some(Motion::Raises) => whole.add(found.value),
            Some(Motion::Lowers) => whole.sub(found.value),
            None => None,
        };
        let of_percent = as_share || (found.unit == Unit::Percent && left == Some(reading.value));
        found.value == reading.value || (reading.unit == FigureUnit::Percent && of_percent) || before
    };
    if figures.iter().any(|found| same(&found)) || units(reading.unit).iter().any(|u| figures.hold(reading.value, *u)) {
        return None;
    }
    let of_unit = |bare: bool| {
        figures
            .iter()
            .find(|found| if bare { found.unit == Unit::Bare } else { units(reading.unit).contains(&found.unit) })
    };
    let printed = of_unit(false).or_else(|| of_unit(true))?;
    let number = printed.unit == Unit::Bare;
    let printed = if number { printed.value.to_string() } else { figure::figure_text(printed.value, printed.unit) };
    Some((printed, format!("{}{}", reading.value, reading.unit.word())))
}

/// Finds clauses and marks of cites; what is not there is reported.
pub(super) fn resolve_cites(found: &Found, scope: &Scope, sources: &[Source], raw: &[RawCite<'_>]) -> Vec<Cite> {
    raw.iter().filter_map(|cite| resolve(found, scope, sources, cite)).collect()
}

fn resolve(found: &Found, scope: &Scope, sources: &[Source], raw: &RawCite<'_>) -> Option<Cite> {
    let at = raw.at.as_ref()?;
    let (path, phrase) = match at.text().split_once('#') {
        Some((path, phrase)) => (path, Some(phrase)),
        None => (at.text(), None),
    };
    let (source_id, clause_id) = path.split_once('/').unwrap_or((path, ""));
    let Some(source) = sources.iter().position(|s| s.id == source_id) else {
        scope.report(
            Diagnostic::error("unknown-source", format!("there is no source `{source_id}`"))
                .at(at.place())
                .help("a cite is `source/clause#marked phrase`")
                .meant(source_id, sources.iter().map(|s| s.id.as_str())),
        );
        return None;
    };
    let clauses = sources.get(source).map(|s| s.clauses.as_slice()).unwrap_or_default();
    let Some(clause) = clauses.iter().position(|c| c.id == clause_id) else {
        scope.report(
            Diagnostic::error("unknown-clause", format!("source `{source_id}` has no clause `{clause_id}`"))
                .at(at.place())
                .help("a cite is `source/clause#marked phrase`")
                .meant(clause_id, clauses.iter().map(|c| c.id.as_str())),
        );
        return None;
    };
    let quote = clauses.get(clause).map(|c| c.quote.as_str()).unwrap_or_default();
    let mark =
        phrase.and_then(|phrase| mark(scope, quote, phrase, &found.places(at.text(), quote, phrase), &at.place()));
    Some(Cite { source: super::builder::number(source), clause: super::builder::number(clause), mark })
}

fn mark(scope: &Scope, quote: &str, phrase: &str, places: &[(usize, usize)], place: &Place) -> Option<(u32, u32)> {
    match places {
        [(first, end)] => Some((super::builder::number(*first), super::builder::number(*end))),
        [] => {
            scope.report(
                Diagnostic::error(
                    "mark-not-found",
                    format!("`{phrase}` does not stand in the quote, or would cut a figure of it"),
                )
                .at(place.clone())
                .help(format!("the quote is: {quote}")),
            );
            None
        }
        all => {
            scope.report(
                Diagnostic::error("mark-ambiguous", format!("`{phrase}` stands {} times in the quote", all.len()))
                    .at(place.clone())
                    .help("mark more words, so that one place is meant"),
            );
            None
        }
    }
}

/// Characters of what phrases hold that a message shows.
const MOST_SHOWN: usize = 120;

/// A marked phrase that may prove figures.
struct Phrase {
    /// `source/clause#phrase`.
    cite: String,
    /// The quote it stands in.
    quote: String,
    figures: Rc<Figures>,
}

/// The marked phrases that may prove figures.
pub(super) struct Proof<'s> {
    found: &'s Found,
    scope: &'s Scope,
    phrases: Vec<Phrase>,
    readings: Vec<(Figure, (At, usize))>,
    days: Vec<(Date, (At, usize))>,
    /// Words of the options of the row at hand.
    labels: Vec<String>,
    /// The row ends some day: what was replaced then held before.
    past: bool,
    /// Rows stand in the order of the text.
    ordered: bool,
    /// A cite names what is not there, which was told: what it would have proved is no news.
    broken: bool,
}

impl<'s> Proof<'s> {
    pub(super) fn new(found: &'s Found, scope: &'s Scope, sources: &[Source], cites: &[RawCite<'_>]) -> Self {
        let mut proof = Self {
            found,
            scope,
            phrases: Vec::new(),
            readings: Vec::new(),
            days: Vec::new(),
            labels: Vec::new(),
            past: false,
            ordered: false,
            broken: false,
        };
        for cite in cites {
            proof.read(sources, cite);
        }
        proof.add(sources, cites);
        proof
    }

    /// Of a row: the words of its options, whether it ends some day, and whether rows stand in the order of the text.
    pub(super) fn of_row(&mut self, labels: Vec<String>, past: bool, ordered: bool) {
        (self.labels, self.past, self.ordered) = (labels, past, ordered);
    }

    /// The readings of a cite, which are of the row or step that it stands on.
    fn read(&mut self, sources: &[Source], cite: &RawCite<'_>) {
        let Some(reads) = &cite.reads else { return };
        let place = cite.spot.place();
        let at = (place.line, place.column);
        let figures = figures_of(self.found, sources, cite);
        let mut known = self.found.readings.borrow_mut();
        let texts = reads.figures.iter().map(|f| format!("{}{}", f.value, f.unit.word()));
        for (n, figure) in texts.chain(reads.days.iter().map(ToString::to_string)).enumerate() {
            if known.contains_key(&(at, n)) {
                continue;
            }
            known.insert((at, n), Reading { used: false, place: place.clone(), figure });
            let against = reads.figures.get(n).zip(figures.as_deref()).and_then(|(f, all)| contradiction(all, f));
            if let Some((printed, read)) = against {
                self.scope.report(
                    Diagnostic::warning(
                        "reading-contradicts",
                        format!("the mark prints {printed}, and is read as {read}"),
                    )
                    .at(place.clone())
                    .help(format!("原文印作{printed}，按{read}理解：读者也会看到（readers see it too）")),
                );
            }
        }
        self.readings.extend(reads.figures.iter().enumerate().map(|(n, f)| (*f, (at, n))));
        let first = reads.figures.len();
        self.days.extend(reads.days.iter().enumerate().map(|(n, d)| (*d, (at, first.saturating_add(n)))));
    }

    /// The phrases of more cites. Their readings are of the step they stand on, and exempt no row.
    pub(super) fn add(&mut self, sources: &[Source], cites: &[RawCite<'_>]) {
        for cite in cites {
            let Some(at) = cite.at.as_ref() else { continue };
            let (path, phrase) = at.text().split_once('#').unwrap_or((at.text(), ""));
            let (source, clause) = path.split_once('/').unwrap_or((path, ""));
            let quote = sources.iter().find(|s| s.id == source).and_then(|s| s.clauses.iter().find(|c| c.id == clause));
            // The phrase counts only where the quote has it.
            let figures =
                quote.filter(|_| !phrase.is_empty()).and_then(|c| self.found.figures(at.text(), &c.quote, phrase));
            match (quote, figures) {
                (Some(clause), Some(figures)) => {
                    self.phrases.push(Phrase { cite: at.text().to_owned(), quote: clause.quote.clone(), figures })
                }
                _ => self.broken |= quote.is_none() || at.text().contains('#'),
            }
        }
    }

    /// Whether a reading gives the figure; it then counts as used.
    fn read_in(&self, figure: Figure) -> bool {
        let mut known = self.found.readings.borrow_mut();
        let mut any = false;
        for (_, at) in self.readings.iter().filter(|(reading, _)| *reading == figure) {
            if let Some(reading) = known.get_mut(at) {
                reading.used = true;
            }
            any = true;
        }
        any
    }

    /// Proves a figure or reports it. What comes back is a problem that the steps below may settle.
    pub(super) fn figure(&mut self, met: &Met) -> Option<Diagnostic> {
        let figure = met.figure;
        let structural =
            figure.value.is_zero() || (figure.unit == FigureUnit::Percent && figure.value == Ratio::from_int(100));
        let read_in = self.read_in(figure);
        if structural || met.how == Use::ThisOne {
            return None;
        }
        self.found.proved.borrow_mut().insert((met.place.line, met.place.column), read_in);
        if read_in || self.follows(met) {
            return None;
        }
        let mut first: Option<Objection> = None;
        let mut printed = false;
        for phrase in &self.phrases {
            for unit in units_used(met) {
                for found in phrase.figures.held(figure.value, unit).filter(|found| self.past || !found.sense.was) {
                    printed = true;
                    match objection(met, found).or_else(|| self.out_of_order(phrase, found)) {
                        None => return None,
                        Some(new) if first.as_ref().is_none_or(|old| new.severity > old.severity) => first = Some(new),
                        Some(_) => {}
                    }
                }
            }
        }
        if !printed {
            self.missing(&format!("{}{}", figure.value, figure.unit.word()), met.place.clone());
        }
        let objection = first?;
        let doubtful = objection.doubtful;
        let problem = objection.told(met.place.clone());
        if doubtful {
            return Some(problem);
        }
        self.scope.report(problem);
        None
    }

    /// Which way the words move by points that stand by themselves. Nothing of a figure that is no policy; of others,
    /// and where words do not say, that it is not known.
    pub(super) fn motion(&self, met: &Met) -> Option<Option<Motion>> {
        if met.figure.value.is_zero() {
            return None;
        }
        let read_in = self.readings.iter().any(|(reading, _)| *reading == met.figure);
        if read_in || met.how != Use::Plain || met.figure.unit != FigureUnit::Points {
            return Some(None);
        }
        let mut all = self.phrases.iter().flat_map(|p| p.figures.held(met.figure.value, Unit::Points));
        let first = all.next().and_then(|found| found.sense.motion);
        Some(first.filter(|first| all.all(|found| found.sense.motion == Some(*first))))
    }

    /// Figures that the words give without printing them: 70 % where 30 % are taken off, 3 where a third is paid.
    fn follows(&self, met: &Met) -> bool {
        let (value, whole) = (met.figure.value, Ratio::from_int(100));
        let holds = |value: Option<Ratio>, motion: Motion| {
            let moved = |found: &figure::Found| found.sense.motion == Some(motion) && found.unit == Unit::Percent;
            value.is_some_and(|v| self.phrases.iter().any(|p| p.figures.held(v, Unit::Percent).any(moved)))
        };
        match (met.how, met.figure.unit) {
            (Use::Share(_), FigureUnit::Percent) => {
                holds(whole.sub(value), Motion::Lowers) || holds(value.sub(whole), Motion::Raises)
            }
            (Use::Divisor, FigureUnit::Number) => {
                let share = whole.div(value);
                share.is_some_and(|share| self.phrases.iter().any(|p| p.figures.hold(share, Unit::Percent)))
            }
            _ => false,
        }
    }

    /// A 分别 list gives its figures in the order of what it names, and rows take them in theirs.
    fn out_of_order(&self, phrase: &Phrase, found: &figure::Found) -> Option<Objection> {
        let place = found.sense.place?;
        let last = self.found.listed.borrow().get(&phrase.cite).copied();
        self.found.listed.borrow_mut().insert(phrase.cite.clone(), place);
        let text = figure::figure_text(found.value, found.unit);
        let nth = place.saturating_add(1);
        let told = |of: usize, en: &str, zh: &str| {
            Objection::new(
                "figure-order",
                format!("{text} is figure {nth} of its list, and {en} {of}"),
                format!("{text}是并列数字中的第{nth}个，{zh}第{of}个"),
            )
        };
        if let Some(named) = named_at(&phrase.quote, found, &self.labels) {
            let row = named.saturating_add(1);
            return (named != place).then(|| told(row, "the row is named at", "这一行在原文里排在"));
        }
        let last = last.filter(|last| *last > place)?.saturating_add(1);
        let told = told(last, "an earlier row has figure", "前面的行已经用到");
        match (self.ordered, place) {
            (true, _) => Some(told),
            // Rows of another column may begin anew.
            (false, 0) => None,
            (false, _) => Some(told.warns()),
        }
    }

    /// Proves a day, or (for an end) the day before it.
    pub(super) fn day(&mut self, day: Date, end: bool, place: Place) {
        let holds = |day: Date| {
            let (year, month, of_month) = day.ymd();
            let value = u8::try_from(month)
                .ok()
                .zip(u8::try_from(of_month).ok())
                .and_then(|(m, d)| figure::date_value(year, m, d));
            value.is_some_and(|v| self.phrases.iter().any(|p| p.figures.hold(v, Unit::Date)))
        };
        let mut read_in = false;
        for (_, at) in self.days.iter().filter(|(read, _)| *read == day) {
            read_in = true;
            if let Some(reading) = self.found.readings.borrow_mut().get_mut(at) {
                reading.used = true;
            }
        }
        self.found.proved.borrow_mut().insert((place.line, place.column), read_in);
        let before = day.add_days(-1);
        if !(holds(day) || (end && before.is_some_and(holds)) || read_in) {
            self.missing(&day.to_string(), place);
        }
    }

    fn missing(&self, figure: &str, place: Place) {
        if self.broken {
            return;
        }
        if self.scope.is_full() {
            self.scope.report(Diagnostic::error("figure-not-quoted", "").at(place));
            return;
        }
        let found = if self.phrases.is_empty() {
            "no phrase is marked".to_owned()
        } else {
            figure::described(self.phrases.iter().map(|p| p.figures.as_ref()))
        };
        let found = match self.phrases.iter().flat_map(|p| p.figures.iter()).find(|f| shown(f) == figure) {
            Some(f) if f.sense.about => format!("the words say that it is only about right: {found}"),
            Some(f) if f.sense.was => format!("the words say that it was replaced: {found}"),
            _ => found,
        };
        let more = if found.chars().nth(MOST_SHOWN).is_some() { "…" } else { "" };
        let found: String = found.chars().take(MOST_SHOWN).collect();
        self.scope.report(
            Diagnostic::error("figure-not-quoted", format!("`{figure}` does not stand in a marked phrase: {found}{more}"))
                .at(place)
                .help("mark the words that print it, as in `cite: \"source/clause#起付线200元\"`; where the text prints it otherwise, say so under `reads`"),
        );
    }
}

/// The units of a text that may print a figure as a formula uses it: 5个百分点 of an amount are 5 % of it.
fn units_used(met: &Met) -> impl Iterator<Item = Unit> + use<> {
    let points = met.figure.unit == FigureUnit::Percent && met.how == Use::Share(true);
    units(met.figure.unit).iter().copied().chain(points.then_some(Unit::Points))
}

/// A figure of a text as a formula would write it, where both write it alike.
fn shown(found: &figure::Found) -> String {
    let count = matches!(found.unit, Unit::Count | Unit::Times | Unit::Age | Unit::Bare);
    if count { found.value.to_string() } else { figure::figure_text(found.value, found.unit) }
}

/// The units of a text that may print a figure of a formula.
fn units(unit: FigureUnit) -> &'static [Unit] {
    match unit {
        FigureUnit::Yuan => &[Unit::Yuan],
        FigureUnit::Percent => &[Unit::Percent],
        FigureUnit::Points => &[Unit::Points],
        FigureUnit::Days => &[Unit::Days],
        FigureUnit::Weeks => &[Unit::Weeks],
        FigureUnit::Months => &[Unit::Months, Unit::Years],
        FigureUnit::Years => &[Unit::Years],
        FigureUnit::Number => &[
            Unit::Bare,
            Unit::Count,
            Unit::Age,
            Unit::Times,
            Unit::Multiple,
            Unit::Years,
            Unit::WorkingDays,
            Unit::Hours,
        ],
    }
}

/// Readings of a step's cites: they become assumptions of every decision that uses it. Where a reading contradicts what
/// its mark prints, readers are told so.
pub(super) fn readings(found: &Found, sources: &[Source], cites: &[RawCite<'_>]) -> Vec<Text> {
    let mut all = Vec::new();
    for (cite, reads) in cites.iter().filter_map(|cite| Some((cite, cite.reads.as_ref()?))) {
        all.push(reads.text.clone());
        let Some(figures) = figures_of(found, sources, cite) else { continue };
        all.extend(reads.figures.iter().filter_map(|f| contradiction(&figures, f)).map(|(printed, read)| Text {
            zh: format!("原文印作{printed}，按{read}理解"),
            en: format!("printed {printed}, read as {read}"),
        }));
    }
    all
}
