//! Other servers that people use.

use crate::common::{call, connect, names, peer, python_server, tool};
use serde_json::json;
use smol_core::tool::Effect;
use smol_mcp::{Host, McpServers, ServerConfig};
use std::io::{Read, Write};

#[tokio::test]
async fn files_of_a_folder() {
    let Some(script) = peer("node_modules/@modelcontextprotocol/server-filesystem/dist/index.js") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    let config = ServerConfig::command("files", "node", [script.to_str().unwrap(), path.to_str().unwrap()]);
    let servers = connect(config).await.unwrap();
    let file = path.join("a.txt");
    let write = tool(&servers, "write_file");
    assert_eq!(write.spec().effect, Effect::Writes);
    write.call(json!({"path": file, "content": "hello"})).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "hello");
    let read = tool(&servers, "read_text_file");
    assert_eq!(read.spec().effect, Effect::Reads);
    let said = read.call(json!({"path": file})).await.unwrap();
    assert!(said.to_string().contains("hello"), "{said}");
    let error = read.call(json!({"path": "/etc/passwd"})).await.unwrap_err().0;
    assert!(error.contains("denied"), "{error}");
}

#[tokio::test]
async fn time_and_pages_at_once() {
    let (Some(time), Some(fetch)) = (python_server("mcp_server_time"), python_server("mcp_server_fetch"))
    else {
        return;
    };
    let fetch = ServerConfig::command(
        "fetch",
        fetch.reach().to_string().split(' ').next().unwrap(),
        ["-m", "mcp_server_fetch", "--ignore-robots-txt", "--allow-private-ips"],
    );
    let servers = McpServers::connect([time, fetch], Host::default()).await.unwrap();
    assert!(names(&servers).contains(&"fetch".into()), "{:?}", names(&servers));
    let arguments = json!({"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"});
    let said = call(&servers, "convert_time", arguments).await.unwrap().to_string();
    assert!(said.contains("21:00"), "{said}");
    let page = page("<html><body><p>The word is <b>plums</b>.</p></body></html>");
    let said = call(&servers, "fetch", json!({"url": page})).await.unwrap().to_string();
    assert!(said.contains("plums"), "{said}");
}

/// The address of a page that is served to whoever asks.
fn page(html: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{html}",
                html.len()
            );
        }
    });
    format!("http://{address}/")
}
