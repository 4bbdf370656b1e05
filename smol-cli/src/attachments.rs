//! What goes with a task: files to look at, and values for the code.

use clap::Args;
use serde_json::Value;
use smolagents::TaskRun;

/// Things that are given with the task of `smolagent run`.
#[derive(Debug, Default, Args)]
pub struct TaskArguments {
    /// A picture for the model, by path or address; may be given several times
    #[arg(long, value_name = "PATH")]
    pub image: Vec<String>,
    /// A recording, by path or address; may be given several times
    #[arg(long, value_name = "PATH")]
    pub audio: Vec<String>,
    /// A film, by path or address; may be given several times
    #[arg(long, value_name = "PATH")]
    pub video: Vec<String>,
    /// A value that the code finds as a variable, such as `limit=3` or `'who="Ada"'`; may be given several times
    #[arg(long, value_name = "NAME=JSON", value_parser = variable)]
    pub arg: Vec<(String, Value)>,
}

impl TaskArguments {
    /// The run with all of it.
    pub fn attach<'a>(&self, mut run: TaskRun<'a>) -> TaskRun<'a> {
        run = self.image.iter().fold(run, TaskRun::image);
        run = self.audio.iter().fold(run, TaskRun::audio);
        run = self.video.iter().fold(run, TaskRun::video);
        self.arg.iter().fold(run, |run, (name, value)| run.variable(name, value))
    }
}

fn variable(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("a name, `=` and a value are wanted")?;
    let value = serde_json::from_str(value).map_err(|error| {
        format!("the value is not JSON: {error}\n\nhint: text stands in quotes, `{name}=\"…\"`")
    })?;
    Ok((name.to_owned(), value))
}
