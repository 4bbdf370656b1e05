//! One model out of several deployments: requests are spread by weight, and where one fails another answers.
//!
//! What the original takes from LiteLLM's router. A deployment that fails before its first token is left alone for a
//! while, and the request goes to the next: first to those of the same group, then to those of the groups behind it.
//! Once a token has come the reply belongs to that deployment, whatever happens to it.

use futures::{
    StreamExt,
    stream::{BoxStream, Peekable},
};
use smol_core::model::{Delta, Model, ModelError, ModelInfo, Request};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a deployment rests after a failure, unless set.
const COOLDOWN: Duration = Duration::from_secs(60);

type Deltas<'a> = Peekable<BoxStream<'a, Result<Delta, ModelError>>>;

/// A group of deployments under one name.
///
/// ```
/// use smol_models::{openai::OpenAiModel, router::LiteLLMRouterModel};
///
/// let near = OpenAiModel::new("qwen3").api_base("http://10.0.0.1:8000/v1");
/// let far = OpenAiModel::new("qwen3").api_base("http://10.0.0.2:8000/v1");
/// let model = LiteLLMRouterModel::new("qwen3").deployment("qwen3", near, 3).deployment("qwen3", far, 1);
/// ```
pub struct LiteLLMRouterModel {
    group: String,
    /// Groups in the order in which they are tried.
    fallbacks: Vec<String>,
    cooldown: Duration,
    deployments: Vec<Deployment>,
    /// For each deployment, in their order.
    turns: Mutex<Vec<Turn>>,
}

struct Deployment {
    group: String,
    model: Arc<dyn Model>,
    weight: u32,
}

/// What decides when a deployment is next.
#[derive(Debug, Clone, Copy, Default)]
struct Turn {
    /// Grows by the deployment's weight with each choice, and falls by the sum of all weights when it is chosen.
    credit: i64,
    resting: Option<Instant>,
}

impl LiteLLMRouterModel {
    /// A router that answers for `group`. It needs at least one [`deployment`](Self::deployment) there.
    pub fn new(group: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            fallbacks: Vec::new(),
            cooldown: COOLDOWN,
            deployments: Vec::new(),
            turns: Mutex::default(),
        }
    }

    /// Adds a deployment that gets `weight` parts of its group's requests.
    pub fn deployment(mut self, group: impl Into<String>, model: impl Model + 'static, weight: u32) -> Self {
        self.deployments.push(Deployment { group: group.into(), model: Arc::new(model), weight });
        self.turns().push(Turn::default());
        self
    }

    /// Adds a group that is asked where all those before have failed.
    pub fn fallback(mut self, group: impl Into<String>) -> Self {
        self.fallbacks.push(group.into());
        self
    }

    /// How long a deployment is left alone after a failure (one minute).
    pub fn cooldown(mut self, time: Duration) -> Self {
        self.cooldown = time;
        self
    }

    fn turns(&self) -> MutexGuard<'_, Vec<Turn>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The deployments in the order in which this request tries them: those that rest come last, for nothing is lost
    /// by asking them before giving up.
    fn order(&self, now: Instant) -> Vec<usize> {
        let groups = std::iter::once(&self.group).chain(&self.fallbacks);
        let (mut awake, mut resting) = (Vec::new(), Vec::new());
        for group in groups {
            for index in self.next_of(group) {
                let rests =
                    self.turns().get(index).and_then(|turn| turn.resting).is_some_and(|end| end > now);
                if rests { resting.push(index) } else { awake.push(index) }
            }
        }
        awake.into_iter().chain(resting).collect()
    }

    /// The deployments of a group, the one whose turn it is first. Smooth weighted round-robin: with weights 3 and 1 the
    /// order is a, a, b, a and not a, a, a, b.
    fn next_of(&self, group: &str) -> Vec<usize> {
        let members = || self.deployments.iter().enumerate().filter(|(_, member)| member.group == group);
        let total: i64 = members().map(|(_, member)| i64::from(member.weight)).sum();
        let mut turns = self.turns();
        let mut credits = Vec::new();
        for (index, member) in members() {
            let Some(turn) = turns.get_mut(index) else { continue };
            turn.credit += i64::from(member.weight);
            credits.push((turn.credit, index));
        }
        // A stable sort keeps the order of equals.
        credits.sort_by_key(|(credit, _)| std::cmp::Reverse(*credit));
        let order: Vec<usize> = credits.into_iter().map(|(_, index)| index).collect();
        if let Some(first) = order.first().and_then(|first| turns.get_mut(*first)) {
            first.credit -= total;
        }
        order
    }

    fn rest(&self, index: usize, end: Option<Instant>) {
        if let Some(turn) = self.turns().get_mut(index) {
            turn.resting = end;
        }
    }

    /// A reply whose first piece has come, or why there is none.
    async fn first_reply(&self, request: &Request) -> Result<Deltas<'_>, ModelError> {
        let mut failure = ModelError::Setup {
            message: format!("the router has no deployment of the group `{}`", self.group),
            hint: "add one with `deployment`".to_owned(),
        };
        for index in self.order(Instant::now()) {
            let Some(deployment) = self.deployments.get(index) else { continue };
            let mut reply = deployment.model.stream(request.clone()).peekable();
            let failed = match Pin::new(&mut reply).peek().await {
                Some(Err(error)) => error.clone(),
                _ => {
                    self.rest(index, None);
                    return Ok(reply);
                }
            };
            tracing::warn!(model = deployment.model.id(), error = %failed, "a deployment failed");
            self.rest(index, Instant::now().checked_add(self.cooldown));
            failure = failed;
        }
        Err(failure)
    }
}

