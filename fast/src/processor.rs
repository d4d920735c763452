//! The vector instructions that this build uses, and those of the processor.
//!
//! p3 chooses its packed arithmetic when it is compiled. The bytes of proofs, keys and signatures
//! are the same on every choice, the times are not: without vector instructions, proving takes
//! about five times as long, signing eight times, making keys twenty times.

use std::fmt;

/// Vector instructions for which p3 has packed arithmetic, the faster ones later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum VectorInstructions {
    /// None: one element at a time.
    Absent,
    /// NEON of AArch64.
    Neon,
    /// AVX2 of `x86_64`.
    Avx2,
    /// AVX-512 of `x86_64`.
    Avx512,
}

impl VectorInstructions {
    /// The name that their makers use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "no vector instructions",
            Self::Neon => "NEON",
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
        }
    }

    /// Those that this library was compiled for.
    const USED: Self = if cfg!(all(target_arch = "x86_64", target_feature = "avx512f")) {
        Self::Avx512
    } else if cfg!(all(target_arch = "x86_64", target_feature = "avx2")) {
        Self::Avx2
    } else if cfg!(all(target_arch = "aarch64", target_feature = "neon")) {
        Self::Neon
    } else {
        Self::Absent
    };

    #[cfg(target_arch = "x86_64")]
    fn detected() -> Self {
        if std::is_x86_feature_detected!("avx512f") {
            Self::Avx512
        } else if std::is_x86_feature_detected!("avx2") {
            Self::Avx2
        } else {
            Self::Absent
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    const fn detected() -> Self {
        Self::USED
    }
}

impl fmt::Display for VectorInstructions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The instruction set that this library was compiled for: of the levels that the compiler knows
/// of `x86_64`, and for which builds are made, the highest; elsewhere the name of the architecture.
const LEVEL: &str = if cfg!(not(target_arch = "x86_64")) {
    std::env::consts::ARCH
} else if cfg!(not(all(
    target_feature = "avx2",
    target_feature = "bmi1",
    target_feature = "bmi2",
    target_feature = "f16c",
    target_feature = "fma",
    target_feature = "lzcnt",
    target_feature = "movbe"
))) {
    "x86-64"
} else if cfg!(not(all(
    target_feature = "avx512bw",
    target_feature = "avx512cd",
    target_feature = "avx512dq",
    target_feature = "avx512f",
    target_feature = "avx512vl"
))) {
    "x86-64-v3"
} else {
    "x86-64-v4"
};

/// What a build makes of the processor that it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processor {
    /// The instruction set that the build is for: `x86-64`, `x86-64-v3` or `x86-64-v4`, or the name
    /// of another architecture.
    pub level: &'static str,
    /// The vector instructions in use.
    pub used: VectorInstructions,
    /// The fastest that the processor has, of those for which there is arithmetic.
    pub available: VectorInstructions,
}

impl Processor {
    /// Of this build on this machine.
    #[must_use]
    pub fn here() -> Self {
        let used = VectorInstructions::USED;
        Self {
            level: LEVEL,
            used,
            available: used.max(VectorInstructions::detected()),
        }
    }

    /// The instructions that a build for this processor would use and this one does not.
    #[must_use]
    pub fn unused(self) -> Option<VectorInstructions> {
        (self.used < self.available).then_some(self.available)
    }

    /// The instruction set of the build, with its vector instructions: `x86-64-v3 (AVX2)`.
    #[must_use]
    pub fn in_use(self) -> String {
        format!("{} ({})", self.level, self.used)
    }

    /// Says once in a process, as an event of `tracing`, that this build is slower than it could
    /// be.
    pub(crate) fn warn_once() {
        static SAID: std::sync::Once = std::sync::Once::new();
        SAID.call_once(|| Self::here().warn());
    }

    fn warn(self) {
        if self.unused().is_some() {
            let level = self.level;
            tracing::warn!(level, used = %self.used, available = %self.available, "{self}");
        }
    }
}

impl fmt::Display for Processor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unused() {
            None => write!(formatter, "{} in use", self.in_use()),
            Some(unused) => write!(
                formatter,
                "this processor has {unused}, this build is for {}; RUSTFLAGS=\"-C target-cpu=native\" makes a faster one",
                self.in_use()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::field::{Field, Visit};
    use tracing::span;

    use super::*;

    /// Keeps the messages of events.
    #[derive(Clone, Default)]
    struct Messages(Arc<Mutex<Vec<String>>>);

    impl Visit for Messages {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            let mut messages = self.0.lock().unwrap();
            messages.push(format!("{}: {value:?}", field.name()));
        }
    }

    impl tracing::Subscriber for Messages {
        fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
            *metadata.level() == tracing::Level::WARN
        }

        fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
            span::Id::from_u64(1)
        }

        fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

        fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            event.record(&mut self.clone());
        }

        fn enter(&self, _: &span::Id) {}

        fn exit(&self, _: &span::Id) {}
    }

    #[test]
    fn a_build_that_is_slower_than_it_could_be_says_so() {
        let (absent, avx2) = (VectorInstructions::Absent, VectorInstructions::Avx2);
        let said = |used, available| {
            let messages = Messages::default();
            let processor = Processor {
                level: "x86-64",
                used,
                available,
            };
            tracing::subscriber::with_default(messages.clone(), || processor.warn());
            std::mem::take(&mut *messages.0.lock().unwrap())
        };
        assert_eq!(said(avx2, avx2), [""; 0]);
        assert_eq!(
            said(absent, avx2),
            [
                "message: this processor has AVX2, this build is for x86-64 (no vector instructions); RUSTFLAGS=\"-C target-cpu=native\" makes a faster one",
                "level: \"x86-64\"",
                "used: no vector instructions",
                "available: AVX2",
            ]
        );
    }

    /// A level has the vector instructions that it is known for. A build may have some of them
    /// without being for the level.
    #[test]
    fn the_level_and_the_vector_instructions_go_together() {
        let here = Processor::here();
        match here.level {
            "x86-64-v4" => assert_eq!(here.used, VectorInstructions::Avx512),
            "x86-64-v3" => assert!(here.used >= VectorInstructions::Avx2),
            level => assert_eq!(level, std::env::consts::ARCH.replace('_', "-")),
        }
    }

    #[test]
    fn packed_arithmetic_is_that_in_use() {
        use p3_field::{Field, PackedValue};
        let width = <crate::field::F as Field>::Packing::WIDTH;
        let expected = match Processor::here().used {
            VectorInstructions::Absent => 1,
            VectorInstructions::Neon => 4,
            VectorInstructions::Avx2 => 8,
            VectorInstructions::Avx512 => 16,
        };
        assert_eq!(width, expected);
    }
}
