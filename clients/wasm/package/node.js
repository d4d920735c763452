// For Node: the module is read from beside this file.
import { readFile } from "node:fs/promises";

import { LeanvmError, start } from "./core.js";

export { LeanvmError };

let loaded;

/** Loads the verifier once. */
export function load(source) {
  loaded ??= compiled(source ?? new URL("./leanvm_wasm_bg.wasm", import.meta.url)).then(start);
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  return WebAssembly.compile(await readFile(source));
}
