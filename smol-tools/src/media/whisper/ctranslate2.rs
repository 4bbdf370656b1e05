//! `model.bin`, the format of CTranslate2: a header, named arrays, and other names for some of them. Integers are
//! little-endian; a text is its length in 16 bits and its bytes with a zero at the end.
//!
//! Its layers hold query, key and value in one matrix; here they become the three that the Hub's files have.

use super::checkpoint::Tensors;
use candle_core::{DType, Device, Tensor};

/// The layout of versions from 4 on, of which 6 is the newest.
const VERSIONS: std::ops::RangeInclusive<u32> = 4..=6;
/// More names than any model has.
const MAX_ARRAYS: u32 = 100_000;

/// The weights in `bytes`, under the names that the Hub's files have.
pub(super) fn read(bytes: &[u8]) -> Result<Tensors, String> {
    let arrays = arrays(&mut Reader(bytes))?;
    renamed(arrays).map_err(super::plain)
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("`model.bin` breaks off")?;
        self.0 = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.first_chunk().copied().ok_or_else(|| "`model.bin` breaks off".to_owned())
    }

    fn count(&mut self) -> Result<u32, String> {
        self.number().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Result<String, String> {
        let length = u16::from_le_bytes(self.number()?);
        let bytes = self.take(length.into())?;
        Ok(String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned())
    }
}

fn arrays(reader: &mut Reader<'_>) -> Result<Tensors, String> {
    let version = reader.count()?;
    if !VERSIONS.contains(&version) {
        return Err(format!("`model.bin` is of version {version}, and 4 to 6 are read"));
    }
    let spec = reader.text()?;
    if spec != "WhisperSpec" {
        return Err(format!("`model.bin` holds a `{spec}`, not a `WhisperSpec`"));
    }
    let _revision = reader.count()?;
    let mut arrays = Tensors::new();
    for _ in 0..reader.count()?.min(MAX_ARRAYS) {
        let (name, array) = array(reader)?;
        arrays.extend(array.map(|array| (name, array)));
    }
    for _ in 0..reader.count()?.min(MAX_ARRAYS) {
        let (alias, name) = (reader.text()?, reader.text()?);
        let array = arrays.get(&name).cloned();
        arrays.extend(array.map(|array| (alias, array)));
    }
    Ok(arrays)
}

/// A name, and what it names unless those are flags and counts.
fn array(reader: &mut Reader<'_>) -> Result<(String, Option<Tensor>), String> {
    let name = reader.text()?;
    let [rank] = reader.number()?;
    let shape = (0..rank).map(|_| reader.count().map(|size| size as usize)).collect::<Result<Vec<_>, _>>()?;
    let [kind] = reader.number()?;
    let length = reader.count()? as usize;
    let bytes = reader.take(length)?;
    let size = match kind {
        0 => 4,
        1 => 1,
        _ => 2,
    };
    if shape.is_empty() {
        return Ok((name, None));
    }
    let expected = shape.iter().try_fold(size, |product: usize, size| product.checked_mul(*size));
    if expected != Some(length) {
        return Err(format!("`{name}` in `model.bin` has {length} bytes, which is not what its shape needs"));
    }
    let array = match kind {
        0 => Tensor::from_raw_buffer(bytes, DType::F32, &shape, &Device::Cpu),
        1 => {
            let numbers: Vec<f32> = bytes.iter().map(|byte| f32::from(byte.cast_signed())).collect();
            Tensor::from_vec(numbers, shape, &Device::Cpu)
        }
        4 => Tensor::from_raw_buffer(bytes, DType::F16, &shape, &Device::Cpu),
        5 => Tensor::from_raw_buffer(bytes, DType::BF16, &shape, &Device::Cpu),
        kind => {
            return Err(format!("`{name}` in `model.bin` holds numbers of kind {kind}, which are not read"));
        }
    };
    let array = array.map_err(|error| format!("`{name}` in `model.bin` is damaged: {error}"))?;
    Ok((name, Some(array)))
}

fn renamed(mut arrays: Tensors) -> candle_core::Result<Tensors> {
    // Matrices of 8-bit numbers come with what each row was multiplied by.
    let scales: Vec<String> = arrays.keys().filter(|name| name.ends_with("/weight_scale")).cloned().collect();
    for name in scales {
        let weight = name.trim_end_matches("_scale");
        if let (Some(scale), Some(numbers)) = (arrays.remove(&name), arrays.get(weight)) {
            let scale = scale.to_dtype(DType::F32)?.flatten_all()?;
            let rows = numbers.dim(0)?;
            let shape: Vec<usize> =
                std::iter::once(rows).chain(numbers.dims().iter().skip(1).map(|_| 1)).collect();
            let exact = numbers.broadcast_div(&scale.broadcast_as(rows)?.reshape(shape)?)?;
            arrays.insert(weight.to_owned(), exact);
        }
    }
    let mut tensors = Tensors::new();
    for (name, tensor) in arrays {
        for (index, name) in hub_names(&name).into_iter().enumerate() {
            let Some((name, parts)) = name else { continue };
            let rows = tensor.dim(0)? / parts;
            tensors.insert(name, tensor.narrow(0, index * rows, rows)?);
        }
    }
    Ok(tensors)
}

