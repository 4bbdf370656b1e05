//! What the stand-in answers to each call.

use super::{Process, ROUTER_TOKEN, Sandbox, State, TOKEN, wire};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::{Stream, stream};
use prost::Message;
use std::{
    collections::HashMap,
    convert::Infallible,
    future::{Future, ready},
    os::unix::process::ExitStatusExt,
    sync::Arc,
};
use tonic::{Request, Response, Status, body::Body, codegen::http, metadata::MetadataMap, server::Grpc};
use tonic_prost::ProstCodec;
use tower::service_fn;

type Reply = http::Response<Body>;

/// How much of a stream is sent at once, in bytes.
const PIECE: usize = 32 << 10;

pub(super) async fn answer(state: Arc<State>, request: http::Request<Body>) -> Result<Reply, Infallible> {
    let path = request.uri().path().to_owned();
    let method = path.rsplit('/').next().unwrap_or_default();
    let headers = MetadataMap::from_headers(request.headers().clone());
    if path.starts_with("/modal.task_command_router.TaskCommandRouter/") {
        return Ok(of_router(state, method, headers, request).await);
    }
    Ok(match admit(&headers, method) {
        Ok(()) => of_server(state, method, request).await,
        Err(status) => status.into_http(),
    })
}

pub(super) fn header(headers: &MetadataMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Whether the server may be asked this.
fn admit(headers: &MetadataMap, method: &str) -> Result<(), Status> {
    let (id, secret) = (header(headers, "x-modal-token-id"), header(headers, "x-modal-token-secret"));
    if (id.as_str(), secret.as_str()) != TOKEN {
        return Err(Status::unauthenticated(format!("Token ID {id} is malformed or invalid")));
    }
    if header(headers, "x-modal-client-version").is_empty() {
        return Err(Status::failed_precondition("no version"));
    }
    if method.starts_with("Sandbox") && header(headers, "x-modal-auth-token") != short_token() {
        return Err(Status::unauthenticated("no auth token"));
    }
    Ok(())
}

/// A JSON web token that says when it runs out, as Modal's own library wants it.
fn short_token() -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.none", part(r#"{"alg":"none"}"#), part(r#"{"exp":4102444800}"#))
}

async fn of_server(state: Arc<State>, method: &str, request: http::Request<Body>) -> Reply {
    match method {
        "AppGetOrCreate" => unary(request, |_: wire::AppGetOrCreateRequest| ready(Ok(app()))).await,
        "EnvironmentGetOrCreate" => {
            unary(request, |_: wire::EnvironmentGetOrCreateRequest| ready(Ok(environment()))).await
        }
        "AuthTokenGet" => {
            let token = wire::AuthTokenGetResponse { token: short_token() };
            unary(request, |_: wire::Empty| ready(Ok(token))).await
        }
        "ImageGetOrCreate" => unary(request, |message| ready(Ok(image(message)))).await,
        "ImageJoinStreaming" => streaming(request, |_: wire::ImageJoinStreamingRequest| Ok(building())).await,
        "SandboxCreateV2" => unary(request, |message| ready(create(&state, message))).await,
        "SandboxGetTaskIdV2" => unary(request, |message| ready(task(&state, message))).await,
        "SandboxGetCommandRouterAccess" => {
            let access = |message: wire::SandboxRequest| {
                state.with(&message.sandbox_id, |sandbox| access(&state, sandbox))
            };
            unary(request, |message| ready(access(message))).await
        }
        "SandboxWaitV2" => {
            let result = |message: wire::SandboxWaitRequest| {
                let status = state.with(&message.sandbox_id, |sandbox| sandbox.status)?;
                Ok(wire::SandboxResult { result: Some(result(status, "")) })
            };
            unary(request, |message| ready(result(message))).await
        }
        "SandboxTerminateV2" => {
            let end = |message: wire::SandboxRequest| state.end(&message.sandbox_id, wire::TERMINATED);
            unary(request, |message| {
                end(message);
                ready(Ok(wire::SandboxResult { result: None }))
            })
            .await
        }
        _ => Status::unimplemented(method).into_http(),
    }
}

