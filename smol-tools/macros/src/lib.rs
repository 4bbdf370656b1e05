//! The `#[tool]` attribute. A tool is told to the model by its name, its words and its types, and a documented
//! Rust function already has all three: the attribute only reads them. What it cannot read it refuses here, in
//! a sentence of its own, so that no half-described tool reaches a model.
//!
//! The generated code is small on purpose: it lists the parameters and calls `smol_tools::macro_support`, where
//! the behaviour lives and can be read and tested as ordinary code.

mod documentation;
mod expand;
mod function;
mod options;

use proc_macro::TokenStream;
use quote::quote;

/// Turns a documented function into a tool; `smol_tools::tool` has the whole story.
#[proc_macro_attribute]
pub fn tool(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(options, item, quote!(::smol_tools))
}

/// The same for users of the `smolagents` facade, which re-exports it as `smolagents::tool` and the tools crate
/// as `smolagents::tools`.
#[proc_macro_attribute]
pub fn facade_tool(options: TokenStream, item: TokenStream) -> TokenStream {
    expand(options, item, quote!(::smolagents::tools))
}

fn expand(options: TokenStream, item: TokenStream, tools: proc_macro2::TokenStream) -> TokenStream {
    let expanded = syn::parse(options).and_then(|options| {
        let function = function::ToolFunction::read(options, syn::parse(item)?)?;
        Ok(expand::expand(&function, &tools))
    });
    expanded.unwrap_or_else(|error| error.to_compile_error()).into()
}
