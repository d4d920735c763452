//! The compiled guests that the library carries are what this compiler makes of their texts.

#[path = "../src/artefacts.rs"]
mod compiled;

use std::path::Path;

use leanvm_programs::artefacts::ALL;

#[test]
fn artefacts_are_of_their_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    for (artefact, compiled) in ALL.iter().zip(compiled::compile_all(&folder).unwrap()) {
        assert_eq!(artefact.name, compiled.name);
        assert_eq!(artefact.source, compiled.texts[0].as_bytes());
        assert!(
            compiled.program == artefact.program,
            "{}: the compiler makes another program of this text; after a change of the compiler run \
             `cargo run -p leanvm-compiler --features artefacts --bin write_artefacts` and write the vectors anew",
            artefact.name
        );
        let digest = compiled.decoded.digest().map(|element| element.value());
        assert_eq!(digest, artefact.digest);
        assert!(compiled.decoded.instructions().len() < 1 << 16);
    }
}