async fn of_router(
    state: Arc<State>,
    method: &str,
    headers: MetadataMap,
    request: http::Request<Body>,
) -> Reply {
    match method {
        "TaskExecStart" => unary(request, |message| ready(start(&state, &headers, message))).await,
        "TaskExecStdinWrite" => unary(request, async |message| write(&state, &headers, message).await).await,
        "TaskExecStdioRead" => streaming(request, |message| read(&state, &headers, message)).await,
        "TaskExecWait" => unary(request, async |message| wait(&state, &headers, message).await).await,
        _ => Status::unimplemented(method).into_http(),
    }
}

/// One message there, one back.
async fn unary<Q, R, F>(request: http::Request<Body>, answer: impl FnOnce(Q) -> F) -> Reply
where
    Q: Message + Default + 'static,
    R: Message + Default + 'static,
    F: Future<Output = Result<R, Status>>,
{
    let mut answer = Some(answer);
    let service = service_fn(|request: Request<Q>| {
        let answering = answer.take().map(|answer| answer(request.into_inner()));
        async { answering.expect("one request").await.map(Response::new) }
    });
    Grpc::new(ProstCodec::<R, Q>::default()).unary(service, request).await
}

/// One message there, many back.
async fn streaming<Q, R, S>(
    request: http::Request<Body>,
    answer: impl FnOnce(Q) -> Result<S, Status>,
) -> Reply
where
    Q: Message + Default + 'static,
    R: Message + Default + 'static,
    S: Stream<Item = Result<R, Status>> + Send + 'static,
{
    let mut answer = Some(answer);
    let service = service_fn(|request: Request<Q>| {
        let answer = answer.take().expect("one request");
        ready(answer(request.into_inner()).map(Response::new))
    });
    Grpc::new(ProstCodec::<R, Q>::default()).server_streaming(service, request).await
}

fn result(status: i32, exception: &str) -> wire::GenericResult {
    wire::GenericResult { status, exception: exception.to_owned() }
}

fn app() -> wire::AppGetOrCreateResponse {
    wire::AppGetOrCreateResponse { app_id: "ap-1".to_owned() }
}

fn environment() -> wire::EnvironmentGetOrCreateResponse {
    let settings = wire::EnvironmentSettings { image_builder_version: "2025.06".to_owned() };
    let metadata = wire::EnvironmentMetadata { name: "main".to_owned(), settings: Some(settings) };
    wire::EnvironmentGetOrCreateResponse { environment_id: "en-1".to_owned(), metadata: Some(metadata) }
}

/// An image is named after what it is made from.
fn image(message: wire::ImageGetOrCreateRequest) -> wire::ImageGetOrCreateResponse {
    let commands = message.image.unwrap_or_default().dockerfile_commands;
    let base = commands.first().and_then(|line| line.strip_prefix("FROM ")).unwrap_or_default().to_owned();
    let result = match (base.as_str(), message.builder_version.as_str()) {
        ("missing", _) => result(2, "no such image"),
        ("slow", _) => result(0, ""),
        (_, "2025.06") => result(wire::SUCCESS, ""),
        (_, version) => result(2, &format!("no such builder: {version}")),
    };
    wire::ImageGetOrCreateResponse { image_id: format!("im-{base}"), result: Some(result) }
}

fn building() -> impl Stream<Item = Result<wire::ImageJoinStreamingResponse, Status>> + Send + 'static {
    let news = |result: Option<wire::GenericResult>, entry: &str| {
        Ok(wire::ImageJoinStreamingResponse { result, entry_id: entry.to_owned() })
    };
    stream::iter([news(None, "1"), news(Some(result(wire::SUCCESS, "")), "2")])
}

