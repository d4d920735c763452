// The verifier on its own thread, as functions that return promises.

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let last = 0;

worker.addEventListener("message", ({ data: { id, ok, error } }) => {
  const { resolve, reject } = waiting.get(id);
  waiting.delete(id);
  if (error) reject(error);
  else resolve(ok);
});

worker.addEventListener("error", () => {
  const error = { kind: "internal", code: "internal", message: "the verifier did not start" };
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
});

/** The result of a method of the verifier; a failure is an object with the fields of its error. */
export function call(method, ...parameters) {
  last += 1;
  const id = last;
  const result = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ id, method, parameters });
  return result;
}