/// The Hub's names for the parts of `name`, one after the other, each with how many parts there are. A part that is not
/// needed has none.
fn hub_names(name: &str) -> Vec<Option<(String, usize)>> {
    let one = |name: String| vec![Some((name, 1))];
    let name = name.replace("/gamma", "/weight").replace("/beta", "/bias");
    let Some((side, rest)) = name.split_once('/') else { return Vec::new() };
    let rest = match rest {
        "position_encodings/encodings" => return one(format!("{side}.embed_positions.weight")),
        "embeddings/weight" => return one(format!("{side}.embed_tokens.weight")),
        rest => rest,
    };
    let layer = rest.strip_prefix("layer_").and_then(|rest| rest.split_once('/'));
    let Some((layer, rest)) = layer.filter(|(layer, _)| layer.parse::<usize>().is_ok()) else {
        return one(format!("{side}.{}", rest.replace('/', ".")));
    };
    let Some((rest, kind)) = rest.rsplit_once('/') else { return Vec::new() };
    let projections = |attention: &str, names: &[&str]| {
        let part = |name: &&str| {
            // Keys have no bias; CTranslate2 fills in zeros.
            let is_kept = !(kind == "bias" && *name == "k_proj");
            is_kept.then(|| (format!("{side}.layers.{layer}.{attention}.{name}.{kind}"), names.len()))
        };
        names.iter().map(part).collect()
    };
    let plain = |name: &str| one(format!("{side}.layers.{layer}.{name}.{kind}"));
    match rest {
        "self_attention/linear_0" => projections("self_attn", &["q_proj", "k_proj", "v_proj"]),
        "self_attention/linear_1" => plain("self_attn.out_proj"),
        "self_attention/layer_norm" => plain("self_attn_layer_norm"),
        "attention/linear_0" => plain("encoder_attn.q_proj"),
        "attention/linear_1" => projections("encoder_attn", &["k_proj", "v_proj"]),
        "attention/linear_2" => plain("encoder_attn.out_proj"),
        "attention/layer_norm" => plain("encoder_attn_layer_norm"),
        "ffn/linear_0" => plain("fc1"),
        "ffn/linear_1" => plain("fc2"),
        "ffn/layer_norm" => plain("final_layer_norm"),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_those_of_the_hub() {
        let check = |name: &str, expect: &[Option<&str>]| {
            let found: Vec<_> = hub_names(name).into_iter().map(|part| part.map(|(name, _)| name)).collect();
            let expect: Vec<_> = expect.iter().map(|name| name.map(str::to_owned)).collect();
            assert_eq!(found, expect, "{name}");
        };
        check("encoder/conv1/weight", &[Some("encoder.conv1.weight")]);
        check("decoder/layer_norm/beta", &[Some("decoder.layer_norm.bias")]);
        check("decoder/embeddings/weight", &[Some("decoder.embed_tokens.weight")]);
        check(
            "encoder/layer_3/self_attention/linear_0/bias",
            &[
                Some("encoder.layers.3.self_attn.q_proj.bias"),
                None,
                Some("encoder.layers.3.self_attn.v_proj.bias"),
            ],
        );
        check("decoder/layer_0/ffn/layer_norm/gamma", &[Some("decoder.layers.0.final_layer_norm.weight")]);
        check("decoder/layer_0/unheard/of", &[]);
        check("flag", &[]);
    }

    /// Wherever the file breaks off there is an error, and no length in it is believed.
    #[test]
    fn what_breaks_off_is_refused() {
        let text = |text: &str| {
            [&u16::try_from(text.len() + 1).unwrap().to_le_bytes()[..], text.as_bytes(), &[0]].concat()
        };
        let bytes = [
            &6u32.to_le_bytes()[..],
            &text("WhisperSpec"),
            &3u32.to_le_bytes(),
            &1u32.to_le_bytes(),
            &text("encoder/conv1/bias"),
            &[1],
            &2u32.to_le_bytes(),
            &[0],
            &8u32.to_le_bytes(),
            &[0; 8],
            &0u32.to_le_bytes(),
        ]
        .concat();
        assert_eq!(read(&bytes).unwrap().len(), 1);
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_err(), "{length}");
        }
        let mut wrong = bytes.clone();
        wrong[0] = 9;
        assert!(read(&wrong).unwrap_err().contains("version 9"));
    }
}
