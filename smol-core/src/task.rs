//! A task on its way: what is set for this one run, and the ways to drive it.

use crate::{
    agent::{Agent, StartError},
    drive::Live,
    event::{Event, Failure, RunError},
    exec::SandboxSpec,
    media::Attachment,
    memory::{MemoryStep, TaskStep},
    message::{Media, Part},
    prompt,
    result::AgentRunResult,
    run::{Run, Settings},
    session::State,
    signature::is_identifier,
};
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream::BoxStream};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    hash::{BuildHasher, RandomState},
    marker::PhantomData,
    path::Path,
};

/// A run that has not begun: settings chain, then `.await` or [`TaskRun::stream`].
#[must_use = "a run does nothing until it is awaited or streamed"]
pub struct TaskRun<'a> {
    agent: &'a Agent,
    step: TaskStep,
    settings: Settings,
    failed: Option<StartError>,
    retries: u32,
    until: BoxFuture<'a, ()>,
    session: Option<&'a mut State>,
}

impl<'a> TaskRun<'a> {
    pub(crate) fn new(agent: &'a Agent, task: String) -> Self {
        let step = TaskStep { task, ..TaskStep::default() };
        let until = futures::future::pending().boxed();
        let settings = agent.settings.clone();
        Self { agent, step, settings, failed: None, retries: 0, until, session: None }
    }

    /// A picture, by path or address.
    pub fn image(self, source: impl AsRef<Path>) -> Self {
        self.open(source, Part::Image)
    }

    /// A recording, by path or address. The model is told where it is, for its tools; models that hear get it, too.
    pub fn audio(self, source: impl AsRef<Path>) -> Self {
        self.open(source, Part::Audio)
    }

    /// A film, by path or address. The model is told where it is, for its tools; models that watch get it, too.
    pub fn video(self, source: impl AsRef<Path>) -> Self {
        self.open(source, Part::Video)
    }

    /// Pictures, as [`Media::bytes`] makes them.
    pub fn images(self, images: impl IntoIterator<Item = Media>) -> Self {
        images.into_iter().fold(self, |task, image| task.attach(Part::Image(image)))
    }

    /// A picture, recording or film that is not in a file.
    pub fn attach(mut self, part: Part) -> Self {
        self.step.attachments.push(Attachment { name: String::new(), part });
        self
    }

    fn open(mut self, source: impl AsRef<Path>, part: fn(Media) -> Part) -> Self {
        match Media::open(&source) {
            Ok(media) => {
                let name = source.as_ref().to_string_lossy().into_owned();
                self.step.attachments.push(Attachment { name, part: part(media) });
            }
            Err(error) => self.failed = Some(error.into()),
        }
        self
    }

    /// A value that code finds as a variable of this name; a tool-calling agent can name it as an argument.
    pub fn variable(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        let is_free = self.agent.tools.entry(&name).is_none();
        match serde_json::to_value(value).ok().filter(|_| is_identifier(&name) && is_free) {
            Some(value) => {
                self.step.variables.insert(name, value);
            }
            None => self.failed = Some(StartError::Variable { name }),
        }
        self
    }

    /// Another step limit than the agent's, for this run.
    pub fn max_steps(mut self, steps: u32) -> Self {
        self.settings.max_steps = steps;
        self
    }

    /// After a failure, carries on from where the run stopped, up to so many times.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Stops the run when `signal` is ready, at any moment: running code and model calls end, and the run can be
    /// resumed.
    pub fn until(mut self, signal: impl Future<Output = ()> + Send + 'a) -> Self {
        self.until = signal.boxed();
        self
    }

    /// The answer must be JSON of this schema. The model is told what is wrong with one that is not, and tries again.
    pub fn output_schema(mut self, schema: Value) -> Self {
        self.settings.output = Some(schema);
        self
    }

