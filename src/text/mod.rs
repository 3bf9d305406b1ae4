//! Text to a spanned tree: the one reader for YAML and JSON.
//!
//! JSON is read as the YAML it nearly is; surrogate pairs (`"\ud842\udfb7"`), which YAML does not know, are read too.
//! What YAML can do beyond plain trees of text is refused by name: anchors, aliases, tags, merge keys, several
//! documents, keys that are not text. So are characters that a reader cannot see.
//!
//! # Codes
//!
//! | Code | What is wrong |
//! |---|---|
//! | `text-too-long` | more bytes than [`Limits::bytes`] |
//! | `too-deep` | collections nested deeper than [`Limits::depth`] |
//! | `too-many-nodes` | more nodes than [`Limits::nodes`] |
//! | `scalar-too-long` | a text of more characters than [`Limits::scalar_chars`] |
//! | `not-utf8`, `utf16` | another encoding |
//! | `damaged-text` | the replacement character U+FFFD, left by a failed conversion |
//! | `control-character` | NUL, another control character or a noncharacter, as itself or as an escape |
//! | `hidden-character` | an invisible or reordering character, as itself or as an escape |
//! | `tab-indentation` | a line indented with a tab (JSON files may) |
//! | `empty-document` | nothing but white space and comments |
//! | `several-documents` | a second document after `---` |
//! | `syntax` | neither YAML nor JSON |
//! | `unclosed-quote`, `unclosed-bracket` | something is never closed |
//! | `bad-escape` | a `\` that starts no escape, or half of a surrogate pair |
//! | `no-anchors`, `no-aliases`, `no-tags`, `no-merge-keys` | YAML beyond plain trees |
//! | `duplicate-key` | a key twice in one mapping |
//! | `non-text-key` | a key that YAML reads as a number, yes/no or nothing |
//! | `complex-key` | a key that is a collection or goes over several lines |

mod build;
mod bytes;
mod keys;
mod layout;
mod node;
mod source;
mod syntax;

pub use node::{Entry, Node, NodeKind, Span, Spanned};

use crate::diagnostic::Diagnostics;

/// What the reader accepts at most. Every limit has its own error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text; 1 MiB by default.
    pub bytes: usize,
    /// Collections inside each other; 32 by default. Values above 128 mean 128.
    pub depth: usize,
    /// Scalars (keys included) and collections together; 200,000 by default.
    pub nodes: usize,
    /// Characters of one scalar; 20,000 by default.
    pub scalar_chars: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 32, nodes: 200_000, scalar_chars: 20_000 }
    }
}

/// Reads `bytes`, YAML or JSON in UTF-8, into a tree.
///
/// `file_name` is only repeated in places. A UTF-8 byte order mark is skipped; line ends may be `\n`, `\r\n` or `\r`.
///
/// # Errors
///
/// All problems found, sorted by place; see the codes of this module. Reading stops at the first syntax error and at
/// the first limit of depth or nodes.
///
/// ```
/// use yibao_rules::text::{Limits, parse};
///
/// let tree = parse("p.yaml", "起付线: 200元\n".as_bytes(), &Limits::default())?;
/// let value = tree.get("起付线").ok_or("no such key")?;
/// assert_eq!(value.as_text(), Some("200元"));
/// assert_eq!((value.span.start_column, value.span.end_column), (6, 10));
///
/// let refused = parse("p.yaml", "级别: 1\n级别: 2\n".as_bytes(), &Limits::default()).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "p.yaml:2:1: error[duplicate-key]: the key `级别` is written twice in one mapping (级别)\n  \
///      help: keep one of them\n  also: p.yaml:1:1: first written here"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Node, Diagnostics> {
    let text = bytes::decode(file_name, bytes, limits)?;
    let source = source::Source::new(file_name, text);
    bytes::check_characters(&source)?;
    build::tree(&source, limits).map_err(Diagnostics::sorted)
}

/// A word of the author for a message: clipped, so that a message stays a line.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut out: String = text.chars().take(MOST).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    out
}
