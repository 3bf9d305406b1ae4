// What vouches for a pack, as a stranger may send it; a target of the fuzzer, replayed over its corpus by the tests.

use yibao_signatures::{PublicKey, Signature};

/// A key, or a signature: neither vouches for what it did not sign.
pub fn signature(data: &[u8]) {
    const KEY: &str = "untrusted comment: minisign public key E7620F1842B4E81F\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = PublicKey::parse(text);
    if let (Ok(signature), Ok(key)) = (Signature::parse(text), PublicKey::parse(KEY)) {
        assert!(signature.verify(&key, data).is_err(), "nobody signed this");
    }
}
