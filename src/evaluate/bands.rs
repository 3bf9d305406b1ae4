//! Bands: an amount A that begins at position S is paid F(S + A) − F(S), where F adds up each
//! band's share of the stretch below its upper edge. With S = deductible the edges are counted
//! gross of it, with S = 0 net, with S from the ledger over the year.

use super::op::scaled;
use super::{Registers, Slot};
use crate::number::{Number, Rounding};
use crate::plan::{Bands, Scaled, State};

/// The worst state of the operands, if any is not known; the first where they are equally bad.
fn worst<N: Number>(bands: &Bands<N>, frame: &impl Registers<N>) -> Option<Slot<N>> {
    let mut worst = Slot::known(N::ZERO);
    for operands in [&[bands.of, bands.from], bands.edges.as_slice(), bands.rates.as_slice()] {
        for operand in operands {
            let slot = frame.get(operand.reg);
            if slot.state > worst.state {
                worst = Slot::without(slot.state, slot.reason);
            }
        }
    }
    (!worst.is_known()).then_some(worst)
}

#[inline(always)]
fn number<N: Number>(operand: Scaled<N>, frame: &impl Registers<N>) -> N {
    scaled(frame, operand).num
}

/// Sum over the bands, over the product of both denominators.
pub(super) fn band_sum<N: Number>(
    bands: &Bands<N>,
    totals: Option<(Rounding, N)>,
    frame: &impl Registers<N>,
    watch: &N::Watch,
) -> Slot<N> {
    if let Some(worst) = worst(bands, frame) {
        return worst;
    }
    let start = number(bands.from, frame).max(N::ZERO, watch);
    let end = start.add(number(bands.of, frame).max(N::ZERO, watch));
    let mut sums = [end, start].map(|position| up_to(position, bands, frame, watch));
    if let Some((mode, den)) = totals {
        sums = sums.map(|sum| sum.round_at(den, mode, watch));
    }
    let [upto_end, upto_start] = sums;
    Slot::known(upto_end.sub(upto_start))
}

/// What the bands give for the stretch from nought to a position.
#[inline(never)]
fn up_to<N: Number>(position: N, bands: &Bands<N>, frame: &impl Registers<N>, watch: &N::Watch) -> N {
    let mut below = N::ZERO;
    let mut sum = N::ZERO;
    for (i, rate) in bands.rates.iter().enumerate() {
        let edge = bands.edges.get(i).map(|edge| number(*edge, frame));
        let top = edge.map_or(position, |edge| position.min(edge, watch));
        sum = sum.add(top.sub(below).max(N::ZERO, watch).mul(number(*rate, frame)));
        below = edge.unwrap_or(below);
    }
    sum
}

/// The inverse: the cost from `from` on that a payment used up. A payment beyond what the last
/// band gives cannot occur: the last band has no edge and a rate above zero.
pub(super) fn cost_for<N: Number>(
    bands: &Bands<N>,
    share: N,
    least: N,
    frame: &impl Registers<N>,
    watch: &N::Watch,
) -> Slot<N> {
    if let Some(worst) = worst(bands, frame) {
        return worst;
    }
    let mut position = number(bands.from, frame).max(N::ZERO, watch);
    // Money is over its own denominator × `share` here, cost over it × `least`.
    let mut left = number(bands.of, frame).max(N::ZERO, watch).mul(share);
    let mut cost = N::ZERO;
    for (i, rate) in bands.rates.iter().enumerate() {
        let rate = number(*rate, frame);
        if rate == N::ZERO {
            return Slot::without(State::Failed, 0);
        }
        let whole = left.mul(least.div_exact(rate));
        let Some(edge) = bands.edges.get(i).map(|edge| number(*edge, frame)) else {
            return Slot::known(cost.add(whole));
        };
        let width = edge.sub(position).max(N::ZERO, watch);
        let gives = width.mul(rate);
        if !gives.less(left, watch) {
            return Slot::known(cost.add(whole));
        }
        cost = cost.add(width.mul(least));
        left = left.sub(gives);
        position = position.max(edge, watch);
    }
    Slot::known(cost)
}
