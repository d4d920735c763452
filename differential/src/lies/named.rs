//! The named lies and truths. SPEC.md, appendix A, lists them by name.
//!
//! A lie is a change of an honest prover's tables, statement or opening, consistent in all else;
//! every verifier refuses it for one reason. An odd truth is a proof that no honest prover makes of
//! a statement that holds; every verifier accepts it.

mod linked;

use leanvm_spec::commitment::stacking::cover;
use leanvm_spec::execution::Cycle;
use leanvm_spec::field::Felt;
use leanvm_spec::poseidon::HashTable;
use leanvm_spec::tables::TableId;

use super::{Deceit, Liar, Oracle};
use crate::canonical::Name;
use crate::generators::tiny::{LINKED, REDUCTIONS};

/// How an honest prover becomes dishonest.
type Change = Box<dyn Fn(&mut Liar)>;

/// A named lie, or an odd truth.
pub struct Named {
    /// Its name, which is also its id in the vectors.
    pub name: String,
    /// The assembly text of the program from which it starts.
    pub text: String,
    /// The public input from which it starts.
    pub public: Vec<u32>,
    /// The change.
    change: Change,
    /// The rejection; none of a truth.
    pub rejection: Option<Name>,
}

impl Named {
    fn new(
        name: impl Into<String>,
        text: &str,
        public: &[u32],
        rejection: Option<Name>,
        change: impl Fn(&mut Liar) + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            text: text.to_owned(),
            public: public.to_vec(),
            change: Box::new(change),
            rejection,
        }
    }

    /// Its name in appendix A, which is one for all tables.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.name
            .split_once(" in ")
            .map_or(&self.name, |(kind, _)| kind)
    }

    /// The honest prover from which it starts.
    #[must_use]
    pub fn start(&self) -> Liar {
        Liar::honest(&self.text, &self.public)
    }

    /// The prover that tells it.
    #[must_use]
    pub fn liar(&self) -> Liar {
        let mut liar = self.start();
        (self.change)(&mut liar);
        liar
    }
}

const LOOKUP_ROOT: Option<Name> = Some("lookup-root");
const LOOKUP_LAYER: Option<Name> = Some("lookup-layer");
const CONSTRAINT: Option<Name> = Some("constraint");
const POSEIDON_LAYER: Option<Name> = Some("poseidon-layer");
const COMMITMENT_CLAIM: Option<Name> = Some("commitment-claim");

/// Columns of the first operands, SPEC §9.
const K: [usize; 4] = [2, 6, 10, 14];
const CELL: [usize; 3] = [5, 9, 13];

/// A sum of public cells, and one instruction more.
const SUMS: &str =
    ".frame 8\nadd m[fp-8], m[fp-7], m[fp]\nmul m[fp], 2, m[fp+1]\nadd 1, 1, 2\nhalt";

/// A first instruction that can be left out.
const SKIP: &str = ".frame 8\nadd 1, 1, 2\njump 1, 3, fp\nadd 1, 1, 2\nhalt";

/// Every instruction but CHAIN, PATH and SPONGE, so that no other table is absent.
const EVERYTHING: &str = ".frame 120
add 3, 4, m[fp]
mul m[fp], 2, m[fp+1]
add 0, 0, m[fp+3]
deref m[fp+3], 2, m[fp+4]
poseidon8 0, 16
poseidon16 0, 16, 24, permute
poseidon24 0, 16, 24, 40, permute
poseidon16_halves 0, 16, 24, 96, 4
jump 0, 0, fp
dot_ee 16, 24, 72, 2
eq_be 0, 24, 87, 3
halt";

fn felt(integer: u64) -> Felt {
    Felt::new(integer)
}

/// All lies.
#[must_use]
pub fn lies() -> Vec<Named> {
    let mut list = lies_of_paths();
    list.extend(lies_of_memory());
    list.extend(lies_of_tables());
    list.extend(lies_of_reductions());
    list.extend(linked::lies());
    list.extend(lies_of_sizes());
    list.extend(lies_of_sums());
    list.extend(lies_of_permutations());
    list.extend(lies_of_openings());
    list
}

