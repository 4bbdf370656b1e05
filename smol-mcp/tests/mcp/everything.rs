//! The reference server, over its standard input and output: everything that the protocol has.

use crate::common::{Heard, call, connect, everything, names, tool, until};
use futures::{StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use smol_core::{
    message::{Part, Role},
    model::{Delta, Model, ModelError, Request},
    tool::Effect,
};
use smol_mcp::{Answer, Content, Elicitation, Form, Host, McpServers, News, Sampling};

#[tokio::test]
async fn tools_are_called_and_give_values() {
    let Some(config) = everything() else { return };
    let servers = connect(config).await.unwrap();
    assert_eq!(call(&servers, "echo", json!({"message": "hé"})).await.unwrap(), "Echo: hé");
    let sum = tool(&servers, "get_sum");
    assert_eq!(sum.spec().effect, Effect::Reads);
    assert!(sum.spec().untrusted);
    assert_eq!(sum.call(json!({"a": 2, "b": 3})).await.unwrap(), "The sum of 2 and 3 is 5.");

    let weather = tool(&servers, "get_structured_content");
    assert!(weather.spec().output.pointer("/properties/temperature").is_some(), "{}", weather.spec().output);
    let value = weather.call(json!({"location": "Chicago"})).await.unwrap();
    assert!(value["temperature"].is_number() && value["conditions"].is_string(), "{value}");

    let image = call(&servers, "get_tiny_image", json!({})).await.unwrap();
    let kinds: Vec<&Value> = image.as_array().unwrap().iter().map(|part| &part["__type__"]).collect();
    assert_eq!(kinds, [&Value::Null, &json!("image"), &Value::Null]);

    let links = call(&servers, "get_resource_links", json!({"count": 2})).await.unwrap();
    assert!(links[1]["uri"].is_string(), "{links}");
    let resource = call(&servers, "get_resource_reference", json!({"resourceType": "Text", "resourceId": 1}));
    assert!(resource.await.unwrap().to_string().contains("Resource 1"));
}

#[tokio::test]
async fn an_error_of_a_tool_is_read_by_the_model() {
    let Some(config) = everything() else { return };
    let servers = connect(config).await.unwrap();
    let error = call(&servers, "get_sum", json!({"a": "two"})).await.unwrap_err().0;
    assert!(error.contains("number"), "{error}");
}

#[tokio::test]
async fn resources_are_listed_read_and_watched() {
    let Some(config) = everything() else { return };
    let heard = Heard::default();
    let servers = McpServers::connect([config], heard.host()).await.unwrap();
    let client = servers.client("everything").unwrap();
    let resources = client.resources().await.unwrap();
    let template = resources.iter().find(|resource| resource.is_template).unwrap();
    assert!(template.uri.contains("{resourceId}"), "{template:?}");
    let uri = "demo://resource/dynamic/text/1";
    let Content::Text(text) = &client.read(uri).await.unwrap()[0] else { panic!("it is text") };
    assert!(text.contains("Resource 1"), "{text}");
    let context = client.context(uri).await.unwrap();
    assert!(
        context.starts_with("What the server `everything` has at") && context.contains(text),
        "{context}"
    );
    let bytes = client.read("demo://resource/dynamic/blob/1").await.unwrap();
    assert!(matches!(&bytes[0], Content::Bytes { .. }), "{bytes:?}");
    let error = client.read("demo://nothing").await.unwrap_err().to_string();
    assert!(error.contains("refused `demo://nothing`"), "{error}");

    client.subscribe(uri).await.unwrap();
    call(&servers, "toggle_subscriber_updates", json!({})).await.unwrap();
    until(|| heard.all().contains(&News::ResourceUpdated { uri: uri.into() })).await;
    client.unsubscribe(uri).await.unwrap();
}

#[tokio::test]
async fn resources_are_tools_too() {
    let Some(config) = everything() else { return };
    let servers = connect(config).await.unwrap();
    let tools = servers.resource_tools();
    let listed = tools[0].call(json!({})).await.unwrap();
    assert!(listed.as_array().unwrap().iter().all(|resource| resource["server"] == "everything"), "{listed}");
    let read = json!({"server": "everything", "uri": "demo://resource/dynamic/text/2"});
    assert!(tools[1].call(read).await.unwrap().as_str().unwrap().contains("Resource 2"));
    assert!(tools.iter().all(|tool| tool.spec().untrusted && tool.spec().effect == Effect::Reads));
}

#[tokio::test]
async fn prompts_are_listed_and_filled_in() {
    let Some(config) = everything() else { return };
    let servers = connect(config).await.unwrap();
    let client = &servers.clients()[0];
    let prompts = client.prompts().await.unwrap();
    let with_arguments = prompts.iter().find(|prompt| prompt.name == "args-prompt").unwrap();
    assert!(with_arguments.arguments.iter().any(|argument| argument.name == "city" && argument.required));
    let messages = client.prompt("args-prompt", [("city".to_owned(), "Bern".to_owned())]).await.unwrap();
    assert_eq!(messages[0].role, Role::User);
    assert!(matches!(&messages[0].content[0], Part::Text(text) if text.contains("Bern")), "{messages:?}");
    assert!(client.prompt("args-prompt", []).await.is_err());
}

/// Says how long a reply may be, and what was asked.
struct Parrot;

impl Model for Parrot {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let said = request.messages.last().map(smol_core::message::Message::text).unwrap_or_default();
        let words = format!("{} tokens for: {said}", request.max_tokens.unwrap_or_default());
        futures::stream::iter([Ok(Delta::Text(words))]).boxed()
    }
}

