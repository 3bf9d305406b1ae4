//! The binding. What is refused is thrown as the text `code: message`.

use crate::{Fault, PublicKey, Signature};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

fn thrown(fault: &Fault) -> JsValue {
    JsValue::from_str(&format!("{}: {fault}", fault.code()))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The trusted comment of a signature that this key made of this file.
///
/// # Errors
/// Every [`Fault`].
#[wasm_bindgen]
pub fn verify(key: &str, signature: &str, file: &[u8]) -> Result<String, JsValue> {
    let verified = || {
        let key = PublicKey::parse(key)?;
        let signature = Signature::parse(signature)?;
        signature.verify(&key, file)?;
        Ok(signature.trusted_comment().to_owned())
    };
    verified().map_err(|fault: Fault| thrown(&fault))
}

/// The id of a public key.
///
/// # Errors
/// As [`PublicKey::parse`].
#[wasm_bindgen(js_name = keyId)]
pub fn key_id(key: &str) -> Result<String, JsValue> {
    PublicKey::parse(key).map(|key| key.id().to_string()).map_err(|fault| thrown(&fault))
}

/// The id of the key that a signature names.
///
/// # Errors
/// As [`Signature::parse`].
#[wasm_bindgen(js_name = signatureKey)]
pub fn signature_key(signature: &str) -> Result<String, JsValue> {
    Signature::parse(signature).map(|signature| signature.key().to_string()).map_err(|fault| thrown(&fault))
}

/// SHA-256, hexadecimal. A page that was not loaded over https has no `crypto.subtle`.
#[must_use]
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&crate::sha256(bytes))
}

/// BLAKE2b-256.
#[must_use]
#[wasm_bindgen]
pub fn blake2b256(bytes: &[u8]) -> Vec<u8> {
    crate::blake2b256(bytes).to_vec()
}
