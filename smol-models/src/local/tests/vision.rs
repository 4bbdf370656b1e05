//! What a tiny LLaVA sees, against what `transformers` computed for the same weights and picture: see `llava.py` beside
//! the golden values.

use super::{
    families,
    forward::largest_difference,
    tiny::{noise, tokens},
};
use crate::local::{
    LoadOptions, LocalModel,
    checkpoint::Checkpoint,
    decoder::Decoder,
    options::{Means, Placement},
    vision::Vision,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use futures::executor::block_on;
use serde::Deserialize;
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Part, Role},
    model::{Model, ModelError, Reply, Request, complete},
};
use std::fs;
use tempfile::TempDir;

/// The template of LLaVA 1.5, in short: pictures first.
const TEMPLATE: &str = "{% for message in messages %}{{ message['role'].upper() + ': ' }}\
    {% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}\
    {% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ content['text'] + ' ' }}{% endfor %}\
    {% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}";

#[derive(Deserialize)]
struct Golden {
    #[serde(flatten)]
    model: families::Golden,
    preparation: Value,
    picture: [usize; 2],
    tokens: Vec<u32>,
    seen: Vec<f32>,
}

impl Golden {
    fn read() -> Self {
        serde_json::from_str(include_str!("../../../tests/fixtures/local/llava.json")).unwrap()
    }

    /// The picture as a PNG file.
    fn picture(&self) -> Vec<u8> {
        let [width, height] = self.picture;
        let colours = noise("picture", width * height * 3).into_iter();
        let colours = colours.map(|number| ((number + 1.0) * 127.0) as u8).collect::<Vec<_>>();
        png(width as u32, height as u32, png::ColorType::Rgb, &colours)
    }

    /// The model as a folder, with all that belongs to it.
    fn write(&self) -> TempDir {
        let folder = self.model.write();
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("preprocessor_config.json", self.preparation.to_string());
        write("tokenizer.json", tokenizer().to_string());
        write("tokenizer_config.json", json!({"eos_token": "<|im_end|>"}).to_string());
        write("chat_template.json", json!({"chat_template": TEMPLATE}).to_string());
        folder
    }

    fn load(&self) -> LocalModel {
        LocalModel::load(self.write().path()).unwrap().max_new_tokens(6).threads(1)
    }

    fn vision(&self, preparation: &Value) -> Result<Vision, String> {
        let folder = self.model.write();
        let weights = fs::read(folder.path().join("model.safetensors")).unwrap();
        let tensors = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu).unwrap();
        Vision::load(&self.model.config, preparation, 64, &tensors)
    }
}

/// A token for every byte, a few more, and the mark of a picture, which has the number of the fixture.
fn tokenizer() -> Value {
    let tokens = tokens();
    let words = tokens.iter().filter(|token| token.chars().count() < 4).zip(0..);
    let vocabulary = words.map(|(token, id)| (token.clone(), json!(id))).collect::<serde_json::Map<_, _>>();
    let marks = [(259, "<|im_start|>"), (260, "<|im_end|>"), (261, "<pad>"), (262, "<image>")];
    let added = marks.map(|(id, content)| {
        json!({"id": id, "content": content, "special": true, "normalized": false,
               "single_word": false, "lstrip": false, "rstrip": false})
    });
    let by_bytes =
        json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false});
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added, "normalizer": null,
        "pre_tokenizer": by_bytes, "post_processor": null, "decoder": by_bytes,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    })
}

fn png(width: u32, height: u32, color: png::ColorType, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
    file
}

#[test]
fn a_picture_becomes_the_rows_that_transformers_gives() {
    let golden = Golden::read();
    let vision = golden.vision(&golden.preparation).unwrap();
    assert_eq!((vision.token, vision.patches), (262, 4));
    let seen = vision.see(&golden.picture()).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
    let difference = largest_difference(&seen, &golden.seen);
    assert!(difference < 1e-4, "{difference}");
}

/// Greys, transparency and any shape become the same kind of rows; a picture as long as it is thin takes no more room.
#[test]
fn pictures_of_every_kind_are_seen() {
    let golden = Golden::read();
    let vision = golden.vision(&Value::Null).unwrap();
    let grey = png(40, 30, png::ColorType::Grayscale, &[7; 1200]);
    let expect = vision.see(&png(40, 30, png::ColorType::Rgb, &[7; 3600])).unwrap().to_vec2::<f32>().unwrap();
    assert_eq!((expect.len(), expect[0].len()), (4, 64));
    let rows = [
        grey,
        png(40, 30, png::ColorType::GrayscaleAlpha, &[7, 9].repeat(1200)),
        png(40, 30, png::ColorType::Rgba, &[7, 7, 7, 0].repeat(1200)),
        png(1, 16_000, png::ColorType::Grayscale, &[7; 16_000]),
        png(16_000, 2, png::ColorType::Grayscale, &[7; 32_000]),
    ];
    for file in rows {
        assert_eq!(vision.see(&file).unwrap().to_vec2::<f32>().unwrap(), expect);
    }
}

#[test]
fn files_that_are_no_pictures() {
    let golden = Golden::read();
    let vision = golden.vision(&golden.preparation).unwrap();
    let whole = golden.picture();
    // A header that promises a picture of 2 to the power of 60 bytes.
    let mut vast = whole.clone();
    vast[16..24].copy_from_slice(&[0x20, 0, 0, 0, 0x20, 0, 0, 0]);
    let check = |file: &[u8], expect: &str| {
        let message = vision.see(file).unwrap_err();
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    };
    check(b"", "neither PNG nor JPEG");
    check(b"GIF89a", "neither PNG nor JPEG");
    check(&vast, "");
    check(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4], "");
    for length in (8..whole.len()).step_by(131) {
        check(&whole[..length], "");
    }
}

