//! Suggestions for names that mean nothing: what is spelt nearly so, or what there is.

use super::expressions::Checker;
use super::{Builtin, RESERVED};
use crate::diagnostics::quoted;

/// Diagnostics of one text that get a suggestion; the others are many of a kind.
const MAX_SUGGESTIONS: usize = 32;
/// Names that are listed where none is close; more are not.
const MAX_LISTED: usize = 8;

/// The name among some that a misspelt one is closest to, if it differs in a third of its letters
/// at most.
#[must_use]
pub fn closest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = name.len();
    let most = letters.div_ceil(3);
    names
        .into_iter()
        .filter(|other| other.len().abs_diff(letters) <= most && *other != name)
        .map(|other| (strsim::osa_distance(name, other), other))
        .filter(|(distance, _)| *distance <= most && *distance < letters)
        .min()
        .map(|(_, other)| other)
}

/// A remedy that names what was probably meant, or else lists what there is if that is little.
fn remedy(name: &str, names: &[&str], what: &str, otherwise: &str) -> String {
    if let Some(meant) = closest(name, names.iter().copied()) {
        return format!("did you mean {}? else {otherwise}", quoted(meant));
    }
    if names.is_empty() || names.len() > MAX_LISTED {
        return otherwise.to_owned();
    }
    let listed: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("{otherwise}; {what}: {}", listed.join(", "))
}

impl Checker {
    fn may_suggest(&mut self) -> bool {
        self.suggestions += 1;
        self.suggestions <= MAX_SUGGESTIONS
    }

    /// The remedy for a name that is no variable and no constant.
    pub(super) fn remedy_for_name(&mut self, name: &str) -> String {
        let otherwise = "assign it before, define a constant, or import its module";
        if self.signatures.contains_key(name) || Builtin::from_name(name).is_some() {
            return format!("{} is a function: call it", quoted(name));
        }
        if !self.may_suggest() {
            return otherwise.to_owned();
        }
        let mut names = self.variables.visible();
        names.extend(self.constants.keys().map(|name| &**name));
        names.sort_unstable();
        names.dedup();
        remedy(name, &names, "there are", otherwise)
    }

    /// The remedy for a call of no function.
    pub(super) fn remedy_for_function(&mut self, name: &str) -> String {
        let otherwise = "define it, or import its module";
        if self.variables.find(name).is_some() {
            return format!("{} is a variable, which is not called", quoted(name));
        }
        if !self.may_suggest() {
            return otherwise.to_owned();
        }
        let own = self.signatures.keys().map(|name| &**name);
        let own: Vec<&str> = own.filter(|name| *name != "main").collect();
        let language = Builtin::NAMES.iter().chain(&RESERVED).copied();
        match closest(name, own.iter().copied().chain(language)) {
            Some(meant) => format!("did you mean {}? else {otherwise}", quoted(meant)),
            None => remedy(name, &own, "the program has", otherwise),
        }
    }

    /// The remedy for a placeholder without a value.
    pub(super) fn remedy_for_placeholder(&mut self, name: &str) -> String {
        let give = format!("give its value when compiling: `leanvm … --define {name}=VALUE`");
        let given = self.placeholders.iter().map(|name| &**name);
        match closest(name, given) {
            Some(given) => format!("{} has a value: is it meant? else {give}", quoted(given)),
            None => give,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn close_names() {
        let names = ["total", "count", "counter", "x", "hint_witness", "f"];
        for (name, meant) in [
            ("totl", Some("total")),
            ("ttoal", Some("total")),
            ("cuont", Some("count")),
            ("conter", Some("counter")),
            ("hint_witnes", Some("hint_witness")),
            ("hints_witness", Some("hint_witness")),
            ("y", None),
            ("ff", Some("f")),
            ("entirely", None),
            ("total", None),
        ] {
            assert_eq!(closest(name, names), meant, "{name}");
        }
    }
}
