//! Whether an error that a statement raises may be caught around it.

use ruff_python_ast::{ExceptHandler, Expr, StmtTry, StmtWith};
use ruff_python_stdlib::builtins::is_exception;
use std::ops::BitOr;

/// Which faults are none at some place in the code, as the code may count on them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Expected {
    /// A name that is not defined.
    pub(super) unknown_names: bool,
    /// Arguments that do not fit.
    pub(super) wrong_arguments: bool,
}

impl Expected {
    pub(super) const ALL: Self = Self { unknown_names: true, wrong_arguments: true };

    /// In the body of this `try`.
    pub(super) fn by_handlers(statement: &StmtTry) -> Self {
        let types =
            statement.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| handler.type_.as_deref());
        types.fold(Self::default(), |expected, handled| expected | Self::by_type(handled))
    }

    /// In the body of this `with`, which may be `with suppress(…):`.
    pub(super) fn by_suppress(statement: &StmtWith) -> Self {
        let calls = statement.items.iter().filter_map(|item| item.context_expr.as_call_expr());
        let suppress = calls.filter(|call| match &*call.func {
            Expr::Name(name) => name.id == "suppress",
            Expr::Attribute(attribute) => attribute.attr.id == "suppress",
            _ => false,
        });
        let types = suppress.flat_map(|call| &call.arguments.args);
        types.fold(Self::default(), |expected, handled| expected | Self::by_type(Some(handled)))
    }

    fn by_type(handled: Option<&Expr>) -> Self {
        Self {
            unknown_names: may_catch(handled, "NameError"),
            wrong_arguments: may_catch(handled, "TypeError"),
        }
    }
}

impl BitOr for Expected {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            unknown_names: self.unknown_names || other.unknown_names,
            wrong_arguments: self.wrong_arguments || other.wrong_arguments,
        }
    }
}

fn may_catch(handled: Option<&Expr>, error: &str) -> bool {
    let catches = |name: &str| ["BaseException", "Exception", error].contains(&name);
    match handled {
        Some(Expr::Tuple(types)) => {
            super::deeper(|| types.elts.iter().any(|one| may_catch(Some(one), error)))
        }
        Some(Expr::Attribute(attribute)) => catches(&attribute.attr.id),
        // A name of the code's own may stand for any error.
        Some(Expr::Name(name)) => {
            catches(&name.id) || !(is_exception(&name.id, 14) || name.id == "ToolError")
        }
        _ => true,
    }
}
