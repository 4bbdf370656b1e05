//! The stand-in for Modal of the tests, for other clients than ours: says its address, and ends when its input does.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a stand-in for tests"
)]

#[expect(dead_code, reason = "the tests ask it more")]
#[path = "../tests/sandboxes/modal/fake/mod.rs"]
mod fake;

#[tokio::main]
async fn main() {
    let fake = fake::Fake::start();
    println!("{} {} {}", fake.url(), fake::TOKEN.0, fake::TOKEN.1);
    let ended = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())).await;
    drop(fake);
    ended.expect("it waits").expect("an input");
}
