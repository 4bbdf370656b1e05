//! Forks: the events up to a step, with other code or a word to the model.

use crate::team::{folder, lines, manager, recorded};
use smolagents::{
    Event, Run,
    event::Purpose,
    run::Next,
    runs::{Change, ForkError, RunFile, fork},
};

fn run(events: &[Event]) -> Run {
    let mut run = Run::default();
    events.iter().for_each(|event| run.apply(event));
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_goes_on_from_its_step() {
    let file = recorded("forked").await;
    let events = fork(&file, 2, None).unwrap();
    assert_eq!(events, file.events[..events.len()]);
    assert_eq!(run(&events).steps().count(), 2);
    let told = run(&fork(&file, 2, Some(Change::Message("hurry up".to_owned()))).unwrap());
    let Next::Model(Purpose::Act, request) = told.next() else { panic!("{:?}", told.next()) };
    assert_eq!(request.messages.last().unwrap().text(), "hurry up");
}

#[tokio::test(flavor = "multi_thread")]
async fn edited_code_runs_in_the_place_of_the_old() {
    let file = recorded("edited").await;
    let code = "found = 'nothing'\nput('edited')".to_owned();
    let edited = run(&fork(&file, 2, Some(Change::Code(code.clone()))).unwrap());
    assert_eq!(edited.next(), Next::Inspect(code.clone()));
    assert_eq!(edited.draft().reply.text, format!("Thought: two.\n<code>\n{code}\n</code>"));
    let world = folder("edited-world");
    let result = manager(&world, |_| {}).resume(edited).await.unwrap();
    assert_eq!(result.text, "[8, 'nothing', 'filed', True, True]", "{result:#?}");
    assert_eq!(lines(&world.join("effects")), ["edited", "clerk", "late a", "late b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_forked_is_refused() {
    fn check(file: &RunFile, step: u32, change: Option<Change>, expect: &str) {
        let error: ForkError = fork(file, step, change).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(expect) && text.contains("\n\nhint: "), "{text}");
    }
    let file = recorded("refused").await;
    check(&file, 0, None, "no finished step 0");
    check(&file, 6, None, "its last task has the steps 1 to 5");
    check(&file, 5, None, "was over after step 5");
    check(&file, 5, Some(Change::Message("more".to_owned())), "was over after step 5");
    check(&file, 2, Some(Change::Code("</code>".to_owned())), "cannot run this code");
    check(&file, 2, Some(Change::Code(" ".to_owned())), "cannot run this code");
}
