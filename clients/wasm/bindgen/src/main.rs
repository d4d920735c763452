//! Writes the JavaScript beside a module of WebAssembly: `leanvm-wasm-bindgen MODULE FOLDER`.

use std::env::args;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("usage: leanvm-wasm-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    let written = Bindgen::new()
        .input_path(module)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .omit_default_module_path(true)
                // After a panic the module is started anew.
                .reset_state_function(true)
                .remove_name_section(true)
                .remove_producers_section(true)
                .generate(folder)
        });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
