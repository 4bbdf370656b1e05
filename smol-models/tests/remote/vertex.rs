//! Vertex AI: where it is asked, and where its tokens come from.

use super::server::{Answer, Server, event, question};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use smol_core::model::{ModelError, complete};
use smol_models::{
    anthropic::Anthropic,
    vertex::{Credentials, VertexModel},
};

fn hello() -> Answer {
    let parts = json!({"role": "model", "parts": [{"text": "hi"}]});
    Answer::stream([event(&json!({"candidates": [{"content": parts, "finishReason": "STOP"}]}))])
}

fn token(text: &str, lasts: u64) -> Answer {
    Answer::json(&json!({"access_token": text, "expires_in": lasts, "token_type": "Bearer"}))
}

fn gemini(server: &Server) -> VertexModel {
    VertexModel::new("gemini-2.5-flash", "my-project", "europe-west4").api_base(&server.url).retries(0)
}

#[tokio::test]
async fn gemini_and_claude_have_addresses_of_their_own() {
    let claude = json!({"content": [{"type": "text", "text": "hi"}], "stop_reason": "end_turn"});
    let server = Server::start([hello(), Answer::json(&claude)]);
    let model = gemini(&server).api_key("ya29.token");
    assert_eq!(complete(&model, question()).await.unwrap().text, "hi");
    let model = VertexModel::new("claude-sonnet-4-5@20250929", "my-project", "global");
    let model = model.api_base(&server.url).api_key("ya29.token").streaming(false);
    assert_eq!(complete(&model, question()).await.unwrap().text, "hi");
    let requests = server.requests();
    let paths = requests.iter().map(|(head, _)| head.split(' ').nth(1).unwrap());
    let expect = [
        "/v1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
        "/v1/projects/my-project/locations/global/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict",
    ];
    assert!(paths.eq(expect), "{requests:?}");
    assert!(
        requests.iter().all(|(head, _)| head.contains("authorization: Bearer ya29.token\r\n")),
        "{requests:?}"
    );
    let body = &requests[1].1;
    assert_eq!(body["anthropic_version"], "vertex-2023-10-16");
    assert!(body.get("model").is_none() && body["max_tokens"] == 64000, "{body}");
}

#[test]
fn places_have_hosts() {
    for (location, host) in [
        ("global", "https://aiplatform.googleapis.com/v1"),
        ("us", "https://aiplatform.us.rep.googleapis.com/v1"),
        ("us-east5", "https://us-east5-aiplatform.googleapis.com/v1"),
    ] {
        let shown = format!("{:?}", VertexModel::new("m", "p", location));
        assert!(shown.contains(&format!("\"{host}\"")), "{shown}");
    }
}

#[tokio::test]
async fn a_token_is_fetched_once_and_again_when_it_runs_out() {
    let tokens = Server::start([token("first", 3600), token("short", 60), token("second", 3600)]);
    let file = |server: &Server| {
        let file = json!({"type": "authorized_user", "client_id": "id", "client_secret": "a secret & more",
            "refresh_token": "1//refresh", "token_uri": server.url});
        Credentials::parse(&file.to_string()).unwrap()
    };
    let server = Server::start([hello(), hello(), hello(), hello()]);
    let long = gemini(&server).credentials(file(&tokens));
    complete(&long, question()).await.unwrap();
    complete(&long.clone(), question()).await.unwrap();
    let short = gemini(&server).credentials(file(&tokens));
    complete(&short, question()).await.unwrap();
    complete(&short, question()).await.unwrap();
    let heads = server.requests().into_iter().map(|(head, _)| head);
    for (head, token) in heads.zip(["first", "first", "short", "second"]) {
        assert!(head.contains(&format!("authorization: Bearer {token}\r\n")), "{head}");
    }
    let asked = tokens.requests();
    assert_eq!(asked.len(), 3);
    let form =
        "grant_type=refresh_token&client_id=id&client_secret=a+secret+%26+more&refresh_token=1%2F%2Frefresh";
    assert_eq!(asked[0].1, form);
    assert!(asked[0].0.contains("content-type: application/x-www-form-urlencoded\r\n"), "{}", asked[0].0);
    assert!(!format!("{long:?}").contains("refresh"), "{long:?}");
}

#[tokio::test]
async fn no_error_holds_a_token_or_what_it_was_given_for() {
    let long = format!("canary-{}", "0123456789".repeat(60));
    let echo = |status, secret: &str| {
        let said = json!({"error": {"message": format!("what is {secret}?")}}).to_string();
        Answer::new(status, "content-type: application/json\r\n", &said)
    };
    let no = json!({"error": "invalid_grant", "error_description": "canary-secret and canary-refresh"})
        .to_string();
    let no = Answer::new(400, "content-type: application/json\r\n", &no);
    let tokens = Server::start([token("canary-token", 60), token(&long, 3600), no]);
    let file = json!({"type": "authorized_user", "client_id": "id", "client_secret": "canary-secret",
        "refresh_token": "canary-refresh", "token_uri": tokens.url});
    let credentials = || Credentials::parse(&file.to_string()).unwrap();
    let piece = event(&json!({"candidates": [{"content": {"parts": [{"text": "a"}]}}]}));
    let broken = event(&json!({"error": {"message": format!("canary-token, then {long}")}}));
    let server =
        Server::start([echo(401, "canary-token"), echo(401, &long), Answer::stream([piece, broken])]);
    let model = gemini(&server).credentials(credentials());
    for model in [&model, &model, &model, &gemini(&server).credentials(credentials())] {
        let error = complete(model, question()).await.unwrap_err();
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(shown.contains("***") && !shown.contains("canary"), "{shown}");
        }
    }
}

