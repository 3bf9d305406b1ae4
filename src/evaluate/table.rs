//! Table look-up in a dense array. An undecided key leaves its stretches free; it does not matter where all
//! combinations that are still possible agree.

use super::op::scaled;
use super::{Registers, Slot};
use crate::number::Number;
use crate::plan::{Column, IMPOSSIBLE, LinkedTable, OTHERWISE, Reg, State};

pub(super) fn look_up<N: Number>(table: &LinkedTable<N>, frame: &impl Registers<N>, watch: &N::Watch) -> Slot<N> {
    let mut index = 0_usize;
    let mut open: Option<Slot<N>> = None;
    for (key, column) in table.keys.iter().zip(&table.columns) {
        let slot = frame.get(*key);
        if slot.is_known() {
            let Some(stretch) = column.stretch(slot.num, watch) else {
                return Slot::without(State::Failed, table.impossible_reason);
            };
            index = index.wrapping_mul(column.samples.len()).wrapping_add(stretch);
        } else {
            open = Some(open.map_or(slot, |asked| asked.first_asked(&slot)));
        }
    }
    match open {
        None => result(table, index, frame),
        Some(asked) => agreed(table, frame, watch).unwrap_or(Slot::without(asked.state, asked.reason)),
    }
}

fn result<N: Number>(table: &LinkedTable<N>, index: usize, frame: &impl Registers<N>) -> Slot<N> {
    of_row(table, table.dense.get(index).copied().unwrap_or(IMPOSSIBLE), frame)
}

fn of_row<N: Number>(table: &LinkedTable<N>, row: u16, frame: &impl Registers<N>) -> Slot<N> {
    let operand = match row {
        OTHERWISE => table.otherwise,
        IMPOSSIBLE => None,
        row => table.results.get(usize::from(row)).copied(),
    };
    match operand {
        Some(operand) => scaled(frame, operand),
        None => Slot::without(State::Failed, table.impossible_reason),
    }
}

/// The row or `otherwise` of each combination that the known keys leave possible, in dense order.
pub fn possible_rows<N: Number>(
    keys: &[Reg],
    columns: &[Column],
    dense: &[u16],
    frame: &impl Registers<N>,
    watch: &N::Watch,
) -> Vec<u16> {
    let fixed: Vec<Option<usize>> = keys
        .iter()
        .zip(columns)
        .map(|(key, column)| {
            let slot = frame.get(*key);
            if slot.is_known() { column.stretch(slot.num, watch) } else { None }
        })
        .collect();
    if fixed.iter().all(Option::is_some) {
        let stretches = fixed.iter().flatten().zip(columns);
        let index = stretches
            .fold(0_usize, |index, (stretch, column)| index.wrapping_mul(column.samples.len()).wrapping_add(*stretch));
        return dense.get(index).copied().filter(|row| *row != IMPOSSIBLE).into_iter().collect();
    }
    let mut rows = Vec::new();
    for (index, row) in dense.iter().enumerate() {
        let mut rest = index;
        let fits = fixed.iter().zip(columns).rev().all(|(fixed, column)| {
            let size = column.samples.len().max(1);
            let stretch = rest.checked_rem(size).unwrap_or(0);
            rest = rest.checked_div(size).unwrap_or(0);
            fixed.is_none_or(|f| f == stretch)
        });
        if fits && *row != IMPOSSIBLE && !rows.contains(row) {
            rows.push(*row);
        }
    }
    rows
}

/// What every row that is still possible gives, if they agree; one row agrees with itself, whatever it gives.
fn agreed<N: Number>(table: &LinkedTable<N>, frame: &impl Registers<N>, watch: &N::Watch) -> Option<Slot<N>> {
    let rows = possible_rows(&table.keys, &table.columns, &table.dense, frame, watch);
    let mut all = rows.iter().map(|row| of_row(table, *row, frame));
    let Some(first) = all.next() else { return Some(of_row(table, IMPOSSIBLE, frame)) };
    all.all(|other| first.agrees(&other, watch)).then_some(first)
}
