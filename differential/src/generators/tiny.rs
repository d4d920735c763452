//! A few tiny programs in assembly: one for each family of instructions, and inputs with which they
//! run to HALT.

use crate::canonical::{Case, Private};
use crate::twins::SPEC;

/// A program with an input with which it runs.
pub struct Tiny {
    /// What it is called in snapshots and vectors.
    pub name: &'static str,
    /// Its assembly text.
    pub text: &'static str,
    /// Its public input.
    pub public: &'static [u32],
    /// Its private input.
    pub private: &'static [(&'static str, &'static [&'static [u32]])],
}

impl Tiny {
    /// The case, assembled by `spec`.
    ///
    /// # Panics
    /// If the text does not assemble.
    #[must_use]
    pub fn case(&self) -> Case {
        let program = SPEC
            .assemble(self.text)
            .expect("the tiny programs assemble");
        let mut private = Private::new();
        for (name, lists) in self.private {
            private.insert(
                (*name).to_owned(),
                lists.iter().map(|list| list.to_vec()).collect(),
            );
        }
        Case::new(program, self.public.to_vec(), private)
    }
}

/// All of them.
pub const ALL: [Tiny; 7] = [HALT, ARITHMETIC, LOOP, HASHES, LINKED, REDUCTIONS, HINTS];

/// Nothing but HALT; a public element, so that not every column is zero.
pub const HALT: Tiny = Tiny {
    name: "halt",
    text: "halt\n",
    public: &[5],
    private: &[],
};

/// ADD, MUL and DEREF in each direction.
pub const ARITHMETIC: Tiny = Tiny {
    name: "arithmetic",
    text: "\
.frame 16
mul m[fp-8], m[fp-7], m[fp]      ; result unknown
add m[fp], 0, m[fp-6]            ; checked against the public input
mul m[fp+1], m[fp-8], m[fp-7]    ; left unknown: a division
add m[fp-8], m[fp+2], 1          ; right unknown: a difference
add fp+4, 0, m[fp+3]
deref m[fp+3], 0, m[fp]          ; writes m[fp+4]
deref m[fp+3], 0, m[fp+5]        ; reads it
deref m[fp+3], 2, m[fp+7]        ; joins m[fp+6] and m[fp+7]
add 5, 6, m[fp+7]
add m[fp+6], -11, 0
halt
",
    public: &[3, 4, 12],
    private: &[],
};

/// A counted loop, a frame a round.
pub const LOOP: Tiny = Tiny {
    name: "loop",
    text: "\
.frame 4
; frame: 0 counter, 1 accumulator, 2 caller, 3 next frame, 4 counter - 1, 5 inverse, 6 goes on, 7 next accumulator
hint alloc m[fp], 8
deref m[fp], 0, m[fp-8]
deref m[fp], 1, 1
deref m[fp], 2, fp
jump 1, body, m[fp]
after:
add m[fp+1], 0, m[fp-7]
halt_jump: jump 1, end, fp
body:
hint alloc m[fp+3], 8
hint inverse m[fp+5], m[fp]
add m[fp+4], 1, m[fp]
mul m[fp], m[fp+5], m[fp+6]
mul m[fp+1], 3, m[fp+7]
deref m[fp+3], 0, m[fp+4]
deref m[fp+3], 1, m[fp+7]
deref m[fp+3], 2, m[fp+2]
jump m[fp+6], body, m[fp+3]
deref m[fp+2], 1, m[fp+7]
jump 1, after, m[fp+2]
end:
halt
",
    public: &[3, 81],
    private: &[],
};

