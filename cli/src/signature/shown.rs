//! Claims as they are shown.

use serde_json::{Value, json};

use crate::hex;
use crate::report::{Grid, Side, number};
use crate::signature::claims::Signed;

/// Most digits of a message that are shown in a line.
const DIGITS: usize = 80;

/// For people: a line for each slot and message.
pub(crate) fn text(claims: &[Signed]) -> String {
    let mut grid = Grid::new(&[
        ("slot", Side::Right),
        ("signers", Side::Right),
        ("message", Side::Left),
    ]);
    for Signed {
        message_bytes,
        claim,
    } in claims
    {
        let shown = message_bytes.get(..DIGITS / 2).unwrap_or(message_bytes);
        grid.row([
            claim.slot.to_string().as_str(),
            &number(claim.keys.len()),
            &hex::encode(shown),
        ]);
    }
    grid.text()
}

/// For programs: slot, message and number of signers of each claim, their keys if asked for.
pub(crate) fn list(claims: &[Signed], with_keys: bool) -> Vec<Value> {
    let one = |one: &Signed| {
        let keys = &one.claim.keys;
        let mut object = json!({
            "slot": one.claim.slot,
            "message": hex::encode(&one.message_bytes),
            "signers": keys.len(),
        });
        if with_keys {
            let keys = keys.iter().map(|key| hex::encode(&key.to_bytes()));
            object["public_keys"] = keys.collect::<Vec<_>>().into();
        }
        object
    };
    claims.iter().map(one).collect()
}
