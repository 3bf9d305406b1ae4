//! Keys and signatures as minisign writes them.

use blake2::{Blake2b512, Digest};
use core::fmt;
use ct_codecs::{Base64, Decoder};

const COMMENT: &str = "untrusted comment:";
const TRUSTED: &str = "trusted comment: ";
/// Of keys, and of signatures over the file itself, as minisign wrote them before 2021.
const PURE: &[u8] = b"Ed";
/// Of signatures over the BLAKE2b-512 of the file.
const PREHASHED: &[u8] = b"ED";

/// Why a key, a signature or a file is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text is no public key.
    #[error("the text is no minisign public key")]
    Key,
    /// The text is a secret key, where a public one is expected.
    #[error("the text is a secret key, expected the public one")]
    SecretKey,
    /// The text is no signature.
    #[error("the text is no minisign signature")]
    Signature,
    /// The signature is over the file itself and not over its digest. Such a signature of the 64 bytes of a digest
    /// would also be one of the file with that digest, so only one of the two forms is taken.
    #[error("the signature has the form from before 2021, expected the prehashed one")]
    OldForm,
    /// Another key made the signature.
    #[error("the signature was made with key {found}, expected {expected}")]
    OtherKey {
        /// The key of the signature.
        found: KeyId,
        /// The key that was given.
        expected: KeyId,
    },
    /// The file is not the one that was signed.
    #[error("the file is not the one that was signed")]
    Altered,
    /// The file is the one that was signed, but the trusted comment is not.
    #[error("the trusted comment is not the one that was signed")]
    AlteredComment,
}

impl Fault {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key | Self::SecretKey => "bad-key",
            Self::Signature | Self::OldForm => "bad-signature",
            Self::OtherKey { .. } => "other-key",
            Self::Altered => "altered",
            Self::AlteredComment => "altered-comment",
        }
    }
}

/// The eight bytes by which a signature names its key. Shown as minisign does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", u64::from_le_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    point: [u8; 32],
}

impl PublicKey {
    /// Reads a key file, or its second line alone.
    ///
    /// # Errors
    /// [`Fault::Key`], or [`Fault::SecretKey`] where somebody hands over what must stay secret.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut lines = lines(text);
        let first = lines.next().ok_or(Fault::Key)?;
        let encoded = if first.starts_with(COMMENT) { lines.next().ok_or(Fault::Key)? } else { first };
        if lines.next().is_some() {
            return Err(Fault::Key);
        }
        // A secret key is 158 bytes and begins alike.
        if encoded.len() == 212 && encoded.starts_with("RW") {
            return Err(Fault::SecretKey);
        }
        let bytes: [u8; 42] = decoded(encoded).ok_or(Fault::Key)?;
        let (form, rest) = bytes.split_at(2);
        let (id, point) = rest.split_at(8);
        match (form == PURE, id.try_into(), point.try_into()) {
            (true, Ok(id), Ok(point)) => Ok(Self { id: KeyId(id), point }),
            _ => Err(Fault::Key),
        }
    }

    /// What signatures call it by.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    fn signed(&self, message: &[u8], signature: [u8; 64]) -> bool {
        ed25519_compact::PublicKey::new(self.point).verify(message, &ed25519_compact::Signature::new(signature)).is_ok()
    }
}

/// A detached signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    key: KeyId,
    of_file: [u8; 64],
    of_comment: [u8; 64],
    trusted_comment: String,
}

impl Signature {
    /// Reads the four lines of a signature file.
    ///
    /// # Errors
    /// [`Fault::Signature`] or [`Fault::OldForm`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut lines = lines(text);
        let mut next = || lines.next().ok_or(Fault::Signature);
        let (comment, first, trusted, second) = (next()?, next()?, next()?, next()?);
        let trusted = trusted.strip_prefix(TRUSTED).ok_or(Fault::Signature)?;
        if !comment.starts_with(COMMENT) || lines.next().is_some() {
            return Err(Fault::Signature);
        }
        let bytes: [u8; 74] = decoded(first).ok_or(Fault::Signature)?;
        let (form, rest) = bytes.split_at(2);
        let (key, of_file) = rest.split_at(8);
        if form == PURE {
            return Err(Fault::OldForm);
        }
        match (form == PREHASHED, key.try_into(), of_file.try_into()) {
            (true, Ok(key), Ok(of_file)) => Ok(Self {
                key: KeyId(key),
                of_file,
                of_comment: decoded(second).ok_or(Fault::Signature)?,
                trusted_comment: trusted.to_owned(),
            }),
            _ => Err(Fault::Signature),
        }
    }

    /// The key that made it, as the signature says; nothing is proved by it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// The comment that is signed with the file. To be believed only after [`Signature::verify`].
    #[must_use]
    pub fn trusted_comment(&self) -> &str {
        &self.trusted_comment
    }

    /// Whether this key signed this file and this trusted comment.
    ///
    /// # Errors
    /// [`Fault::OtherKey`], [`Fault::Altered`] or [`Fault::AlteredComment`].
    pub fn verify(&self, key: &PublicKey, file: &[u8]) -> Result<(), Fault> {
        if key.id != self.key {
            return Err(Fault::OtherKey { found: self.key, expected: key.id });
        }
        if !key.signed(&Blake2b512::digest(file), self.of_file) {
            return Err(Fault::Altered);
        }
        let mut comment = self.of_file.to_vec();
        comment.extend_from_slice(self.trusted_comment.as_bytes());
        if key.signed(&comment, self.of_comment) { Ok(()) } else { Err(Fault::AlteredComment) }
    }
}

/// The lines of a text. Editors on Windows end them otherwise; after the end of the last one nothing may stand.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.strip_suffix('\n').unwrap_or(text).split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
}

/// Base64 of exactly so many bytes.
fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    match Base64::decode(&mut bytes, text, None) {
        Ok(read) if read.len() == N => Some(bytes),
        _ => None,
    }
}
