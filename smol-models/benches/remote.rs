//! What a streamed token costs this side of the wire, and many streams at once on one core. `cargo xtask bench remote`
//! runs the server and this in processes of their own.
//!
//! `remote serve`, or `remote run URL`

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use futures::{StreamExt, future::join_all};
use serde_json::json;
use smol_core::{
    message::{Message, Role},
    model::{Delta, Model, Request},
};
use smol_models::openai::OpenAiModel;
use std::{env, error::Error, fs, time::Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Tokens of a stream, each an event and a write of its own.
const TOKENS: usize = 400;
const AT_ONCE: usize = 500;
/// Streams one after the other, for the cost of a token alone.
const IN_TURN: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => serve().await,
        ["run", url] => run(url).await,
        _ => Err("usage: remote serve | remote run URL".into()),
    }
}

async fn run(url: &str) -> Result<(), Box<dyn Error>> {
    let model = OpenAiModel::new("m").api_base(url);
    stream(&model).await?;
    let (began, used) = (Instant::now(), processor_seconds()?);
    for _ in 0..IN_TURN {
        stream(&model).await?;
    }
    let each = (processor_seconds()? - used) / (IN_TURN * TOKENS) as f64;
    let in_turn = began.elapsed().as_secs_f64();
    let (began, used) = (Instant::now(), processor_seconds()?);
    let whole = join_all((0..AT_ONCE).map(|_| stream(&model))).await;
    let whole = whole.into_iter().filter(|outcome| matches!(outcome, Ok(TOKENS))).count();
    let each_at_once = (processor_seconds()? - used) / (AT_ONCE * TOKENS) as f64;
    let figures = json!({
        "microseconds_per_token": each * 1e6,
        "seconds_in_turn": in_turn,
        "streams_at_once": AT_ONCE,
        "streams_whole": whole,
        "microseconds_per_token_at_once": each_at_once * 1e6,
        "seconds_at_once": began.elapsed().as_secs_f64(),
    });
    println!("{figures}");
    Ok(())
}

/// How many tokens one reply had.
async fn stream(model: &OpenAiModel) -> Result<usize, Box<dyn Error>> {
    let mut deltas = model.stream(Request::new(vec![Message::new(Role::User, "Go on.")]));
    let mut tokens = 0;
    while let Some(delta) = deltas.next().await {
        tokens += usize::from(matches!(delta?, Delta::Text(_)));
    }
    Ok(tokens)
}

/// Time that the calling thread, which does all the work, has had a processor.
fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let figures = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = figures.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/v1", listener.local_addr()?);
    loop {
        let (connection, _) = listener.accept().await?;
        tokio::spawn(async move {
            // A client that goes away is no fault.
            let _ = answer(connection).await;
        });
    }
}

async fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    let mut asked = vec![0; 64 * 1024];
    connection.set_nodelay(true)?;
    while connection.read(&mut asked).await? > 0 {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        connection.write_all(head.as_bytes()).await?;
        for number in 0..TOKENS {
            let token = json!({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [
                {"index": 0, "delta": {"content": format!(" word{number}")}, "finish_reason": null},
            ]});
            connection.write_all(&chunk(&format!("data: {token}\n\n"))).await?;
            // Other streams get their turn, so that all of them are under way at once.
            tokio::task::yield_now().await;
        }
        let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
        connection.write_all(&chunk(&format!("data: {last}\n\ndata: [DONE]\n\n"))).await?;
        connection.write_all(b"0\r\n\r\n").await?;
    }
    Ok(())
}

fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}
