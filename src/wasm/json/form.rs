//! From a tree to a type. As derived by serde for the same types: unknown keys are passed over, an absent option is
//! `None`, a field marked `default` may be absent.

use super::{Json, JsonError};
use crate::date::Date;

/// A type that a JSON value may be.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Where the value is of another type.
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError>;

    /// What stands for it where its key is absent.
    fn absent() -> Option<Self> {
        None
    }
}

/// An object's field. `default` stands in where the key is absent.
pub fn field<T: FromJson>(json: &Json<'_>, key: &str, default: Option<fn() -> T>) -> Result<T, JsonError> {
    let Json::Map(all) = json else { return expected("an object") };
    match all.iter().find(|(k, _)| k == key) {
        Some((_, value)) => T::from_json(value).map_err(|e| JsonError(format!("{key}: {}", e.0))),
        None => T::absent().or_else(|| default.map(|make| make())).ok_or_else(|| JsonError(format!("`{key}` is missing"))),
    }
}

/// A variant's name and what it holds: `"name"` or `{"name": …}`.
pub fn only_entry<'j, 'a>(json: &'j Json<'a>) -> Result<(&'j str, &'j Json<'a>), JsonError> {
    match json {
        Json::Text(name) => Ok((name, &Json::Null)),
        Json::Map(all) => match all.as_slice() {
            [(name, value)] => Ok((name, value)),
            _ => expected("an object of one key"),
        },
        _ => expected("a name or an object of one key"),
    }
}

pub(super) fn expected<T>(what: &str) -> Result<T, JsonError> {
    Err(JsonError(format!("expected {what}")))
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::Bool(yes) => Ok(*yes),
            _ => expected("true or false"),
        }
    }
}

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::Text(text) => Ok(text.clone().into_owned()),
            _ => expected("a text"),
        }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::Int(n) => Ok(*n),
            _ => expected("a whole number"),
        }
    }
}

macro_rules! smaller {
    ($($int:ty),*) => {$(
        impl FromJson for $int {
            fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
                i64::from_json(json)?.try_into().or_else(|_| expected("a number in range"))
            }
        }
    )*};
}
smaller!(u8, u16, u32);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::Null => Ok(None),
            json => T::from_json(json).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::List(all) => all.iter().map(T::from_json).collect(),
            _ => expected("a list"),
        }
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::List(all) => match all.as_slice() {
                [a, b] => Ok((A::from_json(a)?, B::from_json(b)?)),
                _ => expected("a list of two"),
            },
            _ => expected("a list of two"),
        }
    }
}

impl<A: FromJson, B: FromJson, C: FromJson> FromJson for (A, B, C) {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::List(all) => match all.as_slice() {
                [a, b, c] => Ok((A::from_json(a)?, B::from_json(b)?, C::from_json(c)?)),
                _ => expected("a list of three"),
            },
            _ => expected("a list of three"),
        }
    }
}

impl FromJson for Date {
    fn from_json(json: &Json<'_>) -> Result<Self, JsonError> {
        match json {
            Json::Text(text) => Date::parse(text).map_err(|e| JsonError(e.to_string())),
            _ => expected("a date"),
        }
    }
}

/// `record!(Type { field "key", other "key" default })`
macro_rules! record {
    ($type:ty { $($field:ident $key:literal $($default:ident)?),* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn from_json(json: &$crate::wasm::json::Json<'_>) -> Result<Self, $crate::wasm::json::JsonError> {
                Ok(Self { $($field: $crate::wasm::json::field(json, $key, $crate::wasm::json::record!(@ $($default)?))?),* })
            }
        }
    };
    (@ default) => { Some(Default::default) };
    (@) => { None };
}

/// `words!(Type { "word" Variant, … })`
macro_rules! words {
    ($type:ty { $($word:literal $variant:ident),* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn from_json(json: &$crate::wasm::json::Json<'_>) -> Result<Self, $crate::wasm::json::JsonError> {
                match json {
                    $($crate::wasm::json::Json::Text(word) if word == $word => Ok(Self::$variant),)*
                    _ => Err($crate::wasm::json::JsonError("unknown word".into())),
                }
            }
        }
    };
}

pub(in crate::wasm) use {record, words};
