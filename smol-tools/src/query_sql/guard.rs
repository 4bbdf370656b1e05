//! What a statement may do, asked by SQLite for each thing that it would do, before it runs.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Settings that only tell about tables.
const TELLING: [&str; 8] = [
    "database_list",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Functions that reach beyond the database.
const REACHING: [&str; 2] = ["fts3_tokenizer", "load_extension"];

pub(super) fn authorizer(
    writable: bool,
) -> impl for<'r> FnMut(AuthContext<'r>) -> Authorization + Send + 'static {
    move |context| {
        if may(&context.action, writable) { Authorization::Allow } else { Authorization::Deny }
    }
}

fn may(action: &AuthAction<'_>, writable: bool) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => !REACHING.contains(function_name),
        AuthAction::Pragma { pragma_name, .. } => TELLING.contains(pragma_name),
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::CreateVtable { .. }
        | AuthAction::DropVtable { .. }
        | AuthAction::Unknown { .. } => false,
        _ => writable,
    }
}
