//! Messages to one prompt, by the chat template that a model carries.

mod conversation;
mod environment;

use super::{checkpoint::Header, gguf::setup, vocabulary::Vocabulary};
use minijinja::{Environment, Value, context};
use smol_core::model::{ModelError, Request};

const NAME: &str = "chat_template";

/// The form most models without a template of their own were trained on.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n\
                      {% endfor %}{{ '<|im_start|>assistant\n' }}";

/// A model's chat template.
pub(super) struct ChatTemplate {
    environment: Environment<'static>,
    begin: String,
    end: String,
    controls: Vec<String>,
}

impl ChatTemplate {
    /// The model's template; where it has none, ChatML, if the vocabulary knows its marks.
    pub(super) fn load(header: &Header, vocabulary: &Vocabulary) -> Result<Self, ModelError> {
        let source = match header.chat_template()? {
            Some(source) => source,
            None if vocabulary.has("<|im_start|>") && vocabulary.has("<|im_end|>") => CHATML.to_owned(),
            None => {
                let what = "it has no chat template: it is a base model, not one made for conversations";
                return Err(header.error(what));
            }
        };
        let (begin, end) = vocabulary.marks();
        let parsed = Self::parse(&source, begin, end, vocabulary.controls());
        parsed.map_err(|cause| header.error(format_args!("its chat template does not parse: {cause}")))
    }

    /// The template of this source; `begin` and `end` are what it calls a text's begin and end.
    pub(super) fn parse(
        source: &str,
        begin: &str,
        end: &str,
        controls: &[String],
    ) -> Result<Self, minijinja::Error> {
        let mut environment = environment::new();
        environment.add_template_owned(NAME, environment::without_training_marks(source))?;
        let (begin, end) = (begin.to_owned(), end.to_owned());
        Ok(Self { environment, begin, end, controls: controls.to_vec() })
    }

    /// The prompt for `request`, up to where the model's own turn begins. Templates that know of tools are shown those of
    /// the request; for the others an agent's system message describes them, and calls written as text are found there.
    pub(super) fn render(&self, request: &Request) -> Result<String, ModelError> {
        let tools = conversation::tools(&request.tools, &self.controls);
        let whole = conversation::messages(&request.messages, &self.controls)?;
        self.prompt(&whole, &tools).or_else(|cause| {
            // Some templates know no system message, or want users and assistants to take turns.
            let joined = conversation::joined(&request.messages);
            let joined = conversation::messages(&joined, &self.controls)?;
            self.prompt(&joined, &tools).map_err(|_| rejected(&cause))
        })
    }

    fn prompt(&self, messages: &Value, tools: &Value) -> Result<String, minijinja::Error> {
        let values = context! {
            messages, tools, documents => (), add_generation_prompt => true,
            bos_token => self.begin, eos_token => self.end,
        };
        self.environment.get_template(NAME)?.render(values)
    }
}

fn rejected(cause: &minijinja::Error) -> ModelError {
    let hint = "some templates take only text, or no messages of tools";
    setup(format!("the model's chat template rejected the conversation: {cause}"), hint)
}
