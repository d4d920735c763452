//! What the verifiers refuse, the guest refuses, and at the check that stands for the same rule.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use leanvm_differential::canonical::{MODULUS, Name, bytes_of, words_of};
use leanvm_differential::generators::model;
use leanvm_differential::generators::tiny::{self, Tiny};
use leanvm_differential::oracles::prove::verify as verify_by_both;
use leanvm_differential::oracles::tamper::{HEADER, MANIFEST};
use leanvm_differential::recursion::{Shape, path};
use leanvm_differential::replay::{Replay, replay};
use leanvm_differential::stops::{Change, Guest, Stop};
use leanvm_fast::assembly::assemble;
use leanvm_fast::execution::Input;
use leanvm_fast::field::F;
use leanvm_fast::isa::Program;
use leanvm_fast::parameters::ParameterSet;
use leanvm_fast::recursion::witness_of_events;
use leanvm_fast::tables::{TableId, log_height};
use leanvm_fast::transcript::{Event, EventKind};
use leanvm_fast::verifier::{VerifyOptions, verify};
use p3_field::PrimeCharacteristicRing;

use super::Random;
use super::differential::{PUBLIC, proof};
use super::sizes::differential::Told;

/// A check of the guest.
pub(crate) struct Check {
    /// The rejection of the verifiers.
    rejection: Name,
    /// The step of SPEC.md that gives it.
    step: &'static str,
    /// The function of the guest.
    function: &'static str,
    /// Its line.
    line: &'static str,
}

/// Where the guest stops where the verifiers refuse.
pub(crate) const CHECKS: [Check; 8] = [
    Check {
        rejection: "lookup-root",
        step: "13.3",
        function: "lookup",
        line: "assert_nonzero(product)",
    },
    Check {
        rejection: "lookup-root",
        step: "13.4",
        function: "lookup",
        line: "assert_same(left, right)",
    },
    Check {
        rejection: "lookup-layer",
        step: "13.9",
        function: "lookup_layer",
        line: "assert claim[i] == numerator[i] + expected[i]",
    },
    Check {
        rejection: "poseidon-layer",
        step: "14.7",
        function: "poseidon_layer",
        line: "assert_same(sum, claim)",
    },
    Check {
        rejection: "constraint",
        step: "15.5",
        function: "zerocheck",
        line: "assert_same(total, scale(power_of_two(height - MIN_HEIGHT), claim))",
    },
    // The low bits of the squeezed element are said to be 0: then it is not in canonical form.
    Check {
        rejection: "grinding",
        step: "10.5",
        function: "check_high",
        line: "assert high <= most",
    },
    Check {
        rejection: "merkle-path",
        step: "16.3",
        function: "top_levels",
        line: "poseidon2_16(pair, pair + 8, node)",
    },
    Check {
        rejection: "commitment-claim",
        step: "17.20",
        function: "verify_opening",
        line: "dot_product_ee(final, weight, last_claim + 3, 1)",
    },
];

/// What is refused when the bytes are read. The guest is given elements, and as many as the sizes
/// ask for: of such bytes it has no input. Nor is it given what stands behind them.
pub(crate) const READING: [Name; 3] = [
    "element-not-canonical",
    "proof-truncated",
    "proof-left-over",
];

