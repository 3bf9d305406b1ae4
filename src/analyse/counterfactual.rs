//! A year as it went against a year as it might have gone: staying in the upper hospital against
//! being referred down.

use crate::decision::Engine;
use crate::diagnostic::Diagnostics;
use crate::json::object;
use crate::number::{Wide, format_fen};
use crate::year::{YearCase, YearView, year};

/// Two years side by side. Differences are the first less the second, in yuan; absent where a stay
/// of either cannot be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterfactual {
    /// As it went.
    pub actual: YearView,
    /// As it might have gone.
    pub instead: YearView,
    /// What the person pays more as it went, benefits taken off.
    pub net_difference: Option<String>,
    /// What all other payers pay more as it went.
    pub paid_difference: Option<String>,
}

/// Folds both years and subtracts.
///
/// ```
/// use yibao_rules::analyse::counterfactual;
/// use yibao_rules::year::{Encounter, YearCase};
/// # use yibao_rules::{case::{Answer, Case}, compile::{Library, Pack}, decision::Engine};
/// # let mut library = Library::new();
/// # library.add_vocabulary("v", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
/// # let pack = std::fs::read("packs/anhui-suzhou-resident/pack.yaml").unwrap();
/// # let engine = Engine::load(Pack::parse("p", &pack, &library).unwrap().into_plan()).unwrap();
/// let stay = |level: &str| {
///     let known = [
///         ("total", "20000"), ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"), ("level", level),
///         ("admission_date", "2023-06-20"), ("scheme", "resident"), ("place", "in_city"),
///     ];
///     let facts = known.map(|(fact, answer)| (fact.into(), Answer::text(answer))).to_vec();
///     let case = Case { facts, ..Case::default() };
///     let one = Encounter { id: "a".into(), service: "inpatient".into(), follows: None, case, place: None };
///     YearCase { encounters: vec![one], ..YearCase::default() }
/// };
/// // 700 + 25% of 19,300 = 5,525 against 500 + 20% of 19,500 = 4,400.
/// let found = counterfactual(&engine, &stay("city_third"), &stay("county")).unwrap();
/// assert_eq!(found.net_difference.as_deref(), Some("1125.00"));
/// ```
///
/// # Errors
/// As [`year`]: the problems of the first year that has any.
pub fn counterfactual(engine: &Engine, actual: &YearCase, instead: &YearCase) -> Result<Counterfactual, Diagnostics> {
    Ok(Counterfactual::of(year(engine, actual)?, year(engine, instead)?))
}

impl Counterfactual {
    /// Subtracts years that were folded already.
    #[must_use]
    pub fn of(actual: YearView, instead: YearView) -> Self {
        let difference = |a: &Option<String>, b: &Option<String>| {
            let fen = |text: &String| text.replace('.', "").parse::<Wide>().ok();
            Some(format_fen(fen(a.as_ref()?)?.saturating_sub(fen(b.as_ref()?)?)))
        };
        let net_difference = difference(&actual.net, &instead.net);
        let paid_difference = difference(&actual.paid, &instead.paid);
        Self { net_difference, paid_difference, actual, instead }
    }
}

object!(Counterfactual {
    actual "actual", instead "instead", net_difference "netDifference", paid_difference "paidDifference",
});
