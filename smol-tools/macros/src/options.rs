//! What stands in the brackets of `#[tool(…)]`.

use std::time::Duration;
use syn::{
    Error, LitInt, LitStr, Result,
    parse::{Parse, ParseStream},
};

/// The words after which Python expects something else: no function and no argument can be called so.
const PYTHON_KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The options, none of them needed.
#[derive(Default)]
pub(crate) struct Options {
    /// The tool's name where it is not the function's.
    pub(crate) name: Option<LitStr>,
    /// A variant of `Effect`.
    pub(crate) effect: Option<syn::Ident>,
    /// Its results may hold what strangers wrote.
    pub(crate) untrusted: bool,
    /// How long a call may take.
    pub(crate) timeout: Option<Duration>,
    /// How many results are kept.
    pub(crate) cache: Option<LitInt>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            options.parse_one(input)?;
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        options.check()?;
        Ok(options)
    }
}

impl Options {
    fn parse_one(&mut self, input: ParseStream<'_>) -> Result<()> {
        let key: syn::Ident = input.parse()?;
        if key == "untrusted" {
            self.untrusted = true;
            return no_value(input);
        }
        if !["name", "effect", "timeout", "cache"].contains(&key.to_string().as_str()) {
            let message = format!(
                "`#[tool]` has no option `{key}`\n\nhint: its options are `name`, `effect`, `untrusted`, `timeout` and \
                 `cache`"
            );
            return Err(Error::new(key.span(), message));
        }
        input.parse::<syn::Token![=]>()?;
        if key == "cache" {
            self.cache = Some(cache_size(input)?);
            return Ok(());
        }
        let value: LitStr = input.parse()?;
        if key == "name" {
            check_python_name(&value.value(), value.span())?;
            self.name = Some(value);
        } else if key == "effect" {
            self.effect = Some(effect_variant(&value)?);
        } else {
            self.timeout = Some(duration(&value)?);
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        match (&self.cache, &self.effect) {
            (Some(cache), Some(effect)) if effect == "Writes" => {
                let message =
                    "a tool that writes cannot be cached: a call like an earlier one would do nothing";
                Err(Error::new(cache.span(), message))
            }
            _ => Ok(()),
        }
    }
}

fn no_value(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() || input.peek(syn::Token![,]) {
        return Ok(());
    }
    Err(input.error("`untrusted` takes no value\n\nhint: write `#[tool(untrusted)]`, or leave it out"))
}

fn effect_variant(word: &LitStr) -> Result<syn::Ident> {
    let variant = match word.value().as_str() {
        "pure" => "Pure",
        "reads" => "Reads",
        "writes" => "Writes",
        other => {
            let message = format!(
                "`{other}` is no effect of a tool\n\nhint: write \"pure\" for a computation, \"reads\" for a look at \
                 the world, \"writes\" for a change of it"
            );
            return Err(Error::new(word.span(), message));
        }
    };
    Ok(syn::Ident::new(variant, word.span()))
}

fn cache_size(input: ParseStream<'_>) -> Result<LitInt> {
    let span = input.span();
    let size: Option<LitInt> = input.parse().ok().filter(|size: &LitInt| {
        size.base10_parse::<u32>().is_ok_and(|entries| entries > 0) && size.suffix().is_empty()
    });
    let message =
        "`cache` is how many results are kept\n\nhint: write a whole number above 0, as in `cache = 128`";
    size.ok_or_else(|| Error::new(span, message))
}

fn duration(text: &LitStr) -> Result<Duration> {
    let written = text.value();
    let (number, unit) = written.split_at(written.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(0));
    let milliseconds = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let total = number.parse().ok().and_then(|number: u64| number.checked_mul(milliseconds));
    total.filter(|total| *total > 0).map(Duration::from_millis).ok_or_else(|| {
        let message = format!(
            "`{written}` is no time limit\n\nhint: write a whole number above 0 and a unit, as in \"500ms\", \"10s\", \
             \"5m\" or \"1h\""
        );
        Error::new(text.span(), message)
    })
}

/// Refuses what Python code could not write as a name.
pub(crate) fn check_python_name(name: &str, span: proc_macro2::Span) -> Result<()> {
    if PYTHON_KEYWORDS.contains(&name) {
        let message =
            format!("`{name}` is a keyword of Python, so no agent could write it\n\nhint: rename it");
        return Err(Error::new(span, message));
    }
    let starts_well = !name.starts_with(|first: char| first.is_ascii_digit());
    if starts_well
        && !name.is_empty()
        && name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
    {
        return Ok(());
    }
    let message = format!("`{name}` is no name in Python\n\nhint: use ASCII letters, digits and underscores");
    Err(Error::new(span, message))
}
