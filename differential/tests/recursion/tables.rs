//! The tables of the guest, `programs/recursion/tables.py`, at any columns, and the weights of
//! their interactions, at any place among the leaves: those of the verifier.

use std::path::Path;

use leanvm_compiler::ast::ConstantValue;
use leanvm_compiler::check::{LoadedText, Loader, Placeholders};
use leanvm_compiler::compile::compile;
use leanvm_compiler::diagnostics::render_all;
use leanvm_compiler::source::SourceMap;
use leanvm_differential::canonical::{Case, MODULUS, Outcome, Private};
use leanvm_differential::twins::FAST;
use leanvm_fast::field::{EF, F, coordinates, from_coordinates, to_canonical};
use leanvm_fast::lookup::Fingerprint;
use leanvm_fast::multilinear::eq_index;
use leanvm_fast::tables::{Builder, Numerator, TableId};
use p3_field::PrimeCharacteristicRing;

/// The modules of the guest; mains of the tests are beside this file.
struct Modules;

impl Loader for Modules {
    fn load(&mut self, _: &str, module: &str) -> Option<LoadedText> {
        read(&format!("../programs/{}.py", module.replace('.', "/")))
    }
}

fn read(path: &str) -> Option<LoadedText> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path).ok()?;
    let name = path.display().to_string();
    Some(LoadedText { name, text })
}

/// The program of a main in `tests/recursion/`.
pub(super) fn binary(main: &str, placeholders: &[(&str, usize)]) -> Vec<u8> {
    let entry = read(&format!("tests/recursion/{main}.main.py")).expect("the main is there");
    let number = |value: &usize| ConstantValue::Integer(u32::try_from(*value).expect("below p"));
    let placeholders: Placeholders = (placeholders.iter())
        .map(|(name, value)| (format!("{name}_PLACEHOLDER"), number(value)))
        .collect();
    let mut sources = SourceMap::new();
    match compile(entry, &mut Modules, &placeholders, &mut sources) {
        Ok(compiled) => {
            let warnings = compiled.warnings.iter();
            let shown: Vec<String> = warnings.map(|it| it.render(&sources)).collect();
            assert!(shown.is_empty(), "{}", shown.concat());
            compiled.program
        }
        Err(errors) => panic!("{}", render_all(&errors, &sources)),
    }
}

pub(super) fn case(program: &[u8], public: Vec<u32>, private: Private) -> Case {
    let mut case = Case::new(program.to_vec(), public, private);
    (case.cycles, case.cells) = (1 << 22, 1 << 22);
    case
}

pub(super) fn words(elements: &[EF]) -> Vec<u32> {
    let all = elements.iter().flat_map(|element| coordinates(*element));
    all.map(to_canonical).collect()
}

/// Elements without structure.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn element(&mut self) -> EF {
        from_coordinates([0; 5].map(|_| {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            F::from_u64(self.0 >> 24)
        }))
    }

    pub(crate) fn elements(&mut self, count: usize) -> Vec<EF> {
        (0..count).map(|_| self.element()).collect()
    }

    /// A number below another one, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        to_canonical(coordinates(self.element())[0]) as usize % bound
    }
}

/// Σ_j w_j·(num_j + λ·(α − 1 − fingerprint_j)), and Σ_k γ^k·C_k.
struct Sums<'a> {
    fingerprint: &'a Fingerprint,
    lambda: EF,
    weights: std::slice::Iter<'a, EF>,
    powers: std::slice::Iter<'a, EF>,
    interactions: EF,
    constraints: EF,
}

impl Builder for Sums<'_> {
    type Constant = F;
    type Value = EF;

    fn constraint(&mut self, value: EF) {
        self.constraints += *self.powers.next().expect("a power of γ") * value;
    }

    fn interaction(&mut self, numerator: Numerator<EF>, tuple: &[(usize, EF)]) {
        let mut denominator = self.fingerprint.alpha - EF::ONE;
        for (slot, value) in tuple {
            denominator -= self.fingerprint.slots[*slot] * *value;
        }
        let weight = *self.weights.next().expect("a weight");
        self.interactions += weight * (numerator.value() + self.lambda * denominator);
    }
}

/// Powers of γ that the guest has.
const GAMMAS: usize = 25;

