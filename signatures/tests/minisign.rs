//! Keys and signatures that minisign wrote (the vectors of its author's own verifiers), and what is refused.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what they did not expect"
)]

use yibao_signatures::{Fault, PublicKey, Signature};

const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
    RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
    trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
    wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
const OLD_FORM: &str = "untrusted comment: signature from minisign secret key\n\
    RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=\n\
    trusted comment: timestamp:1555779966\tfile:test\n\
    QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==\n";

fn key() -> PublicKey {
    PublicKey::parse(KEY).unwrap()
}

fn verify(signature: &str, file: &[u8]) -> Result<(), Fault> {
    Signature::parse(signature)?.verify(&key(), file)
}

#[test]
fn what_minisign_signed_is_accepted() {
    assert_eq!(verify(SIGNATURE, b"test"), Ok(()));
    assert_eq!(verify(&SIGNATURE.replace('\n', "\r\n"), b"test"), Ok(()));
    assert_eq!(Signature::parse(SIGNATURE).unwrap().trusted_comment(), "timestamp:1633700835\tfile:test\tprehashed");
    assert_eq!(key().id().to_string(), "E7620F1842B4E81F");
    assert_eq!(PublicKey::parse(&format!("untrusted comment: minisign public key\n{KEY}\n")), Ok(key()));
}

#[test]
fn another_file_key_or_comment_is_refused() {
    assert_eq!(verify(SIGNATURE, b"Test"), Err(Fault::Altered));
    assert_eq!(verify(SIGNATURE, b""), Err(Fault::Altered));
    assert_eq!(verify(&SIGNATURE.replace("file:test", "file:tess"), b"test"), Err(Fault::AlteredComment));
    let other = PublicKey::parse("RWTb43ZHXQi/3sAgsQSnL7UDXKeCQLkMTu6u3YfMz6Rzdm6CABtKVG9J").unwrap();
    let fault = Signature::parse(SIGNATURE).unwrap().verify(&other, b"test").unwrap_err();
    assert_eq!(fault.code(), "other-key");
    assert_eq!(fault.to_string(), format!("the signature was made with key E7620F1842B4E81F, expected {}", other.id()));
}

#[test]
fn every_changed_byte_is_noticed() {
    for (at, c) in SIGNATURE.char_indices().filter(|(at, _)| *at >= SIGNATURE.find("RUQ").unwrap()) {
        let mut other = SIGNATURE.as_bytes().to_vec();
        other[at] = if c == 'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert!(verify(&other, b"test").is_err(), "byte {at}");
    }
}

#[test]
fn the_old_form_is_refused_by_name() {
    assert_eq!(verify(OLD_FORM, b"test"), Err(Fault::OldForm));
}

#[test]
fn what_is_no_signature_or_key_is_said_to_be_none() {
    let lines: Vec<&str> = SIGNATURE.lines().collect();
    for some in 0..lines.len() {
        assert_eq!(Signature::parse(&lines[..some].join("\n")), Err(Fault::Signature), "{some} lines");
    }
    for text in [
        "",
        "\n\n\n\n",
        "RUQ",
        &format!("{SIGNATURE}more\n"),
        &format!("{SIGNATURE}\n"),
        &format!("{SIGNATURE}\r"),
        &SIGNATURE.replace("trusted comment: t", "x"),
    ] {
        assert_eq!(Signature::parse(text), Err(Fault::Signature), "{text}");
    }
    let bad = [
        String::new(),
        KEY.to_lowercase(),
        format!("{KEY}A"),
        format!("{KEY}\n{KEY}"),
        format!("{KEY}\n\n"),
        format!("{KEY}\r\r\n"),
        KEY[..40].to_owned(),
    ];
    for text in bad {
        assert_eq!(PublicKey::parse(&text), Err(Fault::Key), "{text}");
    }
    let secret = format!("untrusted comment: minisign encrypted secret key\nRWRTY0Iy{}\n", "A".repeat(204));
    assert_eq!(PublicKey::parse(&secret), Err(Fault::SecretKey));
}

#[test]
fn a_key_of_small_order_accepts_nothing() {
    // The neutral point as a key: R = the neutral point and S = 0 would verify for every file where nobody looks.
    let mut bytes = vec![b'E', b'd'];
    bytes.extend_from_slice(&[7; 8]);
    bytes.push(1);
    bytes.extend_from_slice(&[0; 31]);
    let mut signature = vec![b'E', b'D'];
    signature.extend_from_slice(&[7; 8]);
    signature.push(1);
    signature.extend_from_slice(&[0; 63]);
    let of_comment = base64(&signature[10..]);
    let text = format!("untrusted comment: x\n{}\ntrusted comment: x\n{of_comment}\n", base64(&signature));
    let key = PublicKey::parse(&base64(&bytes)).unwrap();
    assert_eq!(Signature::parse(&text).unwrap().verify(&key, b"anything"), Err(Fault::Altered));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, i| bits << 8 | usize::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..4 {
            let shown = i <= chunk.len();
            out.push(if shown { char::from(DIGITS[bits >> (18 - 6 * i) & 63]) } else { '=' });
        }
    }
    out
}

#[test]
fn digests_are_those_of_the_standards() {
    let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // FIPS 180-2, appendix B.1; for BLAKE2b-256 what `b2sum -l 256` prints.
    assert_eq!(
        hex(yibao_signatures::sha256(b"abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        hex(yibao_signatures::blake2b256(b"abc")),
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
    );
}
