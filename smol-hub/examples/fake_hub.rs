//! The Hub of the tests on a port of its own, for programs that are no tests: `cargo xtask it interop`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "it serves tests")]

#[path = "../../tests/peers/fake_hub.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod fake_hub;

#[tokio::main]
async fn main() {
    let port: u16 = std::env::args().nth(1).unwrap().parse().unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let _hub = fake_hub::FakeHub::serve(listener);
    std::future::pending::<()>().await;
}
