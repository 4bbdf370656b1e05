//! Who can be asked, as data.

/// A service that speaks OpenAI's chat completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Provider {
    /// What stands before the slash of a model's id.
    pub(super) id: &'static str,
    /// Its address; empty where there is none that would fit everybody.
    pub(super) base: &'static str,
    /// The variables that may hold its key, best first. None: it needs no key.
    pub(super) keys: &'static [&'static str],
    /// Fields of a request that it answers 422 to.
    pub(super) refuses: &'static [&'static str],
}

const fn row(id: &'static str, base: &'static str, keys: &'static [&'static str]) -> Provider {
    Provider { id, base, keys, refuses: &[] }
}

/// Sorted by id.
pub(super) const PROVIDERS: &[Provider] = &[
    row("anthropic", "https://api.anthropic.com/v1", &["ANTHROPIC_API_KEY"]),
    row("cerebras", "https://api.cerebras.ai/v1", &["CEREBRAS_API_KEY"]),
    row("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", &["DASHSCOPE_API_KEY"]),
    row("deepinfra", "https://api.deepinfra.com/v1/openai", &["DEEPINFRA_API_KEY"]),
    row("deepseek", "https://api.deepseek.com/beta", &["DEEPSEEK_API_KEY"]),
    row(
        "fireworks_ai",
        "https://api.fireworks.ai/inference/v1",
        &["FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"],
    ),
    row(
        "gemini",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    ),
    row("groq", "https://api.groq.com/openai/v1", &["GROQ_API_KEY"]),
    row("hosted_vllm", "", &[]),
    row("huggingface", "https://router.huggingface.co/v1", &["HF_TOKEN", "HUGGINGFACE_API_KEY"]),
    row("hyperbolic", "https://api.hyperbolic.xyz/v1", &["HYPERBOLIC_API_KEY"]),
    row("litellm_proxy", "", &["LITELLM_PROXY_API_KEY"]),
    row("llamafile", "http://127.0.0.1:8080/v1", &[]),
    row("lm_studio", "http://127.0.0.1:1234/v1", &[]),
    row("minimax", "https://api.minimax.io/v1", &["MINIMAX_API_KEY"]),
    Provider {
        refuses: &["stream_options"],
        ..row("mistral", "https://api.mistral.ai/v1", &["MISTRAL_API_KEY"])
    },
    row("moonshot", "https://api.moonshot.ai/v1", &["MOONSHOT_API_KEY"]),
    row("nebius", "https://api.studio.nebius.ai/v1", &["NEBIUS_API_KEY"]),
    row("novita", "https://api.novita.ai/v3/openai", &["NOVITA_API_KEY"]),
    row("nvidia_nim", "https://integrate.api.nvidia.com/v1", &["NVIDIA_NIM_API_KEY"]),
    row("ollama", "http://localhost:11434/v1", &[]),
    row("ollama_chat", "http://localhost:11434/v1", &[]),
    row("openai", "https://api.openai.com/v1", &["OPENAI_API_KEY"]),
    row("openrouter", "https://openrouter.ai/api/v1", &["OPENROUTER_API_KEY", "OR_API_KEY"]),
    row("perplexity", "https://api.perplexity.ai", &["PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"]),
    row("sambanova", "https://api.sambanova.ai/v1", &["SAMBANOVA_API_KEY"]),
    row(
        "together_ai",
        "https://api.together.ai/v1",
        &["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY", "TOGETHERAI_API_KEY"],
    ),
    row("vllm", "http://localhost:8000/v1", &[]),
    row("xai", "https://api.x.ai/v1", &["XAI_API_KEY"]),
    row("zai", "https://api.z.ai/api/paas/v4", &["ZAI_API_KEY"]),
];
