//! Levels of x86-64 that the portable build has, and the choice between them.

use std::ffi::OsStr;
use std::fmt;

/// The variable of the environment that forces a level.
pub const VARIABLE: &str = "LEANVM_LEVEL";

/// Most characters of the variable that are shown.
const SHOWN: usize = 40;

/// A level of x86-64, the faster ones later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `x86-64`: what every processor has.
    Baseline,
    /// `x86-64-v3`, with AVX2.
    V3,
    /// `x86-64-v4`, with AVX-512.
    V4,
}

/// Declares the features of the processor that a level adds to the one below it, once as a list and
/// once as questions to the processor, for which each has to be a literal.
macro_rules! features {
    ($($level:ident: [$($name:tt)+])+) => {
        const FEATURES: &[(Level, &str)] = &[$($((Level::$level, $name)),+),+];

        /// Those features of the levels that this processor has and the system lets programs use.
        #[cfg(target_arch = "x86_64")]
        #[must_use]
        pub fn detected() -> Vec<&'static str> {
            let answers = [$($(($name, std::is_x86_feature_detected!($name))),+),+];
            let found = answers.into_iter().filter(|(_, is_there)| *is_there);
            found.map(|(name, _)| name).collect()
        }
    };
}

// All that the compiler uses at `-C target-cpu=LEVEL`; a test asks it.
features! {
    Baseline: ["fxsr" "sse" "sse2"]
    V3: ["avx" "avx2" "bmi1" "bmi2" "cmpxchg16b" "f16c" "fma" "lzcnt" "movbe" "popcnt" "sse3"
        "sse4.1" "sse4.2" "ssse3" "xsave"]
    V4: ["avx512bw" "avx512cd" "avx512dq" "avx512f" "avx512vl"]
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::V3, Self::V4];

    /// The name in [`VARIABLE`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::V3 => "v3",
            Self::V4 => "v4",
        }
    }

    /// The name for the compiler, which `leanvm --version` shows.
    #[must_use]
    pub const fn processor(self) -> &'static str {
        match self {
            Self::Baseline => "x86-64",
            Self::V3 => "x86-64-v3",
            Self::V4 => "x86-64-v4",
        }
    }

    /// The features that its build uses.
    pub fn features(self) -> impl Iterator<Item = &'static str> {
        let features = FEATURES.iter().filter(move |(level, _)| *level <= self);
        features.map(|(_, name)| *name)
    }

    /// The features that its build uses and a processor with those `detected` lacks.
    fn missing(self, detected: &[&str]) -> Vec<&'static str> {
        self.features()
            .filter(|name| !detected.contains(name))
            .collect()
    }

    /// The best level of a processor.
    fn best(detected: &[&str]) -> Self {
        let mut levels = Self::ALL.into_iter().rev();
        let has = |level: &Self| level.missing(detected).is_empty();
        levels.find(has).unwrap_or(Self::Baseline)
    }
}

/// The level for a processor with the features `detected`: the best that it has, or the one that
/// [`VARIABLE`] says, if it is there and not empty.
///
/// # Errors
/// If the variable names no level, or one that the processor does not have.
pub fn choose(variable: Option<&OsStr>, detected: &[&str]) -> Result<Level, Refusal> {
    let best = Level::best(detected);
    let Some(name) = variable.filter(|name| !name.is_empty()) else {
        return Ok(best);
    };
    let mut levels = Level::ALL.into_iter();
    let Some(level) = levels.find(|level| name == level.name()) else {
        let name = name.to_string_lossy();
        let shown = name.chars().take(SHOWN).flat_map(char::escape_debug);
        return Err(Refusal::Unknown(shown.collect()));
    };
    let missing = level.missing(detected);
    if missing.is_empty() {
        Ok(level)
    } else {
        Err(Refusal::Lacking {
            level,
            missing,
            best,
        })
    }
}

