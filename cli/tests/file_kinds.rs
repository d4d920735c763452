//! Files of another kind than a command takes are named, and no file is read beyond the cap of its
//! kind.

use std::path::Path;

use crate::common::{ADDER, Case, NO_SIGNERS, leanvm, text};

/// Makes a file of each kind in the folder of a case.
fn make_each_kind(case: &Case) {
    case.prove("small").accepted();
    let folder = &case.folder;
    let (program, input) = (text(&case.program), text(&case.input));
    let path = |name: &str| text(&folder.path(name)).to_owned();
    leanvm(["xmss", "keygen", "--slots", "0..2", "-o", &path("alice")]).accepted();
    leanvm(["asm", program, "-o", &path("p.lvm")]).accepted();
    let key = path("alice.key");
    let sign = [
        "xmss",
        "sign",
        "--key",
        &key,
        "--slot",
        "1",
        "--message",
        "00",
    ];
    leanvm(sign.into_iter().chain(["-o", &path("s.json")])).accepted();
    let picture = ["--flame-graph", &path("flames.svg")];
    leanvm(["profile", program, "-i", input].into_iter().chain(picture)).accepted();
    folder.write("signers.json", NO_SIGNERS);
    folder.write("signatures.json", "[{\"signature\": \"00\"}]");
    folder.write("aggregate", [&[1_u8, 42][..], &[0; 1 << 14]].concat());
    // One claim, of no message and one key, beside an empty aggregate.
    let claim = [&[1][..], &[0; 11], &[1], &[0; 35]].concat();
    folder.write("file", [&[1, 44][..], &claim, &[1, 42]].concat());
}

#[test]
fn files_of_another_kind_are_named() {
    let case = Case::new(ADDER, "{\"public\": [1, 2, 3]}");
    make_each_kind(&case);
    let (program, input) = (text(&case.program), text(&case.input));
    let path = |name: &str| text(&case.folder.path(name)).to_owned();
    let kinds = [
        ("p.lvm", "this is a program,"),
        ("proof", "this is a program proof,"),
        ("aggregate", "this is an aggregate,"),
        ("file", "this is an aggregate,"),
        ("alice.key", "this is a secret key,"),
        ("alice.key.cache", "this is the cache of a secret key,"),
        (
            "alice.key.lock",
            "this is the record of the uses of a secret key,",
        ),
        ("s.json", "this is a signature with its key,"),
        ("signatures.json", "this is a signature with its key,"),
        ("signers.json", "this is a list of signers,"),
        ("input.json", "this is an input of a program,"),
        ("flames.svg", "this is a picture,"),
    ];
    let (list, aggregate) = (path("signers.json"), path("aggregate"));
    let output = path("out");
    for (name, is) in kinds {
        let file = path(name);
        let commands: [(&[&str], &[&str]); 8] = [
            (&["run", &file], &["p.lvm"]),
            (&["disasm", &file], &["p.lvm"]),
            (&["run", program, "-i", &file], &["input.json"]),
            (&["verify", program, &file, "-i", input], &["proof"]),
            (
                &["verify-aggregate", &file, "-i", &list],
                &["aggregate", "file"],
            ),
            (&["merge", &file], &["aggregate", "file"]),
            (
                &["verify-aggregate", &aggregate, "-i", &file],
                &["signers.json"],
            ),
            (
                &["aggregate", "-i", &file, "-o", &output],
                &["s.json", "signatures.json"],
            ),
        ];
        for (command, fit) in commands {
            if !fit.contains(&name) {
                leanvm(command).unusable(Path::new(&file)).mentions(is);
            }
        }
    }
}

#[test]
fn files_without_an_end_are_read_up_to_a_cap() {
    let case = Case::new(ADDER, "{}");
    let program = text(&case.program);
    let signers = case.folder.write("signers.json", NO_SIGNERS);
    // Longer than any file may be, without taking space.
    let long = case.folder.path("long");
    let file = std::fs::File::create(&long).expect("the folder is writable");
    file.set_len(1 << 40).expect("files may have holes");
    let endless = [
        Some(long.as_path()),
        Some(Path::new("/dev/zero")).filter(|path| path.exists()),
    ];
    for path in endless.into_iter().flatten() {
        let file = text(path);
        for (command, cap) in [
            (&["verify", program, file][..], "longer than 16 MiB"),
            (
                &["verify-aggregate", file, "-i", text(&signers)],
                "longer than 32 MiB",
            ),
            (&["xmss", "inspect", file], "longer than 128 MiB"),
        ] {
            leanvm(command).unusable(path).mentions(cap);
        }
    }
}
