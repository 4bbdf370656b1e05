//! One machine with a worker in it, from its making to its end.

use super::{
    Plan,
    control::{Control, LIFETIME},
    envd::{Envd, Event, Events},
};
use crate::{
    cloud::{Arrived, Feed, Refusal, Wire},
    farewell::farewell,
};
use reqwest::StatusCode;
use tokio::{sync::mpsc, task::JoinSet};

/// A machine that is ended once nobody needs it.
pub(super) struct Machine {
    control: Control,
    id: String,
}

/// Makes a machine and starts the worker in it.
pub(super) async fn start(control: Control, plan: Plan) -> Result<Wire<Machine>, Refusal> {
    let made = control.create(&plan).await?;
    let machine = Machine { control: control.clone(), id: made.id.clone() };
    tracing::debug!(machine = made.id, envd = made.envd_version, "E2B made a machine");
    let envd = Envd::of(control.client().clone(), &made, &plan)?;
    let started = envd.start().await;
    let (process, events) = started.map_err(|cause| {
        Refusal::new(cause, format!("does the template `{}` hold `bash` and `python3`?", plan.template))
    })?;
    Ok(Wire::new(machine, |feed: Feed, carriers: &mut JoinSet<()>| {
        carriers.spawn(hear(envd.clone(), events, feed.arrived.clone()));
        carriers.spawn(tell(envd, process, feed));
        carriers.spawn(keep(control, made.id));
    }))
}

/// Hands on what the worker says.
async fn hear(envd: Envd, mut events: Events, arrived: mpsc::Sender<Arrived>) {
    loop {
        let next = match events.next().await {
            Ok(Event::Output(bytes)) => Arrived::Output(bytes),
            Ok(Event::Errors(bytes)) => Arrived::Errors(bytes),
            Ok(Event::Ended(how)) => Arrived::Ended(how),
            Ok(Event::Started(_) | Event::Other) => continue,
            Err(cause) => Arrived::Ended(envd.explain(cause).await),
        };
        let is_last = matches!(next, Arrived::Ended(_));
        if arrived.send(next).await.is_err() || is_last {
            return;
        }
    }
}

/// Hands on what the worker is told.
async fn tell(envd: Envd, process: u64, mut feed: Feed) {
    while let Some(line) = feed.lines.recv().await {
        if let Err(cause) = envd.write(process, &line).await {
            let _ = feed.arrived.send(Arrived::Ended(envd.explain(cause).await)).await;
            return;
        }
    }
}

/// Keeps a machine alive for as long as its session lives.
async fn keep(control: Control, id: String) {
    loop {
        tokio::time::sleep(LIFETIME / 3).await;
        match control.keep(&id).await {
            Err(failure) if failure.status == Some(StatusCode::NOT_FOUND) => return,
            Err(failure) => tracing::warn!(machine = id, %failure, "an E2B machine was not kept"),
            Ok(()) => {}
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let (control, id) = (self.control.clone(), std::mem::take(&mut self.id));
        farewell(async move {
            let ended = match control.anew() {
                Ok(control) => control.end(&id).await.map_err(|failure| failure.to_string()),
                Err(refusal) => Err(refusal.cause),
            };
            if let Err(cause) = ended {
                tracing::warn!(
                    machine = id,
                    cause,
                    "an E2B machine was not ended: it ends when its time is up"
                );
            }
        });
    }
}
