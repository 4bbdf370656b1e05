//! What a model holds and what it costs, by its id.
//!
//! The figures are data that others gather (`prices.tsv` says who and when) and that services change as they like: good
//! for a budget that warns, not for an invoice.

use crate::provider::{maker, parts};

const TABLE: &str = include_str!("prices.tsv");

/// Services that pass requests on: what follows their name is an id of the service that answers, at its prices.
const GATEWAYS: [&str; 2] = ["litellm_proxy", "openrouter"];

/// What is known of a model. Prices are US dollars for a million tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ModelCard {
    /// How many tokens a request may have.
    pub context_window: Option<u64>,
    /// How many tokens a reply may have, where that is less than the window.
    pub max_output: Option<u64>,
    /// For input that the service has not seen before.
    pub input_price: Option<f64>,
    /// For input that the service finds in its cache.
    pub cached_input_price: Option<f64>,
    /// For output, thoughts included.
    pub output_price: Option<f64>,
    /// Whether it sees pictures; `None` where that is not known.
    pub vision: Option<bool>,
}

/// What is known of the model of this id, `provider/model` as [`crate::provider::model`] takes it, or a bare name.
///
/// A service that is not known to have the model says nothing of prices; then only what all others agree on is given,
/// without prices. A bare name is its maker's; where that is not known, what all agree on is given. An id that ends in a
/// date, as in `-2024-08-06` or `-20250929`, is looked for without it last.
pub fn find(model_id: &str) -> Option<ModelCard> {
    match parts(model_id) {
        Some((provider, name)) => find_at(&provider, name),
        None => or_without_date(model_id, |name| {
            maker(name).and_then(|maker| named_at(maker, name)).or_else(|| agreed(name))
        }),
    }
}

/// As [`find`], where the service and the name that it has for the model are known.
pub(crate) fn find_at(provider: &str, name: &str) -> Option<ModelCard> {
    if GATEWAYS.contains(&provider) {
        return find(name);
    }
    or_without_date(name, |name| named_at(provider, name))
}

fn named_at(provider: &str, name: &str) -> Option<ModelCard> {
    let listed = rows().find(|row| (row.provider, row.name) == (provider, name));
    let elsewhere = || {
        let ModelCard { context_window, max_output, vision, .. } = agreed(name)?;
        let card = ModelCard { context_window, max_output, vision, ..ModelCard::default() };
        (card != ModelCard::default()).then_some(card)
    };
    listed.map(|row| row.card).or_else(elsewhere)
}

/// The models of a service that anything is known of, by name.
pub fn of(provider: &str) -> impl Iterator<Item = (&'static str, ModelCard)> {
    rows().filter(move |row| row.provider == provider).map(|row| (row.name, row.card))
}

/// Whether the service is known to have a model of this name.
pub(crate) fn lists(provider: &str, name: &str) -> bool {
    rows().any(|row| (row.provider, row.name) == (provider, name))
}

/// What all services that have a model of this name say of it.
fn agreed(name: &str) -> Option<ModelCard> {
    let cards = rows().filter(|row| row.name == name).map(|row| row.card);
    let card = cards.reduce(|one, other| ModelCard {
        context_window: one.context_window.filter(|_| one.context_window == other.context_window),
        max_output: one.max_output.filter(|_| one.max_output == other.max_output),
        input_price: one.input_price.filter(|_| one.input_price == other.input_price),
        cached_input_price: one
            .cached_input_price
            .filter(|_| one.cached_input_price == other.cached_input_price),
        output_price: one.output_price.filter(|_| one.output_price == other.output_price),
        vision: one.vision.or(other.vision),
    });
    card.filter(|card| *card != ModelCard::default())
}

/// What is found under a name, or else under the name without the date at its end.
fn or_without_date(name: &str, find: impl Fn(&str) -> Option<ModelCard>) -> Option<ModelCard> {
    find(name).or_else(|| find(without_date(name)?))
}

/// The id before a date of eight digits.
fn without_date(id: &str) -> Option<&str> {
    ["-dddd-dd-dd", "-dddddddd", "@dddddddd"].into_iter().find_map(|shape| {
        let (rest, date) = id.split_at_checked(id.len().checked_sub(shape.len())?)?;
        let fits = |(found, expected): (char, char)| {
            if expected == 'd' { found.is_ascii_digit() } else { found == expected }
        };
        date.chars().zip(shape.chars()).all(fits).then_some(rest)
    })
}

struct Row {
    provider: &'static str,
    name: &'static str,
    card: ModelCard,
}

/// The table, read anew: that costs less than an answer's first token by far.
fn rows() -> impl Iterator<Item = Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.scan("", |provider, line| Some(row(provider, line))).flatten()
}