/// A.6: start, end and edges of the path.
fn lies_of_paths() -> Vec<Named> {
    let jump = ".frame 8\njump 1, end, fp\nend: halt";
    vec![
        // pc' = 2·3 − 2 is the halt pc, fp' = 2·fp − fp.
        Named::new(
            "jump_with_condition_two",
            ".frame 8\nadd m[fp-8], 0, m[fp]\njump m[fp], m[fp-7], fp\nadd 1, 1, 2\nadd 1, 1, 2\nhalt",
            &[1, 3],
            CONSTRAINT,
            |liar| {
                liar.public[0] = felt(2);
                liar.memory[0] = felt(2);
                liar.memory[8] = felt(2);
                liar.cycles.truncate(2);
                liar.retrace();
            },
        ),
        Named::new("halt_in_another_frame", jump, &[3], LOOKUP_ROOT, |liar| {
            liar.claim_program(".frame 8\njump 1, end, fp+8\nend: halt");
            liar.retrace();
        }),
        Named::new("start_in_another_frame", jump, &[3], LOOKUP_ROOT, |liar| {
            liar.claim_program(".frame 8\njump 1, end, fp-8\nend: halt");
            liar.cycles[0].fp = felt(16);
            liar.retrace();
        }),
        Named::new("start_at_pc_one", SKIP, &[3], LOOKUP_ROOT, |liar| {
            liar.cycles.remove(0);
            liar.retrace();
        }),
        Named::new("stop_before_halt", SUMS, &[3, 4], LOOKUP_ROOT, |liar| {
            liar.cycles.pop();
            liar.retrace();
        }),
    ]
}

/// A.4, A.5: one memory, its addresses, its public cells.
fn lies_of_memory() -> Vec<Named> {
    let mut list = vec![
        unaligned(
            "input_chunk",
            ["poseidon8 0, 16", "poseidon8 4, 16"],
            TableId::Poseidon8,
            (0, 4),
        ),
        unaligned(
            "output_chunk",
            ["poseidon8 0, 16", "poseidon8 0, 20"],
            TableId::Poseidon8,
            (1, 20),
        ),
        unaligned(
            "input_half",
            [
                "poseidon16_halves 0, 4, 0, 16",
                "poseidon16_halves 2, 4, 0, 16",
            ],
            TableId::Poseidon16Halves,
            (0, 2),
        ),
        unaligned(
            "output_half",
            [
                "poseidon16_halves 0, 4, 0, 16",
                "poseidon16_halves 0, 4, 0, 18",
            ],
            TableId::Poseidon16Halves,
            (3, 18),
        ),
    ];
    let sum = ".frame 8\nadd m[fp-8], 0, m[fp]\nhalt";
    list.extend([
        Named::new(
            "address_beyond_memory",
            ".frame 8\nadd 3, 0, m[fp]\nhalt",
            &[],
            LOOKUP_ROOT,
            |liar| {
                liar.claim_program(".frame 8\nadd 3, 0, m[fp+300]\nhalt");
                *liar.cell(TableId::Add, K[2], 0) = felt(300);
                liar.recount();
            },
        ),
        // ADD reads 3 in cell 0, MUL reads 4.
        Named::new(
            "one_cell_two_values",
            ".frame 8\nadd m[fp-8], 0, m[fp]\nmul m[fp-8], 1, m[fp+1]\nhalt",
            &[3],
            LOOKUP_ROOT,
            |liar| {
                *liar.cell(TableId::Mul, CELL[0], 0) = felt(4);
                *liar.cell(TableId::Mul, CELL[2], 0) = felt(4);
                liar.write(9, felt(4));
                liar.recount();
            },
        ),
        // The hash reads 9 in the first cell of the chunk, which is 3.
        Named::new(
            "chunk_of_other_cells",
            "poseidon8 0, 16\nhalt",
            &[9],
            LOOKUP_ROOT,
            |liar| {
                liar.public[0] = felt(3);
                liar.write(0, felt(3));
            },
        ),
        Named::new(
            "public_padding_not_zero",
            sum,
            &[3],
            COMMITMENT_CLAIM,
            |liar| {
                liar.memory[7] = felt(9);
                liar.retrace();
            },
        ),
        Named::new(
            "another_public_input",
            sum,
            &[3],
            COMMITMENT_CLAIM,
            |liar| {
                liar.public[0] = felt(4);
            },
        ),
    ]);
    list
}

