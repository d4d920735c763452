//! SPEC §9 tables.

use std::cell::RefCell;

use leanvm_differential::generators::{Broken, Valid, from_bytes, tiny};
use leanvm_differential::oracles::execute::tables;
use leanvm_differential::shape::{COLUMNS, TABLES};
use leanvm_differential::twins::Options;

mod differential {
    use super::*;

    #[test]
    fn every_column_of_every_table() {
        let present = RefCell::new([0_u32; TABLES]);
        crate::common::for_each(250, 600, |bytes| {
            let trace = tables(&from_bytes::<Valid>(bytes).0, &Options::TINY)
                .expect("valid cases fit tiny");
            for (number, table) in trace.iter().enumerate() {
                present.borrow_mut()[number] += u32::from(table.rows > 0);
                if table.rows > 0 {
                    assert_eq!(table.columns.len(), COLUMNS[number], "table {number}");
                }
                assert!(
                    table
                        .columns
                        .iter()
                        .all(|column| column.len() == table.rows),
                    "table {number}"
                );
            }
        });
        println!("cases of 250 with each table: {:?}", present.borrow());
        assert!(
            present.borrow().iter().all(|cases| *cases >= 25),
            "a table is hardly ever present: {present:?}"
        );
    }

    #[test]
    fn tables_of_the_tiny_programs() {
        for tiny in &tiny::ALL {
            for set in [1, 2] {
                assert!(
                    tables(
                        &tiny.case(),
                        &Options {
                            set,
                            threads: 3,
                            ..Options::TINY
                        }
                    )
                    .is_ok(),
                    "{}",
                    tiny.name
                );
            }
        }
    }

    #[test]
    fn broken_cases_have_no_tables() {
        let rejected = RefCell::new(0_u32);
        crate::common::for_each(300, 400, |bytes| {
            let outcome = tables(&from_bytes::<Broken>(bytes).0, &Options::TINY);
            *rejected.borrow_mut() += u32::from(outcome.is_err());
        });
        assert!(
            *rejected.borrow() >= 100,
            "only {} of 300 broken cases are rejected",
            rejected.borrow()
        );
    }
}
