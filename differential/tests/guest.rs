//! The seeds of the fuzz targets over the guest language.

mod differential {
    use std::path::Path;

    use leanvm_differential::oracles::guest::{compile_and_execute, parse};

    /// The texts with which a fuzz target starts, sorted by name.
    fn seeds(target: &str) -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
        let mut seeds: Vec<_> = std::fs::read_dir(folder.join(target))
            .expect("the seeds of the target")
            .map(|entry| entry.expect("a seed").path())
            .map(|path| {
                let text = std::fs::read_to_string(&path).expect("a text");
                (path.display().to_string(), text)
            })
            .collect();
        seeds.sort();
        assert!(seeds.len() >= 4, "{target} has few seeds");
        seeds
    }

    #[test]
    fn seeds_of_the_guest_language_are_programs() {
        for (name, text) in seeds("parse_guest") {
            assert!(parse(&text), "{name}");
        }
        for (name, text) in seeds("compile_guest") {
            assert!(compile_and_execute(&text), "{name}");
        }
        assert!(!parse("def main(:\n"));
        assert!(!compile_and_execute("def main():\n    x = y\n    return\n"));
    }
}