/// An instruction whose operand is claimed to be an unaligned address; the row reads and writes
/// what the aligned one does.
fn unaligned(
    name: &str,
    [honest, claimed]: [&str; 2],
    table: TableId,
    (operand, value): (usize, u64),
) -> Named {
    let claimed = format!("{claimed}\nhalt");
    let change = move |liar: &mut Liar| {
        liar.claim_program(&claimed);
        *liar.cell(table, K[operand], 0) = felt(value);
        liar.recount();
    };
    let text = format!("{honest}\nhalt");
    Named::new(
        format!("unaligned_{name}"),
        &text,
        &[1, 2, 3],
        LOOKUP_ROOT,
        change,
    )
}

/// A.3: a row is of the instruction at its pc.
fn lies_of_tables() -> Vec<Named> {
    let of_another = |name: &str, honest: &str, claimed: &'static str| {
        Named::new(name, honest, &[3], LOOKUP_ROOT, |liar| {
            liar.claim_program(claimed);
        })
    };
    vec![
        of_another(
            "add_row_at_a_mul",
            ".frame 8\nadd 2, 3, m[fp]\nhalt",
            ".frame 8\nmul 2, 3, m[fp]\nhalt",
        ),
        of_another(
            "half_row_at_a_whole_hash",
            "poseidon8 0, 16, half\nhalt",
            "poseidon8 0, 16\nhalt",
        ),
        of_another(
            "permute_row_at_a_compression",
            "poseidon8 0, 16, permute\nhalt",
            "poseidon8 0, 16\nhalt",
        ),
        of_another(
            "constant_of_another_program",
            ".frame 8\nadd 2, 3, m[fp]\nhalt",
            ".frame 8\nadd 2, 4, m[fp]\nhalt",
        ),
    ]
}

/// A.7: the terms of a reduction are its owner's.
fn lies_of_reductions() -> Vec<Named> {
    let text = ".frame 64\ndot_ee 0, 8, 40, 1\ndot_ee 0, 13, 48, 1\nhalt";
    let public: Vec<u32> = (1..=32).collect();
    // Each owner has the result of the other one.
    let swap_results = |liar: &mut Liar| {
        for j in 0..5 {
            liar.memory.swap(40 + j, 48 + j);
            for address in [40 + j, 48 + j] {
                liar.write(address, liar.memory[address]);
            }
            liar.tables[TableId::DotProduct.index()].columns[16 + j].swap(0, 1);
        }
    };
    vec![
        Named::new("results_swapped", text, &public, LOOKUP_ROOT, move |liar| {
            swap_results(liar);
            liar.recount();
        }),
        Named::new("owners_swapped", text, &public, LOOKUP_ROOT, move |liar| {
            swap_results(liar);
            liar.tables[TableId::DotTerm.index()].columns[0].swap(0, 1);
            liar.recount();
        }),
        Named::new("term_row_twice", text, &public, LOOKUP_ROOT, move |liar| {
            let row = liar.tables[TableId::DotTerm.index()].row(1);
            liar.push_row(TableId::DotTerm, &row);
            liar.recount();
        }),
    ]
}

