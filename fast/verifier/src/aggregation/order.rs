//! SPEC §23 leansig, §24 aggregation: the canonical order of a list.

/// Two equal entries of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Index of the first.
    pub first: usize,
    /// Index of the second.
    pub second: usize,
}

/// The entries in the order of their keys.
///
/// # Errors
/// Of all pairs of entries with one key that with the least second index.
pub fn canonical<T, K: Ord>(
    entries: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, Duplicate> {
    let mut keyed: Vec<(K, usize, T)> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| (key(&entry), index, entry))
        .collect();
    keyed.sort_unstable_by(|(a, i, _), (b, j, _)| (a, i).cmp(&(b, j)));
    let duplicates = keyed.windows(2).filter_map(|pair| match pair {
        [(a, first, _), (b, second, _)] if a == b => Some(Duplicate {
            first: *first,
            second: *second,
        }),
        _ => None,
    });
    match duplicates.min_by_key(|pair| pair.second) {
        Some(duplicate) => Err(duplicate),
        None => Ok(keyed.into_iter().map(|(_, _, entry)| entry).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_the_first_repetition_is_named() {
        let canonical = |list: &[u8]| canonical(list.iter().copied(), |x| *x);
        assert_eq!(canonical(&[]), Ok(vec![]));
        assert_eq!(canonical(&[3, 1, 2]), Ok(vec![1, 2, 3]));
        for (list, first, second) in [
            (&[1, 1][..], 0, 1),
            (&[5, 2, 1, 1, 5, 5], 2, 3),
            (&[5, 2, 1, 5, 5, 1], 0, 3),
            (&[0, 9, 4, 9, 0], 1, 3),
        ] {
            assert_eq!(canonical(list), Err(Duplicate { first, second }));
        }
    }
}