#[tokio::test]
async fn claude_thinks_here_too() {
    let server = Server::start([Answer::json(&json!({"content": [], "stop_reason": "end_turn"}))]);
    let model = VertexModel::new("claude-sonnet-4-5@20250929", "my-project", "global");
    let model = model.claude(Anthropic::default().thinking_budget(4096).prompt_caching(false));
    let model = model.api_base(&server.url).api_key("ya29.token").temperature(0.5).streaming(false);
    complete(&model, question()).await.unwrap();
    let body = &server.requests()[0].1;
    assert_eq!(body["thinking"], json!({"type": "enabled", "budget_tokens": 4096}));
    assert_eq!((&body["anthropic_version"], body.get("temperature")), (&json!("vertex-2023-10-16"), None));
    assert!(body.get("model").is_none() && !body.to_string().contains("cache_control"), "{body}");
}

#[tokio::test]
async fn a_service_account_signs_its_claim() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der = AsDer::<Pkcs8V1Der>::as_der(&pair).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    let tokens = Server::start([token("signed-for", 3600)]);
    let file = json!({"type": "service_account", "client_email": "me@my-project.iam.gserviceaccount.com",
        "private_key": pem, "private_key_id": "k1", "token_uri": tokens.url});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.json");
    std::fs::write(&path, file.to_string()).unwrap();
    let server = Server::start([hello()]);
    complete(&gemini(&server).credentials(Credentials::open(&path).unwrap()), question()).await.unwrap();
    assert!(server.requests()[0].0.contains("authorization: Bearer signed-for\r\n"));
    let sent = tokens.requests()[0].1.as_str().unwrap().to_owned();
    let claim = sent
        .strip_prefix("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=")
        .unwrap();
    let (signed, signature) = claim.rsplit_once('.').unwrap();
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    key.verify(signed.as_bytes(), &decode(signature)).unwrap();
    let (head, claims) = signed.split_once('.').unwrap();
    let read = |part: &str| serde_json::from_slice::<Value>(&decode(part)).unwrap();
    assert_eq!(read(head), json!({"alg": "RS256", "typ": "JWT", "kid": "k1"}));
    let claims = read(claims);
    assert_eq!((&claims["iss"], &claims["aud"]), (&file["client_email"], &json!(tokens.url)));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 3600);
}

#[test]
fn a_file_is_looked_for_where_the_tools_of_google_look() {
    let home = tempfile::tempdir().unwrap();
    let left = home.path().join(".config/gcloud/application_default_credentials.json");
    let at = |named: Option<&str>| {
        let folder = home.path().to_str().map(str::to_owned);
        Credentials::usual_file(|name| match name {
            "GOOGLE_APPLICATION_CREDENTIALS" => named.map(str::to_owned),
            "HOME" => folder.clone(),
            _ => None,
        })
    };
    assert_eq!(at(None), None);
    std::fs::create_dir_all(left.parent().unwrap()).unwrap();
    std::fs::write(&left, "{}").unwrap();
    assert_eq!(at(None), Some(left));
    assert_eq!(at(Some("named.json")), Some("named.json".into()));
}

#[tokio::test]
async fn credentials_that_are_none() {
    #[track_caller]
    fn check(file: Value, expect: &str) {
        let error = Credentials::parse(&file.to_string()).unwrap_err();
        assert!(matches!(&error, ModelError::Setup { message, .. } if message.contains(expect)), "{error:?}");
    }
    check(json!({"type": "external_account"}), "unknown variant `external_account`");
    check(json!({"type": "service_account", "client_email": "a"}), "missing field `private_key`");
    let broken = json!({"type": "service_account", "client_email": "a", "private_key": "-----BEGIN"});
    check(broken, "its `private_key` is no RSA key in PKCS#8");
    let error = Credentials::open("nowhere.json").unwrap_err();
    assert!(
        error.to_string().starts_with("the Google credentials in `nowhere.json` cannot be used: "),
        "{error}"
    );
    let no = json!({"error": "invalid_grant", "error_description": "Token has been revoked."}).to_string();
    let tokens = Server::start([Answer::new(400, "content-type: application/json\r\n", &no)]);
    let file = json!({"type": "authorized_user", "client_id": "id", "client_secret": "s", "refresh_token": "r", "token_uri": tokens.url});
    let server = Server::start([]);
    let model = gemini(&server).credentials(Credentials::parse(&file.to_string()).unwrap());
    let error = complete(&model, question()).await.unwrap_err();
    let expect = "no token was given: Token has been revoked.";
    assert!(
        matches!(&error, ModelError::Status { status: 400, message, .. } if message == expect),
        "{error:?}"
    );
    assert!(server.requests().is_empty());
}
