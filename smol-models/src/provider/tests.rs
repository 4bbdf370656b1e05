//! Which service, address and key an id leads to, and what is said where it leads nowhere.

use super::*;
use crate::remote::SecretString;
use smol_core::model::Model;

const ENVIRONMENT: &[(&str, &str)] = &[
    ("OPENAI_API_KEY", "sk-openai-canary"),
    ("GROQ_API_KEY", " "),
    ("HUGGINGFACE_API_KEY", "hf-second-name"),
    ("VERTEXAI_PROJECT", "our-project"),
    ("AWS_REGION", "eu-west-1"),
    ("LM_STUDIO_API_BASE", "http://10.0.0.2:1234/v1"),
];

fn variable(name: &str) -> Option<String> {
    ENVIRONMENT.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
}

fn resolve(id: &str, options: Options) -> Result<LiteLLMModel, ModelError> {
    Providers::known()?.resolve(id, options, &variable)
}

fn options(api_base: &str, api_key: &str) -> Options {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Options {
        api_base: given(api_base),
        api_key: given(api_key).map(SecretString::from),
        ..Options::default()
    }
}

#[test]
fn an_id_leads_to_an_address_a_model_and_a_key() {
    #[track_caller]
    fn check(id: &str, options: Options, base: &str, name: &str, key: Option<&str>) {
        let model = resolve(id, options).unwrap();
        let (found_base, found_name, found_key) = model.parts();
        assert_eq!((found_base, found_name, found_key), (base, name, key), "{id}");
        assert_eq!(model.id(), id);
    }
    let openai = Some("sk-openai-canary");
    check("openai/gpt-4o", options("", ""), "https://api.openai.com/v1", "gpt-4o", openai);
    check("openai/gpt-4o", options("", "mine"), "https://api.openai.com/v1", "gpt-4o", Some("mine"));
    check("openai/a/b", options("http://h/v1", ""), "http://h/v1", "a/b", openai);
    check("ollama/qwen3:4b", options("", ""), "http://localhost:11434", "qwen3:4b", None);
    check("gpt-4o", options("", ""), "https://api.openai.com/v1", "gpt-4o", openai);
    check(
        "gpt-4o",
        options("https://api.openai.com/v1/", ""),
        "https://api.openai.com/v1/",
        "gpt-4o",
        openai,
    );
    check("gpt-4o", options("https://api.groq.com/x", "k"), "https://api.groq.com/x", "gpt-4o", Some("k"));
    check(
        "huggingface/together/deepseek-ai/DeepSeek-R1",
        options("", "hf_x"),
        "https://router.huggingface.co/v1",
        "deepseek-ai/DeepSeek-R1:together",
        Some("hf_x"),
    );
    check(
        "azure/gpt",
        options("https://ours.openai.azure.com", "k"),
        "https://ours.openai.azure.com",
        "gpt",
        Some("k"),
    );
    check(
        "vertex_ai/gemini-2.5-pro",
        options("", "k"),
        "https://aiplatform.googleapis.com/v1",
        "gemini-2.5-pro",
        Some("k"),
    );
    #[cfg(feature = "bedrock")]
    check(
        "bedrock/amazon.nova-pro-v1:0",
        options("", "k"),
        "https://bedrock-runtime.eu-west-1.amazonaws.com",
        "amazon.nova-pro-v1:0",
        Some("k"),
    );
    let named = Options { provider: Some("openai".to_owned()), ..Options::default() };
    check("groq/m", named, "https://api.openai.com/v1", "groq/m", openai);
    check("groq/m", options("http://h/v1", "sk-ant-proxy"), "http://h/v1", "m", Some("sk-ant-proxy"));
    check("lm_studio/m", options("", ""), "http://10.0.0.2:1234/v1", "m", None);
    check("lm_studio/m", options("http://h/v1", "k"), "http://h/v1", "m", Some("k"));
    check(
        "huggingface/Qwen/Qwen3",
        options("", ""),
        "https://router.huggingface.co/v1",
        "Qwen/Qwen3",
        Some("hf-second-name"),
    );
    check("groq/m", options("http://127.0.0.1:9/v1", ""), "http://127.0.0.1:9/v1", "m", None);
    check("groq/m", options("http://[::1]:9/v1", ""), "http://[::1]:9/v1", "m", None);
    check("Qwen/Qwen3", options("https://example.org/v1", ""), "https://example.org/v1", "Qwen/Qwen3", None);
    check(
        "gpt-4o",
        options("https://example.org/v1", "mine"),
        "https://example.org/v1",
        "gpt-4o",
        Some("mine"),
    );
}

#[test]
fn what_is_known_of_a_model_comes_with_it() {
    let info = |id| resolve(id, options("", "key")).unwrap().info();
    let known = info("openai/gpt-4o");
    assert_eq!((known.context_window, known.structured_output), (Some(128_000), true));
    assert_eq!(known.price, Some(Price { input: 2.5, cached_input: Some(1.25), output: 10.0 }));
    assert_eq!(info("groq/no-such-model"), ModelInfo::default());
}

#[test]
fn what_is_missing_is_named() {
    #[track_caller]
    fn check(id: &str, options: Options, expect: &str) {
        assert_eq!(resolve(id, options).unwrap_err().to_string(), expect);
    }
    check(
        "groq/m",
        options("", ""),
        "`groq` needs an API key, and none was given\n\nhint: set `GROQ_API_KEY`",
    );
    check(
        "gemini/m",
        options("https://127.0.0.1.example.org", ""),
        "`gemini` needs an API key, and none was given\n\nhint: set `GEMINI_API_KEY` or `GOOGLE_API_KEY`",
    );
    check(
        "hosted_vllm/m",
        options("", ""),
        "`hosted_vllm` has no fixed address\n\nhint: give its server's as the API base, or set `HOSTED_VLLM_API_BASE`",
    );
    check(
        "opnai/gpt-4o",
        options("", ""),
        "no provider is called `opnai`, as in the model `opnai/gpt-4o`\n\nhint: did you mean `openai`?",
    );
    check(
        "Zzz/model",
        options("", ""),
        "no provider is called `Zzz`, as in the model `Zzz/model`\n\nhint: a model of the Hub is `huggingface/Zzz/model`; a server of your own needs its API base",
    );
    check(
        "my-model",
        options("", ""),
        "the model `my-model` names no provider\n\nhint: write it as `openai/my-model`, or give the API base of the server that has it",
    );
    check(
        "openai/gpt-4o",
        options("", "sk-ant-api03-canary"),
        "the key given for `openai` is one of `anthropic`; it was not sent\n\nhint: give a key of `openai`, or ask for `anthropic/…`",
    );
    check(
        "cloudflare/m",
        options("", "key"),
        "the address of `cloudflare` needs `CLOUDFLARE_ACCOUNT_ID`, which is not set\n\nhint: set `CLOUDFLARE_ACCOUNT_ID`, or give the whole address as the API base",
    );
    check(
        "claude-sonnet-9",
        options("", ""),
        "`anthropic` needs an API key, and none was given\n\nhint: set `ANTHROPIC_API_KEY`",
    );
}
