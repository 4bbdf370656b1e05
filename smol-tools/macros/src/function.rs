//! A function read as a tool, or the sentence that says why it cannot be one.

use crate::{
    documentation::{Documentation, doc_text},
    options::{Options, check_python_name},
};
use std::time::Duration;
use syn::{
    Attribute, Error, Expr, FnArg, GenericArgument, Ident, Item, ItemFn, LitInt, Pat, PatType, PathArguments,
    Result, ReturnType, Type, spanned::Spanned,
};

/// All that the generated code needs to know.
pub(crate) struct ToolFunction {
    /// The function as written, its arguments freed of what only `#[tool]` understands.
    pub(crate) item: ItemFn,
    /// What the model calls it.
    pub(crate) name: String,
    /// What the model reads about it.
    pub(crate) description: String,
    /// A variant of `Effect`, if given.
    pub(crate) effect: Option<Ident>,
    /// Its results may hold what strangers wrote.
    pub(crate) untrusted: bool,
    /// How long a call may take, if not as long as any.
    pub(crate) timeout: Option<Duration>,
    /// How many results are kept, if any.
    pub(crate) cache: Option<LitInt>,
    /// In order.
    pub(crate) arguments: Vec<Argument>,
    /// What it gives.
    pub(crate) output: Output,
}

/// One argument.
pub(crate) struct Argument {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) kind: Type,
    pub(crate) presence: Presence,
}

/// Whether an argument may be left out.
pub(crate) enum Presence {
    Required,
    /// `Option<T>`: left out, it is `None`.
    Optional,
    /// `#[default(…)]`: left out, it is this.
    Default(Expr),
}

/// What a function gives.
pub(crate) struct Output {
    /// The type of the value.
    pub(crate) value: Type,
    /// Whether it comes in a `Result`.
    pub(crate) fallible: bool,
}

impl ToolFunction {
    /// Whether it may hold up its thread, so that it needs one of its own: it is not `async`, and waits for the world or
    /// can be given up.
    pub(crate) fn needs_thread(&self) -> bool {
        let is_pure = self.effect.as_ref().is_some_and(|effect| effect == "Pure");
        self.item.sig.asyncness.is_none() && (!is_pure || self.timeout.is_some())
    }

    /// Reads `item`, which must be a free function.
    pub(crate) fn read(options: Options, item: Item) -> Result<Self> {
        let Item::Fn(mut item) = item else {
            return refuse(&item, "`#[tool]` goes on a free function");
        };
        check_signature(&item)?;
        let documentation = Documentation::read(&doc_text(&item.attrs));
        if documentation.description.is_empty() {
            let message =
                "a tool needs a doc comment\n\nhint: say what it does and when to use it: the model reads it";
            return refuse(&item.sig.ident, message);
        }
        let arguments = read_arguments(&mut item, &documentation)?;
        check_documented(&item.sig.ident, &documentation, &arguments)?;
        let Options { name, effect, untrusted, timeout, cache } = options;
        let name = match name {
            Some(name) => name.value(),
            None => python_name(&item.sig.ident)?,
        };
        let output = read_output(&item.sig.output);
        let description = documentation.description;
        Ok(Self { item, name, description, effect, untrusted, timeout, cache, arguments, output })
    }
}

fn refuse<T>(place: &impl Spanned, message: impl std::fmt::Display) -> Result<T> {
    Err(Error::new(place.span(), message))
}

fn check_signature(item: &ItemFn) -> Result<()> {
    let signature = &item.sig;
    if let Some(receiver) = signature.receiver() {
        let message = "a tool is a free function: it has no `self`\n\nhint: implement `Tool` for the type, or wrap a \
                       closure that holds it in `FunctionTool`";
        return refuse(receiver, message);
    }
    if !signature.generics.params.is_empty() {
        let message = "a tool cannot be generic: the model must be told one type for each argument";
        return refuse(&signature.generics, message);
    }
    if let Some(keyword) = &signature.unsafety {
        return refuse(
            keyword,
            "a tool cannot be an unsafe function: nobody would check what a model passes",
        );
    }
    Ok(())
}

fn read_arguments(item: &mut ItemFn, documentation: &Documentation) -> Result<Vec<Argument>> {
    let typed = item.sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed.map(|typed| read_argument(typed, documentation)).collect()
}

fn read_argument(typed: &mut PatType, documentation: &Documentation) -> Result<Argument> {
    let ident = match typed.pat.as_ref() {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => pattern.ident.clone(),
        other => {
            return refuse(
                other,
                "a tool's argument is a plain name, which the model is told\n\nhint: take it apart inside",
            );
        }
    };
    check_type(&typed.ty)?;
    let name = python_name(&ident)?;
    let listed =
        documentation.arguments.iter().find(|(listed, _)| *listed == name).map(|(_, words)| words.clone());
    let own = doc_text(&typed.attrs);
    let description = if own.is_empty() { listed.unwrap_or_default() } else { own };
    let presence = take_presence(typed)?;
    Ok(Argument { ident, name, description, kind: (*typed.ty).clone(), presence })
}

fn check_type(kind: &Type) -> Result<()> {
    match kind {
        Type::Reference(_) => {
            refuse(kind, "a tool owns its arguments\n\nhint: take `String` for `&str`, `Vec<T>` for `&[T]`")
        }
        Type::ImplTrait(_) => {
            refuse(kind, "a tool cannot be generic: the model must be told one type for each argument")
        }
        _ => Ok(()),
    }
}

/// Takes from the argument what rustc would not know: its doc comment and `#[default(…)]`.
fn take_presence(typed: &mut PatType) -> Result<Presence> {
    let is_default = |attribute: &Attribute| attribute.path().is_ident("default");
    let default =
        typed.attrs.iter().find(|attribute| is_default(attribute)).map(Attribute::parse_args).transpose()?;
    typed.attrs.retain(|attribute| !is_default(attribute) && !attribute.path().is_ident("doc"));
    Ok(match default {
        Some(value) => Presence::Default(value),
        None if generic_arguments(&typed.ty, "Option").is_some() => Presence::Optional,
        None => Presence::Required,
    })
}

fn check_documented(function: &Ident, documentation: &Documentation, arguments: &[Argument]) -> Result<()> {
    let unknown =
        documentation.arguments.iter().find(|(name, _)| arguments.iter().all(|known| known.name != *name));
    match unknown {
        Some((name, _)) => {
            refuse(function, format!("the doc comment describes `{name}`, which `{function}` does not take"))
        }
        None => Ok(()),
    }
}

fn python_name(ident: &Ident) -> Result<String> {
    let written = ident.to_string();
    let name = written.strip_prefix("r#").unwrap_or(&written);
    check_python_name(name, ident.span())?;
    Ok(name.to_owned())
}

fn read_output(output: &ReturnType) -> Output {
    let kind = match output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, kind) => (**kind).clone(),
    };
    let value = generic_arguments(&kind, "Result").and_then(|arguments| match arguments.first() {
        Some(GenericArgument::Type(value)) => Some(value.clone()),
        _ => None,
    });
    match value {
        Some(value) => Output { value, fallible: true },
        None => Output { value: kind, fallible: false },
    }
}

/// What stands in the angle brackets of `kind`, if its last word is `word`.
fn generic_arguments(kind: &Type, word: &str) -> Option<Vec<GenericArgument>> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == word)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments.args.iter().cloned().collect()),
        _ => None,
    }
}
