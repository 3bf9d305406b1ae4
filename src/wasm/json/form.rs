//! From a text to a type: fields in the order, and under the names, in which serde writes them.

use super::Reader;
use crate::date::Date;

/// A type that can be read. Where the text is of another form the reader notes it and something stands in, which nobody
/// sees: [`super::from_str`] looks at the reader before it gives anything back.
pub trait FromJson: Sized {
    /// Reads it.
    fn read(json: &mut Reader<'_>) -> Self;
}

impl FromJson for bool {
    fn read(json: &mut Reader<'_>) -> Self {
        let yes = json.take("true");
        if !yes {
            json.token("false");
        }
        yes
    }
}

impl FromJson for String {
    fn read(json: &mut Reader<'_>) -> Self {
        json.string()
    }
}

impl FromJson for i64 {
    fn read(json: &mut Reader<'_>) -> Self {
        json.int(i64::MIN, i64::MAX)
    }
}

macro_rules! smaller {
    ($($int:ty),*) => {$(
        impl FromJson for $int {
            fn read(json: &mut Reader<'_>) -> Self {
                json.int(0, i64::from(<$int>::MAX)) as $int
            }
        }
    )*};
}
smaller!(u8, u16, u32);

impl<T: FromJson> FromJson for Option<T> {
    fn read(json: &mut Reader<'_>) -> Self {
        if json.take("null") { None } else { Some(T::read(json)) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(json: &mut Reader<'_>) -> Self {
        let mut all = Vec::new();
        json.list(&mut |json| all.push(T::read(json)));
        all
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn read(json: &mut Reader<'_>) -> Self {
        json.token("[");
        let a = A::read(json);
        json.token(",");
        let b = B::read(json);
        json.token("]");
        (a, b)
    }
}

impl<A: FromJson, B: FromJson, C: FromJson> FromJson for (A, B, C) {
    fn read(json: &mut Reader<'_>) -> Self {
        json.token("[");
        let a = A::read(json);
        json.token(",");
        let b = B::read(json);
        json.token(",");
        let c = C::read(json);
        json.token("]");
        (a, b, c)
    }
}

impl FromJson for Date {
    fn read(json: &mut Reader<'_>) -> Self {
        Date::parse(json.word()).unwrap_or_else(|_| {
            json.fail("a day");
            Date::MIN
        })
    }
}

/// `record!(Type { field "key", other "otherKey" })`
macro_rules! record {
    ($type:ty { $($field:ident $key:literal),* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn read(json: &mut $crate::wasm::json::Reader<'_>) -> Self {
                $(
                    json.key($key);
                    let $field = $crate::wasm::json::FromJson::read(json);
                )*
                json.token("}");
                Self { $($field),* }
            }
        }
    };
}

/// `words!(Type { "word" Variant, … })`; the first stands in where none fits.
macro_rules! words {
    ($type:ty { $word:literal $variant:ident $(, $words:literal $variants:ident)* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn read(json: &mut $crate::wasm::json::Reader<'_>) -> Self {
                match json.word() {
                    $word => Self::$variant,
                    $($words => Self::$variants,)*
                    _ => {
                        json.fail(concat!("one of ", $word $(, " ", $words)*));
                        Self::$variant
                    }
                }
            }
        }
    };
}

pub(in crate::wasm) use {record, words};
