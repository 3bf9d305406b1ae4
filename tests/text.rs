//! The reader: exact places, whole messages, and no input that it cannot stand.
#![cfg(feature = "authoring")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "tests stop at what they did not expect"
)]

use proptest::prelude::*;
use yibao_rules::diagnostic::{Diagnostic, Diagnostics, Place, Severity, render_human, render_plain, text_width};
use yibao_rules::text::{Limits, Node, NodeKind, Span, parse};

fn tree(text: &str) -> Node {
    parse("p.yaml", text.as_bytes(), &Limits::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(bytes: impl AsRef<[u8]>) -> String {
    refused_by(bytes, &Limits::default())
}

fn refused_by(bytes: impl AsRef<[u8]>, limits: &Limits) -> String {
    match parse("p.yaml", bytes.as_ref(), limits) {
        Ok(tree) => panic!("accepted: {tree:?}"),
        Err(problems) => problems.to_string(),
    }
}

/// The characters of `text` that `span` covers.
fn cut(text: &str, span: Span) -> String {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<Vec<char>> = text.split('\n').map(|line| line.chars().collect()).collect();
    let mut out = String::new();
    for number in span.start_line..=span.end_line {
        let line = lines.get(number as usize - 1).unwrap();
        let from = if number == span.start_line { span.start_column as usize - 1 } else { 0 };
        let to = if number == span.end_line { span.end_column as usize - 1 } else { line.len() };
        out.extend(line.get(from..to).unwrap_or_else(|| panic!("{span:?} is not in {text:?}")));
        if number < span.end_line {
            out.push('\n');
        }
    }
    out
}

fn at<'a>(tree: &'a Node, path: &[&str]) -> &'a Node {
    path.iter().fold(tree, |node, step| match step.parse::<usize>() {
        Ok(n) => node.as_sequence().unwrap().get(n).unwrap(),
        Err(_) => node.get(step).unwrap(),
    })
}

fn spot(span: Span) -> (u32, u32, u32, u32) {
    (span.start_line, span.start_column, span.end_line, span.end_column)
}

const PACK: &str = "# 注释：示例\n服务:\n  住院:\n    起付线: 200元   # 乡镇\n    比例: \"九成\"  \n    级别: [乡镇, '县级' , 市三级]\n    空:\n步骤:\n- 一\n-\n- 名: 三\n  值: |\n    若转诊\n      则加倍\n\n末: 完";

#[test]
fn places_count_characters() {
    let tree = tree(PACK);
    type Case = (&'static [&'static str], &'static str, (u32, u32, u32, u32));
    let cases: &[Case] = &[
        (&["服务", "住院", "起付线"], "200元", (4, 10, 4, 14)),
        (&["服务", "住院", "比例"], "\"九成\"", (5, 9, 5, 13)),
        (&["服务", "住院", "级别"], "[乡镇, '县级' , 市三级]", (6, 9, 6, 25)),
        (&["服务", "住院", "级别", "1"], "'县级'", (6, 14, 6, 18)),
        (&["服务", "住院", "级别", "2"], "市三级", (6, 21, 6, 24)),
        (&["服务", "住院", "空"], "", (7, 7, 7, 7)),
        (&["步骤", "0"], "一", (9, 3, 9, 4)),
        (&["步骤", "1"], "", (10, 2, 10, 2)),
        (&["步骤", "2"], "名: 三\n  值: |\n    若转诊\n      则加倍", (11, 3, 14, 10)),
        (&["步骤", "2", "值"], "若转诊\n      则加倍", (13, 5, 14, 10)),
        (&["末"], "完", (16, 4, 16, 5)),
    ];
    for (path, written, place) in cases {
        let node = at(&tree, path);
        assert_eq!(cut(PACK, node.span), *written, "{path:?}");
        assert_eq!(spot(node.span), *place, "{path:?}");
    }
    assert_eq!(spot(tree.span), (2, 1, 16, 5));
    assert_eq!(spot(at(&tree, &["步骤"]).span), (9, 1, 14, 10));
    let key = &at(&tree, &["服务", "住院"]).entry("起付线").unwrap().key;
    assert_eq!(spot(key.span), (4, 5, 4, 8));
    assert!(at(&tree, &["服务", "住院", "空"]).is_null());
    assert_eq!(at(&tree, &["步骤", "2", "值"]).as_text(), Some("若转诊\n  则加倍\n"));
}

