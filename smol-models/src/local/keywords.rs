//! The original's words for how a model is loaded, as its users have them in their programs.

use super::{gguf::setup, options::LoadOptions};
use serde_json::Value;
use smol_core::model::ModelError;

impl LoadOptions {
    /// Sets what the original's `TransformersModel` calls `name`:
    /// - `dtype` or `torch_dtype`, `device_map`, `load_in_8bit` and `load_in_4bit` are the methods of these names;
    ///   `"auto"` for a type means as stored.
    /// - `bnb_4bit_quant_type` (`nf4` or `fp4`), `bnb_4bit_compute_dtype` and `bnb_4bit_use_double_quant` say by which
    ///   kernel of bitsandbytes four bits are computed. There is one way here, which rounds at least as finely as each of
    ///   them (a scale and a minimum in 16 bits for each 32 weights) and sums in 32 bits, so they are taken and change
    ///   nothing.
    /// - `trust_remote_code` may be false: no model brings code along.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where the name or the value is not known.
    pub fn keyword(self, name: &str, value: &Value) -> Result<Self, ModelError> {
        let flag = || value.as_bool().ok_or_else(|| wrong(name, value, "`true` or `false`"));
        let text = || value.as_str().ok_or_else(|| wrong(name, value, "text"));
        match name {
            "dtype" | "torch_dtype" if value.as_str() == Some("auto") => Ok(self),
            "dtype" | "torch_dtype" => Ok(self.dtype(text()?.parse()?)),
            "device_map" => Ok(self.device_map(text()?.parse()?)),
            "load_in_8bit" => Ok(self.load_in_8bit(flag()?)),
            "load_in_4bit" => Ok(self.load_in_4bit(flag()?)),
            "bnb_4bit_compute_dtype" => text()?.parse::<super::Dtype>().map(|_| self),
            "bnb_4bit_use_double_quant" => flag().map(|_| self),
            "bnb_4bit_quant_type" => match text()? {
                "nf4" | "fp4" => Ok(self),
                _ => Err(wrong(name, value, "`nf4` or `fp4`")),
            },
            "trust_remote_code" if !flag()? => Ok(self),
            "trust_remote_code" => {
                let hint = "leave it out: families that are known run without code of their own";
                Err(setup("no code from a model's folder is run, whoever is trusted".to_owned(), hint))
            }
            _ => {
                let hint = "known are `dtype`, `torch_dtype`, `device_map`, `load_in_8bit`, `load_in_4bit`, \
                            `bnb_4bit_compute_dtype`, `bnb_4bit_use_double_quant`, `bnb_4bit_quant_type` and \
                            `trust_remote_code`; what concerns replies, such as `max_new_tokens`, is set on the model";
                Err(setup(format!("`{name}` is no way to load a model"), hint))
            }
        }
    }
}

fn wrong(name: &str, value: &Value, expected: &str) -> ModelError {
    setup(format!("`{name}` is `{value}`"), &format!("it should be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(words: &Value) -> Result<LoadOptions, ModelError> {
        let words = words.as_object().unwrap();
        words.iter().try_fold(LoadOptions::default(), |options, (name, value)| options.keyword(name, value))
    }

    #[test]
    fn words_of_the_original_are_understood() {
        let check = |words: Value, expect: LoadOptions| {
            assert_eq!(format!("{:?}", set(&words).unwrap()), format!("{expect:?}"), "{words}");
        };
        let options = LoadOptions::default;
        let half = "torch.float16".parse().unwrap();
        check(json!({"device_map": "auto", "torch_dtype": "auto"}), options());
        check(
            json!({"torch_dtype": "torch.float16", "load_in_8bit": true}),
            options().dtype(half).load_in_8bit(true),
        );
        let bits = json!({"load_in_4bit": true, "bnb_4bit_compute_dtype": "float16", "bnb_4bit_use_double_quant": true,
                          "bnb_4bit_quant_type": "nf4", "trust_remote_code": false});
        check(bits, options().load_in_4bit(true));
        check(json!({"device_map": "cuda:1"}), options().device_map(super::super::DeviceMap::Cuda(1)));
    }

    #[test]
    fn other_words_are_refused() {
        let check = |words: Value, expect: &str| {
            let message = set(&words).unwrap_err().to_string();
            assert!(message.contains(expect) && message.contains("hint: "), "{message}");
        };
        check(json!({"load_in_4bit": "yes"}), "`load_in_4bit` is `\"yes\"`");
        check(json!({"dtype": "int3"}), "the type `int3` is not known");
        check(json!({"device_map": "tpu"}), "the device `tpu` is not known");
        check(json!({"device_map": "cuda:x"}), "the device `cuda:x` is not known");
        check(json!({"bnb_4bit_quant_type": "q2"}), "should be `nf4` or `fp4`");
        check(json!({"trust_remote_code": true}), "no code from a model's folder is run");
        check(json!({"load_in_2bit": true}), "`load_in_2bit` is no way to load a model");
    }
}
