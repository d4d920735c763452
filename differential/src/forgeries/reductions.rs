//! DOT_PRODUCT and EQ with their tables of terms.

use super::instructions::Subject;
use super::trace::Trace;
use super::*;
use crate::generators::model::inverse;

/// A reduction: its owner is row 0 of its table, its terms are all rows of theirs.
struct Reduction {
    owner: usize,
    terms: usize,
}

const REDUCTIONS: [Reduction; 2] = [
    Reduction {
        owner: DOT_PRODUCT,
        terms: DOT_TERM,
    },
    Reduction {
        owner: EQ,
        terms: EQ_TERM,
    },
];

/// Columns of an owner.
const OWNER_BASE: usize = 15;
const RESULT: usize = 16;
/// Columns of a term.
const TERM_BASE: usize = 4;
const ACC: usize = 5;
const X: usize = 10;
/// Interactions of an owner: the five lookups of the result, then the links.
const RESULTS: core::ops::Range<usize> = 6..11;
const FIRST_LINK: usize = 11;
const LAST_LINK: usize = 12;
/// Interactions of a term: the links, then the ten lookups of x and y, whose columns are in the
/// same order.
const RECEIVED: usize = 0;
const SENT: usize = 1;
const FACTORS: core::ops::Range<usize> = 2..12;
/// The accumulator in the tuple of a link.
const LINK_ACC: core::ops::Range<usize> = 6..11;

impl Reduction {
    /// Computes the accumulators after the term `from` and the result, and makes the memory have
    /// it.
    fn compute(&self, trace: &mut Trace, from: u32) {
        let terms = trace.rows(self.terms);
        for term in from..terms {
            let tuple = trace.tuple(self.terms, term, SENT);
            let (table, row, column) = if term + 1 < terms {
                (self.terms, term + 1, ACC)
            } else {
                (self.owner, 0, RESULT)
            };
            for (j, value) in tuple[LINK_ACC].iter().enumerate() {
                *trace.at(table, row, column + j) = *value;
            }
        }
        trace.store(self.owner, RESULTS);
    }

    /// The accumulator of a term is another, and all that comes after it.
    fn other_accumulator(&self, honest: &Trace, term: u32) -> Trace {
        let mut trace = honest.clone();
        trace.add(self.terms, term, ACC, 1);
        self.compute(&mut trace, term);
        trace
    }

    fn links(&self, honest: &Trace) -> [Forgery; 4] {
        let (owner, terms) = (self.owner, self.terms);
        // The first term does not begin where the owner says.
        let first = self.other_accumulator(honest, 0);
        let begins = first.tuple(terms, 0, RECEIVED);
        // The second term does not go on where the first ends: either of the two may be the one
        // that is not bound.
        let second = self.other_accumulator(honest, 1);
        let (ends, goes_on) = (
            second.tuple(terms, 0, SENT),
            second.tuple(terms, 1, RECEIVED),
        );
        // The result is not where the last term ends.
        let mut last = honest.clone();
        last.add(owner, 0, RESULT, 1);
        last.store(owner, RESULTS);
        let result = last.tuple(terms, 1, SENT);
        [
            Forgery::of_interaction(owner, FIRST_LINK, 0, begins, first),
            Forgery::of_interaction(terms, SENT, 0, goes_on, second.clone()),
            Forgery::of_interaction(terms, RECEIVED, 1, ends, second),
            Forgery::of_interaction(owner, LAST_LINK, 0, result, last),
        ]
    }

    /// The memory has another result.
    fn results(&self, honest: &Trace) -> Vec<Forgery> {
        let forgery = |number: usize| {
            let address = honest.tuple(self.owner, 0, number)[1];
            let mut trace = honest.clone();
            trace.set_memory(address, add(trace.memory(address), 1));
            Forgery::of_lookup(self.owner, number, trace)
        };
        RESULTS.map(forgery).collect()
    }

    /// A coordinate of the first term's x or y is one greater than in memory.
    fn factors(&self, honest: &Trace) -> Vec<Forgery> {
        let forgery = |number: usize| {
            let mut trace = honest.clone();
            trace.add(self.terms, 0, X + number - FACTORS.start, 1);
            self.compute(&mut trace, 0);
            Forgery::of_lookup(self.terms, number, trace)
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
        *trace.at(self.terms, 0, TERM_BASE) = base;
        for j in 1..5 {
            // x_j is what is there.
            let address = trace.tuple(self.terms, 0, FACTORS.start + j)[1];
            trace.set_memory(address, j as u32);
            *trace.at(self.terms, 0, X + j) = j as u32;
        }
        self.compute(&mut trace, 0);
        trace.adopt(self.owner);
        let (of_owner, of_term) = (
            Forgery::of_constraint(self.owner, 9, trace.clone()),
            Forgery::of_constraint(self.terms, 0, trace),
        );
        let (owner, term) = (of_owner.rule, of_term.rule);
        [
            of_owner.implied(Implied::By(term)),
            of_term.implied(Implied::By(owner)),
        ]
    }
}

pub(super) fn forgeries() -> Vec<Forgery> {
    let mut list = Vec::new();
    for (reduction, one_term) in REDUCTIONS
        .iter()
        .zip(["dot_ee 0, 10, 64, 1", "eq_ee 0, 10, 64, 1"])
    {
        let honest = Subject::of(reduction.owner).trace();
        list.extend(reduction.links(&honest));
        list.extend(reduction.results(&honest));
        list.extend(reduction.factors(&honest));
        list.extend(reduction.flags(one_term));
    }
    list
}