#[test]
fn lists_start_at_their_first_dash() {
    for (text, place) in [
        ("a:\n- x\n- y\n", (2, 1, 3, 4)),
        ("a:\n  - x\n", (2, 3, 2, 6)),
        ("a:\n- - x\n", (2, 1, 2, 6)),
        ("a:\n- # c - d\n  x\n", (2, 1, 3, 4)),
        ("a:\n- k: v\n", (2, 1, 2, 7)),
        ("a: [x,\n y]\n", (1, 4, 2, 4)),
        ("a:\n-\n- x\n", (2, 1, 3, 4)),
        ("a:\n- # c - d\n  - x\n", (2, 1, 3, 6)),
        ("a:\n- \"x\" # c \"d\"\n", (2, 1, 2, 6)),
        ("a:\n- 'x''' # c 'd'\n", (2, 1, 2, 8)),
        ("a:\n- -1\n", (2, 1, 2, 5)),
    ] {
        assert_eq!(spot(at(&tree(text), &["a"]).span), place, "{text:?}");
    }
}

#[test]
fn line_ends_and_byte_order_mark_change_nothing() {
    let plain = tree(PACK);
    assert_eq!(plain, tree(&PACK.replace('\n', "\r\n")));
    assert_eq!(plain, tree(&PACK.replace('\n', "\r")));
    assert_eq!(plain, tree(&format!("\u{FEFF}{PACK}")));
}

