//! The decoder of server-sent events.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod sse_oracle;

use arbtest::arbitrary;
use smol_models::sse::{Decoder, Event, TooLong};

#[track_caller]
fn check(bytes: &str, expect: &[(&str, &str)]) {
    let mut decoder = Decoder::new(1000);
    decoder.feed(bytes.as_bytes());
    let mut events = Vec::new();
    while let Some(event) = decoder.next_event().unwrap() {
        events.push(event);
    }
    let expect = expect.iter().map(|(name, data)| Event { name: (*name).into(), data: (*data).into() });
    assert_eq!(events, expect.collect::<Vec<_>>(), "{bytes:?}");
    sse_oracle::check(bytes.as_bytes(), &[]);
}

#[test]
fn lines_make_events() {
    check("data: a\n\n", &[("", "a")]);
    check("data: a\r\n\r\ndata: b\r\rdata: c\n\n", &[("", "a"), ("", "b"), ("", "c")]);
    check("\u{feff}data: a\n\n", &[("", "a")]);
    check("data: a\n\u{feff}data: b\n\n", &[("", "a")]);
    check("event: error\ndata: a\n\n", &[("error", "a")]);
    check("event: lost\n\ndata: a\n\n", &[("", "a")]);
    check("data: a\ndata:b\ndata:  c\n\n", &[("", "a\nb\n c")]);
    check("data\n\n", &[("", "")]);
    check("data\ndata\n\n", &[("", "\n")]);
    check("data: a:b: c\n\n", &[("", "a:b: c")]);
    check(": comment\n\nid: 1\nretry: 5\nnonsense\n\n", &[]);
    check(": ping\ndata: a\n: ping\n\n", &[("", "a")]);
    check("data: unfinished\n", &[]);
    check("data: grüße 🦀\n\n", &[("", "grüße 🦀")]);
}

#[test]
fn an_end_without_blank_line_still_gives_the_last_event() {
    for end in ["", "\n", "\r", "\r\n"] {
        let mut decoder = Decoder::new(1000);
        decoder.feed(format!("data: [DONE]{end}").as_bytes());
        assert_eq!(decoder.next_event(), Ok(None));
        assert_eq!(decoder.finish().unwrap().map(|event| event.data), Some("[DONE]".to_owned()));
    }
}

#[test]
fn an_event_has_a_longest_size() {
    #[track_caller]
    fn check(bytes: &str, expect: Result<usize, TooLong>) {
        for size in 1..=bytes.len() {
            let mut decoder = Decoder::new(10);
            let mut found = Ok(0);
            for chunk in bytes.as_bytes().chunks(size) {
                decoder.feed(chunk);
                while let Ok(count) = found
                    && let Some(event) = decoder.next_event().transpose()
                {
                    found = event.map(|_| count + 1);
                }
            }
            assert_eq!(found, expect, "{bytes:?} in chunks of {size}");
        }
    }
    check("data:12345\n\ndata:12345\n\n", Ok(2));
    check(":2345\n:2345\n:2345\ndata:12345\n\n", Ok(1));
    check("data:123456\n\n", Err(TooLong { limit: 10 }));
    check("data:1\ndata:2\n\n", Err(TooLong { limit: 10 }));
    check("no line end at all", Err(TooLong { limit: 10 }));
    check(":234567890.\n\n", Err(TooLong { limit: 10 }));
}

#[test]
fn chunks_of_any_size_give_the_events_that_the_rules_give() {
    arbtest::arbtest(sse_oracle::check_any);
}
