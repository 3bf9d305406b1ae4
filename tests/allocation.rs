//! Memory that runs out, at every allocation of a load and of a decision in turn. Natively the process then ends with the
//! allocation's own message, as every Rust program does: nothing of an answer was said before, and nothing wrong is said
//! instead of it. Each run is a process of its own.
#![cfg(all(feature = "authoring", unix))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at what they did not expect")]
#![expect(unsafe_code, reason = "an allocator is unsafe by its signature; this one adds a count to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use yibao_rules::case::{Answer, Case};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, decide};
use yibao_rules::plan;

thread_local! {
    /// Calls left on this thread before one fails; far too many while nothing is to fail.
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

struct Failing;

impl Failing {
    fn may(&self) -> bool {
        LEFT.with(|left| {
            left.set(left.get().wrapping_sub(1));
            left.get() != 0
        })
    }
}

// SAFETY: every call is the system's own, or gives nothing, which an allocator may.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.may() { unsafe { System.alloc(layout) } } else { std::ptr::null_mut() }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if self.may() { unsafe { System.realloc(at, layout, size) } } else { std::ptr::null_mut() }
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

const PHASE: &str = "YIBAO_FAILING_PHASE";
const AT: &str = "YIBAO_FAILING_AT";
const PACK: &str = "tests/packs/share-of-bill-clamped/pack.yaml";

fn armed<T>(wanted: &str, work: impl FnOnce() -> T) -> T {
    let here = std::env::var(PHASE).unwrap() == wanted;
    let at = std::env::var(AT).unwrap().parse().unwrap();
    if here {
        LEFT.with(|left| left.set(at));
    }
    let done = work();
    LEFT.with(|left| left.set(u64::MAX));
    done
}

/// The process that fails: reads a plan, loads it, decides, and says the answer.
#[test]
fn one_run() {
    if std::env::var(PHASE).is_err() {
        return;
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let engine = armed("load", || Engine::load(plan::read(&text).unwrap()).unwrap());
    let service = engine.plan().services.first().unwrap().id.clone();
    let case = Case { facts: vec![("total".to_owned(), Answer::text("20000"))], ..Case::default() };
    let answer = armed("decision", || match decide(&engine, &service, &case) {
        Ok(decision) => yibao_rules::json::to_string(&decision),
        Err(problems) => yibao_rules::json::to_string(&problems),
    });
    println!("\nanswer {answer}");
}

fn run(phase: &str, at: u64, plan: &str) -> Output {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "one_run", "--nocapture", "--test-threads=1"])
        .env(PHASE, phase)
        .env(AT, at.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(plan.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn answer(output: &Output) -> Option<String> {
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().find(|line| line.starts_with("answer ")).map(str::to_owned)
}

/// Fails at each call in turn, until none is left to fail; how many there were.
fn each(phase: &str, plan: &str) -> u64 {
    let whole = answer(&run("none", 0, plan)).unwrap_or_else(|| panic!("no answer where nothing fails"));
    for (failed, at) in (0..).zip(1..) {
        let output = run(phase, at, plan);
        if output.status.success() {
            assert_eq!(answer(&output), Some(whole), "{phase}: with memory for all of it");
            return failed;
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("memory allocation of"), "{phase}, call {at}: {said}");
        assert_eq!(output.status.signal(), Some(6), "{phase}, call {at}");
        assert_eq!(answer(&output), None, "{phase}, call {at}: half an answer");
    }
    0
}

#[test]
fn memory_that_runs_out_ends_the_process_and_says_so() {
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(PACK)).unwrap();
    let mut library = Library::new();
    let vocabulary = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/vocabulary.yaml")).unwrap();
    library.add_vocabulary("vocabulary.yaml", &vocabulary).unwrap();
    let pack = Pack::parse("pack.yaml", &text, &library).unwrap_or_else(|e| panic!("{e}"));
    let plan = serde_json::to_string(pack.plan()).unwrap();
    let (load, decision) = (each("load", &plan), each("decision", &plan));
    println!("{load} allocations of a load and {decision} of a decision failed in turn");
    assert!(load > 50 && decision > 50, "{load} {decision}");
}
