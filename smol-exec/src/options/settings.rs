//! The options of each executor, by the names of its methods.

use super::{Configurable, Setting, setting};

/// Those of the sandboxes in WebAssembly, whose files are alike.
#[cfg(feature = "wasm")]
macro_rules! wasm_settings {
    ($type:ty) => {
        impl Configurable for $type {
            fn settings() -> Vec<Setting<Self>> {
                vec![
                    setting("packages", |wasm: Self, paths: Vec<std::path::PathBuf>| wasm.packages(paths)),
                    setting("working_folder", |wasm: Self, folder: std::path::PathBuf| {
                        wasm.working_folder(folder)
                    }),
                    setting("written", |wasm: Self, bytes: u64| wasm.written(bytes)),
                ]
            }
        }
    };
}

#[cfg(feature = "wasm")]
wasm_settings!(crate::Wasm);
#[cfg(feature = "wasm-data")]
wasm_settings!(crate::WasmData);

#[cfg(all(unix, feature = "process"))]
impl Configurable for crate::Process {
    fn settings() -> Vec<Setting<Self>> {
        vec![
            setting("confinement", Self::confinement),
            setting("network", Self::network),
            setting("processes", Self::processes),
            setting("python", |process: Self, program: std::path::PathBuf| process.python(program)),
            setting("read_only", |process: Self, paths: Vec<std::path::PathBuf>| {
                paths.into_iter().fold(process, Self::read_only)
            }),
            setting("working_folder", |process: Self, folder: std::path::PathBuf| {
                process.working_folder(folder)
            }),
        ]
    }
}

#[cfg(feature = "docker")]
impl Configurable for crate::Docker {
    fn settings() -> Vec<Setting<Self>> {
        vec![
            setting("cpus", Self::cpus),
            setting("dockerfile", |docker: Self, path: std::path::PathBuf| docker.dockerfile(path)),
            setting("engine", |docker: Self, address: String| docker.engine(address)),
            setting("fresh", Self::fresh),
            setting("image", |docker: Self, name: String| docker.image(name)),
            setting("network", Self::network),
            setting("processes", Self::processes),
            setting("read_only", |docker: Self, paths: Vec<std::path::PathBuf>| {
                paths.into_iter().fold(docker, Self::read_only)
            }),
            setting("root_file_system", |docker: Self, tar: std::path::PathBuf| docker.root_file_system(tar)),
            setting("runtime", |docker: Self, name: String| docker.runtime(name)),
            setting("working_folder", |docker: Self, folder: std::path::PathBuf| {
                docker.working_folder(folder)
            }),
        ]
    }
}

#[cfg(feature = "jupyter")]
impl Configurable for crate::Jupyter {
    fn settings() -> Vec<Setting<Self>> {
        vec![setting("url", |jupyter: Self, url: String| jupyter.url(url))]
    }
}

#[cfg(feature = "e2b")]
impl Configurable for crate::E2B {
    fn settings() -> Vec<Setting<Self>> {
        vec![
            setting("domain", |e2b: Self, domain: String| e2b.domain(domain)),
            setting("network", Self::network),
            setting("template", |e2b: Self, name: String| e2b.template(name)),
        ]
    }
}

#[cfg(feature = "modal")]
impl Configurable for crate::Modal {
    fn settings() -> Vec<Setting<Self>> {
        vec![
            setting("app", |modal: Self, name: String| modal.app(name)),
            setting("image", |modal: Self, name: String| modal.image(name)),
            setting("lifetime", |modal: Self, limit: std::time::Duration| modal.lifetime(limit)),
            setting("network", Self::network),
        ]
    }
}

#[cfg(feature = "blaxel")]
impl Configurable for crate::Blaxel {
    fn settings() -> Vec<Setting<Self>> {
        vec![
            setting("delete_after_idle", |blaxel: Self, idle: std::time::Duration| {
                blaxel.delete_after_idle(idle)
            }),
            setting("image", |blaxel: Self, name: String| blaxel.image(name)),
            setting("machine_memory", |blaxel: Self, mebibytes: u32| blaxel.machine_memory(mebibytes)),
            setting("region", |blaxel: Self, name: String| blaxel.region(name)),
        ]
    }
}