/// The permutation instructions in all modes; more than 8 rows of POSEIDON_8, so that its layers
/// have rounds.
pub const HASHES: Tiny = Tiny {
    name: "hashes",
    text: "\
.frame 160
poseidon8 0, fp
poseidon8 8, fp+8, half
poseidon8 0, fp+16, permute
poseidon16 0, 8, fp+32
poseidon16 fp, 8, fp+40, half
poseidon16 0, fp, fp+48, permute
poseidon24 0, 8, fp, fp+64
poseidon24 0, 8, fp+32, fp+72, half
poseidon24 8, 8, 8, fp+80, permute
poseidon16_halves 4, fp+8, 8, fp+108
poseidon16_halves fp+108, 12, fp+32, fp+104
poseidon16_halves fp+104, fp+108, fp+104, fp+112
poseidon16_halves 0, fp+48, fp+104, fp+56, 60
add 1, 2, m[fp+12]
poseidon8 8, fp+8, half
poseidon8 0, fp
poseidon8 fp, fp+120
poseidon8 fp+120, fp+128
poseidon8 fp+128, fp+144, permute
poseidon8 fp+144, fp+136
halt
",
    public: &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    private: &[],
};

/// CHAIN, PATH and SPONGE, with two owners each: chains of no step, of all steps and of some.
pub const LINKED: Tiny = Tiny {
    name: "linked",
    text: "\
.frame 160
poseidon16_halves 0, 4, 8, fp+32
poseidon16_halves 4, 0, 8, fp+40
poseidon16_halves 0, 0, 8, fp+48
add 0, 35, m[fp+64]
add 0, 8, m[fp+65]
add 0, 2, m[fp+66]
chain 0, fp+32, 4, fp+64, 3
poseidon16_halves 4, 4, 8, fp+72
add 0, 1, m[fp+80]
chain 8, fp+72, 8, fp+80, 1
sponge 0, fp+36, 8, fp+88, 1
sponge fp+88, fp+36, 4, fp+96, 2
poseidon16_halves 4, 0, 0, fp+108
poseidon16_halves 4, 8, 8, fp+112
add 0, 1, m[fp+116]
add 0, 0, m[fp+117]
add 0, 0, m[fp+118]
add 0, 0, m[fp+119]
poseidon16_halves 8, 4, 8, fp+120
add 0, 0, m[fp+124]
add 0, 0, m[fp+125]
add 0, 0, m[fp+126]
add 0, 0, m[fp+127]
poseidon16_halves 8, 8, 8, fp+128
add 0, 1, m[fp+132]
add 0, 0, m[fp+133]
add 0, 0, m[fp+134]
add 0, 0, m[fp+135]
path fp+104, fp+88, fp+32, fp+112, 3
poseidon16_halves 0, 8, 0, fp+140
path fp+136, fp+96, fp+44, fp+120, 1
halt
",
    public: &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    private: &[],
};

/// DOT_PRODUCT and EQ in both modes.
pub const REDUCTIONS: Tiny = Tiny {
    name: "reductions",
    text: "\
.frame 40
dot_ee 0, 5, fp, 2
dot_be 1, 3, fp+5, 2
eq_ee 0, 5, fp+10, 2
eq_be 2, 0, fp+15, 3
dot_ee fp, fp+5, fp+20, 3
eq_ee fp+20, fp, fp+25, 1
dot_be 8, 0, fp+30, 5
halt
",
    public: &[7, 0, 1, 2130706432, 5, 6, 0, 0, 9, 1, 4, 3, 2, 1, 0, 8],
    private: &[],
};

/// Every kind of hint, and a chunk made by a witness.
pub const HINTS: Tiny = Tiny {
    name: "hints",
    text: "\
.frame 24
hint alloc8 m[fp], 24
hint witness \"chunk\", m[fp]
hint witness \"word\", fp+1
hint bits m[fp+1], fp+2, 4
hint inverse m[fp+6], m[fp+1]
hint equal m[fp+9], m[fp+1], 11
hint equal m[fp+10], m[fp+9], 0
hint print m[fp+1]
mul m[fp+1], m[fp+6], 1
add m[fp], 8, m[fp+7]
poseidon8 m[fp], m[fp+7]
hint alloc m[fp+8], 3
hint witness \"word\", m[fp+8]
deref m[fp+8], 2, 6
halt
",
    public: &[],
    private: &[
        ("chunk", &[&[1, 2, 3, 4, 5, 6, 7, 8]]),
        ("word", &[&[11], &[4, 5, 6]]),
    ],
};
