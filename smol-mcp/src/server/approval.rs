//! Asking the person at the client's end whether a tool call may be made.

use rmcp::{
    Peer, RoleServer,
    model::{
        ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, InputRequest,
        ProtocolVersion,
    },
    service::RequestContext,
};
use serde_json::Value;
use smol_core::{
    event::Waiting,
    gate::{Ask, Decision},
    message::ToolCall,
};

/// Who can be asked, and how.
#[derive(Clone)]
pub(super) struct Client {
    peer: Peer<RoleServer>,
    can_ask: bool,
    between: bool,
}

tokio::task_local! {
    /// Whose call the run under way is. A run asks in the task that drives it.
    static CLIENT: Client;
}

/// Runs `work` with this client to be asked.
pub(super) async fn asking<T>(client: Client, work: impl Future<Output = T>) -> T {
    CLIENT.scope(client, work).await
}

impl Client {
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Self {
        let version = context.protocol_version();
        let elicits = context.client_capabilities().is_some_and(|it| {
            // By old custom neither of the two ways means forms.
            it.elicitation.is_some_and(|ways| ways.form.is_some() || ways.url.is_none())
        });
        let between = version.is_some_and(|version| version >= ProtocolVersion::NO_INITIALIZE);
        Self { peer: context.peer.clone(), can_ask: elicits, between }
    }

    /// It is asked by ending its call, and makes it again with the answer.
    pub(super) fn is_asked_between(&self) -> bool {
        self.can_ask && self.between
    }
}

/// Puts calls that need somebody's word to the client whose run it is. With the facade it is the approver of a policy.
///
/// The user of a client that cannot ask has said no. Outside a served run nobody can say, and the run waits.
#[derive(Debug, Clone, Copy, Default)]
pub struct ElicitApproval;

impl ElicitApproval {
    /// What the client's user says about this call. `why` says what about it has it asked.
    pub async fn approve(&self, ask: Ask<'_>, why: &str) -> Decision {
        match CLIENT.try_with(Clone::clone) {
            Ok(client) if !client.can_ask => refused("the client cannot ask its user"),
            Ok(client) if !client.between => {
                let question = question(ask.path, ask.call, ask.may_have_happened, why);
                match client.peer.create_elicitation(question).await {
                    Ok(answer) => answered(&answer),
                    Err(error) => refused(&error.to_string()),
                }
            }
            _ => Decision::Wait,
        }
    }
}

/// A call that waits, as a question.
pub(super) fn put(waiting: &Waiting) -> InputRequest {
    let why = "its policy wants somebody's word";
    let path = if waiting.path.is_empty() { "the agent" } else { &waiting.path };
    InputRequest::Elicitation(ElicitRequest::new(question(
        path,
        &waiting.call,
        waiting.may_have_happened,
        why,
    )))
}

/// What an answer to such a question says.
pub(super) fn decision(answer: &Value) -> Decision {
    match serde_json::from_value(answer.clone()) {
        Ok(answer) => answered(&answer),
        Err(error) => refused(&format!("the answer could not be read: {error}")),
    }
}

fn answered(answer: &ElicitResult) -> Decision {
    let says = answer.content.as_ref().and_then(|content| content.get("approve"));
    if answer.action == ElicitationAction::Accept && says == Some(&Value::Bool(true)) {
        Decision::Approve
    } else {
        refused("the user said no")
    }
}

fn question(path: &str, call: &ToolCall, may_have_happened: bool, why: &str) -> ElicitRequestParams {
    let again = if may_have_happened { " It may have been made before." } else { "" };
    let (name, arguments) = (&call.name, &call.arguments);
    let message =
        format!("`{path}` wants to call `{name}` with {arguments}.{again} You are asked because {why}.");
    let requested_schema = ElicitationSchema::builder().required_bool("approve").build_unchecked();
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema }
}

fn refused(why: &str) -> Decision {
    let advice = "reach the goal in another way, or say in your answer what was not allowed";
    Decision::Refuse(format!("it was not approved: {why}\n\nhint: {advice}"))
}
