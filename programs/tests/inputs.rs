//! The committed inputs are what an independent calculation gives. `UPDATE_INPUTS=1 cargo test -p
//! leanvm-programs` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use leanvm_programs::{ALL, find};
use leanvm_verifier::field::{from_canonical, to_canonical};
use leanvm_verifier::permutation::{Digest, hash_pair};

const P: u64 = 2_130_706_433;

/// The guests without assembly whose inputs are calculated.
const IN_THE_LANGUAGE: [&str; 2] = ["linked_path", "winternitz"];

/// A list of private input: its name and its elements.
type List = (&'static str, Vec<u64>);

struct Input {
    public: Vec<u64>,
    private: Vec<List>,
}

fn lists(name: &'static str, values: impl IntoIterator<Item = u64>) -> Vec<List> {
    values
        .into_iter()
        .map(|value| (name, vec![value]))
        .collect()
}

fn numbers(values: &[u64]) -> String {
    let words: Vec<String> = values.iter().map(u64::to_string).collect();
    format!("[{}]", words.join(", "))
}

/// The text of an input file: lists of one name stand together.
fn json(input: &Input) -> String {
    let mut text = format!("{{\n  \"public\": {}", numbers(&input.public));
    let mut names: Vec<&str> = input.private.iter().map(|(name, _)| *name).collect();
    names.dedup();
    if !names.is_empty() {
        let groups: Vec<String> = names
            .iter()
            .map(|name| {
                let lists: Vec<String> = input
                    .private
                    .iter()
                    .filter(|(of, _)| of == name)
                    .map(|(_, list)| numbers(list))
                    .collect();
                let separator = if lists.iter().all(|list| list.len() < 16) {
                    ", "
                } else {
                    ",\n      "
                };
                format!("    \"{name}\": [{}]", lists.join(separator))
            })
            .collect();
        write!(text, ",\n  \"private\": {{\n{}\n  }}", groups.join(",\n"))
            .expect("writing to a string");
    }
    text.push_str("\n}\n");
    text
}

/// A fixed sequence that looks random.
struct Sequence(u64);

impl Sequence {
    fn element(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) % P
    }

    fn elements(&mut self, n: usize) -> Vec<u64> {
        (0..n).map(|_| self.element()).collect()
    }
}

fn digest(values: &[u64]) -> Digest {
    std::array::from_fn(|i| {
        u32::try_from(values[i])
            .ok()
            .and_then(from_canonical)
            .expect("an element")
    })
}

/// compress_16 of two chunks.
fn compress(left: &[u64], right: &[u64]) -> Vec<u64> {
    hash_pair(&digest(left), &digest(right))
        .iter()
        .map(|element| u64::from(to_canonical(*element)))
        .collect()
}

/// Elements of the extension field, X^5 = 1 − X^2.
type Extension = [u64; 5];

fn multiply(left: Extension, right: Extension) -> Extension {
    let mut product = [0; 9];
    for i in 0..5 {
        for j in 0..5 {
            product[i + j] = (product[i + j] + left[i] * right[j]) % P;
        }
    }
    for k in (5..9).rev() {
        product[k - 5] = (product[k - 5] + product[k]) % P;
        product[k - 3] = (product[k - 3] + P - product[k]) % P;
    }
    std::array::from_fn(|i| product[i])
}

fn add(left: Extension, right: Extension) -> Extension {
    std::array::from_fn(|i| (left[i] + right[i]) % P)
}

fn complement(value: Extension) -> Extension {
    std::array::from_fn(|i| (u64::from(i == 0) + P - value[i]) % P)
}

/// A path of 16 levels in a tree with nodes of four elements, whose tweaks are the levels.
fn linked_path(sequence: &mut Sequence) -> Input {
    let index = 0xb5a3;
    let parameter = sequence.elements(4);
    let leaf = sequence.elements(4);
    let siblings: Vec<Vec<u64>> = (0..16).map(|_| sequence.elements(4)).collect();
    let root = (0..)
        .zip(&siblings)
        .fold(leaf.clone(), |node, (level, sibling)| {
            let children = match index >> level & 1 {
                0 => [node.as_slice(), sibling].concat(),
                _ => [sibling.as_slice(), &node].concat(),
            };
            let tweak = [&[level + 1, 0, 0, 0], parameter.as_slice()].concat();
            compress(&tweak, &children)[..4].to_vec()
        });
    let lists = siblings.into_iter().map(|sibling| ("sibling", sibling));
    Input {
        public: [root, parameter, leaf, vec![index]].concat(),
        private: lists.collect(),
    }
}

/// A one-time signature of eight chains of eight positions, whose digits sum to 28.
fn winternitz(sequence: &mut Sequence) -> Input {
    let digits = [3, 4, 5, 0, 7, 2, 6, 1];
    let context = sequence.elements(8);
    let starts: Vec<Vec<u64>> = digits.iter().map(|_| sequence.elements(4)).collect();
    let numbers: Vec<u64> = (0..8)
        .map(|i| {
            digits[i..]
                .iter()
                .rfold(0, |number, digit| 8 * number + digit)
        })
        .collect();
    let ends = (0..).zip(digits).zip(&starts).map(|((i, digit), start)| {
        (digit + 1..8).fold(start.clone(), |value, position| {
            let mut left = [&context[..4], &value].concat();
            left[0] = (left[0] + 8 * i + position) % P;
            let right = [&context[4..], &[0; 4]].concat();
            compress(&left, &right)[..4].to_vec()
        })
    });
    let ends: Vec<u64> = ends.flatten().collect();
    let key = ends
        .chunks(8)
        .fold(context.clone(), |state, block| compress(&state, block));
    let lists = starts.into_iter().map(|start| ("start", start));
    Input {
        public: [key, context, vec![numbers[0]]].concat(),
        private: std::iter::once(("number", numbers)).chain(lists).collect(),
    }
}

