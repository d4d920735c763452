//! Input files: `{"public": [..], "private": {"name": [[..], ..]}}`, integers below p.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use leanvm_compiler::header::Header;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::failure::Failure;
use crate::files;

/// The modulus p = 2^31 − 2^24 + 1.
const MODULUS: u64 = (1 << 31) - (1 << 24) + 1;

const SHAPE: &str = "an input file is {\"public\": [integers], \"private\": {\"name\": [[integers], ..]}}; either may be left out";

/// What a program is run on, in canonical words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Input {
    /// Public input.
    pub(crate) public: Vec<u32>,
    /// Private input, lists by name.
    pub(crate) private: BTreeMap<String, Vec<Vec<u32>>>,
}

impl Input {
    /// What the header of a guest program says that it is run on.
    pub(crate) fn of_header(header: &Header) -> Self {
        Self {
            public: header.input.public.clone(),
            private: header.input.private.clone(),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    public: Vec<u64>,
    #[serde(default)]
    private: Lists,
}

/// A map that refuses a name given twice, where a plain one would keep the last.
#[derive(Default)]
struct Lists(BTreeMap<String, Vec<Vec<u64>>>);

impl<'de> Deserialize<'de> for Lists {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListsVisitor;
        impl<'de> Visitor<'de> for ListsVisitor {
            type Value = Lists;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of lists of lists of integers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lists, A::Error> {
                let mut lists = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, _>()? {
                    if lists.insert(name.clone(), value).is_some() {
                        return Err(serde::de::Error::custom(format!(
                            "the name `{name}` is given twice"
                        )));
                    }
                }
                Ok(Lists(lists))
            }
        }
        deserializer.deserialize_map(ListsVisitor)
    }
}

/// Reads an input file.
pub(crate) fn read(path: &Path) -> Result<Input, Failure> {
    parse(&files::read(path)?, path)
}

fn parse(bytes: &[u8], path: &Path) -> Result<Input, Failure> {
    if bytes
        .trim_ascii_start()
        .first()
        .is_some_and(|byte| *byte != b'{')
    {
        return Err(Failure::unusable(path, "line 1: not a JSON object", SHAPE));
    }
    let text: Text = serde_json::from_slice(bytes)
        .map_err(|error| Failure::unusable(path, error.to_string(), SHAPE))?;
    let word = |value: u64, place: &dyn Fn() -> String| {
        u32::try_from(value)
            .ok()
            .filter(|_| value < MODULUS)
            .ok_or_else(|| {
                Failure::unusable(
                    path,
                    format!("{} is {value}, not below p", place()),
                    format!("give an integer below p = {MODULUS}"),
                )
                .with_rejection(8, "element-not-canonical")
            })
    };
    let public = text
        .public
        .iter()
        .enumerate()
        .map(|(i, value)| word(*value, &|| format!("public[{i}]")))
        .collect::<Result<_, _>>()?;
    let mut private = BTreeMap::new();
    for (name, lists) in text.private.0 {
        let mut words = Vec::with_capacity(lists.len());
        for (i, list) in lists.iter().enumerate() {
            let list: Vec<u32> = list
                .iter()
                .enumerate()
                .map(|(j, value)| word(*value, &|| format!("private.{name}[{i}][{j}]")))
                .collect::<Result<_, _>>()?;
            words.push(list);
        }
        private.insert(name, words);
    }
    Ok(Input { public, private })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(text: &str) -> String {
        parse(text.as_bytes(), Path::new("input.json"))
            .expect_err("the input is refused")
            .text()
    }

    #[test]
    fn fields_may_be_left_out() {
        assert_eq!(parse(b"{}", Path::new("i")), Ok(Input::default()));
        let expected = Input {
            public: vec![1, 2_130_706_432],
            private: BTreeMap::from([("a".to_owned(), vec![vec![3], vec![]])]),
        };
        assert_eq!(
            parse(
                br#"{"public": [1, 2130706432], "private": {"a": [[3], []]}}"#,
                Path::new("i")
            ),
            Ok(expected)
        );
    }

    #[test]
    fn integers_at_or_above_p_are_refused_with_their_place() {
        assert!(detail(r#"{"public": [0, 2130706433]}"#).contains("public[1] is 2130706433"));
        assert!(
            detail(r#"{"private": {"a": [[1], [2, 18446744073709551615]]}}"#)
                .contains("private.a[1][1] is 18446744073709551615")
        );
        assert!(detail(r#"{"public": [2130706433]}"#).contains("element-not-canonical (8)"));
    }

    #[test]
    fn other_shapes_are_refused() {
        for (text, expected) in [
            (r#"{"public": [-1]}"#, "integer `-1`"),
            (r#"{"public": [1.0]}"#, "floating point"),
            (r#"{"public": [18446744073709551616]}"#, "expected u64"),
            (r#"{"public": ["1"]}"#, "string \"1\""),
            (r#"{"publik": []}"#, "unknown field `publik`"),
            (
                r#"{"public": [], "public": []}"#,
                "duplicate field `public`",
            ),
            (
                r#"{"private": {"a": [], "a": []}}"#,
                "the name `a` is given twice",
            ),
            (r#"{"private": {"a": [1]}}"#, "expected a sequence"),
            (r#"{"public": [1]} x"#, "trailing characters"),
            (r#"{"public": [1"#, "EOF"),
            ("", "EOF"),
            ("[]", "not a JSON object"),
        ] {
            let text = detail(text);
            assert!(text.contains(expected), "{text}");
            assert!(text.contains("line 1"), "{text}");
        }
    }
}
