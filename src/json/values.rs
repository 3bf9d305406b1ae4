//! Values that are no objects of the engine's own.

use super::{ToJson, Writer};
use crate::date::Date;
use std::borrow::Cow;

impl ToJson for bool {
    fn write(&self, out: &mut Writer) {
        out.plain(if *self { "true" } else { "false" });
    }
}

impl ToJson for i64 {
    fn write(&self, out: &mut Writer) {
        out.int(*self);
    }
}

impl ToJson for u32 {
    fn write(&self, out: &mut Writer) {
        out.int(i64::from(*self));
    }
}

impl ToJson for usize {
    fn write(&self, out: &mut Writer) {
        out.int(i64::try_from(*self).unwrap_or(i64::MAX));
    }
}

impl ToJson for &str {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl ToJson for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl ToJson for Cow<'_, str> {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl ToJson for Date {
    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => out.plain("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.list(&mut self.iter().map(|item| item as &dyn ToJson));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<A: ToJson, B: ToJson> ToJson for (A, B) {
    fn write(&self, out: &mut Writer) {
        out.list(&mut [&self.0 as &dyn ToJson, &self.1].into_iter());
    }
}
