//! The generated code. The function becomes a value of its own type, named as the function: `agent.tool(add)`
//! takes the value, and `add(2, 3)` still calls the function, because the value dereferences to it.

use crate::function::{Argument, Output, Presence, ToolFunction};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, Lit};

/// The tool's item. `tools` is the path of the `smol_tools` crate.
pub(crate) fn expand(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let (visibility, ident) = (&function.item.vis, &function.item.sig.ident);
    let documentation = function.item.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let naming = type_naming(&ident.to_string());
    let inner = inner_function(function);
    let call_directly = call_directly(function, tools);
    let implementation = implementation(function, tools);
    quote! {
        #(#documentation)*
        #naming
        #[derive(Clone, Copy, Debug)]
        #visibility struct #ident;

        const _: () = {
            #inner
            #call_directly
            #implementation
        };
    }
}

/// The lint speaks of every type that is not in camel case, and of no other.
fn type_naming(name: &str) -> TokenStream {
    let is_camel = name.starts_with(char::is_uppercase) && !name.contains('_');
    if is_camel {
        return TokenStream::new();
    }
    quote!(#[expect(non_camel_case_types, reason = "a tool is named as its function")])
}

fn inner_function(function: &ToolFunction) -> TokenStream {
    let mut item = function.item.clone();
    item.vis = syn::Visibility::Inherited;
    item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    quote!(#item)
}

fn call_directly(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let signature = &function.item.sig;
    let ident = &signature.ident;
    let kinds = function.arguments.iter().map(|argument| &argument.kind);
    let names: Vec<_> = function.arguments.iter().map(|argument| &argument.ident).collect();
    let output = match &signature.output {
        syn::ReturnType::Default => quote!(()),
        syn::ReturnType::Type(_, kind) => quote!(#kind),
    };
    let (output, value) = if signature.asyncness.is_some() {
        let boxed = quote!(#tools::macro_support::BoxFuture<'static, #output>);
        (boxed, quote!(|#(#names),*| ::std::boxed::Box::pin(#ident(#(#names),*))))
    } else {
        (output, quote!(#ident))
    };
    let pointer = quote!(fn(#(#kinds),*) -> #output);
    quote! {
        impl ::core::ops::Deref for #ident {
            type Target = #pointer;

            fn deref(&self) -> &Self::Target {
                static FUNCTION: #pointer = #value;
                &FUNCTION
            }
        }
    }
}

fn implementation(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let ident = &function.item.sig.ident;
    let spec = spec(function, tools);
    let time_limit = time_limit(function);
    let call = call(function, tools);
    quote! {
        #[#tools::macro_support::async_trait]
        impl #tools::macro_support::Tool for #ident {
            fn spec(&self) -> &#tools::macro_support::ToolSpec {
                static SPEC: ::std::sync::LazyLock<#tools::macro_support::ToolSpec> =
                    ::std::sync::LazyLock::new(|| #spec);
                &SPEC
            }

            #time_limit

            async fn call(
                &self,
                arguments: #tools::macro_support::Value,
            ) -> ::core::result::Result<#tools::macro_support::Value, #tools::macro_support::ToolError> {
                #call
            }
        }
    }
}

fn time_limit(function: &ToolFunction) -> Option<TokenStream> {
    let milliseconds = u64::try_from(function.timeout?.as_millis()).unwrap_or(u64::MAX);
    Some(quote! {
        fn time_limit(&self) -> ::core::option::Option<::core::time::Duration> {
            ::core::option::Option::Some(::core::time::Duration::from_millis(#milliseconds))
        }
    })
}

/// The body of `call`: the arguments are taken and the function runs, unless the cache knows the result.
fn call(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let taken = function.arguments.iter().map(take_argument);
    let run = run(function, tools);
    let body = quote! {
        let mut __arguments = #tools::macro_support::Arguments::new(arguments)?;
        #(#taken)*
        __arguments.finish()?;
        #run
    };
    let Some(size) = &function.cache else { return body };
    quote! {
        static CACHE: ::std::sync::LazyLock<#tools::macro_support::Cache> =
            ::std::sync::LazyLock::new(|| #tools::macro_support::Cache::new(#size));
        CACHE.get_or_call(arguments, |arguments| async move { #body }).await
    }
}

fn run(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let (name, ident) = (&function.name, &function.item.sig.ident);
    let names = function.arguments.iter().map(|argument| &argument.ident);
    let awaited = function.item.sig.asyncness.map(|_| quote!(.await));
    let call = quote!(#ident(#(#names),*) #awaited);
    let result =
        if function.output.fallible { call } else { quote!(#tools::macro_support::infallible(#call)) };
    if function.needs_thread() {
        quote!(#tools::macro_support::run_on_thread(#name, move || #result).await)
    } else {
        quote!(#tools::macro_support::run(#name, async move { #result }).await)
    }
}

fn take_argument(argument: &Argument) -> TokenStream {
    let Argument { ident, name, kind, .. } = argument;
    match &argument.presence {
        Presence::Required => quote!(let #ident: #kind = __arguments.take(#name)?;),
        Presence::Optional => quote!(let #ident: #kind = __arguments.take_or(#name, || None)?;),
        Presence::Default(value) => {
            let value = default_value(value);
            quote!(let #ident: #kind = __arguments.take_or(#name, || #value)?;)
        }
    }
}

/// A string literal stands for a `String`, as a tool owns its arguments.
fn default_value(value: &Expr) -> TokenStream {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => quote!(::core::convert::From::from(#value)),
        other => quote!(#other),
    }
}

fn spec(function: &ToolFunction, tools: &TokenStream) -> TokenStream {
    let ToolFunction { name, description, untrusted, output: Output { value: output, .. }, .. } = function;
    let parameters = function.arguments.iter().map(parameter);
    let effect = match &function.effect {
        Some(variant) => quote!(#tools::macro_support::Effect::#variant),
        None => quote!(::core::default::Default::default()),
    };
    quote! {
        #tools::macro_support::ToolSpec {
            untrusted: #untrusted,
            ..#tools::macro_support::Signature::new()
                #(#parameters)*
                .spec::<#output>(#name, #description, #effect)
        }
    }
}

fn parameter(argument: &Argument) -> TokenStream {
    let Argument { name, description, kind, .. } = argument;
    match &argument.presence {
        Presence::Required => quote!(.required::<#kind>(#name, #description)),
        Presence::Optional => quote!(.optional::<#kind>(#name, #description)),
        Presence::Default(value) => {
            let value = default_value(value);
            quote!(.with_default::<#kind>(#name, #description, #value))
        }
    }
}
