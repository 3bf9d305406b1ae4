//! Development aid: checks packs and runs their cases.
#![allow(clippy::unwrap_used, reason = "an example may stop where it stands")]
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
use yibao_rules::diagnostic::render_plain;
use yibao_rules::runner::{coverage, parse_cases, run};

fn main() {
    let mut library = Library::new();
    if let Err(e) = library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml").unwrap()) {
        e.iter().for_each(|d| println!("{}", render_plain(d)));
    }
    // Frames first: local packs are held to their bounds.
    let mut folders: Vec<_> = std::fs::read_dir("packs").unwrap().flatten().map(|e| e.path().join("pack.yaml")).filter(|p| p.exists()).collect();
    folders.sort();
    for frame in folders {
        let (name, bytes) = (frame.to_string_lossy().into_owned(), std::fs::read(&frame).unwrap());
        if !bytes.windows(7).any(|w| w == b"\nframe:") {
            continue;
        }
        if let Ok(pack) = Pack::parse(&name, &bytes, &library) {
            library.add_frame(&pack);
        }
    }
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        match Pack::parse(&path, &bytes, &library) {
            Ok(pack) => {
                let engine = Engine::load(pack.into_plan()).unwrap();
                let cases = path.replace("pack.yaml", "cases.yaml");
                match parse_cases(&cases, &std::fs::read(&cases).unwrap()) {
                    Ok(file) => {
                        let reports = run(&engine, &file);
                        let failed = reports.iter().filter(|r| !r.failures.is_empty()).count();
                        let covered = coverage(engine.plan(), &reports);
                        println!("{path}: {} cases, {failed} failed, {}/{} rules reached", reports.len(), covered.rules - covered.unreached.len(), covered.rules);
                        for report in reports.iter().filter(|r| !r.failures.is_empty()) {
                            println!("  {}: {}", report.id, report.failures.join(" | "));
                        }
                        if std::env::var("UNREACHED").is_ok() {
                            covered.unreached.iter().for_each(|r| println!("  unreached {r}"));
                        }
                    }
                    Err(e) => e.iter().for_each(|d| println!("{}", render_plain(d))),
                }
            }
            Err(e) => e.iter().for_each(|d| println!("{}", render_plain(d))),
        }
    }
}
