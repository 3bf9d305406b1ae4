//! Amounts in Chinese words.

use super::wide::{Size, Wide};

const MYRIAD: Size = 10_000;
const HUNDRED_MILLION: Size = 100_000_000;

/// An amount in fen, read out in ordinary Chinese numerals, so that a person who typed a figure
/// can see whether a nought is missing.
///
/// These are the numerals of speech (一二三), not those of cheques (壹贰叁). A run of noughts
/// inside is read as one 零, the counting goes by 万 and 亿, and 整 closes an amount without jiao
/// and fen.
///
/// ```
/// use yibao_rules::number::in_words;
/// assert_eq!(in_words(3_000_000), "三万元整");
/// assert_eq!(in_words(100_520), "一千零五元二角");
/// assert_eq!(in_words(1_203), "十二元零三分");
/// ```
pub fn in_words(fen: Wide) -> String {
    let size = fen.unsigned_abs();
    let (yuan, jiao, fen_left) = (size / 100, size / 10 % 10, size % 10);
    let mut text = String::new();
    if fen < 0 {
        text.push('负');
    }
    if yuan > 0 || size == 0 {
        text.push_str(&whole_in_words(yuan));
        text.push('元');
    }
    if jiao > 0 {
        push_digit(&mut text, jiao);
        text.push('角');
    }
    if fen_left > 0 {
        if jiao == 0 && yuan > 0 {
            text.push('零');
        }
        push_digit(&mut text, fen_left);
        text.push('分');
    }
    if jiao == 0 && fen_left == 0 {
        text.push('整');
    }
    text
}

fn whole_in_words(n: Size) -> String {
    let mut text = String::new();
    if n == 0 {
        text.push('零');
    }
    push_whole(&mut text, n);
    // 12 is 十二, but 112 is 一百一十二: only a leading 一 is silent.
    match text.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None => text,
    }
}

fn push_whole(text: &mut String, n: Size) {
    if n < MYRIAD {
        push_below_myriad(text, n);
    } else if n < HUNDRED_MILLION {
        push_whole(text, n / MYRIAD);
        text.push('万');
        push_after(text, n % MYRIAD, MYRIAD);
    } else {
        // The part before 亿 may itself hold 亿: 一万亿, 一亿亿.
        push_whole(text, n / HUNDRED_MILLION);
        text.push('亿');
        push_after(text, n % HUNDRED_MILLION, HUNDRED_MILLION);
    }
}

/// What follows a 万 or an 亿; 零 stands for the noughts it begins with.
fn push_after(text: &mut String, n: Size, unit: Size) {
    if n == 0 {
        return;
    }
    if n < unit / 10 {
        text.push('零');
    }
    push_whole(text, n);
}

fn push_below_myriad(text: &mut String, n: Size) {
    let places = [(n / 1000 % 10, "千"), (n / 100 % 10, "百"), (n / 10 % 10, "十"), (n % 10, "")];
    let mut begun = false;
    let mut gap = false;
    for (digit, unit) in places {
        if digit == 0 {
            gap = begun;
            continue;
        }
        if gap {
            text.push('零');
        }
        push_digit(text, digit);
        text.push_str(unit);
        (begun, gap) = (true, false);
    }
}

fn push_digit(text: &mut String, digit: Size) {
    let place = usize::try_from(digit).unwrap_or(0);
    text.extend("零一二三四五六七八九".chars().nth(place));
}
