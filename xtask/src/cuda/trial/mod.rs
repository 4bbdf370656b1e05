//! What a GPU makes of decoders of the sizes people use: whether it computes what the processor does, and how far it is
//! from what its memory and its arithmetic allow.

mod facts;

use anyhow::{Context, ensure};
use facts::Facts;
use smol_models::local::{
    DeviceMap,
    trial::{Kind, SHAPES, Shape, Trial},
};
use std::time::Instant;

/// Tokens of the prompt, and tokens written after it.
const PROMPT: usize = 2048;
const DECODED: usize = 128;

/// Measures the shapes of these names, such as `8B`; all of them where none is named.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub(crate) fn run(wanted: &[&str]) -> anyhow::Result<()> {
    let facts = Facts::read()?;
    println!("{facts}");
    let known = |name: &str| SHAPES.iter().any(|shape| shape.name == name);
    if let Some(name) = wanted.iter().find(|name| !known(name)) {
        let names = SHAPES.map(|shape| shape.name).join("`, `");
        anyhow::bail!("there is no shape `{name}`\n\nhint: there are `{names}`");
    }
    for shape in
        SHAPES.iter().filter(|shape| wanted.is_empty() || wanted.iter().any(|name| *name == shape.name))
    {
        for kind in [Kind::Bf16, Kind::Q4K] {
            let check =
                check(shape, kind).with_context(|| format!("{} {kind:?} computes wrong", shape.name))?;
            println!("{} {kind:?}: two layers {check}", shape.name);
            let room = 2 * shape.kept() * 2 * (PROMPT + DECODED) + (1 << 30);
            if kind.bytes(shape.weights() + shape.width * shape.vocabulary) + room > facts.memory {
                println!("{} {kind:?}: does not fit into the memory of this GPU", shape.name);
                continue;
            }
            println!("{} {kind:?}: {}", shape.name, measure(shape, kind, &facts)?);
        }
    }
    Ok(())
}

/// The first two layers with 4096 words, after 24 tokens at once and 8 one by one: scores against those of the processor
/// in 32 bits. All layers would take the processor minutes, and show no other operation.
fn check(shape: &Shape, kind: Kind) -> anyhow::Result<String> {
    let slice = Shape { layers: 2, vocabulary: 4096, ..*shape };
    let tokens = (0..32).map(|token| token * 37 % 4096).collect::<Vec<_>>();
    let scores = |mut trial: Trial| -> anyhow::Result<Vec<f32>> {
        let (together, apart) = tokens.split_at(24);
        let mut scores = trial.read(together)?;
        for token in apart {
            scores = trial.read(&[*token])?;
        }
        Ok(scores)
    };
    let found = scores(Trial::load(&slice, kind, DeviceMap::Cuda(0))?)?;
    let expect = scores(Trial::reference(&slice, kind)?)?;
    let product =
        |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(l, r)| f64::from(l * r)).sum::<f64>();
    let cosine = product(&found, &expect) / (product(&found, &found) * product(&expect, &expect)).sqrt();
    ensure!(
        cosine > 0.999,
        "the cosine between its scores and the processor's is {cosine}, expected over 0.999"
    );
    Ok(format!("agree with the processor in 32 bits to a cosine of {cosine:.6}"))
}

fn measure(shape: &Shape, kind: Kind, facts: &Facts) -> anyhow::Result<String> {
    let started = Instant::now();
    let mut trial = Trial::load(shape, kind, DeviceMap::Cuda(0))?;
    let loading = started.elapsed().as_secs_f64();
    let tokens = (0..PROMPT).map(|token| token as u32 % 1000).collect::<Vec<_>>();
    // Once without looking at the clock: kernels are loaded on their first use.
    trial.read(&tokens)?;
    trial.read(&[1])?;
    trial.forget(0);
    let started = Instant::now();
    let mut scores = trial.read(&tokens)?;
    let prompt = PROMPT as f64 / started.elapsed().as_secs_f64();
    let started = Instant::now();
    for _ in 0..DECODED {
        scores = trial.read(&[likeliest(&scores)])?;
    }
    let decode = DECODED as f64 / started.elapsed().as_secs_f64();
    // Each token multiplies and adds all weights, and reads them and what is kept of all tokens before.
    let most_prompt = facts.operations / (2.0 * shape.weights() as f64);
    let read = kind.bytes(shape.weights()) + 2 * shape.kept() * (PROMPT + DECODED / 2);
    let most_decode = facts.bandwidth / read as f64;
    Ok(format!(
        "prompt {prompt:.0} tokens/s ({:.0}% of the {most_prompt:.0} that arithmetic allows), decode {decode:.1} tokens/s ({:.0}% of the {most_decode:.0} that memory allows); loaded in {loading:.0} s",
        100.0 * prompt / most_prompt,
        100.0 * decode / most_decode,
    ))
}

fn likeliest(scores: &[f32]) -> u32 {
    let best = scores.iter().zip(0..).max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.map_or(0, |(_, token)| token)
}