#[test]
fn eyes_that_do_not_fit() {
    let golden = Golden::read();
    let check = |key: &[&str], value: Value, expect: &str| {
        let mut golden = Golden::read();
        let (last, path) = key.split_last().unwrap();
        let place = path.iter().fold(&mut golden.model.config, |place, key| &mut place[*key]);
        place[*last] = value;
        let Err(message) = golden.vision(&golden.preparation) else { panic!("{key:?} was taken") };
        assert!(message.contains(expect), "`{expect}` is not in: {message}");
    };
    check(&["vision_config", "model_type"], json!("siglip_vision_model"), "expected `clip_vision_model`");
    check(&["vision_config", "num_attention_heads"], json!(5), "5 heads of the vision tower");
    check(&["vision_config", "patch_size"], json!(0), "do not make patches of 0");
    check(&["vision_config", "num_hidden_layers"], json!(5), "encoder.layers.3");
    check(&["vision_config", "hidden_size"], json!(48), "class_embedding");
    check(&["vision_config"], json!(null), "TowerConfig");
    check(&["vision_feature_layer"], json!(-5), "`vision_feature_layer` is -5, but the tower has 3 layers");
    check(&["vision_feature_select_strategy"], json!("full"), "is `full`, expected `default`");
    let small = json!({"crop_size": 20, "size": 20});
    assert!(golden.vision(&small).err().unwrap().contains("the model reads 28 by 28"));
    let nearest = json!({"crop_size": 28, "size": 28, "resample": 0});
    assert!(golden.vision(&nearest).err().unwrap().contains("`resample` is 0"));
}

/// By our kernels and by tensor operations, at once and in pieces that end within the picture.
#[test]
fn scores_after_a_picture_are_those_of_transformers() {
    let golden = Golden::read();
    let folder = golden.write();
    let file = Checkpoint::open(folder.path()).unwrap();
    for means in [Means::Kernels, Means::Tensors] {
        let placement = Placement { means, ..LoadOptions::default().placement().unwrap() };
        let decoder = Decoder::load(&file, &placement).unwrap();
        let mut prompt = golden.tokens.clone();
        // Four rows have one place.
        prompt.dedup();
        let prompt = decoder.sight.as_ref().unwrap().place(&prompt, vec![golden.picture()]).unwrap();
        assert_eq!(prompt.len(), golden.tokens.len());
        for pieces in [vec![9], vec![4, 5], vec![1; 9]] {
            let (mut cache, mut rest, mut scores) = (decoder.cache().unwrap(), prompt.as_slice(), Vec::new());
            for length in &pieces {
                let (piece, left) = rest.split_at(*length);
                scores = decoder.forward(piece, &mut cache).unwrap();
                rest = left;
            }
            let difference = largest_difference(&scores, &golden.model.scores);
            assert!(difference < 1e-3, "{means:?} {pieces:?}: {difference}");
        }
    }
}

fn ask(text: &str, files: &[Vec<u8>]) -> Request {
    let mut message = Message::new(Role::User, text);
    message.content.extend(files.iter().map(|file| {
        Part::Image(Media::Inline { mime: "image/png".to_owned(), base64: STANDARD.encode(file) })
    }));
    Request::new(vec![message])
}

fn reply(model: &LocalModel, request: &Request) -> Reply {
    block_on(complete(model, request.clone())).unwrap()
}

/// What was computed for a picture serves the next step, and never another picture.
#[test]
fn a_conversation_with_pictures_is_remembered_by_what_they_show() {
    let golden = Golden::read();
    let model = golden.load();
    assert_eq!(model.info().vision, Some(true));
    let picture = golden.picture();
    let others = (0..12).map(|shade| png(30, 30, png::ColorType::Grayscale, &[shade * 20; 900]));
    let asked = ask("what is this?", std::slice::from_ref(&picture));
    let first = reply(&model, &asked);
    // `USER: `, the picture in four rows, a line break, the text with a space, and `ASSISTANT:`.
    assert_eq!(first.usage.unwrap().input_tokens, 6 + 4 + 1 + 14 + 10);
    for other in others {
        let request = ask("what is this?", &[other]);
        assert_eq!(reply(&model, &request), reply(&golden.load(), &request));
        assert_eq!(reply(&model, &asked), first);
    }
    let two = ask("compare", &[picture.clone(), picture]);
    assert_eq!(reply(&model, &two), reply(&golden.load(), &two));
    let mut further = asked.clone();
    further.messages.extend([Message::new(Role::Assistant, &first.text), Message::new(Role::User, "and?")]);
    assert_eq!(reply(&model, &further), reply(&golden.load(), &further));
    // A mark written by a user is no picture.
    reply(&model, &ask("<image>", &[]));
}

#[test]
fn pictures_that_cannot_be_shown() {
    let golden = Golden::read();
    let model = golden.load();
    let check = |media: Media, expect: &str| {
        let mut request = ask("look", &[golden.picture()]);
        request.messages[0].content.push(Part::Image(media));
        let Err(ModelError::Setup { message, hint }) = block_on(complete(&model, request)) else {
            panic!("{expect}");
        };
        assert!(message.contains(expect) && !hint.is_empty(), "`{expect}` is not in: {message}");
    };
    let inline = |base64: &str| Media::Inline { mime: "image/png".to_owned(), base64: base64.to_owned() };
    check(
        Media::Url("http://127.0.0.1/a.png".to_owned()),
        "cannot fetch the picture at `http://127.0.0.1/a.png`",
    );
    check(inline("?"), "no base64");
    check(inline("R0lGODlh"), "picture 2 cannot be shown to the model: it is neither PNG nor JPEG");
}
