// The page in Chromium: samples, changes, files of the user, its policy.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { POLICY, serve } from "../serve.mjs";
import { chromium } from "./chromium.mjs";

const { LEANVM_WASM_BUILT: built, CHROMIUM: binary, CHROMEDRIVER: chromedriver } = process.env;
const samples = fileURLToPath(new URL("../samples/", import.meta.url));
const programs = fileURLToPath(new URL("../../../programs/", import.meta.url));
let server;
let browser;
let work;

before(async () => {
  server = await serve(join(built, "page"));
  work = await mkdtemp(join(tmpdir(), "leanvm-page-"));
  browser = await chromium({ binary, chromedriver });
  await browser.open(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server?.close();
  await rm(work, { recursive: true, force: true });
});

/** Waits until a function in the page has a value that is true. */
async function until(what, ...args) {
  for (let round = 0; round < 300; round += 1) {
    const value = await browser.run(what, ...args);
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const text = await browser.run(() => document.body.innerText);
  assert.fail(`waited in vain for ${what}: ${text}`);
}

/** The verdict, once it is there. */
const verdict = () =>
  until(() => {
    const section = document.getElementById("verdict");
    if (section.hidden || document.getElementById("verdict-title").textContent === "Verifying …") {
      return null;
    }
    const text = (id) => document.getElementById(id).textContent;
    const codes = Array.from(document.querySelectorAll("#verdict-codes .code"), (code) => code.textContent);
    return { title: text("verdict-title"), summary: text("verdict-summary"), codes, time: text("verdict-time") };
  });

/** Forgets the verdict, so that the next one is that of what follows. */
const forget = () => browser.run(() => void (document.getElementById("verdict").hidden = true));

async function chosen(...paths) {
  await forget();
  await browser.choose("#files", paths);
  return verdict();
}

test("each sample is valid, and each change of it is refused with a code", async () => {
  const summaries = {
    aggregate: "It shows 64 signatures of one message for slot 1,000,000.",
    merge: "It shows 65 signatures for 2 pairs of slot and message.",
    signature: "The key signed this message for slot 7.",
    program: "The program accepts this public input of 18 elements.",
  };
  let refused = 0;
  for (const [sample, summary] of Object.entries(summaries)) {
    await forget();
    await browser.click(`[data-sample="${sample}"]`);
    const { title, summary: said, codes, time } = await verdict();
    assert.deepEqual([title, said, codes], ["Valid", summary, []], sample);
    assert.match(time, /^[\d.,]+ ms to verify$/);
    await browser.click("#tamper-all");
    const rows = await until(() => {
      const rows = Array.from(document.querySelectorAll("#tampers tr"), (row) =>
        Array.from(row.cells, (cell) => cell.textContent),
      );
      return rows.every(([, , text]) => text.length > 1) ? rows : null;
    });
    for (const [change, , said] of rows) {
      assert.match(said, /^Refused §\d+ [a-z-]+( \(\d+\))?/, `${sample}: ${change}`);
      refused += 1;
    }
  }
  assert.equal(refused, 5 + 5 + 5 + 3);
});

test("files of the user: a list decides, garbage and damage are refused", async () => {
  const own = await chosen(`${samples}block.agg`);
  assert.equal(own.title, "Valid");
  const claims = await browser.run(() => document.getElementById("claims-list").innerText);
  assert.match(claims, /1,000,000/);
  assert.match(claims, /“leanvm aggregate”/);
  await browser.click("#claims-list summary");
  const keys = () => document.querySelectorAll("#claims-list li").length;
  assert.equal(await until(keys), 64);

  const other = join(work, "signers.json");
  const list = { scheme: "leanxmss42", slot: 1, message: "00", public_keys: ["00".repeat(32)] };
  await writeFile(other, JSON.stringify(list));
  const { title, codes } = await chosen(other);
  assert.deepEqual([title, codes], ["Refused", ["§24 proof (8)", "§2 lookup-root (46)"]]);

  const damaged = join(work, "damaged.agg");
  await writeFile(damaged, (await readFile(`${samples}block.agg`)).subarray(0, 50_000));
  const cut = await chosen(damaged);
  assert.deepEqual([cut.title, cut.codes], ["Refused", ["§24 proof (8)", "§2 proof-truncated (40)"]]);

  const garbage = join(work, "garbage");
  await writeFile(garbage, Buffer.from([0, 1, 2, 3]));
  const none = await chosen(garbage);
  assert.deepEqual([none.title, none.codes], ["Cannot be used", ["kind"]]);

  const alone = await chosen(`${samples}merkle_path.proof`);
  assert.deepEqual([alone.title, alone.codes], ["Not verified yet", []]);
  const ran = await chosen(`${programs}merkle_path.lasm`, `${programs}merkle_path.json`);
  assert.equal(ran.title, "Valid");
});

test("the policy is that of the page, holds, and is not violated", async () => {
  const inPage = await browser.run(
    () => document.querySelector("meta[http-equiv='Content-Security-Policy']").content,
  );
  assert.equal(POLICY, `${inPage}; frame-ancestors 'none'`);
  const violations = (await browser.log()).filter(({ message }) => !message.includes("favicon"));
  assert.deepEqual(violations, []);
  const elsewhere = await browser.run(() =>
    fetch("http://127.0.0.1:9/").then(
      () => "sent",
      ({ message }) => message,
    ),
  );
  assert.notEqual(elsewhere, "sent");
  const [{ message }] = await browser.log();
  assert.match(message, /Content Security Policy/);
});

test("what is loaded works without the server", async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  const { title } = await chosen(`${samples}merged.agg`);
  assert.equal(title, "Valid");
});
