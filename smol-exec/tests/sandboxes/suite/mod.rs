//! What every sandbox promises, however its Python is run: one line runs all of it on an executor.
//!
//! Executors differ in one thing here: a block that runs too long raises a `TimeoutError` and leaves the session alive, or
//! the sandbox is lost.

mod answers;
mod imports;
mod limits;
mod protocol;
mod seeds;
mod state;
mod tools;
mod values;

use crate::common::{feed, open, text};
pub(crate) use limits::bounds_memory;
use smol_core::exec::{Executor, Sandbox, SandboxSpec};

/// Fails unless `executor` does what every executor must. Besides, one that can bound memory passes [`bounds_memory`].
pub(crate) async fn passes(executor: &dyn Executor) {
    answers::an_answer_ends_the_run(executor).await;
    answers::the_function_is_there_again_in_the_next_block(executor).await;
    answers::a_definition_of_the_name_is_no_answer(executor).await;
    imports::what_is_not_listed_is_refused(executor).await;
    imports::what_is_listed_may_be_imported_with_its_submodules_and_needs(executor).await;
    limits::a_block_that_runs_too_long_is_stopped(executor).await;
    limits::time_spent_waiting_for_a_tool_does_not_count(executor).await;
    limits::output_is_cut_in_the_middle(executor).await;
    protocol::what_does_not_fit_is_refused_and_harms_nothing(executor).await;
    protocol::ids_of_calls_begin_anew_with_each_block(executor).await;
    protocol::dropping_the_feed_stops_the_code(executor).await;
    protocol::a_sandbox_can_be_dropped_at_any_moment(executor).await;
    protocol::sandboxes_run_at_once_and_apart(executor).await;
    seeds::a_seed_fixes_what_is_drawn(executor).await;
    seeds::sessions_without_a_seed_differ(executor).await;
    state::blocks_share_their_state(executor).await;
    state::what_is_printed_comes_with_the_outcome(executor).await;
    state::tracebacks_are_those_of_cpython_and_begin_at_the_users_block(executor).await;
    state::deep_recursion_is_an_exception_and_the_session_lives_on(executor).await;
    tools::arguments_are_bound_by_the_schema(executor).await;
    tools::wrong_arguments_are_told_in_python(executor).await;
    tools::a_tools_error_is_an_exception_that_code_can_catch(executor).await;
    tools::tools_tell_of_themselves(executor).await;
    tools::a_tools_name_is_not_to_be_rebound(executor).await;
    tools::a_deleted_tool_is_back_in_the_next_block(executor).await;
    values::values_go_out_tagged_where_json_lacks_them(executor).await;
    values::values_come_in_as_they_went_out(executor).await;
    values::kinds_of_the_basic_types_go_as_those(executor).await;
    values::what_cannot_go_goes_as_a_short_text(executor).await;
}

/// A sandbox that was told nothing.
async fn sandbox(executor: &dyn Executor) -> Box<dyn Sandbox> {
    open(executor, SandboxSpec::default()).await
}

/// Fails unless this sandbox, or else a new one of its executor's, takes the next block.
async fn next_block_runs(sandbox: &mut dyn Sandbox) {
    assert_eq!(text(&feed(sandbox, "6 * 7").await), "42");
}

/// A traceback without the lines of marks, which versions of Python put elsewhere.
fn plain(traceback: &str) -> String {
    let is_marks =
        |line: &str| !line.trim().is_empty() && line.trim().chars().all(|mark| "~^".contains(mark));
    traceback.lines().filter(|line| !is_marks(line)).collect::<Vec<_>>().join("\n")
}
