//! The report about a merge.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use leanvm_fast::merging::{Equivocation, Order, order};
use leanvm_fast::xmss::Message;
use serde_json::{Value, json};

use crate::aggregating::made::{Made, measure_outputs, skipped_json, skipped_text};
use crate::commands::merge::late::Late;
use crate::failure::foreign;
use crate::hex;
use crate::measurements::Measurements;
use crate::report::{Report, number, paragraph};
use crate::signature::claims::Signed;
use crate::signature::scheme::Scheme;
use crate::signature::shown;

/// Most equivocations that people are shown.
const SHOWN: usize = 10;

/// The bytes of messages.
pub(crate) struct Messages(BTreeMap<Order, Vec<u8>>);

impl Messages {
    /// The bytes of the messages of claims.
    pub(crate) fn of<'a>(claims: impl IntoIterator<Item = &'a Signed>) -> Self {
        let claims = claims.into_iter();
        Self(
            claims
                .map(|one| (order(&one.claim), one.message_bytes.clone()))
                .collect(),
        )
    }

    /// The bytes of a message for a slot.
    pub(crate) fn bytes(&self, slot: u32, message: Message) -> Vec<u8> {
        let keys = Vec::new();
        let claim = leanvm_fast::merging::Claim {
            slot,
            message,
            keys,
        };
        self.0.get(&order(&claim)).cloned().unwrap_or_default()
    }
}

/// Keys that have signed several messages for one slot.
pub(crate) struct Equivocations<'a> {
    pub(crate) list: &'a [Equivocation],
    pub(crate) messages: &'a Messages,
}

impl Equivocations<'_> {
    fn digits(&self, one: &Equivocation) -> Vec<String> {
        let messages = one.messages.iter();
        let bytes = messages.map(|message| self.messages.bytes(one.slot, *message));
        bytes.map(|bytes| hex::encode(&bytes)).collect()
    }

    fn json(&self) -> Vec<Value> {
        let one = |one: &Equivocation| {
            json!({
                "public_key": hex::encode(&one.key.to_bytes()),
                "slot": one.slot,
                "messages": self.digits(one),
            })
        };
        self.list.iter().map(one).collect()
    }

    /// The warning, if there are any.
    pub(crate) fn warning(&self) -> String {
        if self.list.is_empty() {
            return String::new();
        }
        let (keys, have) = match self.list.len() {
            1 => ("key".to_owned(), "has"),
            more => (format!("{} keys", number(more)), "have"),
        };
        let one = if have == "has" { "a " } else { "" };
        let head = format!(
            "{one}{keys} {have} signed several messages for one slot, which no honest signer does"
        );
        let mut text = paragraph("warning: ", &head);
        for one in self.list.iter().take(SHOWN) {
            let key = hex::encode(&one.key.to_bytes());
            let digits = self.digits(one).into_iter();
            let messages: Vec<_> = digits.map(|digits| foreign(&digits)).collect();
            let messages = messages.join(", ");
            text += &format!(
                "\n  key: {key}\n  slot: {}\n  messages: {messages}",
                one.slot
            );
        }
        if let Some(more) = self.list.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            text += &format!("\n  and {} more keys (--json names all)", number(more));
        }
        text + "\n"
    }
}

/// The measurements of the command.
pub(crate) struct Figures<'a> {
    pub(crate) signed: &'a [Signed],
    pub(crate) made: Made<'a>,
    pub(crate) log_inv_rate: u32,
    pub(crate) children: usize,
    pub(crate) late: Option<&'a Late>,
    pub(crate) equivocations: Equivocations<'a>,
    pub(crate) reading: Duration,
    pub(crate) aggregating: Duration,
    pub(crate) merging: Duration,
    pub(crate) cpu: Option<Duration>,
    pub(crate) output: Option<&'a Path>,
    pub(crate) signers: Option<&'a Path>,
}

impl Figures<'_> {
    /// For people and programs.
    pub(crate) fn report(&self) -> Report {
        let mut list = Measurements::default();
        self.measure_claims(&mut list);
        list.time("reading", "seconds.prepare", self.reading);
        if self.late.is_some() {
            list.time("aggregating", "seconds.aggregate", self.aggregating);
        }
        list.time("merging", "seconds.merge", self.merging);
        self.made.measure_phases(&mut list, self.cpu);
        self.made.measure_sizes(&mut list);
        measure_outputs(&mut list, self.output, self.signers);
        list.field("equivocations", self.equivocations.json());
        let skipped = self.late.map(|late| (&late.skipped[..], &late.origin));
        let skipped_list = skipped.map(|(skipped, origin)| skipped_json(skipped, origin));
        list.field("skipped", skipped_list.unwrap_or_default());
        let mut report = list.report();
        report.text += &format!("\n{}", shown::text(self.signed));
        if let Some((skipped, origin)) = skipped {
            report.text += &skipped_text(skipped, origin);
        }
        report
    }

    fn measure_claims(&self, list: &mut Measurements) {
        let signatures = self.signed.iter().map(|one| one.claim.keys.len()).sum();
        list.field("scheme", Scheme::Leanxmss42.name())
            .field("log_inv_rate", self.log_inv_rate)
            .count("children", "children", self.children)
            .count("claims", "claims", self.signed.len())
            .field("claim_list", shown::list(self.signed, false))
            .count("signatures", "signatures", signatures);
        let Some(late) = self.late else {
            list.field("late", Value::Null);
            return;
        };
        list.count("late signatures", "late.given", late.given)
            .count("  in an aggregate already", "late.held", late.held)
            .count("  not kept", "late.not_kept", late.not_kept)
            .count("  skipped", "late.skipped", late.skipped.len());
    }
}
