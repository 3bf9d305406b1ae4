//! Prints one estimate: the resident's stay of the pack for 宿州.
#![allow(clippy::unwrap_used, reason = "an example may stop where it stands")]
use yibao_rules::case::{Answer, Case};
use yibao_rules::compile::{Library, Pack};
use yibao_rules::decision::{Engine, decide};
use yibao_rules::render::{Lang, Register, decision_text};

fn main() {
    let mut library = Library::new();
    library.add_vocabulary("packs/vocabulary.yaml", &std::fs::read("packs/vocabulary.yaml").unwrap()).unwrap();
    let file = "packs/anhui-suzhou-resident/pack.yaml";
    let pack = Pack::parse(file, &std::fs::read(file).unwrap(), &library).unwrap();
    let engine = Engine::load(pack.into_plan()).unwrap();
    println!("{:?}", engine.plan().services[0].program.inputs.iter().map(|i| &i.name).collect::<Vec<_>>());
    let mut facts: Vec<(String, Answer)> = vec![("total", "20000"), ("out_of_scope", "0"), ("over_limit", "0"), ("first_pay", "0"), ("admission_date", "2023-06-20"), ("place", "in_city"), ("scheme", "resident")]
        .into_iter().map(|(k, v)| (k.to_owned(), Answer::text(v))).collect();
    facts.retain(|(k, _)| engine.plan().facts.iter().any(|f| f.id == *k));
    facts.push(("level".into(), Answer::text("city_third")));
    for f in &engine.plan().facts { println!("{} {} {:?}", f.id, f.form, f.fields.iter().map(|f| &f.id).collect::<Vec<_>>()); }
    match decide(&engine, &engine.plan().services[0].id, &Case { facts, ..Case::default() }) {
        Ok(d) => for (r, l) in [(Register::Patient, Lang::Zh), (Register::Officer, Lang::Zh), (Register::Developer, Lang::En)] { println!("{}\n-----", decision_text(&d, r, l)); },
        Err(e) => println!("{e}"),
    }
}
