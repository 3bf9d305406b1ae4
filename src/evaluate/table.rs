//! Table look-up in a dense array. An undecided key leaves its stretches free; the result is known
//! where all combinations still possible give the same one.

use super::op::scaled;
use super::{Registers, Slot};
use crate::number::Number;
use crate::plan::{IMPOSSIBLE, LinkedTable, OTHERWISE, State};

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
            open = Some(open.and_then(|worst| worst.worse(&slot)).unwrap_or(slot));
        }
    }
    match open {
        None => result(table, index, frame),
        Some(state) => only_result(table, frame, watch).unwrap_or(Slot::without(state.state, state.reason)),
    }
}

fn result<N: Number>(table: &LinkedTable<N>, index: usize, frame: &impl Registers<N>) -> Slot<N> {
    let row = table.dense.get(index).copied().unwrap_or(IMPOSSIBLE);
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
pub fn possible_rows<N: Number>(table: &LinkedTable<N>, frame: &impl Registers<N>, watch: &N::Watch) -> Vec<u16> {
    let fixed: Vec<Option<usize>> = table
        .keys
        .iter()
        .zip(&table.columns)
        .map(|(key, column)| {
            let slot = frame.get(*key);
            if slot.is_known() { column.stretch(slot.num, watch) } else { None }
        })
        .collect();
    let mut rows = Vec::new();
    for (index, row) in table.dense.iter().enumerate() {
        let mut rest = index;
        let fits = fixed.iter().zip(&table.columns).rev().all(|(fixed, column)| {
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

fn only_result<N: Number>(table: &LinkedTable<N>, frame: &impl Registers<N>, watch: &N::Watch) -> Option<Slot<N>> {
    let mut only: Option<Slot<N>> = None;
    for row in possible_rows(table, frame, watch) {
        let operand = if row == OTHERWISE { table.otherwise } else { table.results.get(usize::from(row)).copied() };
        let value = scaled(frame, operand?);
        if !value.is_known() || only.is_some_and(|seen| !seen.is_same(&value, watch)) {
            return None;
        }
        only = Some(value);
    }
    only
}