/// Where the guest stops where the verifiers refuse what the header announces. The caps on the
/// program are known when the guest is compiled, and so is the parameter set; 18.6 is that no
/// `match_range` of `query_oracle` has such a number.
const ANNOUNCED: [Check; 6] = [
    Check {
        rejection: "size-cap",
        step: "18.2",
        function: "read_sizes",
        line: "assert MIN_LOG_CELLS[SET] - 2 <= memory[LENGTH]",
    },
    Check {
        rejection: "size-cap",
        step: "18.2",
        function: "read_sizes",
        line: "assert memory[HEIGHT] <= MAX_LOG_CELLS[SET] - 3",
    },
    Check {
        rejection: "size-cap",
        step: "18.3",
        function: "read_digits",
        line: "assert False, \"a table is too long\"",
    },
    Check {
        rejection: "size-cap",
        step: "18.4",
        function: "place_leaves",
        line: "assert kappa <= MAX_LOG_LEAVES[SET]",
    },
    // So many bits do not exist; `assert sum == cells - 1` refuses others.
    Check {
        rejection: "size-cap",
        step: "18.5",
        function: "stack_sizes",
        line: "hint_decompose_bits(cells - 1, bits, MAX_STACK)",
    },
    Check {
        rejection: "parameters",
        step: "19.6",
        function: "verify_proof",
        line: "assert rate[0] - 1 < MAX_LOG_INV_RATE",
    },
];

impl Check {
    /// Whether the guest has stopped here.
    fn stopped(&self, stop: &Stop) -> bool {
        let mut lines = stop.lines.iter();
        lines.any(|line| line.function == self.function && line.text == self.line)
    }
}

/// What verifiers and guest agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreed {
    /// The proof is accepted.
    Accepted,
    /// It is refused when it is read.
    Read(Name),
    /// It is refused by the check of this number.
    Checked(usize),
}

/// Compares the verdict of the verifiers on a proof that has been read with a run of the guest.
///
/// # Errors
/// How they differ.
pub(crate) fn compare(verdict: Result<(), Name>, run: Result<(), Stop>) -> Result<Agreed, String> {
    match (verdict, run) {
        (Ok(()), Ok(())) => Ok(Agreed::Accepted),
        (Ok(()), Err(stop)) => Err(format!("the guest refuses what is accepted: {stop:?}")),
        (Err(name), Ok(())) => Err(format!("the guest accepts what is refused: {name}")),
        (Err(name), Err(stop)) => {
            let mut checks = CHECKS.iter();
            checks
                .position(|check| check.rejection == name && check.stopped(&stop))
                .map(Agreed::Checked)
                .ok_or_else(|| format!("{name}, but the guest stops elsewhere: {stop:?}"))
        }
    }
}

/// The places of a proof that are changed: of each polynomial, value, root, nonce and final vector,
/// of each row that is opened and of each sibling.
pub(crate) fn fields(events: &[Event]) -> Vec<(&'static str, Range<usize>)> {
    let mut next = HEADER;
    let mut queried = 0;
    let mut fields = Vec::new();
    for event in events {
        let length = event.values.len();
        let (length, parts) = match (event.kind, event.label) {
            (EventKind::Grind, _) => (1, 1),
            (EventKind::Opening, "opening.rows") => (length, queried),
            (EventKind::Opening, _) => (length, length / 8),
            (EventKind::Send, _) => (length, 1),
            (EventKind::Indices, _) => {
                queried = event.values.iter().collect::<BTreeSet<_>>().len();
                continue;
            }
            (EventKind::Absorb | EventKind::Sample, _) => continue,
        };
        let width = length / parts;
        let starts = (0..parts).map(|part| next + part * width);
        fields.extend(starts.map(|start| (event.label, start..start + width)));
        next += length;
    }
    fields
}

/// The words with another element at a place of a range.
pub(crate) fn changed(words: &[u32], range: Range<usize>, random: &mut Random) -> Vec<u32> {
    let mut words = words.to_vec();
    let place = range.start + random.below(range.len());
    let delta = [1, MODULUS - 1, 1_234_567_891][random.below(3)];
    words[place] = model::add(words[place], delta);
    words
}

const SET: ParameterSet = ParameterSet::Small;

/// What a verifier is asked, and the guest told.
#[derive(Clone)]
struct Question {
    program: Program,
    public: Vec<u32>,
    /// Of the proof.
    words: Vec<u32>,
}

impl Question {
    fn new(tiny: &Tiny, log_inv_rate: u32) -> Self {
        let (program, public, proof) = proof(tiny, SET, log_inv_rate);
        Self {
            program,
            public,
            words: words_of(&proof),
        }
    }