/// The private input of `tables.main.py`, in which the expected values are those of the verifier's
/// own tables.
fn input_of_tables() -> Private {
    let mut random = Random(1);
    let (alpha, lambda, gamma) = (random.element(), random.element(), random.element());
    let theta = random.elements(4);
    let fingerprint = Fingerprint::new(alpha, theta.try_into().expect("four"));
    let powers: Vec<EF> = gamma.powers().take(GAMMAS).collect();
    let mut private = Private::new();
    let mut give = |name: &str, list: &[EF]| {
        let lists = private.entry(name.to_owned()).or_default();
        lists.push(words(list));
    };
    give(
        "challenges",
        &[&[alpha, lambda][..], &fingerprint.slots].concat(),
    );
    give("gammas", &powers);
    for table in TableId::ALL {
        let width = table.num_columns() + table.num_virtual_columns();
        let row = random.elements(width);
        let weights = random.elements(table.num_interactions());
        let mut sums = Sums {
            fingerprint: &fingerprint,
            lambda,
            weights: weights.iter(),
            powers: powers.iter(),
            interactions: EF::ZERO,
            constraints: EF::ZERO,
        };
        table.evaluate(&row, &mut sums);
        assert!(sums.weights.next().is_none());
        let (committed, others) = row.split_at(table.num_columns());
        let fields = others.iter().skip(1).zip(&fingerprint.slots[2..]);
        let program: EF = fields.map(|(value, slot)| *slot * *value).sum();
        let row = others.first().copied().unwrap_or_default();
        give("columns", committed);
        give("virtual", &[row, program]);
        give("weights", &weights);
        give("expected", &[sums.interactions, sums.constraints]);
    }
    private
}

/// The private input with another word.
pub(super) fn changed(private: &Private, name: &str, list: usize, word: usize) -> Private {
    let mut changed = private.clone();
    let lists = changed.get_mut(name).expect("lists of this name");
    lists[list][word] = (lists[list][word] + 1) % MODULUS;
    changed
}

/// What becomes of a claim that does not hold.
const REFUSED: Outcome<()> = Err("relation-violated");

mod differential {
    use super::*;

    #[test]
    fn tables_of_the_guest_are_those_of_the_verifier() {
        let program = binary("tables", &[("SET", 1)]);
        let private = input_of_tables();
        let run = |private: &Private| {
            FAST.execute(&case(&program, vec![0; 25], private.clone()))
                .map(|_| ())
        };
        assert_eq!(run(&private), Ok(()));
        // Each column enters a sum, but `s`, which is claimed by section 14 only.
        for table in TableId::ALL {
            let is_s = |column: &usize| {
                let hash = table.hash();
                hash.is_some_and(|hash| hash.s_range().contains(column))
            };
            for column in (0..table.num_columns()).filter(|column| !is_s(column)) {
                let changed = changed(&private, "columns", table.index(), 5 * column);
                assert_eq!(run(&changed), REFUSED, "{} {column}", table.name());
            }
        }
    }

    #[test]
    fn weights_of_interactions_are_those_of_the_verifier() {
        const COUNT: usize = 13;
        let program = binary("weights", &[("SET", 3)]);
        let mut random = Random(2);
        for (log_leaves, log_height, first) in [
            (28, 3, (1 << 24) + 5),
            (28, 3, (1 << 24) + 14),
            (28, 3, (1 << 25) - COUNT),
            (28, 24, 0),
            (28, 27, 0),
            (12, 5, 77),
            (9, 8, 0),
            (9, 9, 0),
        ] {
            let point = random.elements(log_leaves);
            let own = &point[..log_leaves - log_height];
            let weight = |index: usize| match index >> own.len() {
                0 => eq_index(own, index),
                _ => EF::ZERO,
            };
            let expected: Vec<EF> = (first..first + COUNT).map(weight).collect();
            let size = 1 << (log_height - 3);
            let numbers = [first * size, size, log_height, log_leaves];
            let mut private = Private::from([
                ("point".to_owned(), vec![words(&point)]),
                ("place".to_owned(), vec![vec![number(first % 16)]]),
                ("expected".to_owned(), vec![words(&expected)]),
                ("numbers".to_owned(), vec![numbers.map(number).to_vec()]),
            ]);
            let run = |private: &Private| {
                let case = case(&program, vec![0; 25], private.clone());
                FAST.execute(&case).map(|_| ())
            };
            assert_eq!(run(&private), Ok(()), "{log_leaves} {log_height} {first}");
            private = changed(&private, "expected", 0, 5);
            assert!(run(&private).is_err(), "{log_leaves} {log_height} {first}");
            private = changed(&private, "place", 0, 0);
            assert!(run(&private).is_err(), "{log_leaves} {log_height} {first}");
        }
    }

    fn number(number: usize) -> u32 {
        u32::try_from(number).expect("below p")
    }
}
