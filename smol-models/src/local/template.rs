//! Messages to one prompt, by the chat template that a model file carries.

use super::{
    gguf::{Gguf, setup},
    vocabulary::Vocabulary,
};
use minijinja::{Environment, ErrorKind, context};
use smol_core::{
    message::{Message, Part, Role},
    model::{ModelError, Request},
};

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
    /// The template in `file`; where it has none, ChatML, if the vocabulary knows its marks.
    pub(super) fn load(file: &Gguf, vocabulary: &Vocabulary) -> Result<Self, ModelError> {
        let source = match file.value("tokenizer.chat_template") {
            Some(_) => file.string("tokenizer.chat_template")?,
            None if vocabulary.has("<|im_start|>") && vocabulary.has("<|im_end|>") => CHATML,
            None => {
                return Err(
                    file.error("it has no chat template: it is a base model, not one made for conversations")
                );
            }
        };
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        let added = environment.add_template_owned(NAME, source.to_owned());
        added.map_err(|cause| file.error(format_args!("its chat template does not parse: {cause}")))?;
        let token = |key| token_under(file, key);
        Ok(Self {
            environment,
            begin: token("tokenizer.ggml.bos_token_id"),
            end: token("tokenizer.ggml.eos_token_id"),
            controls: vocabulary.controls().to_vec(),
        })
    }

    /// The prompt for `request`, up to where the model's own turn begins. Its tools are left out: an agent's system
    /// message describes them, and calls written as text are found there too.
    pub(super) fn render(&self, request: &Request) -> Result<String, ModelError> {
        let messages =
            request.messages.iter().map(|message| self.turn(message)).collect::<Result<Vec<_>, _>>()?;
        let values = context! {
            messages, add_generation_prompt => true, bos_token => self.begin, eos_token => self.end,
        };
        let template = self.environment.get_template(NAME).map_err(rejected)?;
        template.render(values).map_err(rejected)
    }

    fn turn(&self, message: &Message) -> Result<minijinja::Value, ModelError> {
        if message.content.iter().any(|part| matches!(part, Part::Image(_))) {
            let hint = "ask a model that can see, such as one behind an OpenAI-compatible server";
            return Err(setup("this local model takes no images".to_owned(), hint));
        }
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        };
        Ok(context! { role, content => self.plain(message.text()) })
    }

    /// `text` in which no control token stands: a web page that an agent reads must not be able to end its turn and
    /// begin another speaker's.
    fn plain(&self, text: String) -> String {
        self.controls.iter().fold(text, |text, control| {
            let first = control.chars().next().map_or(0, char::len_utf8);
            let (head, tail) = control.split_at(first);
            if text.contains(control) { text.replace(control, &format!("{head} {tail}")) } else { text }
        })
    }
}

fn rejected(cause: minijinja::Error) -> ModelError {
    let hint =
        "some templates take no system message, or only turns that alternate between user and assistant";
    setup(format!("the model's chat template rejected the conversation: {cause}"), hint)
}

fn token_under(file: &Gguf, key: &str) -> String {
    let tokens = file.strings("tokenizer.ggml.tokens").unwrap_or_default();
    let token = file.number(key).ok().and_then(|id| tokens.get(id).copied());
    token.unwrap_or_default().to_owned()
}
