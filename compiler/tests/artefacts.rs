//! The compiled guests that the library carries are what this compiler makes of their texts.

use std::path::Path;

use leanvm_compiler::check::{FileLoader, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::source::SourceMap;
use leanvm_fast::isa::Program;

#[test]
fn artefacts_are_of_their_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../programs");
    for artefact in leanvm_programs::artefacts::ALL {
        let entry = FileLoader::read(&folder.join(format!("{}.py", artefact.name))).unwrap();
        let compiled = compile(
            entry,
            &mut FileLoader::of(&folder.join("main.py")),
            &Placeholders::new(),
            &mut SourceMap::default(),
        )
        .unwrap();
        assert!(
            compiled.program == artefact.program,
            "{}: the compiler makes another program of this text; after a change of the compiler run \
             `cargo run -p leanvm-compiler --features artefacts --bin write_artefacts` and write the vectors anew",
            artefact.name
        );
        let digest = Program::decode(artefact.program).unwrap().digest();
        assert_eq!(
            digest.map(leanvm_fast::field::to_canonical),
            artefact.digest
        );
        assert!(
            Program::decode(artefact.program)
                .unwrap()
                .instructions()
                .len()
                < 1 << 13
        );
    }
}
