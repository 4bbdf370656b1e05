// llama.cpp on the text in a file: prompt, decode and memory. Prints the names that smol-models/benches/local.rs prints.
import { readFileSync } from "node:fs";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const [modelPath, threadCount, textFile] = process.argv.slice(2);
const threads = Number(threadCount);
const peak = () => Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)[1]) / 1024;

const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: threads });
// What node and the library hold without any model.
const without_model_mb = peak();
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 2048, threads, batchSize: 512 });
const sequence = context.getSequence();
const tokens = model.tokenize(readFileSync(textFile, "utf8"), true);

// The first batch sets things up; it is not part of the figures.
await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, 8));
await sequence.clearHistory();

const started = performance.now();
await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(0, -1));
const prompted = performance.now();

let written = 0;
let first = 0;
for await (const _ of sequence.evaluate(tokens.slice(-1), { temperature: 0, yieldEogToken: true })) {
    written += 1;
    first ||= performance.now();
    if (written > 128) break;
}
const decoded = performance.now();
console.log(JSON.stringify({
    prompt_tokens: tokens.length,
    decoded_tokens: written - 1,
    prompt_tps: (tokens.length - 1) / ((prompted - started) / 1e3),
    decode_tps: (written - 1) / ((decoded - first) / 1e3),
    without_model_mb,
    peak_mb: peak(),
}));
process.exit(0);
