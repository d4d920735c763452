//! Why a command fails: rejected (exit code 1) or unusable input (exit code 2), with place and remedy.

use std::path::Path;

use leanvm_compiler::interpreter::Failure as Outcome;
use serde_json::{Value, json};

use crate::blame::Blame;
use crate::places::Trace;
use crate::report::{Report, merge};

/// A rejection of SPEC §2, from either engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// Code of SPEC §2.
    pub(crate) code: u32,
    /// Name of SPEC §2.
    pub(crate) name: &'static str,
    /// The place.
    pub(crate) detail: String,
    /// What an execution printed before.
    pub(crate) printed: Vec<u32>,
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
pub(crate) struct Failure {
    kind: Kind,
    file: Option<String>,
    /// Code, where SPEC §2 has one, and name.
    rejection: Option<(Option<u32>, &'static str)>,
    detail: String,
    remedy: Option<String>,
    trace: Option<Box<Trace>>,
    /// What standard output shows nevertheless.
    output: Option<Box<Report>>,
}

/// What went on when a rejection was met: it decides the file to blame.
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

impl Failure {
    /// Input that cannot be used, of which `file` is to blame.
    pub(crate) fn unusable(
        file: &Path,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            kind: Kind::Unusable,
            file: Some(file.display().to_string()),
            rejection: None,
            detail: detail.into(),
            remedy: Some(remedy.into()),
            trace: None,
            output: None,
        }
    }

    /// A request that cannot be met, no file being to blame.
    pub(crate) fn usage(detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind: Kind::Unusable,
            file: None,
            rejection: None,
            detail: detail.into(),
            remedy: Some(remedy.into()),
            trace: None,
            output: None,
        }
    }

    /// A signature that is refused for a reason of SPEC §21 or §22.
    pub(crate) fn refused(name: &'static str, detail: String, file: Option<&Path>) -> Self {
        Self {
            kind: Kind::Rejected,
            file: file.map(|path| path.display().to_string()),
            rejection: Some((None, name)),
            detail,
            remedy: None,
            trace: None,
            output: None,
        }
    }

    /// A guest program that fails in the interpreter; `file` is to blame, the input if `blames_input`.
    pub(crate) fn interpreted(outcome: Outcome, file: Option<&Path>, blames_input: bool) -> Self {
        Self {
            kind: if blames_input {
                Kind::Unusable
            } else {
                Kind::Rejected
            },
            ..Self::refused(outcome.name(), outcome.meaning().to_owned(), file)
        }
    }

    /// Programs that do not do what is expected of them.
    pub(crate) fn tests(detail: String) -> Self {
        Self {
            rejection: None,
            ..Self::refused("", detail, None)
        }
    }

    /// The same with a code of SPEC §2.
    pub(crate) fn with_rejection(mut self, code: u32, name: &'static str) -> Self {
        self.rejection = Some((Some(code), name));
        self
    }

    /// The same with something to know beside what to do.
    pub(crate) fn with_note(mut self, note: &str) -> Self {
        self.remedy = Some(match self.remedy {
            Some(remedy) => format!("{remedy}; {note}"),
            None => note.to_owned(),
        });
        self
    }

    /// The same of which more is known: the reason is said before the place.
    pub(crate) fn with_blame(mut self, blame: Blame) -> Self {
        self.detail = if blame.has_place {
            format!("{} ({})", blame.detail, self.detail)
        } else {
            blame.detail
        };
        self.remedy = Some(blame.remedy);
        self
    }

    /// The same with what standard output shows nevertheless.
    pub(crate) fn with_output(mut self, output: Report) -> Self {
        self.output = Some(Box::new(output));
        self
    }

    /// The same with the place in the program's text.
    pub(crate) fn with_trace(mut self, trace: Option<Trace>) -> Self {
        self.trace = trace.map(Box::new);
        self
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
        // The input is at fault, rather than what it claims: not canonical, lists that are missing or left over, too long.
        let blames_input = matches!(code, 8 | 31 | 32 | 35) && stage != Stage::Program;
        let (kind, file) = match stage {
            Stage::Program => (Kind::Unusable, Some(program)),
            _ if code == 8 && stage == Stage::Verification => (Kind::Rejected, proof),
            _ if blames_input => (Kind::Unusable, input),
            Stage::Execution | Stage::Proving => (Kind::Rejected, Some(program)),
            Stage::Verification | Stage::OwnProof => (Kind::Rejected, proof),
        };
        Self {
            kind,
            file: file.map(|path| path.display().to_string()),
            rejection: Some((Some(code), name)),
            detail,
            remedy: remedy(code, stage).map(str::to_owned),
            trace: None,
            output: None,
        }
    }

    /// The exit code.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::Rejected => 1,
            Kind::Unusable => 2,
        }
    }

    const fn status(&self) -> &'static str {
        match self.kind {
            Kind::Rejected => "rejected",
            Kind::Unusable => "unusable",
        }
    }

    /// What standard output shows nevertheless, for people.
    pub(crate) fn output(&self) -> &str {
        self.output.as_ref().map_or("", |output| &output.text)
    }

    /// For people: the rejection, the place, the remedy.
    pub(crate) fn text(&self) -> String {
        let rejection = self.rejection.map(|(code, name)| match code {
            Some(code) => format!("{name} ({code})"),
            None => name.to_owned(),
        });
        let mut text = match (self.kind, rejection) {
            (Kind::Rejected, Some(rejection)) => format!("rejected: {rejection}"),
            (Kind::Rejected, None) => "rejected".to_owned(),
            (Kind::Unusable, Some(rejection)) => format!("error: unusable input: {rejection}"),
            (Kind::Unusable, None) => "error: unusable input".to_owned(),
        };
        for (label, value) in [
            ("file", self.file.as_deref()),
            ("place", Some(self.detail.as_str())),
            ("remedy", self.remedy.as_deref()),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                text.push_str(&format!("\n  {label}: {value}"));
            }
        }
        if let Some(trace) = &self.trace {
            text.push_str(&trace.text());
        }
        text
    }

    /// For programs.
    pub(crate) fn json(&self, command: &str) -> Value {
        let mut object = json!({
            "command": command,
            "status": self.status(),
            "code": self.rejection.and_then(|(code, _)| code),
            "name": self.rejection.map(|(_, name)| name),
            "file": self.file,
            "detail": self.detail,
            "remedy": self.remedy,
        });
        if let Some(trace) = &self.trace {
            object["message"] = json!(trace.message);
            object["stack"] = trace.json();
        }
        if let Some(output) = &self.output {
            merge(&mut object, output.json.clone());
        }
        object
    }
}