impl Model for LiteLLMRouterModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        Box::pin(async_stream::try_stream! {
            let mut reply = self.first_reply(&request).await?;
            while let Some(delta) = reply.next().await {
                yield delta?;
            }
        })
    }

    fn id(&self) -> &str {
        &self.group
    }

    /// Of the group's first deployment: agents are told one thing.
    fn info(&self) -> ModelInfo {
        let first = self.deployments.iter().find(|deployment| deployment.group == self.group);
        first.map(|deployment| deployment.model.info()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::{FunctionModel, text};
    use futures::executor::block_on;
    use smol_core::model::complete;

    fn named(name: &'static str) -> FunctionModel {
        FunctionModel::new(move |_| text(name))
    }

    fn broken() -> FunctionModel {
        FunctionModel::with(|_| std::future::ready(Err(ModelError::Other("broken".to_owned()))))
    }

    #[track_caller]
    fn check(router: &LiteLLMRouterModel, expect: &str) {
        let ask =
            |_| block_on(complete(router, Request::default())).map_or("-".to_owned(), |reply| reply.text);
        assert_eq!((0..8).map(ask).collect::<String>(), expect);
    }

    #[test]
    fn requests_are_spread_by_weight() {
        let router =
            LiteLLMRouterModel::new("g").deployment("g", named("a"), 3).deployment("g", named("b"), 1);
        check(&router.deployment("other", named("x"), 9), "aabaaaba");
    }

    #[test]
    fn what_fails_is_replaced_and_rests() {
        let router = LiteLLMRouterModel::new("g").deployment("g", broken(), 9).deployment("g", named("b"), 1);
        check(&router, "bbbbbbbb");
        let behind = LiteLLMRouterModel::new("g").deployment("g", broken(), 1).deployment("h", named("c"), 1);
        check(&behind.fallback("h"), "cccccccc");
        check(&LiteLLMRouterModel::new("g").deployment("g", broken(), 1), "--------");
        check(&LiteLLMRouterModel::new("g"), "--------");
    }

    #[test]
    fn a_deployment_that_failed_is_left_alone() {
        let asked = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&asked);
        let counting = FunctionModel::with(move |_| {
            *counter.lock().unwrap() += 1;
            std::future::ready(Err(ModelError::Other("broken".to_owned())))
        });
        let router = LiteLLMRouterModel::new("g").deployment("g", counting, 1).deployment("g", named("b"), 1);
        check(&router, "bbbbbbbb");
        assert_eq!(*asked.lock().unwrap(), 1);
        let restless = router.cooldown(Duration::ZERO);
        *asked.lock().unwrap() = 0;
        restless.turns().iter_mut().for_each(|turn| turn.resting = None);
        check(&restless, "bbbbbbbb");
        assert_eq!(*asked.lock().unwrap(), 4);
    }

    #[test]
    fn a_reply_that_has_begun_is_not_begun_again() {
        struct Cut;
        impl Model for Cut {
            fn stream(&self, _: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
                let deltas = [Ok(Delta::Text("half".to_owned())), Err(ModelError::Other("cut".to_owned()))];
                futures::stream::iter(deltas).boxed()
            }
        }
        let router = LiteLLMRouterModel::new("g").deployment("g", Cut, 1).deployment("g", named("b"), 0);
        let outcome = block_on(complete(&router, Request::default()));
        assert_eq!(outcome, Err(ModelError::Other("cut".to_owned())));
    }
}
