//! Bytes as hexadecimal digits.

/// Two digits a byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    let pairs = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    pairs.collect()
}

/// The bytes of an even number of digits, after an optional `0x`.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pair = |[high, low]: &[u8; 2]| u8::try_from(16 * value(*high)? + value(*low)?).ok();
    pairs.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("0x00fF"), Some(vec![0, 255]));
        assert_eq!(encode(&[0, 255, 0x1e]), "00ff1e");
        for text in ["0", "0g", "0x0", "+1", " 00", "é0"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
