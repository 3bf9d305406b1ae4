//! One folded character per place, with the way back to the text as it was written.

/// A character after folding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// The folded character.
    pub(super) ch: char,
    /// Its place in the text as written, in characters.
    pub(super) at: usize,
    /// White space stood directly before it.
    pub(super) gap: bool,
    /// A line break stood directly before it.
    pub(super) line_start: bool,
    /// It was written in full width.
    pub(super) wide: bool,
}

/// A text folded for comparison.
#[derive(Debug)]
pub(super) struct Line {
    glyphs: Vec<Glyph>,
}

impl Line {
    pub(super) fn fold(text: &str) -> Self {
        let mut glyphs = Vec::new();
        let (mut gap, mut line_start) = (false, false);
        for (at, raw) in text.chars().enumerate() {
            if raw.is_whitespace() {
                gap = true;
                line_start = line_start || raw == '\n' || raw == '\r';
                continue;
            }
            if is_invisible(raw) {
                continue;
            }
            let ch = fold_char(raw);
            glyphs.push(Glyph { ch, at, gap, line_start, wide: matches!(raw, '\u{ff01}'..='\u{ff5e}') });
            (gap, line_start) = (false, false);
        }
        Self { glyphs }
    }

    pub(super) fn len(&self) -> usize {
        self.glyphs.len()
    }

    pub(super) fn chars(&self) -> impl Iterator<Item = char> + '_ {
        self.glyphs.iter().map(|glyph| glyph.ch)
    }

    pub(super) fn glyph(&self, at: usize) -> Option<&Glyph> {
        self.glyphs.get(at)
    }

    pub(super) fn at(&self, at: usize) -> Option<char> {
        self.glyph(at).map(|glyph| glyph.ch)
    }

    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|place| self.at(place))
    }

    pub(super) fn gap(&self, at: usize) -> bool {
        self.glyph(at).is_some_and(|glyph| glyph.gap)
    }

    /// The text from `at` on begins with `word`.
    pub(super) fn has(&self, at: usize, word: &str) -> bool {
        let mut place = at;
        for wanted in word.chars() {
            if self.at(place) != Some(wanted) {
                return false;
            }
            place = place.saturating_add(1);
        }
        true
    }

    /// The text up to `end`, exclusive, ends with `word`.
    pub(super) fn ends_with(&self, end: usize, word: &str) -> bool {
        end.checked_sub(word.chars().count()).is_some_and(|start| self.has(start, word))
    }

    /// The characters from `start` to `end`, exclusive.
    pub(super) fn slice(&self, start: usize, end: usize) -> Vec<char> {
        self.glyphs.get(start..end).unwrap_or_default().iter().map(|glyph| glyph.ch).collect()
    }

    /// A sentence or a list entry may begin at `at`.
    pub(super) fn opens(&self, at: usize) -> bool {
        self.glyph(at).is_some_and(|glyph| glyph.line_start)
            || self.before(at).is_none_or(|ch| matches!(ch, '。' | ';' | ':' | '!' | '?'))
    }

    /// The span `start..end` of glyphs as offsets, in characters, of the text as written.
    pub(super) fn written(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.glyph(start)?.at;
        let last = self.glyph(end.checked_sub(1)?)?.at;
        Some((first, last.checked_add(1)?))
    }
}

fn is_invisible(ch: char) -> bool {
    matches!(ch, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn fold_char(raw: char) -> char {
    let ch = match raw {
        '\u{ff01}'..='\u{ff5e}' => u32::from(raw).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(raw),
        other => other,
    };
    match ch {
        '\'' | '"' | '“' | '”' | '‘' | '’' | '„' | '‟' | '‛' | '「' | '」' | '『' | '』' | '〝' | '〞' | '′' | '″' => {
            '"'
        }
        '—' | '–' | '―' | '‐' | '‑' | '‒' | '−' | '─' | '﹣' => '-',
        '〜' | '∼' => '~',
        '﹪' => '%',
        '￥' => '¥',
        '〔' => '[',
        '〕' => ']',
        '｡' => '。',
        '､' => '、',
        '○' => '〇',
        other => simplified(other),
    }
}

/// Traditional characters that take part in figures and units. No others are changed.
const fn simplified(ch: char) -> char {
    match ch {
        '萬' => '万',
        '億' => '亿',
        '兩' => '两',
        '個' => '个',
        '點' => '点',
        '歲' => '岁',
        '週' => '周',
        '減' => '减',
        '級' => '级',
        '種' => '种',
        '項' => '项',
        '條' => '条',
        '戶' => '户',
        '張' => '张',
        '號' => '号',
        '時' => '时',
        '鐘' => '钟',
        '餘' => '余',
        '與' => '与',
        other => other,
    }
}
