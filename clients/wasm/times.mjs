// The times of verifying aggregate files by their own claims, in Node and in Chromium:
// `node clients/wasm/times.mjs TARGET/leanvm-wasm FILE…`
import { mkdtemp, cp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { serve } from "./serve.mjs";
import { chromium } from "./tests/chromium.mjs";

const RUNS = 21;
const [built, ...files] = process.argv.slice(2);
const { CHROMIUM: binary, CHROMEDRIVER: chromedriver } = process.env;

function print(where, file, times) {
  const [first] = times;
  const median = times.toSorted((a, b) => a - b)[RUNS >> 1];
  console.log(`${file}: ${where}, first ${first.toFixed(1)} ms, median ${median.toFixed(1)} ms`);
}

const { load } = await import(pathToFileURL(resolve(built, "package/node.js")));
const leanvm = await load();
for (const file of files) {
  const bytes = new Uint8Array(await readFile(file));
  const times = Array.from({ length: RUNS }, () => leanvm.verifyAggregate(bytes).milliseconds);
  print(`Node ${process.version}`, file, times);
}

if (binary && chromedriver) {
  const folder = await mkdtemp(join(tmpdir(), "leanvm-times-"));
  await cp(resolve(built, "page"), folder, { recursive: true });
  for (const file of files) await cp(file, join(folder, basename(file)));
  const server = await serve(folder);
  const browser = await chromium({ binary, chromedriver });
  try {
    await browser.open(`http://127.0.0.1:${server.address().port}/`);
    for (const file of files) {
      const measure = async (name, runs) => {
        const { load } = await import("/verifier/index.js");
        const leanvm = await load();
        const bytes = new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());
        return Array.from({ length: runs }, () => leanvm.verifyAggregate(bytes).milliseconds);
      };
      print("Chromium", file, await browser.run(measure, basename(file), RUNS));
    }
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}