/// Section 18 and A.1: rows that are announced count, and only they.
fn lies_of_sizes() -> Vec<Named> {
    let mut list = Vec::new();
    for table in &TableId::ALL[2..] {
        let name = format!("{table:?}").to_lowercase();
        list.push(Named::new(
            format!("zero_row_more in {name}"),
            SUMS,
            &[3, 4],
            LOOKUP_ROOT,
            |liar| {
                liar.push_row(*table, &vec![Felt::ZERO; table.num_columns()]);
                liar.recount();
            },
        ));
        let (text, public): (&str, &[u32]) = match *table {
            TableId::DotQuad => (REDUCTIONS.text, REDUCTIONS.public),
            table if table < TableId::Chain => (EVERYTHING, &[11, 22, 33, 44, 55, 66, 77, 88]),
            _ => (LINKED.text, LINKED.public),
        };
        list.push(Named::new(
            format!("row_fewer in {name}"),
            text,
            public,
            LOOKUP_ROOT,
            |liar| {
                liar.pop_row(*table);
                liar.recount();
            },
        ));
    }
    list.push(Named::new(
        "row_fewer in memory",
        ".frame 8\nadd 1, 0, m[fp+250]\nhalt",
        &[3],
        LOOKUP_ROOT,
        |liar| {
            liar.pop_row(TableId::Memory);
            liar.recount();
        },
    ));
    list
}

/// Section 13: a path that starts at pc 1, and a false sum over it that balances.
fn lies_of_sums() -> Vec<Named> {
    let of = |name: &str, deceit: Deceit, rejection: Option<Name>| {
        Named::new(name, SKIP, &[3], rejection, move |liar| {
            liar.cycles.remove(0);
            liar.retrace();
            liar.deceit = deceit;
        })
    };
    vec![
        of("false_sum", Deceit::Root, LOOKUP_LAYER),
        of(
            "false_sum_carried_to_the_leaves",
            Deceit::Layers,
            CONSTRAINT,
        ),
    ]
}

/// A.12: a hash of halves whose output, or an S-box of which, is false; the memory has the output
/// of the row.
fn lies_of_permutations() -> Vec<Named> {
    fn of(
        name: &str,
        deceit: Deceit,
        rejection: Option<Name>,
        change: fn(&HashTable, &mut [Felt]),
    ) -> Named {
        let text = "poseidon16_halves 0, 4, 8, 24\nhalt";
        let public: Vec<u32> = (1..=16).collect();
        Named::new(name, text, &public, rejection, move |liar| {
            let table = TableId::Poseidon16Halves;
            let hash = HashTable::of(table).expect("a hash table");
            let mut row = liar.tables[table.index()].row(0);
            change(&hash, &mut row);
            liar.pop_row(table);
            liar.push_row(table, &row);
            for (j, (input, y)) in hash.input.zip(hash.y).enumerate() {
                liar.write(24 + j, row[input] + row[y]);
            }
            liar.recount();
            liar.deceit = deceit;
        })
    }
    let false_output = |hash: &HashTable, row: &mut [Felt]| row[hash.y.start] += Felt::ONE;
    let false_s_box = |hash: &HashTable, row: &mut [Felt]| {
        row[hash.s.start] += Felt::ONE;
        let outputs = hash.outputs(&row[hash.input.clone()], &row[hash.s.clone()]);
        row[hash.y.clone()].copy_from_slice(&outputs);
    };
    vec![
        of(
            "false_output_of_a_hash",
            Deceit::None,
            POSEIDON_LAYER,
            false_output,
        ),
        of(
            "false_input_of_an_s_box",
            Deceit::None,
            POSEIDON_LAYER,
            false_s_box,
        ),
        of(
            "false_outputs_claimed",
            Deceit::Outputs,
            CONSTRAINT,
            false_output,
        ),
        of(
            "false_output_carried_to_the_inputs",
            Deceit::Permutations,
            CONSTRAINT,
            false_output,
        ),
    ]
}

