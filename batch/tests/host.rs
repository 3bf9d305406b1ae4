//! What a host is told when it asks for what is not there. That columns give what they should is tested where they are
//! filled: `tests/batch.rs` natively, `tests/node/batch.test.mjs` through the module.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by stopping there"
)]

use serde_json::{Value, json};
use yibao_batch::Host;
use yibao_rules::compile::{Library, Pack};

fn say(host: &mut Host, text: &str) {
    host.text_room(text.len()).copy_from_slice(text.as_bytes());
}

fn read(file: &str) -> Vec<u8> {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn plan() -> String {
    let mut library = Library::new();
    let (vocabulary, file) = ("packs/vocabulary.yaml", "packs/anhui-suzhou-resident/pack.yaml");
    library.add_vocabulary(vocabulary, &read(vocabulary)).unwrap_or_else(|e| panic!("{e}"));
    let pack = Pack::parse(file, &read(file), &library).unwrap_or_else(|e| panic!("{e}"));
    serde_json::to_string(&pack.into_plan()).unwrap()
}

fn code(host: &Host) -> String {
    let reply: Value = serde_json::from_str(host.reply()).unwrap();
    reply[0]["code"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned()
}

#[test]
fn calls_out_of_order_and_requests_that_cannot_be_met() {
    let mut host = Host::default();
    assert!(!host.open() && code(&host) == "batch-closed");
    assert!(!host.run(1) && code(&host) == "batch-closed");
    assert!(!host.rest(1) && code(&host) == "batch-closed");
    say(&mut host, "{ \"no\": \"plan\" }");
    assert!(!host.load() && code(&host) == "bad-plan");
    say(&mut host, &plan());
    assert!(host.load(), "{}", host.reply());

    let asked = |change: &[(&str, Value)]| {
        let mut request = json!({ "service": "inpatient", "cases": 10, "outputs": ["patient"] });
        for (key, value) in change {
            request[*key] = value.clone();
        }
        request.to_string()
    };
    for (request, expected) in [
        ("not json".to_owned(), "batch-request"),
        (asked(&[("cases", json!(0))]), "batch-request"),
        (asked(&[("cases", json!(1_048_577))]), "batch-request"),
        (asked(&[("case", json!(1))]), "batch-request"),
        (asked(&[("service", json!("outpatient"))]), "unknown-service"),
        (asked(&[("outputs", json!(["patiant"]))]), "unknown-step"),
        (asked(&[("inputs", json!({ "totals": "f64" }))]), "unknown-fact"),
        (asked(&[("inputs", json!({ "total": "f32" }))]), "batch-request"),
        (asked(&[("lists", json!({ "lines": { "records": 1 } }))]), "unknown-fact"),
    ] {
        say(&mut host, &request);
        assert!(!host.open(), "{request}");
        assert_eq!(code(&host), expected, "{request}: {}", host.reply());
        // Nothing is half open.
        assert!(!host.run(1) && code(&host) == "batch-closed");
    }

    say(&mut host, &asked(&[("inputs", json!({ "total": "i32", "level": "u8" }))]));
    assert!(host.open(), "{}", host.reply());
    let reply: Value = serde_json::from_str(host.reply()).unwrap();
    assert_eq!(reply["inputs"].as_array().map(Vec::len), Some(2));
    assert_eq!((&reply["outputs"][0]["name"], &reply["outputs"][0]["numbers"]), (&json!("patient"), &json!("f64")));
    assert!(host.run(0) && host.run(10));
    assert!(!host.run(11) && code(&host) == "batch-request");
    assert!(!host.rest(11) && code(&host) == "batch-request");
    // A request too many closes nothing. Where nothing is compiled, all is left.
    assert!(host.run(10) && host.rest(10));
}
