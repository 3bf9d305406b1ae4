//! From a tree to a type. As derived by serde for the same types: unknown keys are passed over, an absent option is
//! `None`, a field marked `default` may be absent.

use super::Json;
use crate::date::Date;

/// What was expected, or the key where it was: the innermost one. Not a text built on the way, which would be a large
/// part of the reader's code.
pub type Expected = &'static str;

/// A type that a JSON value may be.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Where the value is of another type.
    fn from_json(json: &Json<'_>) -> Result<Self, Expected>;

    /// What stands for it where its key is absent.
    fn absent() -> Option<Self> {
        None
    }
}

fn entry<'j, 'a>(json: &'j Json<'a>, key: &str) -> Option<&'j Json<'a>> {
    let Json::Map(all) = json else { return None };
    all.iter().find(|(k, _)| k == key).map(|(_, value)| value)
}

/// An object's field. `default` stands in where the key is absent.
#[inline(never)]
pub fn field<T: FromJson>(json: &Json<'_>, key: &'static str, default: Option<fn() -> T>) -> Result<T, Expected> {
    match entry(json, key) {
        // A value that holds others has named the key already.
        Some(value) => T::from_json(value).map_err(|inner| if inner.is_empty() { key } else { inner }),
        None => T::absent().or_else(|| default.map(|make| make())).ok_or(key),
    }
}

/// A variant's name and what it holds: `"name"` or `{"name": …}`.
pub fn only_entry<'j, 'a>(json: &'j Json<'a>) -> Result<(&'j str, &'j Json<'a>), Expected> {
    match json {
        Json::Text(name) => Ok((name, &Json::Null)),
        Json::Map(all) => match all.as_slice() {
            [(name, value)] => Ok((name, value)),
            _ => Err(ANOTHER),
        },
        _ => Err(ANOTHER),
    }
}

/// A value of another type: the key above says where.
pub const ANOTHER: Expected = "";

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::Bool(yes) => Ok(*yes),
            _ => Err(ANOTHER),
        }
    }
}

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::Text(text) => Ok(text.clone().into_owned()),
            _ => Err(ANOTHER),
        }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::Int(n) => Ok(*n),
            _ => Err(ANOTHER),
        }
    }
}

macro_rules! smaller {
    ($($int:ty),*) => {$(
        impl FromJson for $int {
            fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
                i64::from_json(json)?.try_into().map_err(|_| ANOTHER)
            }
        }
    )*};
}
smaller!(u8, u16, u32);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
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
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::List(all) => {
                let mut items = Vec::with_capacity(all.len());
                for json in all {
                    items.push(T::from_json(json)?);
                }
                Ok(items)
            }
            _ => Err(ANOTHER),
        }
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::List(all) => match all.as_slice() {
                [a, b] => Ok((A::from_json(a)?, B::from_json(b)?)),
                _ => Err(ANOTHER),
            },
            _ => Err(ANOTHER),
        }
    }
}

impl<A: FromJson, B: FromJson, C: FromJson> FromJson for (A, B, C) {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::List(all) => match all.as_slice() {
                [a, b, c] => Ok((A::from_json(a)?, B::from_json(b)?, C::from_json(c)?)),
                _ => Err(ANOTHER),
            },
            _ => Err(ANOTHER),
        }
    }
}

impl FromJson for Date {
    fn from_json(json: &Json<'_>) -> Result<Self, Expected> {
        match json {
            Json::Text(text) => Date::parse(text).map_err(|_| ANOTHER),
            _ => Err(ANOTHER),
        }
    }
}

/// `record!(Type { field "key", other "key" default })`
macro_rules! record {
    ($type:ty { $($field:ident $key:literal $($default:ident)?),* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn from_json(json: &$crate::wasm::json::Json<'_>) -> Result<Self, $crate::wasm::json::Expected> {
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
            fn from_json(json: &$crate::wasm::json::Json<'_>) -> Result<Self, $crate::wasm::json::Expected> {
                match json {
                    $($crate::wasm::json::Json::Text(word) if word == $word => Ok(Self::$variant),)*
                    _ => Err($crate::wasm::json::ANOTHER),
                }
            }
        }
    };
}

pub(in crate::wasm) use {record, words};