/// Why a level cannot be forced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none of that name.
    Unknown(String),
    /// The processor lacks features.
    Lacking {
        /// The level.
        level: Level,
        /// The features.
        missing: Vec<&'static str>,
        /// The best level of the processor.
        best: Level,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(
                formatter,
                "{VARIABLE} is `{name}`, which is no level\n  \
                 remedy: baseline, v3 or v4; without it the best of the processor is taken"
            ),
            Self::Lacking {
                level,
                missing,
                best,
            } => write!(
                formatter,
                "{VARIABLE} is {}, but this processor is not {}\n  \
                 reason: it lacks {}\n  \
                 remedy: {} is the best that it has, and is taken without {VARIABLE}",
                level.name(),
                level.processor(),
                missing.join(", "),
                best.name()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::process::Command;

    use super::*;

    fn features(level: Level) -> Vec<&'static str> {
        level.features().collect()
    }

    #[test]
    fn the_best_level_is_chosen() {
        for level in Level::ALL {
            assert_eq!(choose(None, &features(level)), Ok(level));
            assert_eq!(choose(Some("".as_ref()), &features(level)), Ok(level));
        }
        let mut more = features(Level::V4);
        more.push("avx512vbmi");
        assert_eq!(choose(None, &more), Ok(Level::V4));
    }

    /// A level is chosen only if the processor has all of it.
    #[test]
    fn a_processor_that_lacks_one_feature_has_a_lower_level() {
        for lacking in features(Level::V4) {
            let has = features(Level::V4);
            let has: Vec<&str> = has.into_iter().filter(|name| *name != lacking).collect();
            let is_of = |level| features(level).contains(&lacking);
            let expected = match lacking {
                _ if is_of(Level::V3) => Level::Baseline,
                _ => Level::V3,
            };
            assert_eq!(choose(None, &has), Ok(expected), "without {lacking}");
        }
        // AVX-512 without AVX2 does not exist; it would be the baseline.
        let (v3, v4) = (features(Level::V3), features(Level::V4));
        let only: Vec<&str> = v4.into_iter().filter(|name| !v3.contains(name)).collect();
        assert_eq!(choose(None, &only), Ok(Level::Baseline));
        assert_eq!(choose(None, &[]), Ok(Level::Baseline));
    }

    #[test]
    fn a_level_that_the_processor_has_can_be_forced() {
        let has = features(Level::V4);
        for level in Level::ALL {
            assert_eq!(choose(Some(level.name().as_ref()), &has), Ok(level));
        }
    }

    #[test]
    fn other_levels_are_refused_with_a_reason() {
        let has = features(Level::V3);
        let said = |name: &str| choose(Some(name.as_ref()), &has).map_err(|e| e.to_string());
        assert_eq!(
            said("v4"),
            Err(
                "LEANVM_LEVEL is v4, but this processor is not x86-64-v4\n  \
                 reason: it lacks avx512bw, avx512cd, avx512dq, avx512f, avx512vl\n  \
                 remedy: v3 is the best that it has, and is taken without LEANVM_LEVEL"
                    .to_owned()
            )
        );
        for (name, shown) in [
            ("v5", "v5"),
            ("V3", "V3"),
            ("v3 ", "v3 "),
            ("\u{1b}[1m", "\\u{1b}[1m"),
            (&"v".repeat(1000), &"v".repeat(SHOWN)),
        ] {
            let expected = format!(
                "LEANVM_LEVEL is `{shown}`, which is no level\n  \
                 remedy: baseline, v3 or v4; without it the best of the processor is taken"
            );
            assert_eq!(said(name), Err(expected));
        }
    }

    /// What the compiler may use at a level is what the choice asks the processor for.
    #[test]
    fn the_features_are_those_of_the_compiler() {
        for level in Level::ALL {
            let output = Command::new("rustc")
                .args(["--print", "cfg", "--target", "x86_64-unknown-linux-gnu"])
                .arg(format!("-Ctarget-cpu={}", level.processor()))
                .output()
                .expect("the compiler starts");
            let text = String::from_utf8(output.stdout).expect("text");
            let features: BTreeSet<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("target_feature=\"")?.strip_suffix('"'))
                .collect();
            assert!(features.contains("sse2"), "{text}");
            assert_eq!(level.features().collect::<BTreeSet<_>>(), features);
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn this_processor_has_what_this_test_was_built_for() {
        let detected = detected();
        assert!(detected.contains(&"sse2"), "{detected:?}");
        if cfg!(target_feature = "avx512vl") {
            assert!(detected.contains(&"avx512vl"), "{detected:?}");
        }
    }
}