/// The input of a guest and a change that makes it fail.
fn inputs(name: &str) -> (Input, Input) {
    let accepted = |public: Vec<u64>, private: Vec<List>| Input { public, private };
    let copy = |input: &Input| accepted(input.public.clone(), input.private.clone());
    let mut sequence = Sequence(1);
    let good = match name {
        "fibonacci" => {
            let (mut a, mut b) = (0, 1);
            for _ in 0..100 {
                (a, b) = (b, (a + b) % P);
            }
            accepted(vec![100, a], vec![])
        }
        "factorial" => accepted(
            vec![50, (1..=50).fold(1, |product, k| product * k % P)],
            vec![],
        ),
        "hash_chain" => {
            let start = sequence.elements(8);
            let end = (0..100).fold(start.clone(), |x, _| compress(&x, &[0; 8]));
            accepted(
                [&[100, 0, 0, 0, 0, 0, 0, 0], end.as_slice()].concat(),
                vec![("start", start)],
            )
        }
        "merkle_path" => {
            let (low, high) = (0xb5a3_u64, 0x4e17_u64);
            let leaf = sequence.elements(8);
            let siblings: Vec<Vec<u64>> = (0..32).map(|_| sequence.elements(8)).collect();
            let index = high << 16 | low;
            let root = siblings
                .iter()
                .enumerate()
                .fold(leaf.clone(), |node, (level, sibling)| {
                    if index >> level & 1 == 0 {
                        compress(&node, sibling)
                    } else {
                        compress(sibling, &node)
                    }
                });
            accepted(
                [root, leaf, vec![low, high]].concat(),
                siblings
                    .into_iter()
                    .map(|sibling| ("sibling", sibling))
                    .collect(),
            )
        }
        "range_check" => {
            let values: Vec<u64> = [0, 999]
                .into_iter()
                .chain((0..8).map(|_| sequence.element() % 1000))
                .collect();
            accepted(vec![1000, 10, values.iter().sum()], lists("value", values))
        }
        "switch" => {
            let operations = [0, 1, 2, 3, 2, 1, 0, 3, 1, 2];
            let last = operations.iter().fold(5, |x, operation| match operation {
                0 => (x + 1) % P,
                1 => 2 * x % P,
                2 => x * x % P,
                _ => (P - x) % P,
            });
            accepted(vec![10, 5, last], lists("operation", operations))
        }
        "linked_list" => {
            let values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
            accepted(vec![12, values.iter().sum()], lists("value", values))
        }
        "dot_product" => {
            let (left, right, base) = (
                sequence.elements(40),
                sequence.elements(40),
                sequence.elements(8),
            );
            let chunk = |values: &[u64], i: usize| -> Extension {
                std::array::from_fn(|j| values[5 * i + j])
            };
            let embed = |i: usize| -> Extension { [base[i], 0, 0, 0, 0] };
            let equal = |x: Extension, y: Extension| {
                add(multiply(x, y), multiply(complement(x), complement(y)))
            };
            let mut results = [[0; 5], [0; 5], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]];
            for i in 0..8 {
                results[0] = add(results[0], multiply(chunk(&left, i), chunk(&right, i)));
                results[1] = add(results[1], multiply(embed(i), chunk(&right, i)));
                results[2] = multiply(results[2], equal(chunk(&left, i), chunk(&right, i)));
                results[3] = multiply(results[3], equal(embed(i), chunk(&right, i)));
            }
            accepted(
                results.concat(),
                vec![("left", left), ("right", right), ("base", base)],
            )
        }
        "linked_path" => linked_path(&mut sequence),
        "winternitz" => winternitz(&mut sequence),
        _ => panic!("no calculation for {name}"),
    };
    let mut bad = copy(&good);
    match name {
        // The last sibling is another.
        "merkle_path" => bad.private[31].1[0] ^= 1,
        // A value equal to the bound.
        "range_check" => bad.private[4].1[0] = 1000,
        // An operation that does not exist.
        "switch" => bad.private[4].1[0] = 4,
        // The list is shorter than announced.
        "linked_list" => drop(bad.private.pop()),
        // The last public element is another.
        _ => *bad.public.last_mut().expect("there is public input") ^= 1,
    }
    (good, bad)
}

#[test]
fn the_committed_inputs_are_what_is_calculated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let update = std::env::var_os("UPDATE_INPUTS").is_some();
    for name in ALL
        .map(|guest| guest.name)
        .into_iter()
        .chain(IN_THE_LANGUAGE)
    {
        let (good, bad) = inputs(name);
        assert_ne!(json(&good), json(&bad), "{name}");
        for (suffix, input) in [("json", good), ("fail.json", bad)] {
            let file = folder.join(format!("{name}.{suffix}"));
            if update {
                std::fs::write(file, json(&input)).expect("the folder is writable");
            } else {
                let committed = std::fs::read_to_string(file).expect("a file");
                assert_eq!(committed, json(&input), "{name}.{suffix}");
            }
        }
    }
}

#[test]
fn guests_are_found_by_name_and_every_assembly_file_is_listed() {
    let mut files: Vec<String> = std::fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .expect("the folder is there")
        .filter_map(|entry| {
            entry
                .ok()?
                .file_name()
                .into_string()
                .ok()?
                .strip_suffix(".lasm")
                .map(str::to_owned)
        })
        .collect();
    files.sort();
    assert_eq!(files, ALL.map(|guest| guest.name));
    assert_eq!(find("switch").map(|guest| guest.rejection_code), Some(33));
    assert_eq!(find("nothing"), None);
}