    /// The question with something changed.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut question = self.clone();
        change(&mut question);
        question
    }

    /// The verdict of both twins.
    fn verdict(&self) -> Result<(), Name> {
        let program = self.program.encode();
        verify_by_both(&program, &self.public, &bytes_of(&self.words), SET.id()).map(drop)
    }

    fn replay(&self) -> Result<Replay, Name> {
        replay(&self.program, &self.public, &bytes_of(&self.words), SET)
            .map_err(|error| error.rejection.name())
    }

    /// The events of an accepted proof.
    fn events(&self) -> Vec<Event> {
        let options = VerifyOptions {
            set: SET,
            record_events: true,
        };
        let proof = bytes_of(&self.words);
        let verified = verify(&self.program, &self.public, &proof, &options);
        verified.expect("an honest proof").events
    }

    /// What the guest is told of these events.
    fn input(&self, events: Vec<Event>) -> Input {
        let proof = bytes_of(&self.words);
        let witness = witness_of_events(&self.program, &self.public, &proof, SET, events);
        witness.expect("its header has been read").input
    }

    /// The guest that takes such proofs, with a text changed.
    fn guest(&self, change: Option<Change<'_>>) -> Guest {
        let number = |number: usize| u32::try_from(number).expect("few");
        let shape = Shape {
            set: SET.id(),
            public: number(self.public.len()),
            log_instructions: number(log_height(self.program.instructions().len())),
        };
        Guest::new(&path("verify_proof"), &shape.placeholders(), change)
    }

    /// What both twins and a guest agree on.
    fn judged(&self, guest: &Guest) -> Result<Agreed, String> {
        let verdict = self.verdict();
        let Replay { events, reading } = match self.replay() {
            Ok(replay) => replay,
            Err(name) => {
                assert_eq!(verdict, Err(name));
                return Ok(Agreed::Read(name));
            }
        };
        let reading = reading.map_err(|error| error.rejection.name());
        match verdict {
            Err(name) if READING.contains(&name) => {
                assert_eq!(reading, verdict, "the reading differs");
                return Ok(Agreed::Read(name));
            }
            // What is refused by a check may be behind the place where it cannot be read.
            Err(_) => {}
            Ok(()) => assert_eq!(reading, verdict, "the reading differs"),
        }
        compare(verdict, guest.run(&self.input(events)))
    }

    /// The same, if they agree.
    #[track_caller]
    fn agreed(&self, guest: &Guest, what: &str) -> Agreed {
        let judged = self.judged(guest);
        judged.unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

/// How often a change of a label was refused, by the rejection.
pub(crate) type Seen = BTreeMap<(&'static str, Name), usize>;

/// Notes a refusal, which the manifest must have.
pub(crate) fn note(seen: &mut Seen, label: &'static str, agreed: Agreed) {
    let name = match agreed {
        Agreed::Accepted => panic!("a change of `{label}` is accepted"),
        Agreed::Read(name) => name,
        Agreed::Checked(check) => CHECKS[check].rejection,
    };
    let of_label = MANIFEST.iter().find(|(other, _)| *other == label);
    let (_, names) = of_label.expect("a label of the manifest");
    assert!(names.contains(&name), "{label}: {name}");
    *seen.entry((label, name)).or_default() += 1;
}

/// The labels of what a proof consists of.
fn labels(events: &[Event]) -> BTreeSet<&'static str> {
    fields(events).into_iter().map(|(label, _)| label).collect()
}

/// Changes each field of a proof, of siblings one of so many.
fn change_each_field(tiny: &Tiny, log_inv_rate: u32, siblings: usize) {
    let honest = Question::new(tiny, log_inv_rate);
    let guest = honest.guest(None);
    assert_eq!(honest.agreed(&guest, "honest"), Agreed::Accepted);
    let events = honest.events();
    let mut random = Random(31);
    let mut seen = Seen::new();
    for (number, (label, range)) in fields(&events).into_iter().enumerate() {
        if label == "opening.siblings" && number % siblings != 0 {
            continue;
        }
        let words = changed(&honest.words, range, &mut random);
        let what = format!("{label}, field {number} of {}", tiny.name);
        note(
            &mut seen,
            label,
            honest.with(|q| q.words = words).agreed(&guest, &what),
        );
    }
    let of_seen: BTreeSet<&str> = seen.keys().map(|(label, _)| *label).collect();
    assert_eq!(of_seen, labels(&events));
    println!(
        "{} changes of {}: {seen:?}",
        seen.values().sum::<usize>(),
        tiny.name
    );
}

/// The place of a field of a label, counted from the last one.
fn from_the_last(honest: &Question, label: &str, number: usize) -> Range<usize> {
    let fields = fields(&honest.events()).into_iter().rev();
    let mut of_label = fields.filter(|(other, _)| *other == label);
    of_label.nth(number).expect("a field").1
}

/// For each check a proof that it refuses.
fn one_for_each_check() -> Vec<Question> {
    let honest = Question::new(&tiny::HASHES, 2);
    let mut random = Random(32);
    let mut change = |label: &str| {
        let range = from_the_last(&honest, label, 0);
        let words = changed(&honest.words, range, &mut random);
        honest.with(|q| q.words = words)
    };
    // The sum of 0/0 and anything is 0/0, which 13.4 does not refuse.
    let root = from_the_last(&honest, "lookup.root", 0);
    let zero = honest.with(|q| {
        q.words[root.start..root.start + 5].fill(0);
        q.words[root.start + 10..root.start + 15].fill(0);
    });
    // Of the first opening, so that no other nonce follows that might not fit.
    let labels = [
        "lookup.root",
        "lookup.layer",
        "poseidon.values",
        "zerocheck.columns",
        "opening.query_nonce",
        "opening.siblings",
        "opening.round",
    ];
    let mut questions = vec![zero];
    questions.extend(labels.map(&mut change));
    questions
}

mod differential {
    use super::*;

    #[test]
    fn the_steps_of_the_text_have_these_rejections() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
        let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
        for check in CHECKS.iter().chain(&ANNOUNCED) {
            let steps = [format!("{} ", check.step), format!("- **{}** ", check.step)];
            let of_step = text.lines().filter(|line| {
                let mut steps = steps.iter();
                steps.any(|step| line.starts_with(step))
            });
            let name = format!("`{}`", check.rejection);
            let found: Vec<&str> = of_step.filter(|line| line.contains(&name)).collect();
            assert_eq!(found.len(), 1, "{}", check.step);
        }
    }

    #[test]
    fn the_replay_of_an_accepted_proof_has_its_events() {
        for tiny in &tiny::ALL {
            let honest = Question::new(tiny, 2);
            let replay = honest.replay().expect("a header");
            assert_eq!(replay.events, honest.events(), "{}", tiny.name);
            assert_eq!(replay.reading, Ok(()), "{}", tiny.name);
        }
    }

    #[test]
    fn each_field_of_a_proof_without_permutations() {
        change_each_field(&tiny::REDUCTIONS, 3, 1);
    }

    #[test]
    fn each_field_of_a_proof_with_permutations() {
        change_each_field(&tiny::HASHES, 1, 7);
    }

    #[test]
    fn each_field_of_a_proof_with_linked_instructions() {
        change_each_field(&tiny::LINKED, 2, 9);
    }

    #[test]
    fn changes_at_some_places_at_once() {
        let honest = Question::new(&tiny::REDUCTIONS, 2);
        let guest = honest.guest(None);
        let mut random = Random(33);
        let mut seen = BTreeMap::new();
        for number in 0..60 {
            let mut words = honest.words.clone();
            for _ in 0..2 + number % 3 {
                let behind = HEADER..words.len();
                words = changed(&words, behind, &mut random);
            }
            let question = honest.with(|q| q.words = words);
            let agreed = question.agreed(&guest, &format!("change {number}"));
            *seen.entry(agreed).or_insert(0) += 1;
        }
        assert!(seen.len() > 2, "{seen:?}");
        assert!(!seen.contains_key(&Agreed::Accepted));
    }

    /// Each element of the public input, its number, the program, and each word of the header with
    /// which the proof is still read.
    #[test]
    fn other_statements() {
        let honest = Question::new(&tiny::REDUCTIONS, 2);
        let guest = honest.guest(None);
        let unbalanced = Agreed::Checked(1);
        for place in 0..PUBLIC {
            let other = honest.with(|q| q.public[place] = model::add(q.public[place], 1));
            assert_eq!(other.agreed(&guest, "a public element"), unbalanced);
        }
        let shorter = honest.with(|q| q.public.truncate(PUBLIC - 1));
        let of_shorter = shorter.guest(None);
        assert_eq!(shorter.agreed(&of_shorter, "a shorter input"), unbalanced);

        let text = tiny::REDUCTIONS.text;
        for text in [
            text.replace("fp+15, 3", "fp+15, 2"),
            text.replace("dot_be 8, 0, fp+30, 5\n", ""),
        ] {
            let other = honest.with(|q| q.program = assemble(&text).expect("it assembles"));
            assert_ne!(other.program, honest.program);
            assert_eq!(other.agreed(&guest, "another program"), unbalanced);
        }

        let mut read = 0;
        for place in 3..HEADER {
            let word = honest.words[place];
            for other in [word.wrapping_add(1), word.wrapping_sub(1), 0, 9, u32::MAX] {
                let question = honest.with(|q| q.words[place] = other);
                let what = format!("word {place} is {other}");
                match question.agreed(&guest, &what) {
                    Agreed::Accepted => assert_eq!(other, word, "{what}"),
                    Agreed::Read(name) => {
                        assert!(["size-cap", "parameters"].contains(&name), "{what}: {name}");
                    }
                    agreed => {
                        assert_eq!(agreed, unbalanced, "{what}");
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 40, "{read}");
    }

    /// Bytes of which there is no input for the guest.
    #[test]
    fn what_cannot_be_read() {
        let honest = Question::new(&tiny::REDUCTIONS, 2);
        let guest = honest.guest(None);
        let read = |name, what: &str, change: &dyn Fn(&mut Question)| {
            let agreed = honest.with(change).agreed(&guest, what);
            assert_eq!(agreed, Agreed::Read(name), "{what}");
        };
        for (label, range) in fields(&honest.events()) {
            if label == "opening.siblings" && range.start % 5 != 0 {
                continue;
            }
            let last = range.end - 1;
            read("element-not-canonical", label, &|q| q.words[last] = MODULUS);
            read("proof-truncated", label, &|q| q.words.truncate(last));
        }
        read("proof-left-over", "a word more", &|q| q.words.push(0));
        read("element-not-canonical", "public", &|q| {
            q.public[3] = MODULUS
        });
        for (word, value, name) in [
            (0, 0, "proof-magic"),
            (1, 2, "proof-magic"),
            (2, 1, "parameters"),
            (2, 3, "parameters"),
            (2, 4, "parameters"),
        ] {
            read(name, "header", &|q| q.words[word] = value);
        }
        for length in 0..HEADER {
            read("proof-truncated", "header", &|q| q.words.truncate(length));
        }
        // A byte more or less is no word.
        let proof = bytes_of(&honest.words);
        for length in [1, 2, 3, proof.len() - 1] {
            let cut = replay(&honest.program, &honest.public, &proof[..length], SET);
            assert_eq!(
                cut.expect_err("no words").rejection.name(),
                "proof-truncated"
            );
        }
    }

    /// The guest shows that there is a proof, not that the file holds nothing else.
    #[test]
    fn what_is_behind_a_proof_is_not_told() {
        let honest = Question::new(&tiny::REDUCTIONS, 2);
        let more = honest.with(|q| q.words.push(7));
        let Replay { events, reading } = more.replay().expect("a header");
        assert_eq!(reading.unwrap_err().rejection.name(), "proof-left-over");
        assert_eq!(more.guest(None).run(&more.input(events)), Ok(()));
    }

    /// What follows from such a header is told, but no proof: none has been read.
    #[test]
    fn what_a_header_may_not_announce() {
        let honest = Question::new(&tiny::REDUCTIONS, 2);
        let guest = honest.guest(None);
        let input = honest.input(honest.events());
        let rows = |table: TableId, number: usize| {
            let mut rows = [0; TableId::COUNT];
            rows[0] = honest.program.instructions().len();
            for (row, word) in rows[1..].iter_mut().zip(&honest.words[4..]) {
                *row = *word as usize;
            }
            rows[table.index()] = number;
            Told::honest(rows).private()
        };
        let sizes = |table: TableId, number: usize| {
            let mut input = input.clone();
            for (name, lists) in rows(table, number) {
                if let Some(list) = input.private.get_mut(&name) {
                    let lists = lists.into_iter();
                    *list = lists
                        .map(|list| list.into_iter().map(F::from_u32).collect())
                        .collect();
                }
            }
            let word = u32::try_from(number).expect("a word");
            (honest.with(|q| q.words[3 + table.index()] = word), input)
        };
        let rate = |rate: u32| {
            let mut input = input.clone();
            input.private.get_mut("rate").expect("there")[0][0] = F::from_u32(rate);
            (honest.with(|q| q.words[3] = rate), input)
        };
        // The last that may be, in turn with the first that may not.
        assert_eq!(guest.run(&sizes(TableId::Memory, 128).1).err(), None);
        let mut seen = BTreeSet::new();
        for (number, (question, input)) in [
            (0, sizes(TableId::Memory, 127)),
            (0, sizes(TableId::Memory, 4)),
            (1, sizes(TableId::Memory, (1 << 13) + 1)),
            (2, sizes(TableId::DotTerm, (1 << 26) + 1)),
            (3, sizes(TableId::Poseidon24, 1 << 17)),
            (4, sizes(TableId::Poseidon24, 1 << 13)),
            (5, rate(0)),
            (5, rate(5)),
            (5, rate(MODULUS - 1)),
        ] {
            let check = &ANNOUNCED[number];
            assert_eq!(question.verdict(), Err(check.rejection), "{}", check.step);
            assert_eq!(question.replay().err(), Some(check.rejection));
            let stop = guest.run(&input).expect_err(check.step);
            assert!(check.stopped(&stop), "{}: {stop:?}", check.step);
            seen.insert(number);
        }
        assert_eq!(seen.len(), ANNOUNCED.len());
    }

    /// Each check is the one that refuses: without it the guest goes on, and without one of the
    /// last two it accepts what the verifiers refuse.
    #[test]
    fn without_a_check_the_guest_goes_on() {
        let questions = one_for_each_check();
        assert_eq!(questions.len(), CHECKS.len());
        let mut accepted = Vec::new();
        for (number, (check, question)) in CHECKS.iter().zip(&questions).enumerate() {
            let agreed = question.agreed(&question.guest(None), check.step);
            assert_eq!(agreed, Agreed::Checked(number), "{}", check.step);
            let without = question.guest(Some([check.line, "pass"]));
            let error = question.judged(&without).expect_err(check.step);
            if error == format!("the guest accepts what is refused: {}", check.rejection) {
                accepted.push(check.step);
            } else {
                assert!(error.contains("but the guest stops elsewhere"), "{error}");
            }
        }
        assert_eq!(accepted, ["16.3", "17.20"]);
    }
}