#[test]
fn json_gives_the_tree_of_yaml() {
    let yaml = "标题: 城乡居民\n路径: \"/a\\\"b\\\\\"\n字: 𠮷😀\n表:\n  - { 级: 乡镇, 元: \"200\" }\n  - [1, true, null]\n空: {}\n";
    let json = r#"{
	"标题": "\u57ce\u4e61\u5c45\u6c11",
	"路径": "\/a\"b\\",
	"字": "\ud842\udfb7\uD83D\uDE00",
	"表":[{"级":"乡镇","元":"200"},[1,true,null]],
	"空":{}
}"#;
    let (yaml, from_json) = (tree(yaml), tree(json));
    assert!(yaml.same_content(&from_json), "{yaml:?}\n{from_json:?}");
    assert!(at(&from_json, &["表", "1", "2"]).is_null());
    assert_eq!(cut(json, at(&from_json, &["字"]).span), r#""\ud842\udfb7\uD83D\uDE00""#);
    assert_eq!(cut(json, at(&from_json, &["空"]).span), "{}");
    let escapes = tree(r#"{"a": "\b\f\n\r\t"}"#.replace("\\b\\f", "").replace("\\r", "").as_str());
    assert_eq!(at(&escapes, &["a"]).as_text(), Some("\n\t"));
    // serde_json as the independent reader of the same text.
    let other: serde_json::Value = serde_json::from_str(json).unwrap();
    for key in ["标题", "路径", "字"] {
        assert_eq!(at(&from_json, &[key]).as_text(), other.get(key).and_then(|value| value.as_str()), "{key}");
    }
}

#[test]
fn surrogates_outside_escapes_are_left_alone() {
    for (text, read) in [
        (r"a: \ud842\udfb7", r"\ud842\udfb7"),
        (r"a: '\ud842\udfb7'", r"\ud842\udfb7"),
        ("a: |-\n  x\\ud842\\udfb7\n", r"x\ud842\udfb7"),
        (r#"a: "\\ud842\\udfb7""#, r"\ud842\udfb7"),
        (r#"a: "x\ud842\udfb7\ud83d\ude00y""#, "x𠮷😀y"),
    ] {
        assert_eq!(at(&tree(text), &["a"]).as_text(), Some(read), "{text}");
    }
    for text in [
        r#"a: "\\ud842\udfb7""#,
        r#"a: "\ud842""#,
        r#"a: "\udfb7\ud842""#,
        r#"a: "\uFDD0\uFDD1\ud842\udfb7""#,
        r#"a: "\\ud842\udfb7\uFDD0\uFDD1""#,
    ] {
        assert!(refused(text).contains("error[bad-escape]"), "{text}: {}", refused(text));
    }
}

#[test]
fn offsets_inside_scalars() {
    let text = "一: max(0, 费用 - 起付线)\n二: '若转诊 则'\n三: 若转诊\n  则 加倍\n\n  否则 起付线\n四: |\n\n  第一行\n    第二行\n五: >-\n  甲乙\n  丙丁\n六: \"a\\tb\"\n七: \"甲\n  乙\"\n";
    let tree = tree(text);
    for (key, word, place) in [
        ("一", "费用", (1, 11, 1, 13)),
        ("一", "起付线", (1, 16, 1, 19)),
        ("二", "则", (2, 9, 2, 10)),
        ("三", "加倍", (4, 5, 4, 7)),
        ("三", "否则", (6, 3, 6, 5)),
        ("三", "诊 则", (3, 6, 4, 4)),
        ("四", "第一行", (9, 3, 9, 6)),
        ("四", "第二行", (10, 5, 10, 8)),
        ("五", "乙 丙", (12, 4, 13, 4)),
        ("七", "乙", (16, 3, 16, 4)),
    ] {
        let node = at(&tree, &[key]);
        let read = node.as_text().unwrap();
        let bytes = read.find(word).unwrap();
        let start = read.get(..bytes).unwrap().chars().count();
        let span = node.offset_span(start, start + word.chars().count());
        assert_eq!(spot(span), place, "{key} {word}");
    }
    let escaped = at(&tree, &["六"]);
    assert_eq!(escaped.offset_span(2, 3), escaped.span);
    let first = at(&tree, &["一"]);
    assert_eq!(spot(first.offset_span(99, 200)), (1, 20, 1, 20));
    assert_eq!(spot(first.offset_span(3, 1)), (1, 7, 1, 7));
    let place = first.offset_place("p.yaml", "一", 0, 3);
    assert_eq!(
        place,
        Place { file: "p.yaml".into(), line: 1, column: 4, end_line: 1, end_column: 7, path: "一".into() }
    );
}

#[test]
fn each_code_in_full() {
    let small = Limits { bytes: 60, depth: 2, nodes: 6, scalar_chars: 5 };
    let cases: Vec<(&[u8], &str)> = vec![
        (
            b"a: \xC4\xE3\n",
            "p.yaml:1:4: error[not-utf8]: the byte 0xC4 is not UTF-8\n  help: Chinese text is often GBK: save it as UTF-8, or convert it: `iconv -f GBK -t UTF-8`",
        ),
        (
            b"\xFF\xFEa\0",
            "p.yaml:1:1: error[utf16]: the text is UTF-16LE; UTF-8 is expected\n  help: save it as UTF-8, or convert it: `iconv -f UTF-16 -t UTF-8`",
        ),
        (
            b"\xFE\xFF\0a",
            "p.yaml:1:1: error[utf16]: the text is UTF-16BE; UTF-8 is expected\n  help: save it as UTF-8, or convert it: `iconv -f UTF-16 -t UTF-8`",
        ),
        (
            b"",
            "p.yaml:1:1: error[empty-document]: the text is empty\n  help: write the pack as a mapping, `key: value` on each line",
        ),
        (
            b"---\n",
            "p.yaml:1:1: error[empty-document]: the text is empty\n  help: write the pack as a mapping, `key: value` on each line",
        ),
        (
            b"# a\n",
            "p.yaml:1:1: error[empty-document]: the text holds only comments\n  help: write the pack as a mapping, `key: value` on each line",
        ),
        (
            b"a: 1\n---\nb: 2\n",
            "p.yaml:2:1: error[several-documents]: a second document starts here; one is expected\n  help: write one document in a file",
        ),
        (
            b"a: x\0y\n",
            "p.yaml:1:5: error[control-character]: U+0000 is a control character\n  help: remove it; line breaks and tabs are the only ones allowed",
        ),
        (
            b"a: \"x\\0y\"\n",
            "p.yaml:1:4: error[control-character]: U+0000 is a control character (a)\n  help: remove it; line breaks and tabs are the only ones allowed",
        ),
        (
            "a: 费\u{200B}用\n".as_bytes(),
            "p.yaml:1:5: error[hidden-character]: U+200B is an invisible character\n  help: remove it; it often comes with text copied from a web page",
        ),
        (
            "a: 费\u{FFFD}\n".as_bytes(),
            "p.yaml:1:5: error[damaged-text]: U+FFFD stands for a character that was lost\n  help: the text was converted from the wrong encoding: go back to the original",
        ),
        (
            b"a:\n\tb: 1\n \tc: 2\n",
            "p.yaml:2:1: error[tab-indentation]: a tab indents this line and 1 more; spaces are expected\n  help: write two spaces for each level",
        ),
        (
            b"a:\n\tb: 1\n",
            "p.yaml:2:1: error[tab-indentation]: a tab indents this line; spaces are expected\n  help: write two spaces for each level",
        ),
        (
            b"a: \"\\d\"\n",
            "p.yaml:1:5: error[bad-escape]: this escape is not known\n  help: write the character itself, a backslash as `\\\\`, or the text in single quotes",
        ),
        (
            b"a: \"\\u12\"\n",
            "p.yaml:1:5: error[bad-escape]: expected 4 hexadecimal digits after this escape\n  help: write the character itself, a backslash as `\\\\`, or the text in single quotes",
        ),
        (
            b"a: \"\\ud842\\udfb7\\ud842\"\n",
            "p.yaml:1:17: error[bad-escape]: this escape is half of a surrogate pair\n  help: write the character itself, a backslash as `\\\\`, or the text in single quotes",
        ),
        (b"a: 'x\n", "p.yaml:1:4: error[unclosed-quote]: this quote is never closed\n  help: write the closing quote"),
        (
            b"a: [1,\n  2\n",
            "p.yaml:3:1: error[unclosed-bracket]: expected `,` or `]`, found the end of the text\n  help: write the closing bracket\n  also: p.yaml:1:4: `[` opened here",
        ),
        (
            b"a: {b: 1]\n",
            "p.yaml:1:9: error[syntax]: expected `,` or `}`\n  help: write text that holds `,` `[` `]` `{` `}` in quotes\n  also: p.yaml:1:4: `{` opened here",
        ),
        (
            b"a: b: c\n",
            "p.yaml:1:5: error[syntax]: `:` is not expected here\n  help: write one `key: value` on a line, text that holds `: ` in quotes, and check the indentation",
        ),
        (
            "甲：1\n乙: 2\n".as_bytes(),
            "p.yaml:2:2: error[syntax]: `:` is not expected here\n  help: `：` is a full-width colon: write `: ` (a colon and a space) after a key",
        ),
        (
            b"a:\n    b: 1\n  c: 2\n",
            "p.yaml:3:3: error[syntax]: this line does not fit the indentation of the lines above\n  help: entries of one mapping or list start in the same column",
        ),
        (
            b"a: @x\n",
            "p.yaml:1:4: error[syntax]: text cannot start with this character\n  help: write the text in quotes",
        ),
        (b"{} {}\n", "p.yaml:1:4: error[syntax]: expected the end of the text\n  help: a file holds one document"),
        (
            b"[a,,b]\n",
            "p.yaml:1:4: error[syntax]: expected a value\n  help: remove the comma or write the value before it",
        ),
        (
            b"a: ]\n",
            "p.yaml:1:4: error[syntax]: this bracket closes nothing\n  help: write text that starts with a bracket in quotes",
        ),
        (
            b"a: \"x\" y\n",
            "p.yaml:1:8: error[syntax]: text follows the closing quote\n  help: write a quote inside quoted text as `\\\"` in double and `''` in single quotes",
        ),
        (
            b"a: &x 1\n",
            "p.yaml:1:4: error[no-anchors]: `&` names an anchor; anchors are not allowed (a)\n  help: write the value out where it is used, and text that starts with `*` or `&` in quotes",
        ),
        (
            b"a: *x\n",
            "p.yaml:1:4: error[no-aliases]: `*` refers to an anchor; aliases are not allowed\n  help: write the value out where it is used, and text that starts with `*` or `&` in quotes",
        ),
        (
            b"a: !!str 1\n",
            "p.yaml:1:4: error[no-tags]: `!` starts a tag; tags are not allowed (a)\n  help: remove it, and write text that starts with `!` in quotes",
        ),
        (
            b"a: !e!str 1\n",
            "p.yaml:1:4: error[no-tags]: `!` starts a tag; tags are not allowed\n  help: remove it, and write text that starts with `!` in quotes",
        ),
        (
            b"a:\n  <<: {}\n",
            "p.yaml:2:3: error[no-merge-keys]: `<<` is a merge key; merge keys are not allowed (a)\n  help: write the entries out",
        ),
        (
            "甲:\n  - 费用: 1\n    费用: 2\n".as_bytes(),
            "p.yaml:3:5: error[duplicate-key]: the key `费用` is written twice in one mapping (甲[0].费用)\n  help: keep one of them\n  also: p.yaml:2:5: first written here",
        ),
        (
            b"a: {1: x}\n",
            "p.yaml:1:5: error[non-text-key]: the key `1` is a number in YAML; text is expected (a)\n  help: write it in quotes: `\"1\"`",
        ),
        (
            b"true: x\n",
            "p.yaml:1:1: error[non-text-key]: the key `true` is a yes/no value in YAML; text is expected\n  help: write it in quotes: `\"true\"`",
        ),
        (
            b"null: x\n",
            "p.yaml:1:1: error[non-text-key]: the key `null` is nothing in YAML; text is expected\n  help: write it in quotes: `\"null\"`",
        ),
        (b": x\n", "p.yaml:1:1: error[non-text-key]: a key is missing here\n  help: write it in quotes: `\"\"`"),
        (
            b"? [a]\n: b\n",
            "p.yaml:1:3: error[complex-key]: a collection is a key here; text is expected\n  help: write a text that starts with `[` or `{` in quotes, and `?` not at all",
        ),
        (
            b"{a\n b: 1}\n",
            "p.yaml:1:2: error[complex-key]: the key `a b` goes over several lines\n  help: write it on one line",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refused(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    for (text, expected) in [
        (
            "a: [[[x]]]\n",
            "p.yaml:1:5: error[too-deep]: collections are nested more than 2 deep (a[0])\n  help: name the inner parts and write them apart",
        ),
        (
            "[1,2,3,4,5,6]",
            "p.yaml:1:12: error[too-many-nodes]: the text has more than 6 nodes (values, keys and collections) ([5])\n  help: split it into several files",
        ),
        (
            "a: 一二三四五六\n",
            "p.yaml:1:4: error[scalar-too-long]: this text has 6 characters; at most 5 are read (a)\n  help: split it into several texts",
        ),
    ] {
        assert_eq!(refused_by(text, &small), expected);
    }
    assert_eq!(
        refused_by("a".repeat(61), &small),
        "p.yaml:1:1: error[text-too-long]: the text has 61 bytes; at most 60 are read\n  help: split it into several files"
    );
    assert!(parse("p.yaml", "a: 一二三四五\n".as_bytes(), &small).is_ok());
}

#[test]
fn problems_come_together_and_in_order() {
    let all = refused("b: &x 1\na: *x\nb: !t [q]\n1: x\nc: [\n");
    let codes: Vec<&str> = all.lines().filter_map(|line| line.split("error[").nth(1)?.split(']').next()).collect();
    assert_eq!(codes, ["no-anchors", "no-aliases", "duplicate-key", "no-tags", "non-text-key", "unclosed-bracket"]);
}

#[test]
fn plain_text_that_looks_special_is_text() {
    let tree = tree(
        "日期: 2023-01-01\n比: 20%\n引: qa-2023/ip#起付线200元\n式: (a - b) * 2\n网: http://x\nno: yes\n1a: x\n-1-: y\n",
    );
    assert_eq!(at(&tree, &["引"]).as_text(), Some("qa-2023/ip#起付线200元"));
    assert_eq!(at(&tree, &["no"]).as_text(), Some("yes"));
    assert!(matches!(at(&tree, &["日期"]).kind, NodeKind::Scalar { quoted: false, block: false, .. }));
    for key in
        ["0", "-1", "+1.5", "1.", ".5", "1e3", "1E-3", "0x1F", "0o17", ".inf", "-.INF", ".nan", "~", "Null", "TRUE"]
    {
        assert!(refused(format!("{key}: x")).contains("non-text-key"), "{key}");
    }
    for key in ["1-2", "1.2.3", "0xg", "e3", ".", "1e", "0o8", "inf", "yes", "\"1\"", "'true'"] {
        assert!(parse("p", format!("{key}: x").as_bytes(), &Limits::default()).is_ok(), "{key}");
    }
}

/// Inputs made to be slow or large; each must be answered, and each is a megabyte at most.
#[test]
fn hostile_texts_are_answered() {
    let million = 1_000_000;
    let bomb = {
        let mut text = String::from("a0: &a0 [x,x]\n");
        for n in 1..30 {
            text.push_str(&format!("a{n}: &a{n} [*a{m},*a{m},*a{m}]\n", m = n - 1));
        }
        text
    };
    let texts: Vec<(String, &str)> = vec![
        ("[".repeat(million), "too-deep"),
        ("{a: ".repeat(million / 4), "too-deep"),
        ("- ".repeat(million / 2), "too-deep"),
        ("? ".repeat(million / 2), "complex-key"),
        ("[".repeat(30) + &"a,".repeat(million / 2 - 100), "too-many-nodes"),
        ("[".repeat(250) + &"a,".repeat(million / 2 - 200), "too-deep"),
        ("[".to_owned() + &"{},".repeat(million / 3), "too-many-nodes"),
        ("a: ".to_owned() + &"费".repeat(300_000), "scalar-too-long"),
        ("a: |\n".to_owned() + &" 费\n".repeat(200_000), "scalar-too-long"),
        ("a: ".to_owned() + &"b\n\n ".repeat(200_000), "scalar-too-long"),
        ("\"".to_owned() + &"\\ud842\\udfb7".repeat(80_000), "unclosed-quote"),
        ("[".to_owned() + &"\"\\ud842\\udfb7\",".repeat(60_000), "unclosed-bracket"),
        ("a: b\n".repeat(million / 5), "duplicate-key"),
        ((0..70_000).map(|n| format!("k{n}: {n}\n")).collect(), "ok"),
        ("\u{200B}".repeat(300_000), "too-many-problems"),
        ("#".repeat(million), "empty-document"),
        ("\n".repeat(million), "empty-document"),
        ("---\n".repeat(million / 4), "several-documents"),
        ("&a ".repeat(million / 3), "error"),
        ("!a ".repeat(million / 3), "error"),
        (format!("%TAG !e! tag:{}\n---\n{}", "x".repeat(400_000), "- !e!a b\n".repeat(50_000)), "no-tags"),
        ("a:\n".to_owned() + &"\t\n".repeat(400_000), "ok"),
        (" ".repeat(million), "empty-document"),
        ("'".repeat(million), "unclosed"),
        (bomb, "no-aliases"),
    ];
    for (text, code) in texts {
        let begin = text.chars().take(24).collect::<String>();
        let started = std::time::Instant::now();
        let answer = match parse("p.yaml", text.as_bytes(), &Limits::default()) {
            Ok(_) => "ok".to_owned(),
            Err(problems) => problems.to_string(),
        };
        let shown: String = answer.chars().take(300).collect();
        assert!(answer.contains(code) || code == "unclosed", "{begin:?} gave {shown}");
        assert!(answer.len() < 200_000, "{begin:?}: {} bytes of answer", answer.len());
        let took = started.elapsed();
        assert!(took.as_secs() < 20, "{begin:?} took {took:?}");
        println!("{took:>10.2?} {begin:?}");
    }
}

#[test]
fn at_most_two_hundred_are_kept() {
    let mut all = Diagnostics::new();
    for n in 0..250_u32 {
        let place = Place { line: 250 - n, column: 1, ..Place::default() };
        all.push(Diagnostic::warning("w", "x").at(place));
    }
    assert!(!all.has_errors());
    all.push(Diagnostic::error("e", "y"));
    assert!(all.has_errors(), "an error that is only counted still counts");
    let all = all.sorted();
    assert_eq!(all.len(), 201);
    assert_eq!(
        render_plain(all.iter().last().unwrap()),
        "error[too-many-problems]: there are 51 more problems\n  help: correct those above first"
    );
    assert_eq!(all.iter().next().and_then(|d| d.place.as_ref()).map(|p| p.line), Some(51));
    let mut twice = all.clone();
    twice.append(all);
    assert_eq!(twice.iter().last().map(|d| d.message.clone()), Some("there are 302 more problems".to_owned()));
}

#[test]
fn diagnostics_as_json() {
    let problem = Diagnostic::error("c", "m").at(Place {
        file: "f".into(),
        line: 1,
        column: 2,
        end_line: 1,
        end_column: 3,
        path: "p".into(),
    });
    let json = yibao_rules::json::to_string(&Diagnostics::from(problem.also(Place::default(), "there")));
    assert_eq!(
        json,
        r#"[{"code":"c","severity":"error","place":{"file":"f","line":1,"column":2,"endLine":1,"endColumn":3,"path":"p"},"message":"m","also":[{"place":{"file":"","line":0,"column":0,"endLine":0,"endColumn":0,"path":""},"label":"there"}]}]"#
    );
    assert_eq!(Severity::Warning.word(), "warning");
}

#[test]
fn excerpts_for_people() {
    let source = "\u{FEFF}甲:\r\n\t住院: 起付线两百元 # 注\r\n";
    let place =
        Place { file: "p.yaml".into(), line: 2, column: 6, end_line: 2, end_column: 9, path: "甲.住院".into() };
    let problem = Diagnostic::error("c", "表达式 `起付线` 不对")
        .at(place.clone())
        .help("write it")
        .also(Place { line: 1, column: 1, ..place.clone() }, "declared here");
    assert_eq!(
        render_human(&problem, Some(source)),
        "error[c]: 表达式 `起付线` 不对\n  --> p.yaml:2:6 (甲.住院)\n  |\n2 |  住院: 起付线两百元 # 注\n  |        ^^^^^^\n  = help: write it\n  = also: p.yaml:1:1: declared here"
    );
    assert_eq!(text_width(" 住院: "), 7);

    let long = format!("{}错{}", "中".repeat(100), "文".repeat(100));
    let far = Diagnostic::error("c", "m").at(Place {
        file: "p".into(),
        line: 1,
        column: 101,
        end_line: 1,
        end_column: 102,
        path: String::new(),
    });
    assert_eq!(
        render_human(&far, Some(&long)),
        format!(
            "error[c]: m\n  --> p:1:101\n  |\n1 | …{}错{}…\n  |  {}^^",
            "中".repeat(16),
            "文".repeat(31),
            " ".repeat(32)
        )
    );

    let end = Diagnostic::warning("c", "m").at(Place {
        file: "p".into(),
        line: 1,
        column: 4,
        end_line: 1,
        end_column: 4,
        path: String::new(),
    });
    assert_eq!(render_human(&end, Some("甲a:")), "warning[c]: m\n  --> p:1:4\n  |\n1 | 甲a:\n  |     ^");
    assert_eq!(render_human(&end, None), "warning[c]: m\n  --> p:1:4");
    assert_eq!(render_plain(&Diagnostic::error("c", "a\u{1b}[2Jb\u{202E}")), "error[c]: a\\u{1b}[2Jb\\u{202e}");
}

/// Every scalar of a tree, with the place of each of its characters, is what the text holds there.
fn check_places(text: &str, node: &Node) {
    match &node.kind {
        NodeKind::Scalar { text: read, .. } => {
            let whole = node.span;
            let _ = cut(text, whole);
            for (n, c) in read.chars().enumerate() {
                let span = node.offset_span(n, n + 1);
                if span != whole && !c.is_whitespace() {
                    assert_eq!(cut(text, span), c.to_string(), "character {n} of {read:?} in {text:?}");
                }
            }
        }
        NodeKind::Sequence(nodes) => nodes.iter().for_each(|node| check_places(text, node)),
        NodeKind::Mapping(entries) => entries.iter().for_each(|entry| {
            let _ = cut(text, entry.key.span);
            check_places(text, &entry.value);
        }),
    }
    let _ = cut(text, node.span);
}

fn check(bytes: &[u8]) {
    let limits = Limits { depth: 8, nodes: 100, scalar_chars: 200, ..Limits::default() };
    match parse("p", bytes, &limits) {
        Ok(tree) => check_places(std::str::from_utf8(bytes).unwrap(), &tree),
        Err(problems) => {
            assert!(problems.has_errors());
            for problem in problems.iter() {
                assert!(problem.place.is_some());
                let _ = render_human(problem, std::str::from_utf8(bytes).ok());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes);
    }

    #[test]
    fn any_yaml_like_text(parts in proptest::collection::vec(proptest::sample::select(vec![
        "a", "费", "用:", ": ", ":", "- ", "-", "? ", "\n", "\n  ", "\n    ", "  ", " ", "\t", "[", "]", "{", "}", ",", "\"", "'", "''", "\\n",
        "\\ud842\\udfb7", "\\u4e2d", "\\", "#", " # 注", "|", "|-\n", ">\n", ">+2\n", "&x ", "*x", "!t ", "!", "%", "@", "~", "null", "1", "---", "---\n",
        "...\n", "\u{3000}", "：", "𠮷", "<<: ", "key: ", "b: x\n", "\u{2028}", "%TAG ! a\n",
    ]), 0..40)) {
        check(parts.concat().as_bytes());
    }

    #[test]
    fn written_trees_are_read_back(values in proptest::collection::vec("[a-z费用起付线0-9 %#:\"'\\\\\\[\\]{},&*!|>-]{0,12}", 1..8)) {
        let json = serde_json::to_string(&values).unwrap();
        let read = tree(&json);
        let texts: Vec<&str> = read.as_sequence().unwrap().iter().map(|node| node.as_text().unwrap()).collect();
        prop_assert_eq!(texts, values);
        check_places(&json, &read);
    }
}
