//! The columns of the comparison, as `benches/peers/cases.mjs` wrote them.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// 2024-01-01, in days since 1970.
pub const CHANGED: i32 = 19_723;

/// Money in whole fen, as doubles like JavaScript's and as integers.
pub struct Columns {
    pub total: Vec<f64>,
    pub out_of_scope: Vec<f64>,
    pub paid: Vec<f64>,
    pub day: Vec<i32>,
    pub scheme: Vec<u8>,
    pub level: Vec<u8>,
    pub referred: Vec<u8>,
    pub away: Vec<u8>,
}

impl Columns {
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let bytes = |name: &str| std::fs::read(folder.join(format!("{name}.bin")));
        Ok(Self {
            total: doubles(&bytes("total")?)?,
            out_of_scope: doubles(&bytes("outOfScope")?)?,
            paid: doubles(&bytes("paid")?)?,
            day: bytes("day")?.as_chunks().0.iter().map(|four| i32::from_le_bytes(*four)).collect(),
            scheme: bytes("scheme")?,
            level: bytes("level")?,
            referred: bytes("referred")?,
            away: bytes("away")?,
        })
    }

    pub fn len(&self) -> usize {
        self.total.len()
    }
}

fn doubles(bytes: &[u8]) -> std::io::Result<Vec<f64>> {
    let (eights, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(Error::new(ErrorKind::InvalidData, "a column of doubles is cut short"));
    }
    Ok(eights.iter().map(|eight| f64::from_le_bytes(*eight)).collect())
}
