//! Tools with a state: a type of your own, a closure, files of a folder, a database; and how to group them.
//!
//! ```text
//! cargo run --example stateful_tools --features sql
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smolagents::{
    Effect, Tool, ToolError, ToolSpec,
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tools::{FunctionTool, QuerySql, Toolbox, files::Folder, parse_arguments, spec_of},
};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

/// Get weather information for a location, with a counter of how often it was asked.
struct WeatherTool {
    spec: ToolSpec,
    asked: AtomicU32,
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    /// City name or coordinates (e.g., 'Paris', 'Tokyo')
    location: String,
    /// Temperature unit
    #[serde(default)]
    unit: Unit,
    /// Number of forecast days
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10))]
    forecast_days: u32,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Celsius,
    Fahrenheit,
}

#[derive(Serialize, JsonSchema)]
struct Weather {
    location: String,
    temperature: f64,
    conditions: String,
    humidity: u8,
    forecast: Vec<Day>,
}

#[derive(Serialize, JsonSchema)]
struct Day {
    high: f64,
    low: f64,
}

fn one() -> u32 {
    1
}

impl WeatherTool {
    fn new() -> Self {
        let description =
            "Get weather information for a location. Returns temperature, conditions, humidity.";
        Self { spec: spec_of::<Place, Weather>("get_weather", description), asked: AtomicU32::new(0) }
    }
}

#[async_trait::async_trait]
impl Tool for WeatherTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let Place { location, unit, forecast_days } = parse_arguments(arguments)?;
        let humidity = 65 + u8::try_from(self.asked.fetch_add(1, Ordering::Relaxed)).unwrap_or(0);
        let temperature = if matches!(unit, Unit::Celsius) { 22.5 } else { 72.5 };
        let day = || Day { high: temperature + 2.0, low: temperature - 8.0 };
        let forecast = (0..forecast_days).map(|_| day()).collect();
        let weather =
            Weather { location, temperature, conditions: "Partly cloudy".to_owned(), humidity, forecast };
        serde_json::to_value(weather).map_err(|error| ToolError(error.to_string()))
    }
}

#[derive(Deserialize, JsonSchema)]
struct Numbers {
    /// Array of numbers to analyse
    data: Vec<f64>,
}

#[derive(Serialize, JsonSchema)]
struct Analysis {
    /// Average value
    mean: f64,
    /// Middle value
    median: f64,
    min: f64,
    max: f64,
}

/// Analyse data and return structured results. A closure is enough where there is nothing to hold.
fn perform_analysis() -> FunctionTool {
    let analyse = |Numbers { mut data }: Numbers| {
        data.sort_by(f64::total_cmp);
        let (first, last) = (data.first().copied(), data.last().copied());
        // One, or two of an even number.
        let middle = data.get(data.len().saturating_sub(1) / 2..=data.len() / 2).unwrap_or_default();
        let (mean, median) = (average(&data), average(middle));
        let analysis = first.zip(last).map(|(min, max)| Analysis { mean, median, min, max });
        std::future::ready(analysis.ok_or("There is no data to analyse"))
    };
    FunctionTool::typed("perform_analysis", "Analyse data and return structured results", analyse)
        .effect(Effect::Pure)
}

fn average(data: &[f64]) -> f64 {
    data.iter().sum::<f64>() / data.len() as f64
}

/// A database of customers, made by a tool that may write, and then given to the agent by one that may not.
async fn database_query(file: &Path) -> anyhow::Result<QuerySql> {
    fs::write(file, "")?;
    let owner = QuerySql::open_writable(file)?;
    for query in [
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT)",
        "INSERT INTO customers (name, email) VALUES ('Ada', 'ada@gmail.com'), ('Bob', 'bob@example.org')",
    ] {
        owner.call(json!({"query": query})).await?;
    }
    Ok(QuerySql::open(file)?.named("database_query"))
}

const CODE: &str = "<code>
print(database_query(\"SELECT name FROM customers WHERE email LIKE '%@gmail.com'\"))
print(safe_read_file('hello.txt', max_lines=1).strip(), [entry['path'] for entry in safe_list_files()])
print(get_weather('Paris')['temperature'], get_weather('Oslo', unit='fahrenheit', forecast_days=2)['forecast'])
print(perform_analysis([1, 2, 3, 4, 5, 100]))
for mistake in [lambda: database_query('DELETE FROM customers'), lambda: safe_read_file('../customers.db'),
                lambda: perform_analysis([])]:
    try:
        mistake()
    except ToolError as error:
        print(error)
final_answer('done')
</code>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let outer = tempfile::tempdir()?;
    let safe = outer.path().join("safe");
    fs::create_dir(&safe)?;
    fs::write(safe.join("hello.txt"), "Hello!\nThis is not read.\n")?;
    let files = Folder::open(&safe)?.reading().only(["read_file", "list_files"])?.prefixed("safe_");
    let toolbox = Toolbox::new()
        .with(database_query(&outer.path().join("customers.db")).await?)?
        .with(WeatherTool::new())?
        .with(perform_analysis())?
        .merge(files)?;
    println!("{}\n", toolbox.names().join(", "));
    let agent = CodeAgent::builder(ScriptedModel::new([text(CODE)])).tools(toolbox).build()?;
    let result = agent.run("Try the tools").await?;
    result.steps.iter().for_each(|step| println!("{}", step.observations));
    Ok(())
}