fn create(
    state: &State,
    message: wire::SandboxCreateV2Request,
) -> Result<wire::SandboxCreateV2Response, Status> {
    let definition = message.definition.unwrap_or_default();
    let image = definition.image_id.strip_prefix("im-").unwrap_or_default().to_owned();
    if image == "full" {
        return Err(Status::resource_exhausted("you have too many sandboxes"));
    }
    let id = format!("sb-{}", state.next());
    let mut sandbox = Sandbox {
        image: image.clone(),
        token: ROUTER_TOKEN.to_owned(),
        status: 0,
        asked: 0,
        folder: tempfile::tempdir()?,
        processes: HashMap::new(),
        definition,
    };
    let mut made = wire::SandboxCreateV2Response {
        sandbox_id: id.clone(),
        task_id: format!("ta-{id}"),
        command_router_access: Some(wire::CommandRouterAccess {
            jwt: ROUTER_TOKEN.to_owned(),
            url: state.url.clone(),
        }),
        sandbox_token: "sandbox-token".to_owned(),
    };
    match image.as_str() {
        "late" => (made.task_id, made.command_router_access) = (String::new(), None),
        "stale" => sandbox.token = "router-token-later".to_owned(),
        _ => {}
    }
    state.sandboxes.lock().expect("a lock").insert(id, sandbox);
    Ok(made)
}

fn task(state: &State, message: wire::SandboxRequest) -> Result<wire::SandboxGetTaskIdResponse, Status> {
    let asked = state.with(&message.sandbox_id, |sandbox| {
        sandbox.asked += 1;
        sandbox.asked
    })?;
    let task_id = (asked > 1).then(|| format!("ta-{}", message.sandbox_id));
    Ok(wire::SandboxGetTaskIdResponse { task_id, task_result: None })
}

fn access(state: &State, sandbox: &Sandbox) -> wire::CommandRouterAccess {
    wire::CommandRouterAccess { jwt: sandbox.token.clone(), url: state.url.clone() }
}

fn start(
    state: &State,
    headers: &MetadataMap,
    message: wire::TaskExecStartRequest,
) -> Result<wire::Empty, Status> {
    state.at_router(headers, &message.task_id, |sandbox| {
        // A second call with the same id is the first one made again.
        if !sandbox.processes.contains_key(&message.exec_id) {
            let process = Process::start(&message.command_args, sandbox.folder.path());
            let process = process.map_err(|error| Status::invalid_argument(error.to_string()))?;
            sandbox.processes.insert(message.exec_id, Arc::new(process));
        }
        Ok(wire::Empty {})
    })?
}

async fn write(
    state: &State,
    headers: &MetadataMap,
    message: wire::TaskExecStdinWriteRequest,
) -> Result<wire::Empty, Status> {
    let (process, breaks) = state.process(headers, &message.task_id, &message.exec_id)?;
    let written = process.write(message.offset, &message.data, message.eof).await;
    written.map_err(|error| Status::failed_precondition(error.to_string()))?;
    // It was written, and nobody hears of it.
    if breaks { Err(Status::unavailable("the connection broke off")) } else { Ok(wire::Empty {}) }
}

fn read(
    state: &State,
    headers: &MetadataMap,
    message: wire::TaskExecStdioReadRequest,
) -> Result<impl Stream<Item = Result<wire::TaskExecStdioReadResponse, Status>> + Send + 'static, Status> {
    let (process, breaks) = state.process(headers, &message.task_id, &message.exec_id)?;
    let stream = process.streams[message.file_descriptor as usize].clone();
    let begin = message.offset as usize;
    Ok(stream::try_unfold((stream, begin), move |(mut stream, from)| async move {
        let data: Vec<u8> = match stream.wait_for(|said| said.bytes.len() > from || said.is_over).await {
            Ok(said) => said.bytes.iter().skip(from).take(PIECE).copied().collect(),
            Err(_) => Vec::new(),
        };
        if breaks && from > begin {
            return Err(Status::unavailable("the connection broke off"));
        }
        let until = from + data.len();
        Ok((until > from).then_some((wire::TaskExecStdioReadResponse { data }, (stream, until))))
    }))
}

async fn wait(
    state: &State,
    headers: &MetadataMap,
    message: wire::TaskExecWaitRequest,
) -> Result<wire::TaskExecWaitResponse, Status> {
    let (process, _) = state.process(headers, &message.task_id, &message.exec_id)?;
    let mut exit = process.exit.clone();
    let status = exit.wait_for(Option::is_some).await.ok().and_then(|status| *status);
    let status = status.ok_or_else(|| Status::internal("it is not known"))?;
    let signal = status.signal().map(wire::ExitStatus::Signal);
    let exit_status = signal.or(status.code().map(wire::ExitStatus::Code));
    Ok(wire::TaskExecWaitResponse { exit_status })
}
