// What Pyodide in Deno costs, in the form of smol-exec/examples/bench_exec.rs. It runs in Deno's own process: a tool call
// crosses from Python to JavaScript and no further.

import { loadPyodide } from "pyodide";

const FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(24)";

async function taken(work, times) {
  const all = [];
  for (let turn = 0; turn < times; turn++) {
    const started = performance.now();
    await work();
    all.push(performance.now() - started);
  }
  return all.sort((one, other) => one - other)[Math.floor(times / 2)];
}

async function fresh() {
  const python = await loadPyodide({ stdout() {} });
  python.globals.set("add", () => 2);
  return python;
}

const figure = (value, width, digits) => value.toFixed(digits).padStart(width);
const start = await taken(async () => (await fresh()).runPython("print('hello')"), 3);
const python = await fresh();
python.runPython("x = 0");
const block = await taken(() => python.runPython("x += 1"), 200);
const call = (await taken(() => python.runPython("for _ in range(300): add(1)"), 1)) / 300;
const fib = await taken(() => python.runPython(FIB), 5);
console.log(
  `${"Pyodide in Deno".padEnd(28)}start ${figure(start, 9, 2)} ms   block ${figure(block, 8, 3)} ms   ` +
    `tool call ${figure(call, 8, 3)} ms   fib(24) ${figure(fib, 9, 2)} ms`,
);
