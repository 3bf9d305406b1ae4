//! Development aid: proves packs.
#![allow(clippy::unwrap_used, reason = "an example may stop where it stands")]
use yibao_rules::analyse::{Proved, prove};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::Engine;
fn main() {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
    for path in std::env::args().skip(1) {
        let Ok(pack) = Pack::parse(&path, &std::fs::read(&path).unwrap(), &library) else { println!("{path} does not compile"); continue };
        let engine = Engine::load(pack.into_plan()).unwrap();
        for service in &engine.plan().services {
            let start = std::time::Instant::now();
            let proof = prove(&engine, &service.id).unwrap();
            if proof.properties.is_empty() { continue; }
            println!("{path} {} {} combos {} regions {} refused {:?} uncovered {:?}", service.id, proof.combinations, proof.regions, proof.refused, proof.uncovered, start.elapsed());
            for p in proof.properties.iter().filter(|p| p.result != Proved::Proved) { println!("   {} {:?}", p.id, p.result); }
        }
    }
}