/// The row of a line, which may instead begin the models of the next provider.
fn row(provider: &mut &'static str, line: &'static str) -> Option<Row> {
    let Some((name, figures)) = line.split_once('\t') else {
        *provider = line;
        return None;
    };
    let mut figures = figures.split('\t');
    let mut next = || figures.next().filter(|figure| !figure.is_empty());
    let (context_window, max_output) = (next(), next());
    let (input_price, cached_input_price, output_price) = (next(), next(), next());
    let vision = next().map(|_| true);
    let card = ModelCard {
        vision,
        context_window: context_window.and_then(|count| count.parse().ok()),
        max_output: max_output.and_then(|count| count.parse().ok()),
        input_price: input_price.and_then(|price| price.parse().ok()),
        cached_input_price: cached_input_price.and_then(|price| price.parse().ok()),
        output_price: output_price.and_then(|price| price.parse().ok()),
    };
    Some(Row { provider, name, card })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_found_by_its_id() {
        /// `expect` is the window, the longest output and the three prices.
        #[track_caller]
        fn check(id: &str, expect: &str) {
            let text = |figure: Option<f64>| figure.map_or("?".to_owned(), |figure| figure.to_string());
            let count = |figure: Option<u64>| figure.map_or("?".to_owned(), |figure| figure.to_string());
            let card = find(id).unwrap();
            let prices = [card.input_price, card.cached_input_price, card.output_price].map(text).join(" ");
            let tokens = [card.context_window, card.max_output].map(count).join(" ");
            assert_eq!(format!("{tokens} {prices}"), expect, "{id}");
        }
        check("openai/gpt-4o", "128000 16384 2.5 1.25 10");
        check("anthropic/claude-sonnet-4-5", "200000 64000 3 0.3 15");
        check("gemini/gemini-2.5-flash", "1048576 65536 0.3 0.03 2.5");
        check("deepseek/deepseek-chat", "131072 8192 0.28 0.028 0.42");
        check("groq/openai/gpt-oss-120b", "131072 65536 0.15 0.075 0.6");
        check("cerebras/llama-3.1-8b", "128000 ? 0.1 ? 0.1");
        // A bare name, of which there is one, or several that differ.
        check("gpt-4o-mini", "128000 16384 0.15 0.075 0.6");
        check("deepseek-ai/DeepSeek-V3.2", "163840 ? ? ? ?");
        // A date that the table does not have, and one at other prices.
        check("openai/gpt-4o-2031-01-31", "128000 16384 2.5 1.25 10");
        check("claude-sonnet-4-5@20310131", "200000 64000 3 0.3 15");
        check("anthropic/claude-sonnet-4-5-20310131", "200000 64000 3 0.3 15");
        check("openai/gpt-4o-2024-05-13", "128000 4096 5 ? 15");
        // Whoever passes requests on does so at the service's price; who serves a model itself has a price of its own.
        check("openrouter/openai/gpt-4o", "128000 16384 2.5 1.25 10");
        check("litellm_proxy/gpt-4o", "128000 16384 2.5 1.25 10");
        check("huggingface/deepseek-ai/DeepSeek-V3.2", "163840 ? ? ? ?");
        check("hosted_vllm/gpt-4o", "128000 16384 ? ? ?");
    }

    #[test]
    fn a_service_that_is_known_need_not_stand_in_an_id() {
        for (provider, name) in [
            ("openai", "gpt-4o-2031-01-31"),
            ("groq", "openai/gpt-oss-120b"),
            ("openrouter", "openai/gpt-4o"),
            ("huggingface", "deepseek-ai/DeepSeek-V3.2"),
        ] {
            assert_eq!(find_at(provider, name), find(&format!("{provider}/{name}")), "{provider} {name}");
            assert!(find_at(provider, name).is_some(), "{provider} {name}");
        }
        // No id begins with the name of a service that only a user knows.
        let card =
            ModelCard { context_window: Some(128_000), max_output: Some(16384), ..ModelCard::default() };
        let found = find_at("ours", "gpt-4o").unwrap();
        assert_eq!(ModelCard { vision: None, ..found }, card);
    }

    #[test]
    fn an_unknown_model_has_no_card() {
        for id in [
            "",
            "/",
            "openai/",
            "openai",
            "openai/gpt",
            "nobody/gpt-4o",
            "é-2024-08-06",
            "-2024-08-06",
            "2024",
        ] {
            assert_eq!(find(id), None, "{id}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_parses_whole() {
        let key = |row: &Row| (row.provider, row.name);
        let all: Vec<Row> = rows().collect();
        assert!(all.is_sorted_by(|one, next| key(one) < key(next)));
        assert!(all.len() > 1000 && TABLE.len() <= 200_000);
        for line in TABLE.lines().filter(|line| line.contains('\t')) {
            let figures: Vec<&str> = line.split('\t').skip(1).collect();
            assert!(figures.len() == 6 && figures.iter().any(|figure| !figure.is_empty()), "{line}");
            let [tokens, prices] = [&figures[..2], &figures[2..5]];
            assert!(
                tokens
                    .iter()
                    .all(|count| count.is_empty() || count.parse::<u64>().is_ok_and(|count| count > 0))
            );
            assert!(
                prices
                    .iter()
                    .all(|price| price.is_empty() || price.parse::<f64>().is_ok_and(|price| price >= 0.0))
            );
        }
        for row in all {
            assert_eq!(
                parts(&format!("{}/{}", row.provider, row.name)),
                Some((row.provider.to_owned(), row.name))
            );
        }
    }
}
