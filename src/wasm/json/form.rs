//! From a text to a type: fields in the order, and under the names, in which serde writes them.
//!
//! A value is read into its place, and a record is a list of such places: values handed back from function to function
//! and moved field by field were two thirds of the reader's code.

use super::Reader;
use crate::date::Date;

/// A type that can be read. Where the text is of another form the reader notes it and what stands in the place means
/// nothing; nobody sees it: [`super::from_str`] looks at the reader before it gives anything back.
pub trait FromJson {
    /// Reads it.
    fn read(&mut self, json: &mut Reader<'_>);
}

/// What stands in a place before it is read.
pub trait Blank: FromJson {
    /// A value of no meaning.
    const BLANK: Self;
}

impl FromJson for bool {
    fn read(&mut self, json: &mut Reader<'_>) {
        *self = json.take("true");
        if !*self {
            json.token("false");
        }
    }
}

impl Blank for bool {
    const BLANK: Self = false;
}

impl FromJson for String {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.string(self);
    }
}

impl Blank for String {
    const BLANK: Self = Self::new();
}

impl FromJson for i64 {
    fn read(&mut self, json: &mut Reader<'_>) {
        *self = json.int(Self::MIN, Self::MAX);
    }
}

impl Blank for i64 {
    const BLANK: Self = 0;
}

macro_rules! smaller {
    ($($int:ty),*) => {$(
        impl FromJson for $int {
            fn read(&mut self, json: &mut Reader<'_>) {
                *self = json.int(0, i64::from(<$int>::MAX)) as $int;
            }
        }

        impl Blank for $int {
            const BLANK: Self = 0;
        }
    )*};
}
smaller!(u8, u16, u32);

impl<T: Blank> FromJson for Option<T> {
    fn read(&mut self, json: &mut Reader<'_>) {
        if !json.take("null") {
            self.insert(T::BLANK).read(json);
        }
    }
}

impl<T: Blank> Blank for Option<T> {
    const BLANK: Self = None;
}

impl<T: Blank> FromJson for Vec<T> {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.list(&mut |json| {
            self.push(T::BLANK);
            if let Some(last) = self.last_mut() {
                last.read(json);
            }
        });
    }
}

impl<T: Blank> Blank for Vec<T> {
    const BLANK: Self = Self::new();
}

impl<A: Blank, B: Blank> FromJson for (A, B) {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.items(&mut [&mut self.0, &mut self.1]);
    }
}

impl<A: Blank, B: Blank> Blank for (A, B) {
    const BLANK: Self = (A::BLANK, B::BLANK);
}

impl<A: Blank, B: Blank, C: Blank> FromJson for (A, B, C) {
    fn read(&mut self, json: &mut Reader<'_>) {
        json.items(&mut [&mut self.0, &mut self.1, &mut self.2]);
    }
}

impl<A: Blank, B: Blank, C: Blank> Blank for (A, B, C) {
    const BLANK: Self = (A::BLANK, B::BLANK, C::BLANK);
}

impl FromJson for Date {
    fn read(&mut self, json: &mut Reader<'_>) {
        match Date::parse(json.word()) {
            Ok(day) => *self = day,
            Err(_) => json.fail("a day"),
        }
    }
}

impl Blank for Date {
    const BLANK: Self = Self::MIN;
}

/// `record!(Type { field "key", other "otherKey" })`
macro_rules! record {
    ($type:ty { $($field:ident $key:literal),* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn read(&mut self, json: &mut $crate::wasm::json::Reader<'_>) {
                // Taken apart in full: a field that is not named here does not compile.
                let Self { $($field),* } = self;
                json.object(concat!($($key, " "),*), &mut [$($field),*]);
            }
        }

        impl $crate::wasm::json::Blank for $type {
            const BLANK: Self = Self { $($field: $crate::wasm::json::Blank::BLANK),* };
        }
    };
}

/// `words!(Type { "word" Variant, … })`
macro_rules! words {
    ($type:ty { $word:literal $variant:ident $(, $words:literal $variants:ident)* $(,)? }) => {
        impl $crate::wasm::json::FromJson for $type {
            fn read(&mut self, json: &mut $crate::wasm::json::Reader<'_>) {
                const ALL: &[$type] = &[<$type>::$variant $(, <$type>::$variants)*];
                let at = json.one_of(concat!($word $(, " ", $words)*));
                *self = ALL.get(at).copied().unwrap_or(Self::$variant);
            }
        }

        impl $crate::wasm::json::Blank for $type {
            const BLANK: Self = Self::$variant;
        }
    };
}

pub(in crate::wasm) use {record, words};
