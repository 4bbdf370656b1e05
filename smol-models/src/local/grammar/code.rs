//! The grammar of a code agent's reply: any thought, then one block of Python, which is closed.
//!
//! Python's own grammar is not free of context, because of its indentation. Here every level of indentation is a set of
//! rules of its own, written from one pattern, and a level knows whether it stands in a function or a loop: so `return` and
//! `break` come only where they may. It is a part of Python, chosen so that the text parses whatever is picked: no `async`,
//! `match` or `nonlocal`, indentation by four spaces, seven levels. What only a compiler finds, such as two arguments of
//! one name, is not seen.
//!
//! Nothing in the block spells one of the request's stop sequences, which would cut it off.

/// Levels of indentation.
pub(super) const LEVELS: usize = 7;
/// Spaces to a level.
pub(super) const INDENT: usize = 4;

const OPEN: &str = "<code>";
/// What ends a code agent's reply, and so tells its requests.
pub(super) const CLOSE: &str = "</code>";

const EXPRESSIONS: &str = include_str!("expressions.lark");
const BRACKETS: &str = include_str!("brackets.lark");
const STATEMENTS: &str = include_str!("statements.lark");
const BLOCKS: &str = include_str!("blocks.lark");

/// Where a block stands, and where a loop's body in it does: a module or class, a loop in it, a function, a loop in it.
const WITHIN: [(&str, &str); 4] = [("m", "l"), ("l", "l"), ("f", "g"), ("g", "g")];

/// Line breaks in brackets, with comments.
const BREAKS: &str = r"( *(#[^\n\r\x00<:]*)?\n)* *";
const COMMENT: &str = r"#[^\n\r\x00]*";
const ESCAPE: &str = r"\\([^xuUN\r\x00]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5})";
const FORMAT_ESCAPE: &str = r"\\([^xuUN{}\r\x00]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5})";
const BYTE_ESCAPE: &str = r#"\\(["'\\abfnrtv0]|x[0-9a-fA-F]{2})"#;

/// The grammar, in llguidance's dialect of Lark, of replies that end with the tag, and in which none of `stops` is met
/// earlier.
pub(super) fn lark(stops: &[String]) -> String {
    let unstopped = unstopped(stops);
    let lines = format!(r"(/( *({COMMENT})?\n)+/ & {unstopped})");
    let mut lark = format!(
        "start: THOUGHT LINE_0 block_0m LAST\nTHOUGHT: (/(?s:.*)/ & {unstopped}) \"{OPEN}\"\nLAST: {lines} \"{CLOSE}\"\n"
    );
    lark += &expressions("out", " *", " +", "", " *");
    lark += &expressions("in", r"[ \n]*", r"[ \n]+", r"[ \n]*", BREAKS);
    lark += &BRACKETS.replace("$space", r"[ \n]*").replace("$gap", r"[ \n]+").replace("$breaks", BREAKS);
    lark += STATEMENTS;
    for level in 0..LEVELS {
        let indent = if level == 0 { String::new() } else { format!(" / {{{}}}/", level * INDENT) };
        lark += &format!("LINE_{level}: {lines}{indent}\n");
        lark.extend(WITHIN.map(|(within, looping)| block(level, within, looping)));
    }
    lark.replace("$escape", ESCAPE)
        .replace("$format_escape", FORMAT_ESCAPE)
        .replace("$byte_escape", BYTE_ESCAPE)
        .replace("$unstopped", &unstopped)
        .replace("$stop_words", &stop_words(stops))
}

fn expressions(place: &str, space: &str, gap: &str, before_dot: &str, after_comma: &str) -> String {
    EXPRESSIONS
        .replace("$place", place)
        .replace("$PLACE", &place.to_uppercase())
        .replace("$space", space)
        .replace("$gap", gap)
        .replace("$before_dot", before_dot)
        .replace("$after_comma", after_comma)
}

fn block(level: usize, within: &str, looping: &str) -> String {
    if level + 1 == LEVELS {
        return format!("block_{level}{within}: simple_{within} (LINE_{level} simple_{within})*\n");
    }
    BLOCKS
        .replace("$level", &level.to_string())
        .replace("$next", &(level + 1).to_string())
        .replace("$within", within)
        .replace("$looping", looping)
}

/// Text in which no tag and none of `stops` stands.
pub(super) fn unstopped(stops: &[String]) -> String {
    let tags = [OPEN, CLOSE].map(str::to_owned);
    let all = tags.iter().chain(stops).filter(|stop| !stop.is_empty()).map(|stop| literal(stop));
    format!("~/(?s:.*)({})(?s:.*)/", all.collect::<Vec<_>>().join("|"))
}

/// Names that a colon or the like would turn into a stop sequence.
fn stop_words(stops: &[String]) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = stops
        .iter()
        .map(|stop| stop.trim_end_matches(|letter| !is_word(letter)))
        .filter(|word| !word.is_empty() && word.chars().all(is_word));
    words.chain(["__debug__"]).collect::<Vec<_>>().join("|")
}

/// A regular expression that matches `text` alone.
fn literal(text: &str) -> String {
    let letter = |letter: char| match letter {
        _ if letter.is_alphanumeric() => letter.to_string(),
        _ => format!(r"\x{{{:x}}}", u32::from(letter)),
    };
    text.chars().map(letter).collect()
}