/// Section 17: false answers, oracles and polynomials. They are lies at every parameter set.
#[must_use]
pub fn lies_of_openings() -> Vec<Named> {
    let of = |name: &str, deceit: Deceit, rejection: Option<Name>| {
        Named::new(name, SUMS, &[3, 4], rejection, move |liar| {
            liar.deceit = deceit;
        })
    };
    vec![
        of(
            "false_answer_of_the_stack",
            Deceit::Answer(Oracle::First),
            COMMITMENT_CLAIM,
        ),
        of(
            "false_answer_of_a_later_oracle",
            Deceit::Answer(Oracle::Second),
            COMMITMENT_CLAIM,
        ),
        of(
            "false_answer_of_the_last_oracle",
            Deceit::Answer(Oracle::Last),
            COMMITMENT_CLAIM,
        ),
        of(
            "oracle_of_another_stack",
            Deceit::Oracle(Oracle::First),
            COMMITMENT_CLAIM,
        ),
        of(
            "later_oracle_of_another_polynomial",
            Deceit::Oracle(Oracle::Second),
            COMMITMENT_CLAIM,
        ),
        of(
            "last_oracle_of_another_polynomial",
            Deceit::Oracle(Oracle::Last),
            COMMITMENT_CLAIM,
        ),
        of(
            "later_polynomial_not_the_fold",
            Deceit::Polynomial(Oracle::Second),
            COMMITMENT_CLAIM,
        ),
        of(
            "later_polynomial_of_the_same_product",
            Deceit::SameProduct(Oracle::Second),
            COMMITMENT_CLAIM,
        ),
        of(
            "last_polynomial_of_the_same_product",
            Deceit::SameProduct(Oracle::Last),
            COMMITMENT_CLAIM,
        ),
        of("final_not_the_fold", Deceit::Final, COMMITMENT_CLAIM),
        of(
            "final_of_the_same_product",
            Deceit::FinalSameProduct,
            COMMITMENT_CLAIM,
        ),
    ]
}

/// All odd truths.
#[must_use]
pub fn truths() -> Vec<Named> {
    let of = |name: &str, change: fn(&mut Liar)| Named::new(name, SUMS, &[3, 4], None, change);
    vec![
        of("second_smallest_nonces", |liar| {
            liar.deceit = Deceit::Nonces;
        }),
        of("stack_with_a_tail", |liar| {
            liar.deceit = Deceit::Tail;
        }),
        of("padding_rows_not_zero", |liar| {
            for (table, id) in liar.tables.iter_mut().zip(TableId::ALL) {
                let rows = table.num_rows..cover(table.num_rows);
                let hash = HashTable::of(id);
                for (k, column) in table.columns.iter_mut().enumerate() {
                    let is_zero = hash
                        .as_ref()
                        .is_some_and(|hash| hash.input.contains(&k) || hash.s.contains(&k));
                    let value = |row| felt(if is_zero { 0 } else { row as u64 + 1 });
                    column.extend(rows.clone().map(value));
                }
            }
        }),
        of("more_memory_than_needed", |liar| {
            liar.extend_memory(400);
        }),
        Named::new(
            "rows_on_closed_walks",
            ".frame 8\njump 1, end, fp\nself: jump 1, self, fp\nend: halt",
            &[3],
            None,
            |liar| {
                for fp in [77, 123, 2_130_706_432] {
                    liar.cycles.push(Cycle {
                        pc: 1,
                        fp: felt(fp),
                    });
                }
                liar.retrace();
            },
        ),
        Named::new(
            "terms_instead_of_quads",
            ".frame 64\ndot_be 0, 8, 40, 4\nhalt",
            &(1..=32).collect::<Vec<u32>>(),
            None,
            quads_as_terms,
        ),
    ]
}

/// Puts the rows of DOT_TERM in the place of the first row of DOT_QUAD.
fn quads_as_terms(liar: &mut Liar) {
    let quad = liar.tables[TableId::DotQuad.index()].row(0);
    let (head, factors) = quad.split_at(9);
    let (x, cells) = factors.split_at(4);
    let mut acc = head[4..].to_vec();
    for (i, (x, y)) in (0..).zip(x.iter().zip(cells.chunks(5))) {
        let [owner, remaining, left, right] = [head[0], head[1], head[2], head[3]];
        let mut term = vec![
            owner,
            remaining - felt(i),
            left + felt(i),
            right + felt(5 * i),
            felt(1),
        ];
        term.extend(&acc);
        term.push(*x);
        term.extend([liar.memory[0]; 4]);
        term.extend(y);
        liar.push_row(TableId::DotTerm, &term);
        for (acc, y) in acc.iter_mut().zip(y) {
            *acc += *x * *y;
        }
    }
    liar.pop_row(TableId::DotQuad);
    liar.recount();
}
