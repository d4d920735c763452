//! The sizes that the guest reads of a proof: those of the verifier, and no others by any hint.

pub(super) mod differential {
    use leanvm_differential::canonical::{Outcome, Private};
    use leanvm_differential::twins::FAST;
    use leanvm_fast::commitment::TableShape;
    use leanvm_fast::lookup::LeafLayout;
    use leanvm_fast::tables::{TableId, log_height};

    use crate::recursion::tables::{binary, case};

    type Rows = [usize; TableId::COUNT];

    /// What the guest is told.
    #[derive(Clone)]
    pub(in crate::recursion) struct Told {
        rows: Rows,
        /// The tables in the order of their leaves, with their heights.
        order: Vec<(TableId, usize)>,
        table_height: usize,
        hash_height: usize,
    }

    impl Told {
        pub(in crate::recursion) fn honest(rows: Rows) -> Self {
            let present = || TableId::ALL.into_iter().zip(rows).filter(|(_, n)| *n > 0);
            let tables: Vec<TableShape> = present()
                .map(|(table, rows)| TableShape {
                    table,
                    rows,
                    columns: table.num_columns(),
                })
                .collect();
            let blocks = LeafLayout::new(&tables).expect("leaves").blocks;
            let highest = |is_meant: fn(TableId) -> bool| {
                let meant = present().filter(|(id, _)| is_meant(*id));
                meant.map(|(_, rows)| log_height(rows)).max().unwrap_or(0)
            };
            Self {
                rows,
                order: blocks.iter().map(|it| (it.table, it.log_height)).collect(),
                table_height: highest(|_| true),
                hash_height: highest(|id| id.hash().is_some()),
            }
        }

        /// The lists of this, and what follows from it, be it true or not.
        pub(in crate::recursion) fn private(&self) -> Private {
            let number = |number: usize| u32::try_from(number).expect("below p");
            let mut first = [0; TableId::COUNT];
            let mut leaves = 0;
            for (table, height) in &self.order {
                first[table.index()] = leaves;
                leaves += table.num_interactions() << (height - 3);
            }
            let length = |n: usize| vec![usize::BITS - n.leading_zeros()];
            let present = self.rows.into_iter().filter(|n| *n > 0);
            let record = |id: TableId| {
                let rows = self.rows[id.index()];
                let (height, first) = (log_height(rows), first[id.index()]);
                match rows {
                    0 => vec![0; 5],
                    _ => vec![
                        1,
                        number(height),
                        1 << (height - 3),
                        u32::from(rows == 1 << height),
                        number(first),
                    ],
                }
            };
            let kappa = 3 + leaves.next_power_of_two().ilog2();
            let heights = [self.table_height, self.hash_height].map(number);
            let order = self.order.iter().map(|(table, _)| number(table.index()));
            Private::from([
                ("instructions".to_owned(), vec![vec![number(self.rows[0])]]),
                (
                    "rows".to_owned(),
                    vec![self.rows[1..].iter().map(|n| number(*n)).collect()],
                ),
                (
                    "length".to_owned(),
                    present.chain([leaves]).map(length).collect(),
                ),
                ("leaf_order".to_owned(), vec![order.collect()]),
                ("table_height".to_owned(), vec![vec![heights[0]]]),
                ("hash_height".to_owned(), vec![vec![heights[1]]]),
                (
                    "expected".to_owned(),
                    vec![vec![kappa, heights[0], heights[1]]],
                ),
                ("record".to_owned(), TableId::ALL.map(record).to_vec()),
            ])
        }
    }

    /// Rows of a proof, in which these tables have others.
    fn rows(others: &[(TableId, usize)]) -> Rows {
        let mut rows = [0; TableId::COUNT];
        rows[TableId::Bytecode.index()] = 700;
        rows[TableId::Memory.index()] = 32;
        rows[TableId::Poseidon16.index()] = 3;
        for (table, number) in others {
            rows[table.index()] = *number;
        }
        rows
    }

    #[test]
    fn sizes_are_those_of_the_verifier_and_no_others() {
        let program = binary("sizes", &[("SET", 3)]);
        let run = |told: &Told| -> Outcome<()> {
            let case = case(&program, vec![0; 25], told.private());
            FAST.execute(&case).map(|_| ())
        };
        let mut honest = Vec::new();
        for number in [1, 2, 7, 8, 9, 15, 16, 17, 1000, 1 << 22, (1 << 22) + 1] {
            honest.push(rows(&[(TableId::Add, number), (TableId::Mul, 5)]));
        }
        honest.push(rows(&[(TableId::ChainStep, 1 << 26)]));
        honest.push(rows(&[(TableId::Memory, 1 << 23)]));
        honest.push([100; TableId::COUNT]);
        for rows in honest {
            assert_eq!(run(&Told::honest(rows)), Ok(()), "{rows:?}");
        }

        // Above the caps: rows, memory, leaves; and too little memory.
        for others in [
            (TableId::ChainStep, (1 << 26) + 1),
            (TableId::Memory, (1 << 23) + 1),
            (TableId::Memory, 31),
            (TableId::Memory, 0),
            (TableId::DotTerm, 1 << 25),
        ] {
            let told = Told::honest(rows(&[others]));
            assert!(run(&told).is_err(), "{others:?}");
        }

        // Lies, of which all else follows.
        let honest = Told::honest(rows(&[(TableId::Add, 100), (TableId::Mul, 99)]));
        assert_eq!(run(&honest), Ok(()));
        for (name, lie) in [
            ("tables of one height change places", {
                let mut lie = honest.clone();
                let add = lie.order.iter().position(|(id, _)| *id == TableId::Add);
                let add = add.expect("it is there");
                assert_eq!(lie.order[add + 1], (TableId::Mul, 7));
                lie.order.swap(add, add + 1);
                lie
            }),
            ("heights rise", {
                let mut lie = honest.clone();
                lie.order.reverse();
                lie
            }),
            ("a table is missing", {
                let mut lie = honest.clone();
                lie.order.pop();
                lie
            }),
            ("H is greater", {
                let mut lie = honest.clone();
                lie.table_height += 1;
                lie
            }),
            ("H is smaller", {
                let mut lie = honest.clone();
                lie.table_height -= 1;
                lie
            }),
            ("H_P is greater", {
                let mut lie = honest.clone();
                lie.hash_height += 1;
                lie
            }),
        ] {
            assert!(run(&lie).is_err(), "{name}");
        }
    }
}
