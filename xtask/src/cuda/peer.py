"""The peer of bench_gpu: the same shapes with random weights on PyTorch and transformers, greedy, in bfloat16."""

import sys
import time

SHAPES = {
    "0.6B": (1024, 3072, 28, 16, 8, 128, 151936),
    "8B": (4096, 14336, 32, 32, 8, 128, 128256),
    "32B": (5120, 25600, 64, 64, 8, 128, 151936),
}
PROMPT, DECODED = 2048, 128

try:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
except ImportError as cause:
    print(f"no peer to compare with: {cause}")
    sys.exit(0)


def model_of(width, feed_forward, layers, heads, kv_heads, head_size, vocabulary):
    config = LlamaConfig(
        hidden_size=width,
        intermediate_size=feed_forward,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=head_size,
        vocab_size=vocabulary,
        max_position_embeddings=8192,
        tie_word_embeddings=False,
    )
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        model = LlamaForCausalLM(config).eval()
    torch.set_default_dtype(before)
    return model


def timed(work):
    torch.cuda.synchronize()
    started = time.perf_counter()
    result = work()
    torch.cuda.synchronize()
    return result, time.perf_counter() - started


@torch.inference_mode()
def measure(name):
    model = model_of(*SHAPES[name])
    tokens = torch.arange(PROMPT, device="cuda")[None] % 1000

    def read():
        return model(tokens, use_cache=True, logits_to_keep=1)

    def write(state):
        cache, last = state.past_key_values, state.logits[:, -1:].argmax(-1)
        for _ in range(DECODED):
            state = model(last, past_key_values=cache, use_cache=True)
            cache, last = state.past_key_values, state.logits[:, -1:].argmax(-1)
            last.item()

    write(read())
    state, prompt = timed(read)
    _, decode = timed(lambda: write(state))
    print(
        f"transformers on torch {torch.__version__}, {name} bf16: "
        f"prompt {PROMPT / prompt:.0f} tokens/s, decode {DECODED / decode:.1f} tokens/s"
    )


if not torch.cuda.is_available():
    print("no peer to compare with: this PyTorch sees no GPU")
    sys.exit(0)
for name in sys.argv[1:] or SHAPES:
    measure(name)
    torch.cuda.empty_cache()
