//! What a person reads when a server does not answer as it should.

use super::server::{Answer, Server, ask, end, event, question, text, texts};
use serde_json::json;
use smol_core::model::ModelError;
use smol_models::openai::OpenAiModel;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);

/// The message of the only attempt, with the server's address as `URL`.
#[track_caller]
fn check(server: &Server, error: &ModelError, expect: &str) {
    assert_eq!(error.to_string().replace(&server.url, "URL"), expect);
}

#[tokio::test]
async fn a_refusal_is_told_with_what_may_help() {
    #[track_caller]
    fn says(message: &str) -> String {
        json!({"error": {"message": message, "type": "x"}}).to_string()
    }
    let json = "content-type: application/json\r\n";
    let page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>";
    let cases = [
        (
            401,
            says("bad key"),
            "401: bad key\n\nhint: is the API key (`OPENAI_API_KEY`) right, and may it use this model?",
        ),
        (
            404,
            says("no model"),
            "404: no model\n\nhint: is the model `m` there, and is the address right up to its `/v1`?",
        ),
        (400, says("too long"), "400: too long"),
        (422, r#"{"detail": "no field"}"#.into(), "422: no field"),
        (
            402,
            r#"{"message": "pay"}"#.into(),
            "402: pay\n\nhint: the account with this service may be out of credit",
        ),
        (
            429,
            says("slow"),
            "429: slow\n\nhint: the rate limit or the quota is used up: wait, or run fewer agents at once",
        ),
        (500, "oops".into(), "500: oops\n\nhint: the service has a fault or too much to do: try again later"),
        (
            502,
            page.into(),
            "502: a web page titled `502 Bad Gateway`\n\nhint: the service has a fault or too much to do: try again later",
        ),
    ];
    for (status, body, expect) in cases {
        let server = Server::start([Answer::new(status, json, &body)]);
        let error = ask(&server.model("m").api_key("sk-12345678")).await.unwrap_err();
        check(&server, &error, &format!("the model server at `URL` answered {expect}"));
    }
    let server = Server::start([Answer::new(401, json, &says("no key"))]);
    let error = ask(&server.model("m")).await.unwrap_err();
    assert!(
        error.to_string().ends_with("no API key was sent: give the one of this service (`OPENAI_API_KEY`)"),
        "{error}"
    );
    let server = Server::start([Answer::new(301, "location: https://example.org/v1\r\n", "")]);
    let error = ask(&server.model("m")).await.unwrap_err();
    check(
        &server,
        &error,
        "the model server at `URL` answered 301: the address has moved to `https://example.org/v1`\n\nhint: use the new address",
    );
}

#[tokio::test]
async fn only_what_may_pass_is_asked_again() {
    let at_once = "retry-after-ms: 1\r\n";
    let good = || Answer::stream([text("a"), end()]);
    let cases = [
        (Answer::new(408, at_once, ""), true),
        (Answer::new(409, at_once, ""), true),
        (Answer::new(425, at_once, ""), true),
        (Answer::new(429, at_once, ""), true),
        (Answer::new(429, "retry-after: 0\r\n", ""), true),
        (Answer::new(500, at_once, ""), true),
        (Answer::new(503, at_once, ""), true),
        (Answer::new(529, at_once, ""), true),
        (Answer::unfinished([] as [&str; 0]), true),
        (Answer::stream([event(&json!({"error": {"code": 503, "message": "busy"}}))]), true),
        (Answer::new(400, at_once, ""), false),
        (Answer::new(401, at_once, ""), false),
        (Answer::new(404, at_once, ""), false),
        (Answer::new(429, at_once, r#"{"error": {"code": "insufficient_quota"}}"#), false),
        (Answer::new(429, "retry-after: 100000\r\n", ""), false),
        (Answer::stream([event(&json!({"error": {"message": "bad"}}))]), false),
        (Answer::unfinished([text("a")]), false),
    ];
    for (index, (answer, again)) in cases.into_iter().enumerate() {
        let server = Server::start([answer, good()]);
        let reply = ask(&server.model("m").retries(1)).await;
        assert_eq!(
            (reply.is_ok(), server.requests().len()),
            (again, 1 + usize::from(again)),
            "case {index}: {reply:?}"
        );
    }
}

#[tokio::test]
async fn retries_come_to_an_end() {
    let busy = || Answer::new(429, "retry-after-ms: 1\r\n", "");
    let server = Server::start([busy(), busy(), busy(), busy(), busy()]);
    let error = ask(&server.model("m").retries(3)).await.unwrap_err();
    assert!(matches!(error, ModelError::Status { status: 429, .. }), "{error:?}");
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_told() {
    let server = Server::start([Answer::new(429, "retry-after: 3600\r\n", "quota")]);
    let error = ask(&server.model("m").retries(3)).await.unwrap_err();
    check(
        &server,
        &error,
        "the model server at `URL` answered 429: quota\n\nhint: the service asks to wait 3600 s",
    );
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_an_error_with_what_had_come() {
    let cut = "the reply of `URL` could not be read: the connection was cut: ";
    let had = "\n\nhint: 2 characters of text had arrived before";
    let cases = [
        (Answer::stream([text("ü"), text("b")]), "it was closed before the reply ended"),
        (Answer::until_close(&[text("ü"), text("b")].concat()), "it was closed before the reply ended"),
        (
            Answer::until_close(&[text("üb"), "data: {\"choices".into()].concat()),
            "it was closed before the reply ended",
        ),
        (Answer::unfinished([text("ü"), text("b")]), "unexpected EOF during chunk size line"),
    ];
    for (answer, cause) in cases {
        let server = Server::start([answer]);
        let (texts, error) = texts(&server.model("m"), question()).await;
        assert_eq!(texts.concat(), "üb");
        check(&server, &error.unwrap(), &format!("{cut}{cause}{had}"));
    }
}

#[tokio::test]
async fn a_reply_that_is_none_is_shown() {
    let html = "content-type: text/html\r\n";
    let cases = [
        (
            Answer::new(200, html, "<html><title>Log in</title></html>"),
            "`URL` answered with a web page titled `Log in` instead of a chat completion\n\nhint: does the address of the server's API end in `/v1`?",
        ),
        (
            Answer::new(200, "content-type: application/json\r\n", "{malformed"),
            "the reply of `URL` could not be read: key must be a string at line 1 column 2 in `{malformed`\n\nhint: 0 characters of text had arrived before",
        ),
        (
            Answer::stream([text("abc"), "data: nonsense\n\n".into()]),
            "the reply of `URL` could not be read: expected ident at line 1 column 2 in the event `nonsense`\n\nhint: 3 characters of text had arrived before",
        ),
        (
            Answer::stream([text("abc"), event(&json!({"error": {"message": "overloaded", "code": 529}}))]),
            "the model server at `URL` answered 529: in its reply, overloaded\n\nhint: the service has a fault or too much to do: try again later",
        ),
        (
            Answer::stream([text("abc"), "event: error\ndata: {\"message\": \"too long\"}\n\n".into()]),
            "the model server at `URL` answered 200: in its reply, too long",
        ),
    ];
    for (answer, expect) in cases {
        let server = Server::start([answer]);
        check(&server, &ask(&server.model("m")).await.unwrap_err(), expect);
    }
}

#[tokio::test]
async fn silence_is_not_waited_for_for_ever() {
    let server = Server::start([Answer::silence()]);
    let error = ask(&server.model("m").timeouts(SHORT, LONG).retries(3)).await.unwrap_err();
    check(
        &server,
        &error,
        "the model server at `URL` sent nothing for 0 s while waiting for the first token",
    );
    assert_eq!(server.requests().len(), 1);
    let server = Server::start([Answer::unfinished([text("a")]).then_silence()]);
    let (texts, error) = texts(&server.model("m").timeouts(LONG, SHORT), question()).await;
    assert_eq!(texts, ["a"]);
    check(
        &server,
        &error.unwrap(),
        "the model server at `URL` sent nothing for 0 s while waiting for the next token",
    );
}

#[tokio::test]
async fn nobody_there_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let model = OpenAiModel::new("m").api_base(format!("http://{free}/v1")).retries(0);
    let error = ask(&model).await.unwrap_err().to_string();
    let expect = format!("could not reach the model server at `http://{free}/v1`: Connection refused");
    assert!(
        error.starts_with(&expect) && error.ends_with("hint: is it running, and is the address right?"),
        "{error}"
    );
    let error = ask(&OpenAiModel::new("m").api_base("localhost:11434")).await.unwrap_err().to_string();
    assert!(error.starts_with("the model server's address `localhost:11434` cannot be used"), "{error}");
}
