//! SPEC §2 rejection.

use leanvm_differential::twins::BOTH;

/// (code, name) of the table of SPEC.md.
fn table() -> Vec<(u32, String)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
    let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
    let section = text
        .split("\n## ")
        .find(|section| section.starts_with("2 rejection"))
        .expect("section 2");
    let row = |line: &str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        Some((
            cells.next()?.parse().ok()?,
            cells.next()?.trim_matches('`').to_owned(),
        ))
    };
    section.lines().filter_map(row).collect()
}

mod differential {
    use super::*;

    #[test]
    fn codes_and_names_are_those_of_the_table() {
        let table = table();
        assert!(
            table.len() > 35,
            "{} rows: is the table still one?",
            table.len()
        );
        for twin in BOTH {
            let of_twin: Vec<_> = twin
                .rejections()
                .into_iter()
                .map(|(code, name)| (code, name.to_owned()))
                .collect();
            assert_eq!(of_twin, table, "{}", twin.name());
        }
    }
}
