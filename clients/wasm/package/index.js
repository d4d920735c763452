// For browsers and bundlers: the module is fetched from beside this file.
import { LeanvmError, start } from "./core.js";

export { LeanvmError };

let loaded;

/** Loads the verifier once. */
export function load(source) {
  loaded ??= compiled(source ?? new URL("./leanvm_wasm_bg.wasm", import.meta.url)).then(start);
  // A fetch that fails may be tried again.
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return WebAssembly.compile(source);
  }
  const response = await (source instanceof Response ? source : fetch(source));
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  // Streaming needs the type; any server will do for the rest.
  const isTyped = response.headers.get("Content-Type")?.startsWith("application/wasm");
  if (isTyped && WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
