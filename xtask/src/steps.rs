//! The frame around every step: its name, the time to expect, the time it took, and the list at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

enum Ending {
    Done,
    Failed(String),
    /// Not tried, because a step before it failed. Counts as a failure.
    Blocked(String),
    /// Not wanted by the caller.
    LeftOut(String),
}

struct Step {
    name: &'static str,
    ending: Ending,
    took: Duration,
}

#[derive(Default)]
pub struct Steps {
    all: Vec<Step>,
}

impl Steps {
    /// Does one step. A failure is shown, kept for the list, and does not stop the steps after it.
    pub fn run<T>(&mut self, name: &'static str, expected: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n── {name} (expect {expected})");
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let (ending, value) = match result {
            Ok(value) => {
                println!("── {name}: done in {}", seconds(took));
                (Ending::Done, Some(value))
            }
            Err(error) => {
                println!("── {name}: FAILED after {}: {error:#}", seconds(took));
                (Ending::Failed(format!("{error:#}")), None)
            }
        };
        self.all.push(Step { name, ending, took });
        value
    }

    pub fn blocked(&mut self, name: &'static str, needs: &[(&str, bool)]) {
        let missing: Vec<&str> = needs.iter().filter(|(_, had)| !had).map(|(need, _)| *need).collect();
        let reason = format!("needs {}", missing.join(", "));
        println!("\n── {name}: NOT TRIED: {reason}");
        self.all.push(Step { name, ending: Ending::Blocked(reason), took: Duration::ZERO });
    }

    pub fn leave_out(&mut self, name: &'static str, reason: &str) {
        self.all.push(Step { name, ending: Ending::LeftOut(reason.to_owned()), took: Duration::ZERO });
    }

    /// The names of the steps that were wanted and not had.
    pub fn failures(&self) -> Vec<&'static str> {
        self.all
            .iter()
            .filter(|step| matches!(step.ending, Ending::Failed(_) | Ending::Blocked(_)))
            .map(|step| step.name)
            .collect()
    }

    /// One line per step, then all's well or the names of what failed.
    pub fn print_summary(&self) {
        println!("\n── summary");
        for step in &self.all {
            let name = step.name;
            match &step.ending {
                Ending::Done => println!("  ok        {name} ({})", seconds(step.took)),
                Ending::Failed(reason) => println!("  FAILED    {name}: {reason}"),
                Ending::Blocked(reason) => println!("  NOT TRIED {name}: {reason}"),
                Ending::LeftOut(reason) => println!("  left out  {name}: {reason}"),
            }
        }
        let failures = self.failures();
        let total = seconds(self.all.iter().map(|step| step.took).sum());
        if failures.is_empty() {
            println!("  all steps done in {total}");
        } else {
            println!("  {} failed in {total}: {}", plural(failures.len(), "step"), failures.join(", "));
        }
    }

    pub fn exit_code(&self) -> ExitCode {
        if self.failures().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

pub fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