/// What to do about a rejection.
fn remedy(code: u32, stage: Stage) -> Option<&'static str> {
    Some(match code {
        _ if stage == Stage::OwnProof => {
            "the prover made a proof that its own verifier refuses: this is a defect of leanvm, please report it"
        }
        1 => "the file is cut or has bytes added: assemble it again with `leanvm asm`",
        2 => "give assembly text or a file written by `leanvm asm`",
        3 => "a program has at least the instruction `halt`",
        4 => "programs have at most 2^20 instructions, 2^20 hints and a main frame of 2^22 cells",
        5 | 6 => "SPEC.md section 4 has the opcodes of this version",
        7 => "SPEC.md section 4 has the operands and flags of each instruction",
        8 if stage == Stage::Program => "field elements are integers below p = 2130706433",
        9 => "`halt` is the last instruction and stands nowhere else; jump to it",
        10 => "a constant destination is the index of an instruction: use a label",
        11 => "SPEC.md section 4 has the hints and their operands",
        12 => "a reduction has a length of 1 to 2^16",
        13 => "SPEC.md section 8 has the syntax; `;` starts a comment",
        29 => "raise --max-cycles if the program does end",
        30 => "raise --max-cells (at most 2^26) if the program needs the memory",
        31 => "add a list of that name under \"private\"",
        32 => "remove the lists that the program does not take from \"private\"",
        35 => "public input has at most 2^20 elements",
        43 => {
            "say with --params which parameter set the proof has to have; production is the default"
        }
        44 if stage == Stage::Proving => "choose larger --params",
        _ => return None,
    })
}
