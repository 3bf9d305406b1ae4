//! The writer.

use super::{ToJson, each_word, optional};

/// JSON text as it grows.
#[derive(Debug)]
pub struct Writer {
    out: String,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { out: String::with_capacity(4096) }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// `null`, `true`, a bracket: text that needs no quotes.
    pub fn plain(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A comma, unless this is the first item after a bracket.
    fn comma(&mut self) {
        if !self.out.ends_with(['[', '{']) {
            self.out.push(',');
        }
    }

    /// A whole number.
    pub fn int(&mut self, n: i64) {
        if n < 0 {
            self.out.push('-');
        }
        self.digits(n.unsigned_abs());
    }

    fn digits(&mut self, n: u64) {
        if n > 9 {
            self.digits(n / 10);
        }
        self.hex((n % 10) as u32);
    }

    fn hex(&mut self, digit: u32) {
        self.out.extend(char::from_digit(digit, 16));
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.out.push('"');
        let mut clean = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte > b'\\' || byte > 31 && byte != b'"' && byte != b'\\' {
                continue;
            }
            let short = match byte {
                b'"' | b'\\' => byte,
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                8 => b'b',
                12 => b'f',
                _ => b'u',
            };
            self.out.push_str(text.get(clean..at).unwrap_or_default());
            self.out.push('\\');
            self.out.push(char::from(short));
            if short == b'u' {
                self.out.push_str("00");
                self.hex(u32::from(byte >> 4));
                self.hex(u32::from(byte & 15));
            }
            clean = at.saturating_add(1);
        }
        self.out.push_str(text.get(clean..).unwrap_or_default());
        self.out.push('"');
    }

    /// A key of an object and its value.
    fn entry(&mut self, key: &str, value: &dyn ToJson) {
        self.comma();
        self.text(key);
        self.plain(":");
        value.write(self);
    }

    /// An object of these values; `keys` names each, with a space after it. A key ending in `?` is left out where its
    /// value is absent. One text for all keys: a pointer to each would be twice the code.
    pub fn object(&mut self, keys: &str, values: &[&dyn ToJson]) {
        let mut before = "{\"";
        for (key, value) in each_word(keys).zip(values) {
            let (key, may_lack) = optional(key);
            if may_lack && value.is_absent() {
                continue;
            }
            self.plain(before);
            self.plain(key);
            self.plain("\":");
            value.write(self);
            before = ",\"";
        }
        // An object with nothing in it is not open yet.
        self.plain(if before == ",\"" { "}" } else { "{}" });
    }

    /// A list.
    pub fn list(&mut self, items: &mut dyn Iterator<Item = &dyn ToJson>) {
        self.out.push('[');
        for item in items {
            self.comma();
            item.write(self);
        }
        self.out.push(']');
    }

    /// An object whose keys are names.
    pub fn named(&mut self, entries: &mut dyn Iterator<Item = (&str, &dyn ToJson)>) {
        self.out.push('{');
        for (name, value) in entries {
            self.entry(name, value);
        }
        self.out.push('}');
    }
}
