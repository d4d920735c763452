//! Why a command fails: rejected (exit code 1) or unusable input (exit code 2), as a plain sentence
//! with file, place, reason and remedy.

use std::path::Path;

use leanvm_compiler::interpreter::Failure as Outcome;
use serde_json::{Value, json};

use crate::report::{Report, merge, paragraph};
use crate::trace::Trace;

/// A rejection of SPEC §2, from either engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// Code of SPEC §2.
    pub(crate) code: u32,
    /// Name of SPEC §2.
    pub(crate) name: &'static str,
    /// The reason, after the place if there is one.
    pub(crate) detail: String,
    /// What the execution had printed before.
    pub(crate) printed: Vec<u32>,
}

/// A rejection and the stage at which it occurred.
pub(crate) type Refused = (Stage, Rejected);

/// A more specific reason and remedy for a failure that the input causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blame {
    /// What is wrong.
    pub(crate) detail: String,
    /// What to do.
    pub(crate) remedy: String,
    /// Whether the place of the rejection is shown too.
    pub(crate) has_place: bool,
}

/// Which exit code a failure gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The program or the proof is rejected: 1.
    Rejected,
    /// The input cannot be used: 2.
    Unusable,
}

/// A failed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(Box<Parts>);

/// What is known of a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    kind: Kind,
    /// One plain sentence; if absent, the reason is shown in its place.
    summary: Option<String>,
    file: Option<String>,
    place: Option<String>,
    reason: String,
    remedy: Option<String>,
    /// Code, where SPEC §2 has one, and name.
    rejection: Option<(Option<u32>, &'static str)>,
    trace: Option<Box<Trace>>,
    /// What is still shown on standard output.
    output: Option<Box<Report>>,
    /// Preformatted text that is shown last.
    listing: Option<String>,
}

/// The stage at which a rejection occurred; it decides which file is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Decoding or assembling a program.
    Program,
    /// Executing a program on an input.
    Execution,
    /// Proving an execution.
    Proving,
    /// Verifying the proof just made.
    OwnProof,
    /// Verifying a proof.
    Verification,
}

impl Rejected {
    /// A rejection before which nothing was printed.
    pub(crate) const fn new(code: u32, name: &'static str, detail: String) -> Self {
        Self {
            code,
            name,
            detail,
            printed: Vec::new(),
        }
    }
}

impl Parts {
    fn new(kind: Kind, reason: String) -> Self {
        Self {
            kind,
            summary: None,
            file: None,
            place: None,
            reason,
            remedy: None,
            rejection: None,
            trace: None,
            output: None,
            listing: None,
        }
    }
}

/// Most characters of a text of somebody else that are shown.
const SHOWN: usize = 200;

/// A text of somebody else on one line, as a terminal may show it: control characters are spaces,
/// and what is long is cut.
pub(crate) fn foreign(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    let cut = if text.chars().nth(SHOWN).is_some() {
        " …"
    } else {
        ""
    };
    let begin = text.chars().take(SHOWN).map(shown);
    begin.chain(cut.chars()).collect()
}

