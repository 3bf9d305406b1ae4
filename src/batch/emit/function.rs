//! The function around the instructions for two cases.

use wasm_encoder::{BlockType, Function, InstructionSink, ValType};

use super::code::{AT, AT4, AT8, CASES, Code, LEFT, SMALL, SPARE, at};

/// The instructions for each pair of cases, the last pair from one case earlier where their number is odd.
pub(super) fn function(code: &Code, figures: u32) -> Function {
    let mut f = Function::new([(SMALL, ValType::I32), (code.locals, ValType::V128)]);
    f.instructions().loop_(BlockType::Empty);
    for (shift, to) in [(2, AT4), (3, AT8)] {
        f.instructions().local_get(AT).i32_const(shift).i32_shl().local_set(to);
    }
    let mut done = 0;
    for (place, offset) in &code.loads {
        f.raw(code.bytes.get(done..*place).unwrap_or_default().iter().copied());
        load(&mut f.instructions(), offset.wrapping_add(u64::from(figures)));
        done = *place;
    }
    f.raw(code.bytes.get(done..).unwrap_or_default().iter().copied());
    next(&mut f.instructions());
    f.instructions().end().local_get(LEFT).end();
    f
}

/// Two figures, the second into the upper half beside the first.
fn load(sink: &mut InstructionSink<'_>, offset: u64) {
    let [first, second] = SPARE;
    sink.local_get(second).local_get(first).v128_load64_zero(at(offset)).v128_load64_lane(at(offset), 1);
}

/// Goes on with the next pair, or with the last two cases, or ends.
fn next(sink: &mut InstructionSink<'_>) {
    let [next, last] = SPARE;
    // The next pair, but not past the last two cases.
    sink.local_get(AT).i32_const(2).i32_add().local_tee(next);
    sink.local_get(CASES).i32_const(2).i32_sub().local_tee(last);
    sink.local_get(next).local_get(last).i32_lt_u().select();
    // Where those were done, nothing is left.
    let before = next;
    sink.local_get(AT).local_set(before).local_tee(AT).local_get(before).i32_gt_u().br_if(0);
}
