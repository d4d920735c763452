//! The worked example of SPEC.md: its blocks, tagged `example`, are what both twins make of the
//! program in one of them.

use leanvm_differential::canonical::{Case, Event, EventKind, Private, Table};
use leanvm_differential::shape::HEADER_WORDS;
use leanvm_differential::twins::{BOTH, Options, Twin};

/// The blocks of SPEC.md that are tagged `example`, in order.
fn blocks() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../SPEC.md");
    let text = std::fs::read_to_string(path).expect("SPEC.md is readable");
    let parts = text.split("\n```example\n").skip(1);
    parts
        .map(|part| {
            let (block, _) = part.split_once("\n```\n").expect("a block has an end");
            format!("{block}\n")
        })
        .collect()
}

/// The numbers of a list, eight a line.
fn lines(list: &[u32]) -> String {
    let line = |part: &[u32]| {
        let words: Vec<String> = part.iter().map(u32::to_string).collect();
        format!("  {}\n", words.join(" "))
    };
    list.chunks(8).map(line).collect()
}

/// A tuple of an interaction without its trailing zeros, by the name of its bus.
fn tuple((numerator, slots): &(u32, [u32; 16])) -> String {
    let names = [
        "", "STATE", "BYTECODE", "MEMORY", "CHUNK", "DOT_LINK", "EQ_LINK", "HALF",
    ];
    let lengths = [0, 2, 7, 2, 15, 10, 10, 15];
    let bus = slots[0] as usize;
    let words: Vec<String> = slots[1..=lengths[bus]].iter().map(u32::to_string).collect();
    let verb = if *numerator == 1 { "send" } else { "receive" };
    format!("{verb} {}({})\n", names[bus], words.join(", "))
}

fn row(name: &str, table: &Table, index: usize) -> String {
    let cells: Vec<u32> = table.columns.iter().map(|column| column[index]).collect();
    format!("{name}, row {index} of {}\n{}", table.rows, lines(&cells))
}

fn count(events: &[Event], kind: EventKind, label: &str) -> usize {
    let of_label = |event: &&Event| (event.kind, event.label.as_str()) == (kind, label);
    events.iter().filter(of_label).count()
}

/// What a twin makes of the program, in the order of the text.
fn example(twin: &dyn Twin, program: &str) -> Vec<String> {
    let bytes = twin.assemble(program).expect("it assembles");
    let words: Vec<u32> = bytes
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("whole words")))
        .collect();
    let digest = twin.decode(&bytes).expect("it decodes").digest;
    let case = Case::new(bytes, vec![3, 9], Private::new());
    let executed = twin.execute(&case).expect("it runs");
    let cycles: Vec<String> = executed
        .steps
        .iter()
        .map(|step| format!("{step:?}"))
        .collect();
    let options = Options::TINY;
    let tables = twin.tables(&case, &options).expect("it has tables");
    let present: Vec<String> = tables
        .iter()
        .zip(0..)
        .filter(|(table, _)| table.rows > 0)
        .map(|(table, index): (_, u32)| format!("n_{index} = {}", table.rows))
        .collect();
    let mul: Vec<u32> = tables[3].columns.iter().map(|column| column[0]).collect();
    let evaluation = twin.evaluate(3, &mul, 0, &[0; 6]);
    let proved = twin.prove(&case, &options).expect("it is proved");
    let events = &proved.events;
    twin.verify(&case.program, &case.public, &proved.proof, options.set)
        .expect("it is verified");
    let header: Vec<u32> = proved.proof[..4 * HEADER_WORDS]
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("whole words")))
        .collect();
    let first = events
        .iter()
        .take_while(|event| event.label != "lookup.challenge");
    let first: String = first
        .map(|event| {
            let kind = format!("{:?}", event.kind).to_lowercase();
            format!("{kind} {}\n{}", event.label, lines(&event.values))
        })
        .collect();
    let words_line = |words: &[u32]| {
        words
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    };
    vec![
        format!(
            "{:#010x} {}\n{}\n{}\n",
            words[0],
            words_line(&words[1..5]),
            words_line(&words[5..11]),
            words_line(&words[11..]),
        ),
        format!("digest\n{}", lines(&digest)),
        format!(
            "fp_0 = {}, M = {}, used cells {}\ncycles (pc, fp): {}\ncells\n{}",
            executed.fp_0,
            executed.memory.len(),
            executed.used_cells,
            cycles.join(" "),
            lines(&executed.memory)
        ),
        program.to_owned(),
        [
            format!("{}\n", present.join(", ")),
            row("BYTECODE", &tables[0], 0),
            row("BYTECODE", &tables[0], 1),
            row("MEMORY", &tables[1], 0),
            row("MUL", &tables[3], 0),
        ]
        .concat(),
        format!(
            "{}constraints\n{}",
            evaluation
                .interactions
                .iter()
                .map(tuple)
                .collect::<String>(),
            lines(&evaluation.constraints)
        ),
        first,
        format!(
            "κ = {}, H = {}, μ = {}, {} oracles, {} final values\n",
            1 + count(events, EventKind::Send, "lookup.layer"),
            count(events, EventKind::Send, "zerocheck.round"),
            count(events, EventKind::Sample, "commitment.ood_point"),
            1 + count(events, EventKind::Send, "opening.root"),
            events
                .iter()
                .find(|event| event.label == "opening.final")
                .map_or(0, |event| event.values.len() / 5),
        ),
        format!(
            "{:#010x}\n{}{} bytes\n",
            header[0],
            lines(&header[1..]),
            proved.proof.len()
        ),
    ]
}

/// The place of the program among the blocks.
const PROGRAM: usize = 3;

#[test]
fn the_blocks_of_the_text_are_what_both_twins_make() {
    let blocks = blocks();
    let program = blocks.get(PROGRAM).expect("a block is the program");
    for twin in BOTH {
        let expected = example(twin, program);
        let name = twin.name();
        for (number, (ours, theirs)) in expected.iter().zip(&blocks).enumerate() {
            assert_eq!(ours, theirs, "block {number} of {name}:\n{ours}");
        }
        assert_eq!(
            expected.len(),
            blocks.len(),
            "blocks of {name}: {}",
            expected.join("---\n")
        );
    }
}
