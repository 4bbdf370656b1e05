//! Runs a few blocks in the sandbox that is named: `cargo run --example sandbox --features e2b -- e2b`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smol_core::{
    exec::{Input, Outcome, SandboxSpec},
    tool::ToolSpec,
};

const BLOCKS: [&str; 3] = [
    "import platform, sys\nprint(sys.version, platform.platform())\nx = 20",
    "y = add_one(x) * 2\nprint('called the host')\ny",
    "final_answer(x + y)",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).ok_or("give the name of a sandbox")?;
    let executor = smol_exec::executor(&name)?;
    let add_one = ToolSpec {
        input: serde_json::json!({ "type": "object", "properties": { "x": { "type": "integer" } } }),
        ..ToolSpec::new("add_one", "Adds one.")
    };
    let spec = SandboxSpec { tools: vec![add_one], ..SandboxSpec::default() };
    let mut sandbox = executor.open(spec, &|line| println!("{line}")).await?;
    for block in BLOCKS {
        let began = std::time::Instant::now();
        let mut outcome = sandbox.feed(Input::Code(block.to_owned())).await?;
        while let Outcome::Call(call) = outcome {
            let x = call.arguments.get("x").and_then(serde_json::Value::as_i64).unwrap_or_default();
            outcome = sandbox.feed(Input::ToolReply { id: call.id, reply: Ok((x + 1).into()) }).await?;
        }
        println!("{:?}: {outcome:?}", began.elapsed());
        if let Outcome::FinalAnswer { value, .. } = &outcome {
            return if *value == 62 { Ok(()) } else { Err(format!("62 was expected, not {value}").into()) };
        }
    }
    Err("there was no answer".into())
}