#[tokio::test]
async fn a_server_may_ask_the_model_within_limits() {
    let Some(config) = everything() else { return };
    let none = connect(config.clone()).await.unwrap();
    assert!(!names(&none).contains(&"trigger_sampling_request".to_owned()), "nothing is lent unless it is");

    let approve = |server: &str, request: &Request| {
        assert_eq!(server, "everything");
        !request.messages.iter().any(|message| message.text().contains("secret"))
    };
    let host = Host::default().sampling(Sampling::new(Parrot, 2, 50).approve(approve));
    let mut servers = McpServers::connect([config], host).await.unwrap();
    servers.refresh().await.unwrap();
    let ask = |prompt: &str| {
        call(&servers, "trigger_sampling_request", json!({"prompt": prompt, "maxTokens": 100}))
    };
    let said = ask("hello").await.unwrap();
    assert!(said.as_str().unwrap().contains("50 tokens for: "), "{said}");
    let error = ask("secret").await.unwrap_err().0;
    assert!(error.contains("refused"), "{error}");
    let error = ask("hello").await.unwrap_err().0;
    assert!(error.contains("used up"), "{error}");
}

#[tokio::test]
async fn a_server_may_ask_the_person() {
    let Some(config) = everything() else { return };
    let person = |question: Elicitation| {
        assert_eq!(question.server, "everything");
        let Form::Fields(form) = &question.form else { return Answer::Cancel };
        assert!(form.pointer("/properties/name").is_some(), "{form}");
        Answer::Accept(
            [("name".to_owned(), json!("Ann")), ("check".to_owned(), json!(true))].into_iter().collect(),
        )
    };
    let host = Host::default().elicit(person);
    let mut servers = McpServers::connect([config.clone()], host).await.unwrap();
    servers.refresh().await.unwrap();
    let said = call(&servers, "trigger_elicitation_request", json!({})).await.unwrap().to_string();
    assert!(said.contains("Ann"), "{said}");

    let host = Host::default().elicit(|_: Elicitation| Answer::Decline);
    let mut servers = McpServers::connect([config], host).await.unwrap();
    servers.refresh().await.unwrap();
    let said = call(&servers, "trigger_elicitation_request", json!({})).await.unwrap().to_string();
    assert!(said.contains("declined"), "{said}");
}

#[tokio::test]
async fn roots_are_told() {
    let Some(config) = everything() else { return };
    let host = Host::default().root("/some/where");
    let mut servers = McpServers::connect([config], host).await.unwrap();
    servers.refresh().await.unwrap();
    let said = call(&servers, "get_roots_list", json!({})).await.unwrap().to_string();
    assert!(said.contains("file:///some/where"), "{said}");
}

#[tokio::test]
async fn two_servers_of_one_kind_have_names_of_their_own() {
    let Some(config) = everything() else { return };
    let servers = McpServers::connect([config.clone(), config], Host::default()).await.unwrap();
    let names = names(&servers);
    assert!(
        names.contains(&"everything_echo".into()) && names.contains(&"everything_2_echo".into()),
        "{names:?}"
    );
    let unknown = servers.client("x").unwrap_err().to_string();
    assert!(unknown.contains("everything, everything_2"), "{unknown}");
}
