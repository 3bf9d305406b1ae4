//! Reading a text into a tree. What JavaScript's `JSON.stringify` writes is read; nothing wider is promised.

use super::JsonError;
use std::borrow::Cow;

/// Deeper nesting than any plan or case has.
const MOST_DEPTH: u32 = 96;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Map(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Reads a text.
///
/// # Errors
/// Where the text is no JSON, or has a number that is not whole.
pub fn parse(text: &str) -> Result<Json<'_>, JsonError> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => reader.fail("something stands after the end"),
    }
}

struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u32,
}

impl<'de> Reader<'de> {
    fn fail<T>(&self, what: &str) -> Result<T, JsonError> {
        Err(JsonError(format!("{what} (at byte {})", self.at)))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while self.byte().is_some_and(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')) {
            self.step();
        }
        self.byte()
    }

    fn expect(&mut self, wanted: u8) -> Result<(), JsonError> {
        if self.peek() == Some(wanted) {
            self.step();
            return Ok(());
        }
        self.fail(&format!("expected `{}`", char::from(wanted)))
    }

    fn word(&mut self, word: &str) -> Result<(), JsonError> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at = self.at.saturating_add(word.len());
            return Ok(());
        }
        self.fail("expected a value")
    }

    fn enter(&mut self) -> Result<(), JsonError> {
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth > MOST_DEPTH { self.fail("nested too deeply") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<i64, JsonError> {
        let start = self.at;
        while self.byte().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.step();
        }
        match self.text.get(start..self.at).map(str::parse) {
            Some(Ok(n)) => Ok(n),
            _ => self.fail("expected a whole number"),
        }
    }

    fn string(&mut self) -> Result<Cow<'de, str>, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut piece = start;
        loop {
            match self.byte() {
                Some(b'"') => {
                    let tail = self.text.get(piece..self.at).unwrap_or_default();
                    self.step();
                    return Ok(match owned {
                        None => Cow::Borrowed(tail),
                        Some(mut text) => {
                            text.push_str(tail);
                            Cow::Owned(text)
                        }
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(self.text.get(piece..self.at).unwrap_or_default());
                    self.step();
                    let c = self.escape()?;
                    owned.get_or_insert_default().push(c);
                    piece = self.at;
                }
                Some(b) if b >= 0x20 => self.step(),
                _ => return self.fail("a text does not end"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let kind = self.byte();
        self.step();
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fail("unknown escape"),
        })
    }

    fn unicode(&mut self) -> Result<char, JsonError> {
        let first = self.hex()?;
        if (0xd800..=0xdbff).contains(&first) && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            let before = self.at;
            self.at = self.at.saturating_add(2);
            let second = self.hex()?;
            if (0xdc00..=0xdfff).contains(&second) {
                let high = (first & 0x3ff) << 10;
                return Ok(char::from_u32((high | (second & 0x3ff)).wrapping_add(0x1_0000))
                    .unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        // JavaScript writes half of a pair as an escape.
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, JsonError> {
        let end = self.at.saturating_add(4);
        let digits = self.text.get(self.at..end).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        self.at = end;
        match digits.and_then(|d| u32::from_str_radix(d, 16).ok()) {
            Some(code) => Ok(code),
            None => self.fail("expected four hexadecimal digits"),
        }
    }

    fn value(&mut self) -> Result<Json<'de>, JsonError> {
        match self.peek() {
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'{') => {
                self.enter()?;
                let mut all = Vec::new();
                while self.more(b'}', all.is_empty())? {
                    self.peek();
                    let key = self.string()?;
                    self.expect(b':')?;
                    all.push((key, self.value()?));
                }
                Ok(Json::Map(all))
            }
            Some(b'[') => {
                self.enter()?;
                let mut all = Vec::new();
                while self.more(b']', all.is_empty())? {
                    all.push(self.value()?);
                }
                Ok(Json::List(all))
            }
            Some(b't') => self.word("true").map(|()| Json::Bool(true)),
            Some(b'f') => self.word("false").map(|()| Json::Bool(false)),
            Some(b'n') => self.word("null").map(|()| Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Int),
            _ => self.fail("expected a value"),
        }
    }

    /// Whether another item comes; the comma before it is taken, or the bracket after the last.
    fn more(&mut self, close: u8, first: bool) -> Result<bool, JsonError> {
        if self.peek() == Some(close) {
            self.step();
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Ok(true)
    }
}
