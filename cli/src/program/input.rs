//! Input files: `{"public": [..], "private": {"name": [[..], ..]}}`, integers below p.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::path::Path;

use leanvm_compiler::header::Header;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::failure::Failure;
use crate::files::{self, Kind};

/// The modulus p = 2^31 − 2^24 + 1.
const MODULUS: u64 = (1 << 31) - (1 << 24) + 1;

/// The integers that fit into a memory (SPEC §6).
const MAX_ELEMENTS: usize = 1 << 26;
/// An execution takes at most one list a cycle; this is the default cap on cycles (SPEC §7).
const MAX_LISTS: usize = 1 << 24;

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

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source<'a> {
    /// The file given by --input.
    File(&'a Path),
    /// Nowhere: --input is left out, and the input is empty.
    LeftOut,
    /// The header of the program.
    Header,
}

impl<'a> Source<'a> {
    /// Of what --input says.
    pub(crate) fn of(path: Option<&'a Path>) -> Self {
        path.map_or(Self::LeftOut, Self::File)
    }

    /// The file, if it is one.
    pub(crate) const fn path(self) -> Option<&'a Path> {
        match self {
            Self::File(path) => Some(path),
            Self::LeftOut | Self::Header => None,
        }
    }
}

/// What is read of an input file, and the first field element that is not canonical.
#[derive(Default)]
struct Reading {
    elements: Cell<usize>,
    lists: Cell<usize>,
    not_canonical: RefCell<Option<(String, u64)>>,
}

impl Reading {
    /// Counts one more, up to a cap.
    fn count<E: Error>(counter: &Cell<usize>, cap: usize, what: &str) -> Result<(), E> {
        counter.set(counter.get() + 1);
        if counter.get() > cap {
            return Err(E::custom(format!(
                "more than {cap} {what}, which no execution takes"
            )));
        }
        Ok(())
    }
}

/// The integers of a list; `place` names the list.
#[derive(Clone, Copy)]
struct Words<'a> {
    reading: &'a Reading,
    place: &'a dyn Fn() -> String,
}

impl<'de> DeserializeSeed<'de> for Words<'_> {
    type Value = Vec<u32>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Words<'_> {
    type Value = Vec<u32>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of integers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut words = Vec::new();
        while let Some(Integer(value)) = list.next_element()? {
            Reading::count(&self.reading.elements, MAX_ELEMENTS, "integers")?;
            let word = u32::try_from(value).ok().filter(|_| value < MODULUS);
            words.push(word.ok_or_else(|| {
                let place = format!("{}[{}]", (self.place)(), words.len());
                *self.reading.not_canonical.borrow_mut() = Some((place, value));
                A::Error::custom("not canonical")
            })?);
        }
        Ok(words)
    }
}

/// An integer, canonical or not.
struct Integer(u64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntegerVisitor;
        impl Visitor<'_> for IntegerVisitor {
            type Value = Integer;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "an integer from 0 to {}", MODULUS - 1)
            }

            fn visit_u64<E>(self, value: u64) -> Result<Integer, E> {
                Ok(Integer(value))
            }
        }
        deserializer.deserialize_u64(IntegerVisitor)
    }
}

/// The lists of a name.
struct Lists<'a>(&'a Reading, &'a str);

impl<'de> DeserializeSeed<'de> for Lists<'_> {
    type Value = Vec<Vec<u32>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Lists<'_> {
    type Value = Vec<Vec<u32>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of lists of integers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let Self(reading, name) = self;
        let mut lists = Vec::new();
        loop {
            let index = lists.len();
            let place = || format!("private.{name}[{index}]");
            let words = Words {
                reading,
                place: &place,
            };
            let Some(list) = sequence.next_element_seed(words)? else {
                return Ok(lists);
            };
            Reading::count(&reading.lists, MAX_LISTS, "lists")?;
            lists.push(list);
        }
    }
}

/// Private input; a name given twice is refused, where a plain map would keep the last.
struct Private<'a>(&'a Reading);

impl<'de> DeserializeSeed<'de> for Private<'_> {
    type Value = BTreeMap<String, Vec<Vec<u32>>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Private<'_> {
    type Value = BTreeMap<String, Vec<Vec<u32>>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of lists of lists of integers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut lists = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Lists(self.0, &name))?;
            match lists.entry(name) {
                Entry::Vacant(entry) => entry.insert(value),
                Entry::Occupied(entry) => {
                    let name = entry.key();
                    return Err(A::Error::custom(format!(
                        "the name `{name}` is given twice"
                    )));
                }
            };
        }
        Ok(lists)
    }
}