impl Failure {
    /// Input that cannot be used, of which `file` is to blame.
    pub(crate) fn unusable(
        file: &Path,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            summary: Some("unusable input".to_owned()),
            file: Some(file.display().to_string()),
            remedy: Some(remedy.into()),
            ..Parts::new(Kind::Unusable, reason.into())
        }))
    }

    /// JSON that is not what it should be.
    pub(crate) fn json_error(
        file: &Path,
        error: &serde_json::Error,
        remedy: impl Into<String>,
    ) -> Self {
        let place = format!("line {} column {}", error.line(), error.column());
        let text = error.to_string();
        let text = foreign(text.strip_suffix(&format!(" at {place}")).unwrap_or(&text));
        let found = text.strip_prefix("invalid type: ");
        let reason = match found.and_then(|found| found.split_once(", expected ")) {
            _ if error.is_eof() => "the file ends in the middle of a value".to_owned(),
            Some((found, expected)) => format!("{found}, where {expected} is expected"),
            None => text,
        };
        Self::unusable(file, reason, remedy).at(place)
    }

    /// A request that cannot be met and for which no file is to blame.
    pub(crate) fn usage(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            remedy: Some(remedy.into()),
            ..Parts::new(Kind::Unusable, reason.into())
        }))
    }

    /// A signature that is refused for a reason of SPEC §22 or §23.
    pub(crate) fn refused(name: &'static str, reason: String, file: Option<&Path>) -> Self {
        Self(Box::new(Parts {
            file: file.map(|path| path.display().to_string()),
            rejection: Some((None, name)),
            ..Parts::new(Kind::Rejected, reason)
        }))
    }

    /// A guest program that fails in the interpreter; `file` is to blame, the input if
    /// `blames_input`.
    pub(crate) fn interpreted(outcome: Outcome, file: Option<&Path>, blames_input: bool) -> Self {
        let mut failure = Self::refused(outcome.name(), outcome.meaning().to_owned(), file);
        if blames_input {
            failure.0.kind = Kind::Unusable;
            return failure.with_summary("unusable input");
        }
        failure.with_summary("the program does not accept this input")
    }

    /// Guest programs that do not do what their headers say.
    pub(crate) fn tests(reason: String) -> Self {
        Self(Box::new(Parts::new(Kind::Rejected, reason)))
    }

    /// A rejection at a stage; `program`, `input`, `proof` are the files that may be to blame.
    pub(crate) fn rejected(
        rejected: Rejected,
        stage: Stage,
        program: &Path,
        input: Option<&Path>,
        proof: Option<&Path>,
    ) -> Self {
        let Rejected {
            code, name, detail, ..
        } = rejected;
        // The input itself is at fault: not canonical, lists that are missing or left over, too
        // long.
        let blames_input = matches!(code, 8 | 31 | 32 | 35) && stage != Stage::Program;
        let (kind, file) = match stage {
            Stage::Program => (Kind::Unusable, Some(program)),
            _ if code == 8 && stage == Stage::Verification => (Kind::Rejected, proof),
            _ if blames_input => (Kind::Unusable, input),
            Stage::Execution | Stage::Proving => (Kind::Rejected, Some(program)),
            Stage::Verification | Stage::OwnProof => (Kind::Rejected, proof),
        };
        let (place, reason) = split_place(&detail);
        Self(Box::new(Parts {
            summary: Some(match kind {
                Kind::Unusable => "unusable input".to_owned(),
                Kind::Rejected => summary(code, stage, program),
            }),
            file: file.map(|path| path.display().to_string()),
            place: place.map(str::to_owned),
            remedy: remedy(code, stage).map(str::to_owned),
            rejection: Some((Some(code), name)),
            ..Parts::new(kind, reason.to_owned())
        }))
    }

    /// With a summary in one plain sentence.
    pub(crate) fn with_summary(mut self, summary: impl Into<String>) -> Self {
        self.0.summary = Some(summary.into());
        self
    }

    /// With a place in the file.
    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into());
        self
    }

    /// With a remedy.
    pub(crate) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// With this remedy if there is none yet.
    pub(crate) fn or_remedy(mut self, remedy: &str) -> Self {
        self.0.remedy.get_or_insert_with(|| remedy.to_owned());
        self
    }

    /// With a code of SPEC §2.
    pub(crate) fn with_rejection(mut self, code: u32, name: &'static str) -> Self {
        self.0.rejection = Some((Some(code), name));
        self
    }

    /// With a note after the remedy.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.0.remedy = Some(match self.0.remedy {
            Some(remedy) => format!("{remedy}; {note}"),
            None => note.to_owned(),
        });
        self
    }

    /// With a more specific reason and remedy.
    pub(crate) fn with_blame(mut self, blame: Blame) -> Self {
        if blame.has_place {
            self.0.reason = format!("{} ({})", blame.detail, self.0.reason);
        } else {
            self.0.place = None;
            self.0.reason = blame.detail;
        }
        self.0.remedy = Some(blame.remedy);
        self
    }

    /// With what is still shown on standard output.
    pub(crate) fn with_output(mut self, output: Report) -> Self {
        self.0.output = Some(Box::new(output));
        self
    }

    /// With the stack in the text of the program.
    pub(crate) fn with_trace(mut self, trace: Option<Trace>) -> Self {
        self.0.trace = trace.map(Box::new);
        self
    }

    /// With preformatted text that is shown last.
    pub(crate) fn with_listing(mut self, listing: String) -> Self {
        self.0.listing = Some(listing);
        self
    }

    /// The reason.
    pub(crate) fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The exit code.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self.0.kind {
            Kind::Rejected => 1,
            Kind::Unusable => 2,
        }
    }

    const fn status(&self) -> &'static str {
        match self.0.kind {
            Kind::Rejected => "rejected",
            Kind::Unusable => "unusable",
        }
    }

    /// What is still shown on standard output, for people.
    pub(crate) fn output(&self) -> &str {
        self.0.output.as_ref().map_or("", |output| &output.text)
    }

    /// For people: the summary, then file, place, reason, remedy and the rejection.
    pub(crate) fn text(&self) -> String {
        let text = self.raw_text();
        let shown = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        text.chars().map(shown).collect()
    }

    fn raw_text(&self) -> String {
        let verdict = match self.0.kind {
            Kind::Rejected => "rejected: ",
            Kind::Unusable => "error: ",
        };
        let (summary, reason) = match &self.0.summary {
            Some(summary) => (summary.as_str(), Some(self.0.reason.as_str())),
            None => (self.0.reason.as_str(), None),
        };
        let rejection = self.0.rejection.map(|(code, name)| match code {
            Some(code) => format!("{name} ({code})"),
            None => name.to_owned(),
        });
        let mut text = paragraph(verdict, summary);
        if let Some(trace) = &self.0.trace {
            text.push_str(&trace.headline());
        }
        if let Some(file) = &self.0.file {
            text.push_str(&format!("\n  file: {file}"));
        }
        for (label, value) in [
            ("  place: ", self.0.place.as_deref()),
            ("  reason: ", reason),
            ("  remedy: ", self.0.remedy.as_deref()),
            ("  rejection: ", rejection.as_deref()),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                text.push('\n');
                text.push_str(&paragraph(label, value));
            }
        }
        if let Some(trace) = &self.0.trace {
            text.push_str(&trace.text());
        }
        if let Some(listing) = &self.0.listing {
            text.push_str(&format!("\n{}", listing.trim_end()));
        }
        text
    }

    /// For programs. `detail` is place, reason and listing in one.
    pub(crate) fn json(&self, command: &str) -> Value {
        let detail = match &self.0.place {
            Some(place) => format!("{place}: {}", self.0.reason),
            None => self.0.reason.clone(),
        };
        let detail = match &self.0.listing {
            Some(listing) => format!("{detail}\n{listing}"),
            None => detail,
        };
        let mut object = json!({
            "command": command,
            "status": self.status(),
            "summary": self.0.summary.as_ref().unwrap_or(&self.0.reason),
            "code": self.0.rejection.and_then(|(code, _)| code),
            "name": self.0.rejection.map(|(_, name)| name),
            "file": self.0.file,
            "place": self.0.place,
            "reason": self.0.reason,
            "detail": detail,
            "remedy": self.0.remedy,
        });
        if let Some(trace) = &self.0.trace {
            object["explanation"] = json!(trace.explanation);
            object["message"] = json!(trace.message);
            object["stack"] = trace.json();
        }
        if let Some(output) = &self.0.output {
            merge(&mut object, output.json.clone());
        }
        object
    }
}

