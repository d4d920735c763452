//! Bytes as hexadecimal digits.

/// Two digits a byte.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let digit = |value| char::from_digit(value, 16).unwrap_or_default();
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes.iter().copied().map(u32::from) {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// The bytes of an even number of digits, after an optional `0x`.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16);
    let pair = |[high, low]: &[u8; 2]| u8::try_from(16 * value(*high)? + value(*low)?).ok();
    // Allocated at once: growing would leave copies of parts of a secret behind.
    let mut bytes = Vec::with_capacity(pairs.len());
    for digits in pairs {
        bytes.push(pair(digits)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("0x00fF"), Some(vec![0, 255]));
        assert_eq!(encode(&[0, 255]), "00ff");
        for text in ["0", "0g", "0x0", "+1", " 00", "é0"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
