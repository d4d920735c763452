// What is shown, as elements. Text is only ever set as text.

const at = (id) => document.getElementById(id);

/** An element with attributes, and children that are elements or text. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export const number = (value) => value.toLocaleString("en");

export const count = (value, one, many = `${one}s`) =>
  `${number(value)} ${value === 1 ? one : many}`;

export function size(bytes) {
  if (bytes < 1024) return count(bytes, "byte");
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(2)} MiB`;
}

export const time = (milliseconds) =>
  milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${number(Math.round(milliseconds))} ms`;

/** The text of bytes, if it is text to read. */
function readable(digits) {
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const isPrintable = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isPrintable ? new TextDecoder().decode(bytes) : undefined;
}

const shortened = (digits) => (digits.length > 64 ? `${digits.slice(0, 64)}…` : digits);

function messageOf(digits) {
  const text = readable(digits);
  const shown = element("span", { class: "mono" }, shortened(digits) || "(no bytes)");
  if (text === undefined) return [shown];
  shown.classList.add("quiet");
  return [`“${text.slice(0, 80)}”`, element("br", {}), shown];
}

/** The codes of a failure. */
export function codes({ kind, section, code, number: value, proof }) {
  if (kind !== "rejected") return [code];
  const named = (name, number_) => (number_ === null ? name : `${name} (${number_})`);
  const outer = `§${section} ${named(code, value)}`;
  return proof && section !== 2 ? [outer, `§2 ${named(proof.code, proof.number)}`] : [outer];
}

/** What a refusal by a code means, where that is known. */
const MEANINGS = {
  "lookup-root": "What was proved is something else than this.",
  "proof-truncated": "The proof ends early.",
  "proof-left-over": "There are bytes behind the proof.",
  "proof-magic": "This is not a proof.",
  "size-cap": "The proof announces sizes that none has.",
  parameters: "The proof is not of the parameters that are asked for.",
  "target-sum": "The key did not sign this message for this slot.",
  "encoding-limb": "The key did not sign this message for this slot.",
  "root-mismatch": "The signature is not one of this key for this slot.",
  malformed: "A key or a signature has another length.",
  "element-not-canonical": "There is a number that is no element of the field.",
  truncated: "This is too short.",
  "file-truncated": "The file ends early.",
  "claim-count": "An aggregate is of one slot and message; only a merge is of several.",
  "duplicate-key": "A key stands in the list twice.",
};

/** A failure in plain words, and in the words of the verifier. */
export function explained({ kind, code, message, proof }) {
  const meaning = MEANINGS[proof?.code ?? code];
  const damaged = kind === "rejected" && proof ? "The proof is damaged or made up." : undefined;
  return { plain: meaning ?? damaged ?? message, detail: proof?.detail ?? message };
}

/** The verdict: `accepted`, `refused` or `waiting`. */
export function verdict(state, { title, summary, detail = "", codes: list = [], milliseconds }) {
  const section = at("verdict");
  section.className = `verdict ${state}`;
  section.hidden = false;
  at("verdict-title").textContent = title;
  at("verdict-summary").textContent = summary;
  at("verdict-detail").textContent = detail;
  at("verdict-codes").replaceChildren(
    ...list.map((code) => element("span", { class: "code" }, code)),
  );
  const shown = milliseconds === undefined || milliseconds === null;
  at("verdict-time").replaceChildren(
    ...(shown ? [] : [time(milliseconds), element("small", {}, " to verify")]),
  );
}

function factsOf(inspection, name) {
  const facts = [["File", name]];
  const add = (key, value) => facts.push([key, value]);
  const announced = (proof) => {
    if (!proof) return;
    add("Parameter set", proof.parameters);
    add("Rate", `1/${2 ** proof.logInvRate}`);
  };
  const { kind } = inspection;
  if (kind === "aggregate") {
    const what = inspection.merge ? "Merge" : "Aggregate";
    add("Kind", inspection.form === "file" ? what : `${what}, bytes alone`);
    add("Scheme", inspection.scheme);
    add("Size", size(inspection.bytes));
    if (inspection.bytes !== inspection.aggregateBytes) {
      add("Proof inside", size(inspection.aggregateBytes));
    }
    announced(inspection.proof);
  } else if (kind === "proof") {
    add("Kind", "Program proof");
    add("Size", size(inspection.bytes));
    announced(inspection.proof);
    const rows = inspection.proof.rows.reduce((sum, { rows }) => sum + rows, 0);
    add("Rows of all tables", number(rows));
  } else if (kind === "signature") {
    add("Kind", "Signature");
    add("Scheme", inspection.scheme);
    add("Size", size(inspection.signatureBytes));
  }
  return facts;
}

/** Most keys of a claim that are listed. */
const MOST_KEYS = 1000;

/** The keys of a claim, which are listed when they are asked for. */
function keysOf(publicKeys) {
  const list = element("ol", {});
  const details = element(
    "details",
    {},
    element("summary", {}, count(publicKeys.length, "key")),
    list,
  );
  const fill = () => {
    const shown = publicKeys.slice(0, MOST_KEYS);
    list.append(...shown.map((key) => element("li", { class: "mono" }, key)));
    const left = publicKeys.length - shown.length;
    if (left > 0) details.append(element("p", { class: "quiet" }, `and ${number(left)} more`));
  };
  details.addEventListener("toggle", fill, { once: true });
  return details;
}

function claimsTable(claims) {
  const row = ({ slot, message, publicKeys }) => {
    return element(
      "tr",
      {},
      element("td", {}, number(slot)),
      element("td", {}, ...messageOf(message)),
      element("td", {}, keysOf(publicKeys)),
    );
  };
  const heads = ["Slot", "Message", "Signers"].map((text) => element("th", { scope: "col" }, text));
  return element(
    "table",
    { class: "claims" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...claims.map(row)),
  );
}

/** What a file is; `list` has the claims that are verified, if there are any. */
export function claims({ title, inspection, name, list, note }) {
  at("claims").hidden = false;
  at("claims-title").textContent = title;
  at("facts").replaceChildren(
    ...factsOf(inspection, name).map(([key, value]) =>
      element("div", {}, element("dt", {}, key), element("dd", {}, value)),
    ),
  );
  at("claims-list").replaceChildren(...(list ? [claimsTable(list)] : []));
  at("claims-note").textContent = note;
}

/** The files that belong to it: `{role, text, label, onclick}`. */
export function parts(list) {
  at("parts").replaceChildren(
    ...list.map(({ role, text, label, onclick }) =>
      element(
        "li",
        {},
        element("span", { class: "role" }, role),
        element("span", {}, text),
        ...(label ? [element("button", { type: "button", class: "small", onclick }, label)] : []),
      ),
    ),
  );
}

/** The rows of the changes; `result` of each sets its cells. */
export function tampers(changes, run) {
  at("tamper").hidden = changes.length === 0;
  at("tampers").replaceChildren(
    ...changes.map((change) => {
      const cells = { what: element("td", { class: "quiet" }), verdict: element("td", {}) };
      cells.time = element("td", { class: "number quiet" });
      const onclick = () => run(change, cells);
      const button = element(
        "button",
        { type: "button", onclick, "data-tamper": change.id },
        change.title,
      );
      const head = element("td", {}, button);
      return element("tr", {}, head, cells.what, cells.verdict, cells.time);
    }),
  );
}
