//! Bands: an amount A that begins at position S is paid F(S + A) − F(S), where F adds up each
//! band's share of the stretch below its upper edge. With S = deductible the edges are counted
//! gross of it, with S = 0 net, with S from the ledger over the year.

use super::op::scaled;
use super::{Frame, Slot};
use crate::number::{Number, Rounding};
use crate::plan::{Scaled, State};

/// The worst state of several slots, if any is not known.
fn worst<N: Number>(all: impl Iterator<Item = Slot<N>>) -> Option<Slot<N>> {
    all.skip_while(Slot::is_known).reduce(|a, b| a.worse(&b).unwrap_or(a))
}

/// Sum over the bands, over the product of both denominators.
pub(super) fn band_sum<N: Number>(
    of: Scaled<N>,
    from: Scaled<N>,
    edges: &[Scaled<N>],
    rates: &[Scaled<N>],
    totals: Option<(Rounding, N)>,
    frame: &Frame<'_, N>,
    watch: &N::Watch,
) -> Slot<N> {
    let all = [of, from]
        .into_iter()
        .chain(edges.iter().copied())
        .chain(rates.iter().copied())
        .map(|operand| scaled(frame, operand));
    if let Some(worst) = worst(all) {
        return worst;
    }
    let number = |operand: Scaled<N>| scaled(frame, operand).num;
    let start = number(from).max(N::ZERO, watch);
    let end = start.add(number(of).max(N::ZERO, watch));
    let upto = |position: N| {
        let mut below = N::ZERO;
        let mut sum = N::ZERO;
        for (i, rate) in rates.iter().enumerate() {
            let top = edges.get(i).map_or(position, |edge| position.min(number(*edge), watch));
            sum = sum.add(top.sub(below).max(N::ZERO, watch).mul(number(*rate)));
            below = edges.get(i).map_or(below, |edge| number(*edge));
        }
        sum
    };
    Slot::known(match totals {
        None => upto(end).sub(upto(start)),
        Some((mode, den)) => upto(end).round_at(den, mode, watch).sub(upto(start).round_at(den, mode, watch)),
    })
}

/// The inverse: the cost from `from` on that a payment used up. A payment beyond what the last
/// band gives cannot occur: the last band has no edge and a rate above zero.
#[expect(clippy::too_many_arguments, reason = "the operands of one instruction")]
pub(super) fn cost_for<N: Number>(
    payment: Scaled<N>,
    share: N,
    least: N,
    from: Scaled<N>,
    edges: &[Scaled<N>],
    rates: &[Scaled<N>],
    frame: &Frame<'_, N>,
    watch: &N::Watch,
) -> Slot<N> {
    let all = [payment, from]
        .into_iter()
        .chain(edges.iter().copied())
        .chain(rates.iter().copied())
        .map(|operand| scaled(frame, operand));
    if let Some(worst) = worst(all) {
        return Slot::without(worst.state, worst.reason);
    }
    let number = |operand: Scaled<N>| scaled(frame, operand).num;
    let mut position = number(from).max(N::ZERO, watch);
    // Money is over its own denominator × `share` here, cost over it × `least`.
    let mut left = number(payment).max(N::ZERO, watch).mul(share);
    let mut cost = N::ZERO;
    for (i, rate) in rates.iter().enumerate() {
        let rate = number(*rate);
        if rate == N::ZERO {
            return Slot::without(State::Failed, 0);
        }
        let whole = left.mul(least.div_exact(rate));
        match edges.get(i).map(|edge| number(*edge)) {
            Some(edge) => {
                let width = edge.sub(position).max(N::ZERO, watch);
                let gives = width.mul(rate);
                if !gives.less(left, watch) {
                    return Slot::known(cost.add(whole));
                }
                cost = cost.add(width.mul(least));
                left = left.sub(gives);
                position = position.max(edge, watch);
            }
            None => return Slot::known(cost.add(whole)),
        }
    }
    Slot::known(cost)
}
