//! What a host calls.
#![expect(unsafe_code, reason = "a name that a host can call is an unsafe attribute; nothing else here is")]

use crate::Host;
use std::cell::RefCell;

#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    static HOST: RefCell<Host> = RefCell::new(Host::default());
}

fn with<T>(work: impl FnOnce(&mut Host) -> T) -> T {
    HOST.with_borrow_mut(work)
}

/// Where a text of so many bytes is to be written.
#[unsafe(no_mangle)]
pub extern "C" fn text_room(bytes: u32) -> usize {
    with(|host| host.text_room(bytes as usize).as_mut_ptr() as usize)
}

/// Takes the text as a plan.
#[unsafe(no_mangle)]
pub extern "C" fn load() -> u32 {
    with(|host| u32::from(host.load()))
}

/// Takes the text as a request.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> u32 {
    with(|host| u32::from(host.open()))
}

/// Where the reply stands.
#[unsafe(no_mangle)]
pub extern "C" fn reply_at() -> usize {
    with(|host| host.reply().as_ptr() as usize)
}

/// Bytes of the reply.
#[unsafe(no_mangle)]
pub extern "C" fn reply_len() -> usize {
    with(|host| host.reply().len())
}

/// Decides those of the first cases that the compiled service left.
#[unsafe(no_mangle)]
pub extern "C" fn rest(cases: u32) -> u32 {
    with(|host| u32::from(host.rest(cases as usize)))
}

/// Decides the first cases of the columns.
#[unsafe(no_mangle)]
pub extern "C" fn run(cases: u32) -> u32 {
    with(|host| u32::from(host.run(cases as usize)))
}
