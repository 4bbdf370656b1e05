//! The tools of an MCP server, called by an agent's code. What a server says is a stranger's word: a rule has somebody
//! asked before any of it reaches a call that writes.
//!
//! ```text
//! cargo run --example mcp --features mcp
//! ```
//!
//! The server is the script beside this page. A real one is `ServerConfig::command("files", "npx", ["-y",
//! "@modelcontextprotocol/server-filesystem", "."])`, or `ServerConfig::http("docs", "https://…/mcp")`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    Decision, Effect,
    gate::Ask,
    guard::{Policy, Rule, Untrusted, Verdict},
    mcp::{Host, McpServers, ServerConfig},
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/mcp_server.py");
    let notes = ServerConfig::command("notes", "python3", [script]);
    let servers = McpServers::connect([notes], Host::default()).await?;
    for tool in servers.tools() {
        println!("{} {:?}", tool.spec().name, tool.spec().effect);
    }
    let model = ScriptedModel::new([
        text(
            "Thought: the note says whom to pay.\n<code>\nnote = read_note(number=1)\nprint(note)\n\
             send_money(to=note.split()[-1], amount=5)\n</code>",
        ),
        text("Thought: I may not pay.\n<code>\nfinal_answer('Somebody should look at ' + note)\n</code>"),
    ]);
    let policy = Policy::new(Verdict::Allow)
        .rule(Rule::ask().effect(Effect::Writes).untrusted(Untrusted::Content))
        .approver(|ask: Ask<'_>, why: &str| {
            println!("may it call {}{}? ({why})", ask.call.name, ask.call.arguments);
            Decision::Refuse("we do not pay strangers".to_owned())
        });
    let agent = CodeAgent::builder(model).tools(servers.tools()).gate(policy).build()?;
    println!("{}", agent.run("Pay what the first note says.").await?);
    Ok(())
}
