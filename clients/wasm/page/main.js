// The page: files come in, one of them is verified with the help of the others.
import * as show from "./show.js";
import { changes } from "./tamper.js";
import { call } from "./verifier.js";

/** Files of each sample, in `samples/`. */
const SAMPLES = {
  aggregate: ["block.agg"],
  merge: ["merged.agg"],
  signature: ["signature.json"],
  program: ["merkle_path.proof", "merkle_path.lasm", "merkle_path.json"],
};
/** The kinds of file that are verified; the others help. */
const VERIFIED = ["aggregate", "proof", "signature"];
const HELPERS = { aggregate: ["signers"], proof: ["program", "input"], signature: [] };

/** The files by kind, each `{name, bytes, inspection}`; `main` is that which is verified. */
let files = {};
/** Counts what is shown, so that an answer that comes late is dropped. */
let turn = 0;

const at = (id) => document.getElementById(id);

/** Takes files in, those of before staying if they still help. */
async function take(list) {
  turn += 1;
  const mine = turn;
  const taken = {};
  let failure;
  for (const { name, bytes } of list) {
    try {
      const inspection = await call("inspect", bytes);
      const isMain = VERIFIED.includes(inspection.kind);
      taken[isMain ? "main" : inspection.kind] = { name, bytes, inspection };
    } catch (error) {
      failure ??= { name, error };
    }
  }
  if (mine !== turn) return;
  if (failure) {
    refuse(failure.error, failure.name);
    clear();
    return;
  }
  files = taken.main ? taken : { ...files, ...taken };
  await verify();
}

function clear() {
  files = {};
  at("claims").hidden = true;
  at("tamper").hidden = true;
}

/** The method that verifies the files and its parameters, or what is missing. */
function request() {
  const { main, signers, program, input } = files;
  if (!main) return { missing: "Now choose the file that is to be verified." };
  const { kind } = main.inspection;
  if (kind === "signature") return { method: "verifySignature", parameters: [main.bytes] };
  if (kind === "aggregate") {
    if (main.inspection.form === "bytes" && !signers) {
      return {
        missing: "These are the bytes alone. Add the list of signers that they should show.",
      };
    }
    return { method: "verifyAggregate", parameters: [main.bytes, signers?.bytes] };
  }
  if (!program) return { missing: "Add the program that it is a proof of, and its input." };
  const { parameters } = main.inspection.proof;
  const options = { input: input?.bytes, parameters };
  return { method: "verifyProgram", parameters: [program.bytes, main.bytes, options] };
}

/** Verifies the files, and shows all of it. */
async function verify() {
  turn += 1;
  const mine = turn;
  describe();
  show.tampers([], run);
  const { method, parameters, missing } = request();
  if (missing) {
    show.verdict("waiting", { title: "Not verified yet", summary: missing });
    return;
  }
  show.verdict("waiting", { title: "Verifying …", summary: files.main.name });
  try {
    const accepted = await call(method, ...parameters);
    if (mine !== turn) return;
    accept(accepted);
  } catch (error) {
    if (mine === turn) refuse(error, files.main.name);
  }
}

/** What the files claim, and which belong to it. */
function describe() {
  const { main } = files;
  if (!main) {
    at("claims").hidden = true;
    return;
  }
  const { inspection, name } = main;
  const { kind } = inspection;
  const list = files.signers?.inspection.claims ?? claimsOf(inspection);
  const title = files.signers ? "What your list says" : "What it claims";
  show.claims({ title, inspection, name, list, note: noteOf(inspection) });
  const roles = { signers: "List of signers", program: "Program", input: "Public input" };
  const without = { signers: "none; the claims of the file decide", input: "none: it is empty" };
  show.parts(
    HELPERS[kind].map((helper) => {
      const file = files[helper];
      const remove = () => {
        delete files[helper];
        verify();
      };
      const choose = () => at("files").click();
      return {
        role: roles[helper],
        text: file ? `${file.name} (${describeHelper(file.inspection)})` : (without[helper] ?? "–"),
        label: file ? "Remove" : "Choose",
        onclick: file ? remove : choose,
      };
    }),
  );
}

function describeHelper(inspection) {
  if (inspection.kind === "program") return show.count(inspection.instructions, "instruction");
  if (inspection.kind === "input") return show.count(inspection.public.length, "element");
  return show.count(inspection.keys, "key");
}

function claimsOf(inspection) {
  if (inspection.kind === "aggregate") return inspection.claims;
  if (inspection.kind !== "signature") return null;
  const { slot, message, publicKey } = inspection;
  return [{ slot, message, publicKeys: [publicKey] }];
}

