//! What the models of this wire differ in, by their names.

use crate::prices;

/// The longest reply that is asked for from a model of which nothing is known: all that are served take it.
const SAFE_LIMIT: u64 = 8192;
/// The last generation that takes a temperature, and a budget for its thoughts.
const LAST_WITH_SETTINGS: (u32, u32) = (4, 6);

/// The longest reply to ask for where the caller sets no limit: this wire insists on one, and a short one would cut
/// off what an agent writes.
pub(super) fn longest_reply(model: &str) -> u64 {
    prices::find(model).and_then(|card| card.max_output).unwrap_or(SAFE_LIMIT)
}

/// Whether the model refuses a temperature, and decides by itself how long to think
/// (<https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking>). A Claude without a number is newer than
/// those with one of the old.
pub(super) fn decides_itself(model: &str) -> bool {
    let Some((_, name)) = model.split_once("claude") else { return false };
    let mut numbers = name.split(['-', '.', '@', '_']).filter(|part| part.len() <= 2).map(str::parse);
    let generation = numbers.by_ref().find_map(Result::ok);
    let part = numbers.next().and_then(Result::ok).unwrap_or(0);
    generation.is_none_or(|generation: u32| (generation, part) > LAST_WITH_SETTINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_are_told_by_name() {
        #[track_caller]
        fn check(model: &str, expect: bool) {
            assert_eq!(decides_itself(model), expect, "{model}");
        }
        check("claude-3-5-sonnet-latest", false);
        check("claude-3-7-sonnet-20250219", false);
        check("claude-opus-4-20250514", false);
        check("claude-opus-4-1@20250805", false);
        check("claude-sonnet-4-5", false);
        check("claude-opus-4-6-20260205", false);
        check("anthropic/claude-4.6-opus", false);
        check("claude-opus-4-7", true);
        check("claude-opus-4-8-20260801", true);
        check("claude-sonnet-5", true);
        check("claude-haiku-5-5", true);
        check("claude-mythos-preview", true);
        check("MiniMax-M2", false);
        check("kimi-k2", false);
    }

    #[test]
    fn the_longest_reply_is_the_models_own_or_a_safe_one() {
        assert_eq!(longest_reply("claude-sonnet-4-5-20250929"), 64_000);
        assert_eq!(longest_reply("some-model"), SAFE_LIMIT);
    }
}
