// The verifier on a module that is compiled: what index.js and node.js share.
// leanvm_wasm.js is written by wasm-bindgen.
import * as bindings from "./leanvm_wasm.js";

/** Most bytes of an argument. Nothing that leanVM writes is as long. */
const MOST_BYTES = 2 ** 28;

export class LeanvmError extends Error {
  constructor(failure) {
    super(failure.message);
    this.name = "LeanvmError";
    this.kind = failure.kind;
    this.subject = failure.subject ?? null;
    this.section = failure.section ?? null;
    this.code = failure.code;
    this.number = failure.number ?? null;
    this.proof = failure.proof ?? null;
    this.milliseconds = failure.milliseconds ?? null;
    if (failure.cause !== undefined) this.cause = failure.cause;
  }
}

const unusable = (subject, code, message) =>
  new LeanvmError({ kind: "unusable", subject, code, message });

function bytesOf(subject, value, isText) {
  let bytes;
  if (value instanceof Uint8Array) bytes = value;
  else if (value instanceof ArrayBuffer) bytes = new Uint8Array(value);
  else if (isText && typeof value === "string") bytes = new TextEncoder().encode(value);
  else {
    const what = isText ? "a Uint8Array, an ArrayBuffer or a string" : "a Uint8Array or an ArrayBuffer";
    throw unusable(subject, "argument", `${subject} is not ${what}`);
  }
  if (bytes.length > MOST_BYTES) {
    throw unusable(subject, "argument", `${subject} has ${bytes.length} bytes, at most ${MOST_BYTES}`);
  }
  return bytes;
}

/** JSON: text, its bytes, or the value that it is of. */
function jsonOf(subject, value) {
  const isBytes = value instanceof Uint8Array || value instanceof ArrayBuffer;
  if (isBytes || typeof value !== "object" || value === null) return bytesOf(subject, value, true);
  let text;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw unusable(subject, "argument", `${subject} is no value of JSON: ${cause}`);
  }
  return bytesOf(subject, text, true);
}

const optional = (read, subject, value) =>
  value === undefined || value === null ? undefined : read(subject, value);

/**
 * What a function of the module returns. An exception out of it is a panic, or the host's refusal
 * of memory or stack: the module is then started anew, as nothing is known of its memory.
 */
function call(name, ...arguments_) {
  let outcome;
  try {
    outcome = JSON.parse(bindings[name](...arguments_));
  } catch (cause) {
    bindings.__wbg_reset_state();
    const message = `a defect of leanvm, please report it: ${cause}`;
    throw new LeanvmError({ kind: "internal", code: "internal", message, cause });
  }
  if (outcome.error) throw new LeanvmError(outcome.error);
  return outcome.ok;
}

const verifier = Object.freeze({
  inspect: (file) => call("inspect", bytesOf("file", file, true)),
  verifyAggregate: (aggregate, signers) =>
    call(
      "verifyAggregate",
      bytesOf("aggregate", aggregate, false),
      optional(jsonOf, "signers", signers),
    ),
  verifySignature: (signature) => call("verifySignature", jsonOf("signature", signature)),
  verifyProgram(program, proof, { input, parameters = "production" } = {}) {
    if (typeof parameters !== "string") {
      throw unusable("proof", "argument", "parameters is not a string");
    }
    return call(
      "verifyProgram",
      bytesOf("program", program, true),
      bytesOf("proof", proof, false),
      optional(jsonOf, "input", input),
      parameters,
    );
  },
});

/** The verifier of a WebAssembly.Module, which is started once. */
export function start(module) {
  bindings.initSync({ module });
  return verifier;
}
