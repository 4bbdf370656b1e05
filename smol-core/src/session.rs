//! Tasks one after another, where each finds what those before it left: the memory, and the variables of the code.

use crate::{
    agent::{Agent, StartError},
    drive::Live,
    memory::TaskStep,
    run::{Run, Settings},
    task::{TaskRun, begin},
};

/// A conversation with an agent. A run on the agent itself is fresh; one on a session remembers.
pub struct Session<'a> {
    agent: &'a Agent,
    state: State,
}

/// What a session carries from task to task.
#[derive(Default)]
pub(crate) struct State {
    run: Option<Run>,
    live: Live,
}

impl Agent {
    /// A conversation that remembers, and has nothing to remember yet.
    pub fn session(&self) -> Session<'_> {
        Session { agent: self, state: State::default() }
    }
}

impl Session<'_> {
    /// The next task.
    pub fn run(&mut self, task: impl Into<String>) -> TaskRun<'_> {
        TaskRun::new(self.agent, task.into()).within(&mut self.state)
    }

    /// Forgets everything, variables too.
    pub fn reset(&mut self) {
        self.state = State::default();
    }

    /// All that happened so far, if anything did.
    pub fn history(&self) -> Option<&Run> {
        self.state.run.as_ref()
    }
}

impl State {
    /// The run with its next task, its sandbox, and whether the run keeps to other settings from now on.
    pub(crate) fn take_up(
        &mut self,
        agent: &Agent,
        step: TaskStep,
        settings: Settings,
    ) -> Result<(&mut Run, &mut Live, bool), StartError> {
        let (run, changed) = match self.run.take() {
            Some(mut run) => {
                let changed = run.settings != settings;
                run.settings = settings;
                run.follow_up(step);
                (run, changed)
            }
            None => (begin(agent, step, settings)?, false),
        };
        Ok((self.run.insert(run), &mut self.live, changed))
    }
}
