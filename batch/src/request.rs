//! What a host asks for, and what it is told.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the numbers of a column are written. What stands for an answer not given is in
/// [`Column`](yibao_rules::batch::Column).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbers {
    /// Doubles.
    F64,
    /// 64-bit integers.
    I64,
    /// 32-bit integers.
    I32,
    /// Bytes.
    U8,
}

/// A service to open.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its id.
    pub service: String,
    /// Room for so many cases.
    pub cases: usize,
    /// Answers that will be given, and how.
    #[serde(default)]
    pub inputs: BTreeMap<String, Numbers>,
    /// Lists that will be given.
    #[serde(default)]
    pub lists: BTreeMap<String, ListRequest>,
    /// Values wanted: ids of steps, `total`, `patient`, `cash`, `net`, `verdict`.
    #[serde(default)]
    pub outputs: Vec<String>,
    /// All values as 64-bit integers instead of doubles.
    #[serde(default)]
    pub whole: bool,
    /// As a module of its own as well, where that can be.
    #[serde(default)]
    pub compiled: bool,
}

/// A list that will be given: the records of all cases, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRequest {
    /// Room for so many records in all.
    pub records: usize,
    /// Fields that will be given, and how.
    #[serde(default)]
    pub fields: BTreeMap<String, Numbers>,
}

/// What stands where.
#[derive(Debug, Serialize)]
pub(crate) struct Reply {
    /// One an input that is given.
    pub(crate) inputs: Vec<Place>,
    /// Lists that are given.
    pub(crate) lists: Vec<ListPlace>,
    /// Address of the outcomes: a byte a case, 0 computed, 1 incomplete, 2 refused, 3 answers that are none.
    pub(crate) outcomes: usize,
    /// One an output.
    pub(crate) outputs: Vec<Place>,
    /// The service as a module of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compiled: Option<Bytes>,
}

/// Where bytes stand.
#[derive(Debug, Serialize)]
pub(crate) struct Bytes {
    /// Address.
    pub(crate) at: usize,
    /// Their number.
    pub(crate) length: usize,
}

/// Where a column stands and what its numbers mean.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) name: String,
    /// Address.
    pub(crate) at: usize,
    pub(crate) numbers: Numbers,
    /// Unit; an option's with its set.
    pub(crate) kind: yibao_rules::plan::Kind,
    /// Numbers are × this; money is in fen × this.
    pub(crate) den: i64,
}

/// Where a list stands.
#[derive(Debug, Serialize)]
pub(crate) struct ListPlace {
    pub(crate) name: String,
    /// Address of where each case's records begin, 32 bits each, and of the end of the last.
    pub(crate) starts: usize,
    pub(crate) fields: Vec<Place>,
}
