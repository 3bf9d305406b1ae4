//! `native PEER FOLDER`: `check FILE` and `time COUNT` on lines, a line of JSON back for each, as `peers/worker.mjs`.

mod columns;
mod scalar;
mod vector;
mod yibao;

use std::error::Error;
use std::io::BufRead;
use std::path::Path;

use columns::Columns;
use rustix::time::{ClockId, clock_gettime};

enum Rule {
    Scalar(scalar::Rule),
    Vector(vector::Rule),
    Ours(yibao::Rule),
}

impl Rule {
    fn run(&mut self, columns: &Columns) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Scalar(rule) => rule.run(columns),
            Self::Vector(rule) => rule.run(columns),
            Self::Ours(rule) => rule.run(columns)?,
        }
        // Nothing may be left out because nobody reads it.
        std::hint::black_box(&self);
        Ok(())
    }

    fn answers(&self) -> Vec<[f64; 2]> {
        match self {
            Self::Scalar(rule) => rule.answers().collect(),
            Self::Vector(rule) => rule.answers().collect(),
            Self::Ours(rule) => rule.answers().collect(),
        }
    }
}

/// Nanoseconds of CPU time that this process has used.
fn cpu() -> i64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [peer, folder] = arguments.as_slice() else { return Err("usage: native PEER FOLDER".into()) };
    let folder = Path::new(folder);
    let columns = Columns::read(folder)?;
    let mut rule = match peer.as_str() {
        "scalar" => Rule::Scalar(scalar::Rule::new(&columns)),
        "vector" => Rule::Vector(vector::Rule::new(&columns)),
        "yibao" => Rule::Ours(yibao::Rule::new(&columns, folder)?),
        _ => return Err(format!("there is no peer `{peer}`").into()),
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (word, value) = line.split_once(' ').ok_or("a line is `check FILE` or `time COUNT`")?;
        if word == "check" {
            rule.run(&columns)?;
            let bytes: Vec<u8> = rule.answers().iter().flatten().flat_map(|fen| fen.to_le_bytes()).collect();
            std::fs::write(value, bytes)?;
            println!("{{\"reply\": null}}");
        } else {
            let rounds = value.parse::<usize>()?.div_ceil(columns.len()).max(1);
            let before = cpu();
            for _ in 0..rounds {
                rule.run(&columns)?;
            }
            println!("{{\"reply\": {}}}", (cpu() - before) as f64 / (rounds * columns.len()) as f64);
        }
    }
    Ok(())
}
