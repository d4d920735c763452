//! `include/leanvm.h` is what cbindgen makes of the sources. To write it anew:
//! `LEANVM_WRITE_HEADER=1 cargo test -p leanvm-c --test header`.

use std::fs;
use std::path::Path;

use cbindgen::{Builder, Config};

/// In the order of the header.
const SOURCES: [&str; 9] = [
    "version",
    "status",
    "handles",
    "claims",
    "options",
    "verification",
    "keys",
    "cancel",
    "aggregates",
];

fn made() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = Config::from_file(root.join("cbindgen.toml")).expect("the configuration");
    let sources = SOURCES.map(|name| root.join("src").join(name).with_extension("rs"));
    let builder = sources
        .iter()
        .fold(Builder::new().with_config(config), |builder, source| {
            builder.with_src(source)
        });
    let mut bytes = Vec::new();
    builder.generate().expect("a header").write(&mut bytes);
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_header_is_of_the_sources() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/leanvm.h");
    let made = made();
    if std::env::var_os("LEANVM_WRITE_HEADER").is_some() {
        fs::write(&path, &made).expect("writes");
    }
    let committed = fs::read_to_string(&path).expect("the header");
    assert!(
        committed == made,
        "clients/c/include/leanvm.h is not of the sources: see the head of this test"
    );
    for line in made.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

/// Every function of the sources is in the header: none is in a file that is not named above.
#[test]
fn every_function_is_in_the_header() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let made = made();
    let mut functions = 0;
    for entry in fs::read_dir(folder).expect("sources") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("a text");
        for part in text.split("extern \"C\" fn ").skip(1) {
            let (name, _) = part.split_once('(').expect("parameters");
            assert!(made.contains(&format!("{name}(")), "{name}");
            functions += 1;
        }
    }
    assert!(functions >= 30, "{functions} functions");
}
