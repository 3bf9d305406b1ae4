//! Detached signatures of rule packs, in [minisign](https://jedisct1.github.io/minisign/)'s format: Ed25519 over the
//! BLAKE2b-512 of the file (`ED`), with a trusted comment that is signed too.
//!
//! One implementation, compiled to Wasm, so that Node and every browser agree on what is accepted. Nothing here signs.
//!
//! ```
//! use yibao_signatures::{Fault, PublicKey, Signature};
//!
//! let key = PublicKey::parse("untrusted comment: minisign public key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n");
//! let signature = "untrusted comment: signature from minisign secret key\n\
//!     RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/\
//!     z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\n\
//!     trusted comment: timestamp:1633700835\tfile:test\tprehashed\n\
//!     wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
//! let signature = Signature::parse(signature)?;
//! assert_eq!(signature.verify(&key?, b"test"), Ok(()));
//! assert_eq!(signature.verify(&PublicKey::parse("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3")?, b"Test"), Err(Fault::Altered));
//! # Ok::<(), Fault>(())
//! ```

mod minisign;
#[cfg(feature = "wasm")]
mod wasm;

pub use minisign::{Fault, KeyId, PublicKey, Signature};

use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};

/// SHA-256 of some bytes: what a manifest says of each file.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

/// BLAKE2b-256, which minisign keeps beside a secret key to recognise a wrong password. Node has only BLAKE2b-512.
#[must_use]
pub fn blake2b256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}