function noteOf({ kind, form }) {
  if (kind === "proof") {
    return "A proof shows that the program accepts the public input. Neither is in the file.";
  }
  if (kind === "signature") {
    return "Key, slot and message are the file’s own: compare them with those that you expect.";
  }
  if (files.signers) return "These claims are those of your list, which alone decides.";
  if (form === "bytes") return "";
  return (
    "These claims are the file’s own, and whoever made it chose them. Compare them with those " +
    "that you expect, or add your list of signers."
  );
}

function accept(accepted) {
  const { inspection } = files.main;
  const { milliseconds } = accepted;
  show.verdict("accepted", { title: "Valid", summary: shown(inspection, accepted), milliseconds });
  const { program, input } = files;
  const subject = {
    bytes: files.main.bytes,
    inspection,
    claims: accepted.claims,
    program: program?.bytes,
    input: input?.bytes,
    parameters: accepted.parameters,
  };
  show.tampers(changes(subject), run);
}

/** What an accepted file shows, in a sentence. */
function shown(inspection, accepted) {
  if (inspection.kind === "signature") {
    return `The key signed this message for slot ${show.number(accepted.slot)}.`;
  }
  if (inspection.kind === "aggregate") {
    const signers = show.count(accepted.keys, "signature");
    const { claims } = accepted;
    return claims.length === 1
      ? `It shows ${signers} of one message for slot ${show.number(claims[0].slot)}.`
      : `It shows ${signers} for ${show.count(claims.length, "pair")} of slot and message.`;
  }
  const secure = accepted.parameters === "production" ? "" : " These parameters have no security.";
  const elements = show.count(accepted.publicElements, "element");
  return `The program accepts this public input of ${elements}.${secure}`;
}

function refuse(error, name) {
  const titles = { rejected: "Refused", unusable: "Cannot be used", internal: "Defect" };
  const { plain, detail } = show.explained(error);
  show.verdict("refused", {
    title: titles[error.kind],
    summary: plain,
    detail: plain === detail ? name : `${name}: ${detail}`,
    codes: show.codes(error),
    milliseconds: error.milliseconds,
  });
}

/** Verifies after a change, in the cells of its row. */
async function run({ change }, cells) {
  const { what, method, parameters } = change();
  const mine = turn;
  cells.what.textContent = what;
  cells.verdict.textContent = "…";
  try {
    const { milliseconds } = await call(method, ...parameters);
    if (mine !== turn) return;
    cells.verdict.replaceChildren(
      show.element("span", { class: "alarm" }, "Accepted, which is a defect: please report it"),
    );
    cells.time.textContent = show.time(milliseconds);
  } catch (error) {
    if (mine !== turn) return;
    const codes = show.codes(error).flatMap((code) => [
      " ",
      show.element("span", { class: "code" }, code),
    ]);
    cells.verdict.replaceChildren(
      show.element("span", { class: "refusal" }, "Refused"),
      ...codes,
      show.element("div", { class: "quiet" }, show.explained(error).plain),
    );
    cells.time.textContent = error.milliseconds === null ? "" : show.time(error.milliseconds);
  }
}

/** Reads and takes files of the browser. */
async function takeFiles(list) {
  if (list.length === 0) return;
  const read = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: file.name, bytes };
  };
  try {
    await take(await Promise.all(Array.from(list, read)));
  } catch (error) {
    refuse({ kind: "unusable", code: "file", message: error.message, milliseconds: null }, "files");
  }
}

async function takeSample(name) {
  const read = async (file) => {
    const response = await fetch(new URL(`./samples/${file}`, import.meta.url));
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    return { name: file, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  try {
    await take(await Promise.all(SAMPLES[name].map(read)));
  } catch (error) {
    refuse({ kind: "unusable", code: "file", message: error.message, milliseconds: null }, name);
  }
}

at("files").addEventListener("change", ({ target }) => {
  takeFiles(Array.from(target.files));
  // The same file may be chosen again.
  target.value = "";
});

for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", () => takeSample(button.dataset.sample));
}

at("tamper-all").addEventListener("click", () => {
  for (const button of document.querySelectorAll("[data-tamper]")) button.click();
});

// Files may be dropped anywhere.
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    at("drop").classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) at("drop").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  at("drop").classList.remove("over");
  takeFiles(Array.from(event.dataTransfer.files));
});

const started = performance.now();
call("inspect", new Uint8Array()).catch(({ kind, message }) => {
  const milliseconds = Math.round(performance.now() - started);
  at("engine").textContent =
    kind === "unusable"
      ? `Verifier ready in ${milliseconds} ms: the Rust of the command line, as WebAssembly.`
      : `The verifier did not start: ${message}`;
  document.body.dataset.ready = kind === "unusable" ? "yes" : "no";
});
