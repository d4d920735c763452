//! DOT_PRODUCT and EQ with their tables of terms and of quads.

use super::instructions::Subject;
use super::runs::Run;
use super::trace::Trace;
use super::*;
use crate::generators::model::{inverse, mul, sub};

/// Columns of an owner and of a term: the flag base.
const OWNER_BASE: usize = 15;
const TERM_BASE: usize = 4;
/// The first factor of a term.
const X: usize = 10;
/// The lookups of the result by an owner.
const RESULTS: core::ops::Range<usize> = 6..11;
/// The ten lookups of x and y by a term, whose columns are in the same order.
const FACTORS: core::ops::Range<usize> = 2..12;

impl Run {
    /// The memory has another result.
    fn results(&self, honest: &Trace) -> Vec<Forgery> {
        let forgery = |number| Forgery::of_other_cell(self.owner, number, honest);
        RESULTS.map(forgery).collect()
    }

    /// A coordinate of the first term's x or y is one greater than in memory.
    fn factors(&self, honest: &Trace) -> Vec<Forgery> {
        let forgery = |number: usize| {
            let mut trace = honest.clone();
            trace.add(self.rows, 0, X + number - FACTORS.start, 1);
            self.carry(&mut trace, 0);
            Forgery::of_lookup(self.rows, number, trace)
        };
        FACTORS.map(forgery).collect()
    }

    /// The flag base is not boolean, neither of the owner nor, since links carry it, of the term:
    /// each of the two constraints implies the other.
    ///
    /// The addresses (1 − base)·(left + j) are in memory, so 1 − base is a difference of addresses.
    /// In the word base can stand for other bits, 32 at least, only as 32/2^15, so that 1 − base =
    /// 1 + 127·2^14; and the next term would be out of reach.
    fn flags(&self, text: &str) -> [Forgery; 2] {
        let base = inverse(1 << 10);
        let mut trace = Trace::of(text);
        *trace.at(self.owner, 0, OWNER_BASE) = base;
        *trace.at(self.rows, 0, TERM_BASE) = base;
        for j in 1..5 {
            // x_j is what is there.
            let address = trace.tuple(self.rows, 0, FACTORS.start + j)[1];
            trace.set_memory(address, j as u32);
            *trace.at(self.rows, 0, X + j) = j as u32;
        }
        self.carry(&mut trace, 0);
        trace.adopt(self.owner);
        let (of_owner, of_term) = (
            Forgery::of_constraint(self.owner, 9, trace.clone()),
            Forgery::of_constraint(self.rows, 0, trace),
        );
        let (owner, term) = (of_owner.rule, of_term.rule);
        [
            of_owner.implied(Implied::By(term)),
            of_term.implied(Implied::By(owner)),
        ]
    }
}

/// Eight terms in two rows of DOT_QUAD.
const TWO_QUADS: &str = "hint bits 9, 32, 8\ndot_be 0, 0, 64, 8";
/// Of a row of DOT_QUAD: the first column of x and of the cells, and their lookups, of four each.
const QUAD_X: usize = 9;
const QUAD_FACTORS: core::ops::Range<usize> = 2..8;

/// Of the rows of DOT_QUAD: the links, and the last of the four cells of each lookup is one greater
/// than in memory.
fn quads() -> Vec<Forgery> {
    let run = Run::of(DOT_QUAD).expect("a table of runs");
    let honest = Trace::of(TWO_QUADS);
    let links = run.links(&honest).into_iter();
    let links = links.filter(|forgery| forgery.rule.table == DOT_QUAD);
    let factor = |number: usize| {
        let mut trace = honest.clone();
        trace.add(
            DOT_QUAD,
            0,
            QUAD_X + 4 * (number - QUAD_FACTORS.start) + 3,
            1,
        );
        run.carry(&mut trace, 0);
        Forgery::of_lookup(DOT_QUAD, number, trace)
    };
    links.chain(QUAD_FACTORS.map(factor)).collect()
}

/// No forgery: the rows of DOT_TERM in the place of those of DOT_QUAD.
pub(super) fn quads_as_terms() -> Trace {
    let mut trace = Trace::of(TWO_QUADS);
    let quads: Vec<Vec<u32>> = (0..trace.rows(DOT_QUAD))
        .map(|row| trace.row(DOT_QUAD, row).to_vec())
        .collect();
    trace.remove(DOT_QUAD, 0);
    for quad in quads {
        let (head, factors) = quad.split_at(QUAD_X);
        let (x, cells) = factors.split_at(4);
        let mut acc = head[4..].to_vec();
        for (i, (x, y)) in (0..).zip(x.iter().zip(cells.chunks(5))) {
            let mut term = vec![head[0], sub(head[1], i), head[2] + i, head[3] + 5 * i, 1];
            term.extend(&acc);
            term.push(*x);
            term.extend([trace.memory(0); 4]);
            term.extend(y);
            trace.put_first(DOT_TERM, term);
            for (acc, y) in acc.iter_mut().zip(y) {
                *acc = add(*acc, mul(*x, *y));
            }
        }
    }
    trace.recount(None);
    trace
}

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    for (terms, one_term) in [
        (DOT_TERM, "dot_ee 0, 10, 64, 1"),
        (EQ_TERM, "eq_ee 0, 10, 64, 1"),
    ] {
        let run = Run::of(terms).expect("a table of runs");
        let honest = Subject::of(run.owner).trace();
        list.extend(run.links(&honest));
        list.extend(run.results(&honest));
        list.extend(run.factors(&honest));
        list.extend(run.flags(one_term));
    }
    list.extend(quads());
    list
}