    /// The answer must be a `T`, and is returned as one.
    pub fn output<T: JsonSchema + DeserializeOwned>(self) -> TypedRun<'a, T> {
        let schema = schemars::schema_for!(T).to_value();
        TypedRun { run: self.output_schema(schema), answer: PhantomData }
    }

    pub(crate) fn within(mut self, session: &'a mut State) -> Self {
        self.session = Some(session);
        self
    }

    /// The run as data, to be driven by [`Agent::drive`].
    pub fn start(self) -> Result<Run, Failure> {
        let (step, settings) = self.checked()?;
        Ok(begin(self.agent, step, settings)?)
    }

    fn checked(&self) -> Result<(TaskStep, Settings), StartError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.step.task.trim().is_empty() {
            return Err(StartError::EmptyTask);
        }
        let (mut step, mut settings) = (self.step.clone(), self.settings.clone());
        step.details = prompt::task_details(self.agent.strategy, &step, settings.output.as_ref());
        let is_picture = |attachment: &Attachment| matches!(attachment.part, Part::Image(_));
        if self.agent.info.vision == Some(false) && step.attachments.iter().any(is_picture) {
            return Err(StartError::Blind { model: self.agent.model.id().to_owned() });
        }
        let takes = |part: &Part| match part {
            Part::Audio(_) => self.agent.info.audio,
            Part::Video(_) => self.agent.info.video,
            _ => true,
        };
        step.attachments.retain(|attachment| takes(&attachment.part));
        settings.checked = settings.output.is_some() || !self.agent.hooks.checks.is_empty();
        Ok((step, settings))
    }

    /// What happens, as it happens.
    pub fn stream(mut self) -> BoxStream<'a, Result<Event, RunError>> {
        async_stream::try_stream! {
            let (step, settings) = self.checked().map_err(Failure::from)?;
            let mut own = State::default();
            let state = self.session.take().unwrap_or(&mut own);
            let (run, live, changed) = state.take_up(self.agent, step, settings).map_err(Failure::from)?;
            let (mut retries, until) = (self.retries, self.until.shared());
            if changed {
                yield Event::Settings(Box::new(run.settings.clone()));
            }
            loop {
                let mut failed = None;
                {
                    let mut events = self.agent.drive_until(run, live, until.clone());
                    while let Some(event) = events.next().await {
                        match event {
                            Ok(event) => yield event,
                            Err(failure) => failed = Some(failure),
                        }
                    }
                }
                match failed {
                    Some(Failure::Model(_) | Failure::Exec(_)) if retries > 0 => retries -= 1,
                    Some(failure) => Err(RunError { failure, run: Some(Box::new(run.clone())) })?,
                    None => break,
                }
            }
        }
        .boxed()
    }
}

/// The run of a task, from its beginning.
pub(crate) fn begin(agent: &Agent, step: TaskStep, settings: Settings) -> Result<Run, StartError> {
    // The standard library's only source of entropy.
    let seed = RandomState::new().hash_one(&step.task);
    let system = prompt::system(&prompt::Rules {
        strategy: agent.strategy,
        profile: agent.info.profile,
        structured: settings.structured,
        tools: &agent.sandbox.tools,
        authorized_imports: agent.sandbox.authorized_imports.as_deref(),
        instructions: &agent.instructions,
    })?;
    let memory = settings.budget.and_then(|budget| budget.sandbox_memory);
    let mut run = Run {
        agent: agent.name.clone(),
        model: agent.model.id().to_owned(),
        strategy: agent.strategy,
        settings,
        sandbox: SandboxSpec { seed: Some(seed), memory, ..agent.sandbox.clone() },
        memory: vec![MemoryStep::System(system)],
        ..Run::default()
    };
    run.follow_up(step);
    Ok(run)
}

/// A run whose answer is a `T`.
#[must_use = "a run does nothing until it is awaited"]
pub struct TypedRun<'a, T> {
    run: TaskRun<'a>,
    answer: PhantomData<fn() -> T>,
}

impl<'a, T: DeserializeOwned + 'a> IntoFuture for TypedRun<'a, T> {
    type Output = Result<T, RunError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let result = self.run.await?;
            let wrong = |error: serde_json::Error| Failure::Output(error.to_string());
            Ok(serde_json::from_value(result.output).map_err(wrong)?)
        }
        .boxed()
    }
}

impl<'a> IntoFuture for TaskRun<'a> {
    type Output = Result<AgentRunResult, RunError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        async move {
            let mut result = AgentRunResult::default();
            let mut events = self.stream();
            while let Some(event) = events.try_next().await? {
                if let Event::Done(done) = event {
                    result = *done;
                }
            }
            Ok(result)
        }
        .boxed()
    }
}

impl Agent {
    /// Carries on a run that was stopped or failed, here or in another process, to its end.
    pub async fn resume(&self, mut run: Run) -> Result<AgentRunResult, RunError> {
        let mut live = Live::default();
        match self.drive(&mut run, &mut live).try_for_each(|_| async { Ok(()) }).await {
            Ok(()) => Ok(run.result()),
            Err(failure) => Err(RunError { failure, run: Some(Box::new(run)) }),
        }
    }
}
