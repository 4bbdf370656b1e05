//! The messages of Modal's services `modal.client.ModalClient` and `modal.task_command_router.TaskCommandRouter` that an
//! executor needs, each with the fields that it needs. The numbers are those of version 1.6.4 of Modal's own library.

use prost::Message;

/// `OBJECT_CREATION_TYPE_CREATE_IF_MISSING`.
pub(crate) const CREATE_IF_MISSING: i32 = 1;
/// `DEPLOYMENT_NAMESPACE_WORKSPACE`.
pub(crate) const WORKSPACE: i32 = 1;
/// `TASK_EXEC_STDOUT_CONFIG_PIPE` and `TASK_EXEC_STDERR_CONFIG_PIPE`.
pub(crate) const PIPE: i32 = 1;
/// `TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDOUT`.
pub(crate) const OUTPUT: i32 = 0;
/// `TASK_EXEC_STDIO_FILE_DESCRIPTOR_STDERR`.
pub(crate) const ERRORS: i32 = 1;
/// `NetworkAccessType.OPEN`.
pub(crate) const OPEN: i32 = 1;
/// `NetworkAccessType.BLOCKED`.
pub(crate) const BLOCKED: i32 = 2;
/// `GENERIC_STATUS_SUCCESS`.
pub(crate) const SUCCESS: i32 = 1;
/// `GENERIC_STATUS_TERMINATED`.
pub(crate) const TERMINATED: i32 = 3;
/// `GENERIC_STATUS_TIMEOUT`.
pub(crate) const TIMEOUT: i32 = 4;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Empty {}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppGetOrCreateRequest {
    #[prost(string, tag = "1")]
    pub(crate) app_name: String,
    #[prost(string, tag = "2")]
    pub(crate) environment_name: String,
    #[prost(int32, tag = "3")]
    pub(crate) object_creation_type: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppGetOrCreateResponse {
    #[prost(string, tag = "1")]
    pub(crate) app_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct EnvironmentGetOrCreateRequest {
    #[prost(string, tag = "1")]
    pub(crate) deployment_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct EnvironmentGetOrCreateResponse {
    #[prost(string, tag = "1")]
    pub(crate) environment_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) metadata: Option<EnvironmentMetadata>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct EnvironmentMetadata {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) settings: Option<EnvironmentSettings>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct EnvironmentSettings {
    #[prost(string, tag = "1")]
    pub(crate) image_builder_version: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Image {
    #[prost(string, repeated, tag = "6")]
    pub(crate) dockerfile_commands: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImageGetOrCreateRequest {
    #[prost(message, optional, tag = "2")]
    pub(crate) image: Option<Image>,
    #[prost(string, tag = "4")]
    pub(crate) app_id: String,
    #[prost(int32, tag = "8")]
    pub(crate) namespace: i32,
    #[prost(string, tag = "9")]
    pub(crate) builder_version: String,
}

/// The status is 0 for as long as it is not known.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct GenericResult {
    #[prost(int32, tag = "1")]
    pub(crate) status: i32,
    #[prost(string, tag = "2")]
    pub(crate) exception: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImageGetOrCreateResponse {
    #[prost(string, tag = "1")]
    pub(crate) image_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) result: Option<GenericResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImageJoinStreamingRequest {
    #[prost(string, tag = "1")]
    pub(crate) image_id: String,
    #[prost(float, tag = "2")]
    pub(crate) timeout: f32,
    #[prost(string, tag = "3")]
    pub(crate) last_entry_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ImageJoinStreamingResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) result: Option<GenericResult>,
    #[prost(string, tag = "3")]
    pub(crate) entry_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AuthTokenGetResponse {
    #[prost(string, tag = "1")]
    pub(crate) token: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct NetworkAccess {
    #[prost(int32, tag = "1")]
    pub(crate) network_access_type: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Sandbox {
    #[prost(string, repeated, tag = "1")]
    pub(crate) entrypoint_args: Vec<String>,
    #[prost(string, tag = "3")]
    pub(crate) image_id: String,
    #[prost(uint32, tag = "7")]
    pub(crate) timeout_secs: u32,
    #[prost(message, optional, tag = "22")]
    pub(crate) network_access: Option<NetworkAccess>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxCreateV2Request {
    #[prost(string, tag = "1")]
    pub(crate) app_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) definition: Option<Sandbox>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct CommandRouterAccess {
    #[prost(string, tag = "1")]
    pub(crate) jwt: String,
    #[prost(string, tag = "2")]
    pub(crate) url: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxCreateV2Response {
    #[prost(string, tag = "1")]
    pub(crate) sandbox_id: String,
    #[prost(string, tag = "3")]
    pub(crate) task_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) command_router_access: Option<CommandRouterAccess>,
    #[prost(string, tag = "6")]
    pub(crate) sandbox_token: String,
}

/// Also `SandboxTerminateRequest` and `SandboxGetCommandRouterAccessRequest`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxRequest {
    #[prost(string, tag = "1")]
    pub(crate) sandbox_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxWaitRequest {
    #[prost(string, tag = "1")]
    pub(crate) sandbox_id: String,
    #[prost(float, tag = "2")]
    pub(crate) timeout: f32,
}

/// Also `SandboxTerminateResponse`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxResult {
    #[prost(message, optional, tag = "1")]
    pub(crate) result: Option<GenericResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SandboxGetTaskIdResponse {
    #[prost(string, optional, tag = "1")]
    pub(crate) task_id: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub(crate) task_result: Option<GenericResult>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecStartRequest {
    #[prost(string, tag = "1")]
    pub(crate) task_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
    #[prost(string, repeated, tag = "3")]
    pub(crate) command_args: Vec<String>,
    #[prost(int32, tag = "4")]
    pub(crate) stdout_config: i32,
    #[prost(int32, tag = "5")]
    pub(crate) stderr_config: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecStdinWriteRequest {
    #[prost(string, tag = "1")]
    pub(crate) task_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
    #[prost(uint64, tag = "3")]
    pub(crate) offset: u64,
    #[prost(bytes = "vec", tag = "4")]
    pub(crate) data: Vec<u8>,
    #[prost(bool, tag = "5")]
    pub(crate) eof: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecStdioReadRequest {
    #[prost(string, tag = "1")]
    pub(crate) task_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
    #[prost(uint64, tag = "3")]
    pub(crate) offset: u64,
    #[prost(int32, tag = "4")]
    pub(crate) file_descriptor: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecStdioReadResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) data: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecWaitRequest {
    #[prost(string, tag = "1")]
    pub(crate) task_id: String,
    #[prost(string, tag = "2")]
    pub(crate) exec_id: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TaskExecWaitResponse {
    #[prost(oneof = "ExitStatus", tags = "1, 2")]
    pub(crate) exit_status: Option<ExitStatus>,
}

#[derive(Clone, Copy, PartialEq, prost::Oneof)]
pub(crate) enum ExitStatus {
    #[prost(int32, tag = "1")]
    Code(i32),
    #[prost(int32, tag = "2")]
    Signal(i32),
}