/// The whole object.
struct Object<'a>(&'a Reading);

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Input;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Input, A::Error> {
        let (mut public, mut private) = (None, None);
        while let Some(name) = map.next_key::<String>()? {
            let is_second = match name.as_str() {
                "public" => {
                    let place = || "public".to_owned();
                    let words = Words {
                        reading: self.0,
                        place: &place,
                    };
                    public.replace(map.next_value_seed(words)?).is_some()
                }
                "private" => {
                    let lists = map.next_value_seed(Private(self.0))?;
                    private.replace(lists).is_some()
                }
                _ => {
                    let what = format!("there is no field `{name}`, only `public` and `private`");
                    return Err(A::Error::custom(what));
                }
            };
            if is_second {
                return Err(A::Error::custom(format!(
                    "the field `{name}` is given twice"
                )));
            }
        }
        Ok(Input {
            public: public.unwrap_or_default(),
            private: private.unwrap_or_default(),
        })
    }
}

/// Reads an input file; none is the empty input.
pub(crate) fn read(path: Option<&Path>) -> Result<Input, Failure> {
    match path {
        Some(path) => parse(&files::read(path, Kind::Input)?, path),
        None => Ok(Input::default()),
    }
}

fn parse(bytes: &[u8], path: &Path) -> Result<Input, Failure> {
    parse_on(&Reading::default(), bytes, path)
}

/// The same with counts that may have begun already.
fn parse_on(reading: &Reading, bytes: &[u8], path: &Path) -> Result<Input, Failure> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    deserializer
        .deserialize_map(Object(reading))
        .and_then(|input| deserializer.end().map(|()| input))
        .map_err(|error| match reading.not_canonical.take() {
            Some((place, value)) => Failure::unusable(
                path,
                format!("{value} is not below p"),
                format!("give an integer below p = {MODULUS}"),
            )
            .at(place)
            .with_rejection(8, "element-not-canonical"),
            None => files::mistaken(path, bytes, Kind::Input)
                .unwrap_or_else(|| Failure::json_error(path, &error, SHAPE)),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(text: &str) -> String {
        parse(text.as_bytes(), Path::new("input.json"))
            .expect_err("the input is refused")
            .text()
            .replace("\n    ", " ")
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
        assert!(
            detail(r#"{"public": [0, 2130706433]}"#)
                .contains("place: public[1]\n  reason: 2130706433 is")
        );
        assert!(
            detail(r#"{"private": {"a": [[1], [2, 18446744073709551615]]}}"#)
                .contains("place: private.a[1][1]\n  reason: 18446744073709551615 is")
        );
        assert!(detail(r#"{"public": [2130706433]}"#).contains("element-not-canonical (8)"));
    }

    /// The counts begin two below the caps, so that short texts reach them.
    #[test]
    fn more_integers_or_lists_than_an_execution_takes_are_refused() {
        let refused = |elements: usize, lists: usize, text: &str| {
            let reading = Reading {
                elements: Cell::new(elements),
                lists: Cell::new(lists),
                ..Reading::default()
            };
            let input = parse_on(&reading, text.as_bytes(), Path::new("input.json"));
            input.err().map(|failure| failure.reason().to_owned())
        };
        assert_eq!((MAX_ELEMENTS, MAX_LISTS), (67_108_864, 16_777_216));
        let (elements, lists) = (MAX_ELEMENTS - 2, MAX_LISTS - 2);
        let integers = "more than 67108864 integers, which no execution takes";
        for (text, expected) in [
            (r#"{"public": [1, 2]}"#, None),
            (r#"{"public": [1, 2, 3]}"#, Some(integers)),
            (r#"{"public": [1], "private": {"a": [[2]]}}"#, None),
            (
                r#"{"public": [1], "private": {"a": [[2], [3]]}}"#,
                Some(integers),
            ),
        ] {
            assert_eq!(refused(elements, 0, text).as_deref(), expected, "{text}");
        }
        let too_many = "more than 16777216 lists, which no execution takes";
        for (text, expected) in [
            (r#"{"private": {"a": [[], []]}}"#, None),
            (r#"{"private": {"a": [[], [], []]}}"#, Some(too_many)),
            (r#"{"private": {"a": [[], []], "b": [[]]}}"#, Some(too_many)),
        ] {
            assert_eq!(refused(0, lists, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for (text, expected) in [
            (r#"{"public": [-1]}"#, "integer `-1`"),
            (r#"{"public": [1.0]}"#, "floating point"),
            (
                r#"{"public": [18446744073709551616]}"#,
                "where an integer from 0 to 2130706432 is expected",
            ),
            (r#"{"public": ["1"]}"#, "string \"1\""),
            (r#"{"publik": []}"#, "no field `publik`"),
            (
                r#"{"public": [], "public": []}"#,
                "the field `public` is given twice",
            ),
            (
                r#"{"private": {"a": [], "a": []}}"#,
                "the name `a` is given twice",
            ),
            (
                r#"{"private": {"a": [1]}}"#,
                "where a list of integers is expected",
            ),
            (r#"{"public": [1]} x"#, "trailing characters"),
            (r#"{"public": [1"#, "in the middle of a value"),
            ("", "in the middle of a value"),
            ("[]", "sequence, where an object is expected"),
        ] {
            let text = detail(text);
            assert!(text.contains(expected), "{text}");
            assert!(text.contains("line 1"), "{text}");
        }
    }
}
