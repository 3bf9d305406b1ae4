//! JSON text of what the engine gives out: the same bytes on every host, and those that `serde_json` would write.
//!
//! A type says its keys and values in one line ([`object!`]), and one writer walks them. Code generated for each type,
//! as a derived serializer is, was a large part of what a page loads.

mod values;
mod writer;

pub use writer::Writer;

/// What has a JSON text.
pub trait ToJson {
    /// Writes it.
    fn write(&self, out: &mut Writer);

    /// Whether an object leaves out its key, where that is marked with `?`.
    fn is_absent(&self) -> bool {
        false
    }
}

/// What stands before a separator, and after it where there is one.
pub fn cut(text: &str, separator: u8) -> (&str, Option<&str>) {
    let at = text.bytes().position(|byte| byte == separator).unwrap_or(text.len());
    (text.get(..at).unwrap_or_default(), text.get(at.wrapping_add(1)..).filter(|_| at < text.len()))
}

/// Words with a space between each two.
pub fn each_word(text: &str) -> Words<'_> {
    Words(Some(text))
}

/// In place of `str::split`, whose search is for any pattern: larger, and five times as slow for words this short.
#[derive(Debug)]
pub struct Words<'t>(Option<&'t str>);

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    #[inline]
    fn next(&mut self) -> Option<&'t str> {
        let (word, after) = cut(self.0?, b' ');
        self.0 = after;
        Some(word)
    }
}

/// A key without its mark, and whether it is marked with `?`.
pub fn optional(key: &str) -> (&str, bool) {
    match key.as_bytes() {
        [.., b'?'] => (key.get(..key.len().wrapping_sub(1)).unwrap_or_default(), true),
        _ => (key, false),
    }
}

/// The JSON text of a value.
#[must_use]
pub fn to_string(value: &dyn ToJson) -> String {
    let mut out = Writer::new();
    value.write(&mut out);
    out.finish()
}

/// `object!(Type { field "key", other "key?" })`: an object with these keys, in this order. A key ending in `?` is left
/// out where its value is absent.
macro_rules! object {
    ($type:ty { $($field:ident $key:literal),* $(,)? }) => {
        impl $crate::json::ToJson for $type {
            fn write(&self, out: &mut $crate::json::Writer) {
                // Taken apart in full: a field that is not named here does not compile.
                let Self { $($field),* } = self;
                out.object(concat!($($key, " "),*), &[$($field),*]);
            }
        }
    };
}

/// `words!(Type { "word" Variant, … })`: a text for each variant.
macro_rules! words {
    ($type:ty { $($word:literal $variant:ident),* $(,)? }) => {
        impl $crate::json::ToJson for $type {
            fn write(&self, out: &mut $crate::json::Writer) {
                out.text(match self {
                    $(Self::$variant => $word),*
                });
            }
        }
    };
}

pub(crate) use {object, words};
