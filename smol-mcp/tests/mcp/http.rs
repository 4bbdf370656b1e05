//! The reference server over HTTP, both ways of it, and what addresses answer that are none.

use crate::common::{call, connect, peer};
use serde_json::json;
use smol_mcp::ServerConfig;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// The reference server on a port of this machine. It stops when dropped.
struct Everything {
    process: Child,
    port: u16,
}

impl Everything {
    fn start(transport: &str, port: u16) -> Option<Self> {
        let script = peer("node_modules/@modelcontextprotocol/server-everything/dist/index.js")?;
        let mut command = Command::new("node");
        command.arg(script).arg(transport).env("PORT", port.to_string());
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        lines.by_ref().map_while(Result::ok).find(|line| line.contains("on port")).expect("it listens");
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, port })
    }

    fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Everything {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn streamable_http_works_and_is_found_again_after_a_restart() {
    let Some(mut server) = Everything::start("streamableHttp", free_port()) else { return };
    let port = server.port;
    let config = ServerConfig::http("remote", format!("http://127.0.0.1:{port}/mcp"));
    let servers = connect(config).await.unwrap();
    assert_eq!(call(&servers, "echo", json!({"message": "a"})).await.unwrap(), "Echo: a");
    let calls = (0..8).map(|number| call(&servers, "get_sum", json!({"a": number, "b": 1})));
    let sums = futures::future::join_all(calls).await;
    assert!(sums.into_iter().all(|sum| sum.is_ok()));

    server.stop();
    let error = call(&servers, "echo", json!({"message": "b"})).await.unwrap_err().0;
    assert!(error.contains("`remote`"), "{error}");
    let _again = Everything::start("streamableHttp", port).unwrap();
    assert_eq!(call(&servers, "echo", json!({"message": "c"})).await.unwrap(), "Echo: c");
}

#[tokio::test]
async fn the_older_transport_works() {
    let Some(server) = Everything::start("sse", free_port()) else { return };
    let config = ServerConfig::parse(&format!("http://127.0.0.1:{}/sse", server.port)).unwrap().remove(0);
    let servers = connect(config).await.unwrap();
    assert_eq!(call(&servers, "echo", json!({"message": "a"})).await.unwrap(), "Echo: a");
    let resources = servers.clients()[0].resources().await.unwrap();
    assert!(!resources.is_empty());
}

/// Answers every request with this.
fn answering(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(reply.as_bytes());
        }
    });
    format!("http://{address}/mcp")
}

#[tokio::test]
async fn addresses_that_are_no_servers_say_so() {
    async fn check(reply: &'static str, words: &[&str]) {
        let url = answering(reply);
        let over = [ServerConfig::http("x", &url), ServerConfig::sse("x", &url)];
        for config in over {
            let error =
                connect(config.timeout(std::time::Duration::from_secs(5))).await.err().unwrap().to_string();
            assert!(words.iter().any(|word| error.contains(word)) && error.contains("hint: "), "{error}");
        }
    }
    let denied = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    check(denied, &["wants a sign-in"]).await;
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\n<p>Hi</p>";
    check(page, &["could not reach", "does not speak MCP"]).await;
    let nothing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    check(nothing, &["could not reach", "does not speak MCP"]).await;
    let elsewhere = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\
                     event: endpoint\ndata: http://example.org/steal\n\n";
    check(elsewhere, &["could not reach", "does not speak MCP"]).await;
}

#[tokio::test]
async fn many_calls_at_once_over_one_pipe() {
    let Some(config) = crate::common::everything() else { return };
    let servers = connect(config).await.unwrap();
    let calls = (0..50).map(|number| call(&servers, "get_sum", json!({"a": number, "b": 1})));
    for (number, sum) in futures::future::join_all(calls).await.into_iter().enumerate() {
        assert_eq!(sum.unwrap(), format!("The sum of {number} and 1 is {}.", number + 1));
    }
}