/// Splits a detail of SPEC §2 into place and reason: the place is a line of text, or a pc with its
/// instruction.
fn split_place(detail: &str) -> (Option<&str>, &str) {
    let is_place = |text: &str| text.starts_with("line ") || text.starts_with("pc ");
    match detail.split_once(": ") {
        Some((place, reason)) if is_place(place) => (Some(place), reason),
        _ => (None, detail),
    }
}

/// The summary of a rejection.
fn summary(code: u32, stage: Stage, program: &Path) -> String {
    let program = program.display();
    match (stage, code) {
        (Stage::OwnProof, _) => "the prover made a proof that its own verifier refuses".to_owned(),
        (Stage::Proving, _) => "the execution is too large for these parameters".to_owned(),
        (Stage::Verification, 42) => "this is not a proof of this version of leanvm".to_owned(),
        (Stage::Verification, 43) => {
            "the proof was made with other parameters than are asked for".to_owned()
        }
        (Stage::Verification, _) => {
            format!("this proof does not show that {program} accepts this public input")
        }
        (_, 29) => format!("{program} was stopped before it ended"),
        (_, 30) => format!("{program} was stopped for want of memory"),
        _ => format!("{program} does not accept this input"),
    }
}

/// The remedy for a rejection.
fn remedy(code: u32, stage: Stage) -> Option<&'static str> {
    Some(match (stage, code) {
        (Stage::OwnProof, _) => "this is a defect of leanvm, please report it",
        (Stage::Verification, 42) => "give a file written by `leanvm prove`",
        (Stage::Verification, 43) => {
            "say with --params which parameter set the proof has to have; production is the default"
        }
        (Stage::Verification, _) => {
            "check that the program, --define, --input and the proof belong together, and that the proof is whole"
        }
        (Stage::Proving, 44) => "choose larger --params",
        (Stage::Program, 8) => "field elements are integers below p = 2130706433",
        (_, 1) => "the file is cut or has bytes added: assemble it again with `leanvm asm`",
        (_, 2) => "give assembly text or a file written by `leanvm asm`",
        (_, 3) => "a program has at least the instruction `halt`",
        (_, 4) => {
            "programs have at most 2^20 instructions, 2^20 hints and a main frame of 2^22 cells"
        }
        (_, 5 | 6) => "SPEC.md section 4 has the opcodes of this version",
        (_, 7) => "SPEC.md section 4 has the operands and flags of each instruction",
        (_, 9) => "`halt` is the last instruction and stands nowhere else; jump to it",
        (_, 10) => "a constant destination is the index of an instruction: use a label",
        (_, 11) => "SPEC.md section 4 has the hints and their operands",
        (_, 12) => "a length is 1 to 2^16, a base of CHAIN 1 to 2^8",
        (_, 13) => "SPEC.md section 8 has the syntax; `;` starts a comment",
        (_, 29) => "raise --max-cycles if the program does end",
        (_, 30) => "raise --max-cells (at most 2^26) if the program needs the memory",
        (_, 31) => "add a list of that name under \"private\" of --input",
        (_, 32) => "remove the lists that the program does not take from \"private\" of --input",
        (_, 35) => "public input has at most 2^20 elements",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(code: u32, name: &'static str, detail: &str, stage: Stage) -> Failure {
        let rejected = Rejected::new(code, name, detail.to_owned());
        let (program, proof) = (Path::new("p.py"), Path::new("p.proof"));
        Failure::rejected(rejected, stage, program, None, Some(proof))
    }

    #[test]
    fn a_plain_sentence_comes_first_and_the_code_last() {
        let failure = rejected(46, "lookup-root", "the sum", Stage::Verification);
        let expected = "rejected: this proof does not show that p.py accepts this public input
  file: p.proof
  reason: the sum
  remedy: check that the program, --define, --input and the proof belong
    together, and that the proof is whole
  rejection: lookup-root (46)";
        assert_eq!(failure.text(), expected);
        assert_eq!(failure.exit_code(), 1);
    }

    #[test]
    fn a_place_is_told_from_a_reason() {
        let detail = "pc 3 (add), fp 8: 1 + 1 is not 3";
        let failure = rejected(20, "relation-violated", detail, Stage::Execution);
        let text = failure.text();
        let places = "\n  place: pc 3 (add), fp 8\n  reason: 1 + 1 is not 3\n";
        assert!(text.contains(places), "{text}");
        let json = failure.json("run");
        assert_eq!(json["detail"], detail);
        assert_eq!(json["place"], "pc 3 (add), fp 8");
        let json = rejected(29, "cycle-limit", "10 cycles: no HALT", Stage::Execution).json("run");
        assert_eq!(
            (&json["place"], &json["reason"]),
            (&Value::Null, &"10 cycles: no HALT".into())
        );
    }

    #[test]
    fn a_request_is_said_once() {
        let failure = Failure::usage("no such thing", "ask for another");
        assert_eq!(
            failure.text(),
            "error: no such thing\n  remedy: ask for another"
        );
        assert_eq!(failure.json("run")["summary"], "no such thing");
    }
}
