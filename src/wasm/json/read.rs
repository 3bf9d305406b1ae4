//! Reading a text from its beginning to its end, without a tree. Keys stand in the order in which serde writes them, so
//! that a record is read field by field; what JavaScript's `JSON.stringify` writes is read, nothing wider is promised.
//!
//! The first fault is kept and everything after it reads as nothing: a result to be looked at after every field would
//! be the larger part of the reader's code.

use super::{FromJson, JsonError};
use crate::json::{cut, each_word, optional};

/// Deeper nesting than any plan or case has.
const MOST_DEPTH: u32 = 64;

/// A text, and how far it is read.
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
    /// What was expected, whether by its own letters, and where.
    fault: Option<(&'static str, bool, usize)>,
}

impl<'t> Reader<'t> {
    /// At the beginning of a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, fault: None }
    }

    /// Notes what was expected here; the first such note stays.
    pub fn fail(&mut self, expected: &'static str) {
        self.note(expected, false);
    }

    #[inline(never)]
    fn note(&mut self, expected: &'static str, literally: bool) {
        if self.fault.is_none() {
            self.fault = Some((expected, literally, self.at));
        }
        // Nothing more is read.
        self.at = self.text.len();
    }

    /// The end: whether all was as expected, and nothing is left.
    ///
    /// # Errors
    /// What was expected, and at which byte.
    pub fn finish(mut self) -> Result<(), JsonError> {
        if self.at < self.text.len() {
            self.fail("the end");
        }
        match self.fault {
            None => Ok(()),
            Some((expected, literally, at)) => {
                let quote = if literally { "`" } else { "" };
                Err(JsonError(["expected ", quote, expected, quote, " (at byte ", &at.to_string(), ")"].concat()))
            }
        }
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Takes these bytes if they come next.
    #[inline(never)]
    pub fn take(&mut self, token: &str) -> bool {
        // Tokens are a few bytes, for which a comparison of memory takes longer than it compares.
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let found = token.len() <= rest.len() && token.bytes().zip(rest).all(|(wanted, byte)| wanted == *byte);
        if found {
            self.at = self.at.wrapping_add(token.len());
        }
        found
    }

    /// Takes these bytes, which must come next.
    #[inline(never)]
    pub fn token(&mut self, token: &'static str) {
        if !self.take(token) {
            self.note(token, true);
        }
    }

    /// A record's next key, with the brace or comma before it; whether it is there. One that ends in `?` need not be.
    #[inline(never)]
    pub fn key(&mut self, key: &'static str) -> bool {
        let start = self.at;
        let opened = matches!(self.byte(), b'{' | b',');
        self.step();
        let (name, optional) = optional(key);
        let found = opened && self.take("\"") && self.take(name) && self.take("\":");
        if !found && optional {
            self.at = start;
        } else if !found {
            self.note(name, true);
        }
        found
    }

    /// A word in quotes: an option of a type, or the key of its variant.
    #[inline(never)]
    pub fn word(&mut self) -> &'t str {
        if self.take("\"") {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let (word, after) = cut(rest, b'"');
            if let Some(after) = after {
                self.at = self.text.len().wrapping_sub(after.len());
                return word;
            }
        }
        self.fail("a word");
        ""
    }

    /// One of these words, by number; their count where it is none of them.
    #[inline(never)]
    pub fn one_of(&mut self, known: &'static str) -> usize {
        let found = self.word();
        let mut count = 0_usize;
        for word in each_word(known) {
            if word == found {
                return count;
            }
            count = count.wrapping_add(1);
        }
        self.fail(known);
        count
    }

    /// Which of these variants comes: `"name"`, or `{"name":` with what it holds to follow, and [`Reader::end_variant`]
    /// after that.
    pub fn variant(&mut self, names: &'static str) -> (usize, bool) {
        let holds = self.take("{");
        let found = self.one_of(names);
        if holds {
            self.token(":");
        }
        (found, holds)
    }

    /// After what a variant holds.
    pub fn end_variant(&mut self, holds: bool) {
        if holds {
            self.token("}");
        }
    }

    /// A record's fields, under these keys and in this order.
    #[inline(never)]
    pub fn object(&mut self, keys: &'static str, fields: &mut [&mut dyn FromJson]) {
        for (key, field) in each_word(keys).zip(fields) {
            if self.key(key) {
                field.read(self);
            }
        }
        self.token("}");
    }

    /// The items of a list of known length.
    #[inline(never)]
    pub fn items(&mut self, items: &mut [&mut dyn FromJson]) {
        let mut before = "[";
        for item in items {
            self.token(before);
            item.read(self);
            before = ",";
        }
        self.token("]");
    }

    /// The items of a list, each read by `item`.
    #[inline(never)]
    pub fn list(&mut self, item: &mut dyn FnMut(&mut Self)) {
        self.depth = self.depth.wrapping_add(1);
        if self.depth > MOST_DEPTH {
            self.fail("less nesting");
        }
        self.token("[");
        if !self.take("]") {
            while self.fault.is_none() {
                item(self);
                if !self.take(",") {
                    self.token("]");
                    break;
                }
            }
        }
        self.depth = self.depth.wrapping_sub(1);
    }

    /// A whole number between these.
    #[inline(never)]
    pub fn int(&mut self, least: i64, most: i64) -> i64 {
        let start = self.at;
        let negative = self.take("-");
        let mut size = Some(0_i64);
        let first = self.at;
        loop {
            let digit = self.byte().wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            size = size.and_then(|n| n.checked_mul(10)?.checked_add(i64::from(digit)));
            self.step();
        }
        // A fraction or an exponent would follow here.
        let whole = self.at > first && !matches!(self.byte(), b'.' | b'e' | b'E');
        match size.map(|n| if negative { n.wrapping_neg() } else { n }) {
            Some(n) if whole && n >= least && n <= most => n,
            _ => {
                self.at = start;
                self.fail("a whole number within its bounds");
                least.max(0)
            }
        }
    }

    /// A text, after what there is already.
    #[inline(never)]
    pub fn string(&mut self, out: &mut String) {
        self.token("\"");
        let mut piece = self.at;
        while self.fault.is_none() {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(rest.len());
            self.at = self.at.wrapping_add(plain);
            let byte = self.byte();
            out.push_str(self.text.get(piece..self.at).unwrap_or_default());
            self.step();
            match byte {
                b'"' => break,
                b'\\' => out.push(self.escape()),
                _ => self.fail("the end of the text"),
            }
            piece = self.at;
        }
    }

    fn escape(&mut self) -> char {
        let kind = self.byte();
        self.step();
        match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode(),
            _ => {
                self.fail("an escape");
                ' '
            }
        }
    }

    fn unicode(&mut self) -> char {
        let first = self.hex();
        if (0xd800..=0xdbff).contains(&first) {
            let before = self.at;
            if self.take("\\u") {
                let second = self.hex();
                if (0xdc00..=0xdfff).contains(&second) {
                    let high = (first & 0x3ff) << 10;
                    return char::from_u32((high | (second & 0x3ff)).wrapping_add(0x1_0000))
                        .unwrap_or(char::REPLACEMENT_CHARACTER);
                }
                self.at = before;
            }
        }
        // JavaScript writes half of a pair as an escape.
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> u32 {
        let mut code = 0_u32;
        for _ in 0..4 {
            match char::from(self.byte()).to_digit(16) {
                Some(digit) => code = (code << 4) | digit,
                None => self.fail("four hexadecimal digits"),
            }
            self.step();
        }
        code
    }
}
