// aimock's search service, which speaks Tavily's wire, on a free port. It prints its address, and ends with its input.
import { LLMock } from "@copilotkit/aimock";

const result = (number) => ({ title: `Crab ${number}`, url: `https://crab.example/${number}`, content: "sideways", score: 1 });
const mock = new LLMock({ port: 0 });
mock.onSearch(/crabs/, [1, 2, 3].map(result));
console.log(await mock.start());
process.stdin.resume().on("end", () => process.exit());
