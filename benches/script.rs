//! The run that the benchmarks make.

/// Its steps.
pub const STEPS: usize = SCRIPT.len();

/// Ten blocks of the kind that models write. `N` is the run's own number, so that no two runs have one answer.
const SCRIPT: [&str; 10] = [
    "numbers = [(N * i) % 97 for i in range(50)]\nprint(len(numbers))",
    "import statistics\nmean = statistics.mean(numbers)\nprint(round(mean, 3))",
    "def scale(values, factor):\n    return [value * factor for value in values]\nscaled = scale(numbers, 3)\nprint(scaled[:5])",
    "evens = [value for value in scaled if value % 2 == 0]\nprint(len(evens))",
    "counts = {}\nfor value in scaled:\n    key = value % 10\n    counts[key] = counts.get(key, 0) + 1\nprint(sorted(counts.items()))",
    "import re\ntext = ' '.join(str(number) for number in numbers)\nprint(len(re.findall(r'[0-9]+', text)))",
    "words = text.split()\nprint(max(words, key=len))",
    "total = 0\nfor value in scaled:\n    if value > 30:\n        total += value\nprint(total)",
    "from datetime import date, timedelta\nday = date(2024, 1, 1) + timedelta(days=total % 365)\nprint(day.isoformat())",
    "final_answer(total)",
];

/// One of its blocks; none after the last.
pub fn block(step: usize, number: &str) -> String {
    SCRIPT.get(step).unwrap_or(&"").replace('N', number)
}
