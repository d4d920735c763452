// Verifies on a thread of its own, so that the page answers while it does.
import { load } from "./verifier/index.js";

/** The fields of an error, which a message carries no class of. */
const FIELDS = [
  "message", "kind", "subject", "section", "code", "number", "proof", "milliseconds",
];

self.addEventListener("message", async ({ data: { id, method, parameters } }) => {
  try {
    const verifier = await load();
    self.postMessage({ id, ok: verifier[method](...parameters) });
  } catch (error) {
    const fields = FIELDS.map((field) => [field, error[field] ?? null]);
    self.postMessage({ id, error: { kind: "internal", ...Object.fromEntries(fields) } });
  }
});
