// The package in Node: what is accepted, what is refused and how, and that nothing else happens.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const BUILT = pathToFileURL(`${process.env.LEANVM_WASM_BUILT}/`);
const { LeanvmError, load } = await import(new URL("package/node.js", BUILT));
const { changes } = await import(new URL("page/tamper.js", BUILT));
const leanvm = await load();

const root = new URL("../../../", import.meta.url);
const read = async (path) => new Uint8Array(await readFile(new URL(path, root)));
const sample = (name) => read(`clients/wasm/samples/${name}`);
const block = await sample("block.agg");
const merged = await sample("merged.agg");
const signature = await sample("signature.json");
const proof = await sample("merkle_path.proof");
const program = await read("programs/merkle_path.lasm");
const input = await read("programs/merkle_path.json");

/** The list of signers that the command line writes. */
const signersOf = ({ scheme, claims }) => ({
  scheme,
  claims: claims.map(({ slot, message, publicKeys }) => ({
    slot,
    message,
    public_keys: publicKeys,
  })),
});

/** What is thrown, without its text and its time. */
function failure(work) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof LeanvmError, `${error.stack}`);
    assert.ok(error.message.length > 0 && error.name === "LeanvmError");
    const { kind, subject, section, code, number, proof: inner } = error;
    return [kind, subject, section, code, number, inner && [inner.code, inner.number]];
  }
  return "accepted";
}

test("the samples are accepted, by their own claims and by a list", () => {
  const own = leanvm.verifyAggregate(block);
  assert.equal(own.claimsOf, "file");
  assert.equal(own.keys, 64);
  assert.equal(own.claims[0].slot, 1_000_000);
  assert.ok(own.milliseconds > 0);
  const list = signersOf(own);
  list.claims[0].public_keys.reverse();
  for (const form of [list, JSON.stringify(list), new TextEncoder().encode(JSON.stringify(list))]) {
    assert.deepEqual(leanvm.verifyAggregate(block, form).claimsOf, "list");
  }
  const merge = leanvm.verifyAggregate(merged);
  assert.deepEqual(merge.claims.map(({ slot, publicKeys }) => [slot, publicKeys.length]), [
    [7, 1],
    [1_000_000, 64],
  ]);
  assert.equal(leanvm.verifySignature(signature).slot, 7);
  const ran = leanvm.verifyProgram(program, proof, { input });
  assert.deepEqual([ran.parameters, ran.publicElements], ["production", 18]);
});

test("the bytes alone need a list", () => {
  const { claims, scheme, aggregateBytes } = leanvm.inspect(block);
  const bytes = block.slice(block.length - aggregateBytes);
  assert.equal(leanvm.inspect(bytes).form, "bytes");
  assert.equal(leanvm.verifyAggregate(bytes, signersOf({ claims, scheme })).keys, 64);
  assert.deepEqual(failure(() => leanvm.verifyAggregate(bytes)), [
    "unusable", "signers", null, "signers-missing", null, null,
  ]);
});

test("files are told apart", () => {
  const kind = (file) => {
    const { kind: name, merge } = leanvm.inspect(file);
    return merge ? "merge" : name;
  };
  assert.deepEqual(
    [block, merged, signature, proof, program, input].map(kind),
    ["aggregate", "merge", "signature", "proof", "program", "input"],
  );
  const list = new TextEncoder().encode(JSON.stringify(signersOf(leanvm.inspect(block))));
  assert.equal(leanvm.inspect(list).keys, 64);
  assert.equal(leanvm.inspect(proof).proof.logInvRate, 4);
});

test("each change of the page is refused", () => {
  const parameters = "production";
  const subjects = {
    aggregate: { bytes: block, claims: leanvm.verifyAggregate(block).claims },
    merge: { bytes: merged, claims: leanvm.verifyAggregate(merged).claims },
    signature: { bytes: signature },
    proof: { bytes: proof, program, input, parameters },
  };
  const seen = {};
  for (const [name, subject] of Object.entries(subjects)) {
    const all = changes({ ...subject, inspection: leanvm.inspect(subject.bytes) });
    seen[name] = all.map(({ id }) => id).join(" ");
    for (const { id, change } of all) {
      const { method, parameters: given } = change();
      const [kind, , , code, , inner] = failure(() => leanvm[method](...given));
      assert.equal(kind, "rejected", `${name} ${id}: ${code}`);
      if (["aggregate", "merge"].includes(name) && ["key", "slot", "message"].includes(id)) {
        assert.deepEqual([code, inner], ["proof", ["lookup-root", 46]], `${name} ${id}`);
      }
    }
  }
  const ofClaims = "proof key slot message truncation";
  assert.deepEqual(seen, {
    aggregate: ofClaims,
    merge: ofClaims,
    signature: "signature key slot message truncation",
    proof: "proof input truncation",
  });
});

test("garbage is an error with a code, of each argument", () => {
  const bytes = (...list) => new Uint8Array(list);
  const text = (value) => new TextEncoder().encode(value);
  const list = signersOf(leanvm.inspect(block));
  const aggregate = (file, signers) => failure(() => leanvm.verifyAggregate(file, signers));
  const unusable = (subject, code) => ["unusable", subject, null, code, null, null];
  const refused = (subject, section, code, number, inner = null) =>
    ["rejected", subject, section, code, number, inner];

  assert.deepEqual(aggregate(bytes(), list), refused("aggregate", 26, "truncated", 1));
  assert.deepEqual(aggregate(bytes(2, 42), list), refused("aggregate", 24, "version", 3));
  assert.deepEqual(aggregate(bytes(1, 99), list), refused("aggregate", 26, "scheme", 4));
  assert.deepEqual(aggregate(bytes(1, 44, 1), list), refused("aggregate", 26, "file-truncated", 14));
  assert.deepEqual(
    aggregate(new Uint8Array(2 ** 19 + 1).fill(1), list),
    refused("aggregate", 26, "too-long", 2),
  );
  assert.deepEqual(
    aggregate(bytes(1, 42, 7), list),
    refused("aggregate", 24, "proof", 8, ["proof-truncated", 40]),
  );
  const none = { ...list, claims: [] };
  assert.deepEqual(aggregate(block, none), refused("signers", 24, "no-claims", 9));
  const twice = { ...list, claims: [...list.claims, ...list.claims] };
  assert.deepEqual(aggregate(block, twice), refused("signers", 24, "claim-count", 13));
  assert.deepEqual(aggregate(merged, twice), refused("signers", 26, "duplicate-claim", 11));

  for (const signers of ["", "{", "[1]", "{}", "\u0000", "{\"scheme\":\"leanxmss42\"}", [], 7 + ""]) {
    assert.deepEqual(aggregate(block, signers), unusable("signers", "json"), signers);
  }
  const other = (change) => ({ ...list, claims: [{ ...list.claims[0], ...change }] });
  for (const [signers, code] of [
    [{ ...list, scheme: "rsa" }, "scheme"],
    [{ ...list, more: 1 }, "json"],
    [other({ slot: -1 }), "json"],
    [other({ slot: 2 ** 32 }), "json"],
    [other({ message: "0" }), "digits"],
    [other({ public_keys: ["xy"] }), "digits"],
    [other({ public_keys: ["00"] }), "field"],
    [other({ public_keys: ["ff".repeat(32)] }), "field"],
  ]) {
    assert.deepEqual(aggregate(block, signers), unusable("signers", code), JSON.stringify(signers));
  }

  const record = JSON.parse(new TextDecoder().decode(signature));
  const signed = (change) => failure(() => leanvm.verifySignature(change));
  for (const [change, expected] of [
    ["garbage", unusable("signature", "json")],
    [{ ...record, scheme: "rsa" }, unusable("signature", "scheme")],
    [{ ...record, signature: "0" }, unusable("signature", "digits")],
    [{ ...record, signature: "" }, refused("signature", 22, "malformed", 1)],
    [{ ...record, public_key: "ff".repeat(32) }, refused("signature", 22, "element-not-canonical", 2)],
    [{ ...record, slot: 8 }, refused("signature", 22, "target-sum", 4)],
  ]) {
    // Another slot may miss the target sum or reach a limb of p - 1, never a root.
    assert.deepEqual(signed(change), expected, JSON.stringify(change).slice(0, 80));
  }

  const ran = (code, bytes_, options) => failure(() => leanvm.verifyProgram(code, bytes_, options));
  const rejection = (subject, code, number) =>
    refused(subject, 2, code, number, [code, number]);
  assert.deepEqual(ran(text("LVM1"), proof), rejection("program", "program-truncated", 1));
  assert.deepEqual(ran("what is this", proof), rejection("program", "assembly-syntax", 13));
  assert.deepEqual(ran(bytes(0xff, 0xfe), proof), rejection("program", "program-truncated", 1));
  assert.deepEqual(ran(program, bytes(), { input }), rejection("proof", "proof-truncated", 40));
  assert.deepEqual(
    ran(program, new Uint8Array(4096), { input }),
    rejection("proof", "proof-magic", 42),
  );
  assert.deepEqual(ran(program, proof, { input: "{" }), unusable("input", "json"));
  assert.deepEqual(ran(program, proof, { input: { public: [-1] } }), unusable("input", "json"));
  const large = Array(8).fill(2 ** 31);
  assert.deepEqual(
    ran(program, proof, { input: { public: large } }),
    rejection("proof", "element-not-canonical", 8),
  );
  assert.deepEqual(ran(program, proof, { input, parameters: "x" }), unusable("proof", "parameter-set"));
  assert.deepEqual(
    ran(program, proof, { input, parameters: "small" }),
    rejection("proof", "parameters", 43),
  );

  for (const file of [bytes(), bytes(0, 1, 2), "", "{}", "[]", text("\u0001\u0002"), "1234"]) {
    assert.deepEqual(failure(() => leanvm.inspect(file)), unusable("file", "kind"), `${file}`);
  }
  assert.deepEqual(failure(() => leanvm.inspect("{")), unusable("file", "json"));
  assert.deepEqual(
    failure(() => leanvm.inspect(bytes(1, 44))),
    refused("aggregate", 26, "file-truncated", 14),
  );
});

test("arguments of another type are errors too", () => {
  const looped = {};
  looped.again = looped;
  for (const [subject, work] of [
    ["file", () => leanvm.inspect()],
    ["file", () => leanvm.inspect(7)],
    ["aggregate", () => leanvm.verifyAggregate("text")],
    ["aggregate", () => leanvm.verifyAggregate([1, 42])],
    ["signers", () => leanvm.verifyAggregate(block, 7)],
    ["signers", () => leanvm.verifyAggregate(block, looped)],
    ["signature", () => leanvm.verifySignature(null)],
    ["program", () => leanvm.verifyProgram({}, proof)],
    ["proof", () => leanvm.verifyProgram(program, "text")],
    ["proof", () => leanvm.verifyProgram(program, proof, { parameters: 3 })],
    ["input", () => leanvm.verifyProgram(program, proof, { input: 3n })],
  ]) {
    assert.deepEqual(failure(work), ["unusable", subject, null, "argument", null, null], `${work}`);
  }
});

test("random bytes behind each beginning never panic", () => {
  // A generator of its own, so that a failure can be repeated.
  let state = 12345;
  const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  const known = ["rejected", "unusable"];
  const list = signersOf(leanvm.inspect(block));
  const [program_, proof_] = ["LVM1", "LMP1"].map((magic) => [...Buffer.from(magic)]);
  const heads = [[], [1, 42], [1, 43], [1, 44, 1, 0, 0, 0], [1, 64], program_, proof_];
  let rounds = 0;
  for (const head of heads) {
    for (let round = 0; round < 40; round += 1) {
      const rest = Array.from({ length: random() % 600 }, () => random() & 255);
      const file = new Uint8Array([...head, ...rest]);
      // What looks like an aggregate, is one until it is verified.
      const looked = failure(() => leanvm.inspect(file));
      assert.ok(looked === "accepted" || known.includes(looked[0]), `${looked} ${file}`);
      for (const work of [
        () => leanvm.verifyAggregate(file),
        () => leanvm.verifyAggregate(file, list),
        () => leanvm.verifySignature(file),
        () => leanvm.verifyProgram(file, proof, { input }),
        () => leanvm.verifyProgram(program, file, { input }),
      ]) {
        const [kind] = failure(work);
        assert.ok(known.includes(kind), `${work} ${kind} ${file}`);
        rounds += 1;
      }
    }
  }
  assert.equal(rounds, 1400);
});

test("a panic, or an exception of the host, is an error, and the next call works", async () => {
  const bindings = await import(new URL("package/leanvm_wasm.js", BUILT));
  assert.throws(() => bindings.panicForTest(), /asked for by a test/);
  bindings.__wbg_reset_state();
  assert.equal(leanvm.verifySignature(signature).slot, 7);
  const { now } = performance;
  Object.defineProperty(performance, "now", {
    configurable: true,
    value() {
      throw new Error("no clock");
    },
  });
  const failed = failure(() => leanvm.verifySignature(signature));
  Object.defineProperty(performance, "now", { configurable: true, value: now });
  assert.deepEqual(failed, ["internal", null, null, "internal", null, null]);
  assert.equal(leanvm.verifyAggregate(block).keys, 64);
});

test("the types name every field of what is returned", async () => {
  const types = await readFile(new URL("package/index.d.ts", BUILT), "utf8");
  const results = [
    leanvm.verifyAggregate(block),
    leanvm.verifySignature(signature),
    leanvm.verifyProgram(program, proof, { input }),
    ...[block, merged, signature, proof, program, input].map((file) => leanvm.inspect(file)),
  ];
  const names = (value) =>
    Array.isArray(value)
      ? value.flatMap(names)
      : value && typeof value === "object"
        ? Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)])
        : [];
  const seen = new Set(names(results));
  assert.ok(seen.size > 25, `${seen.size}`);
  for (const name of seen) assert.match(types, new RegExp(`\\b${name}\\??:`), name);
});

test("the example of the README runs, as a package that is installed", async () => {
  const readme = await readFile(new URL("package/README.md", BUILT), "utf8");
  const [, example] = /```js\n(.*?)```/s.exec(readme);
  const folder = await mkdtemp(join(tmpdir(), "leanvm-example-"));
  try {
    await mkdir(join(folder, "node_modules"));
    const installed = join(folder, "node_modules", "leanvm-verifier");
    await symlink(fileURLToPath(new URL("package", BUILT)), installed);
    await writeFile(join(folder, "example.mjs"), example);
    await writeFile(join(folder, "block.agg"), block);
    const inspected = leanvm.inspect(block);
    const list = signersOf(inspected);
    const run = async (signers) => {
      await writeFile(join(folder, "signers.json"), JSON.stringify(signers));
      const script = join(folder, "example.mjs");
      const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: folder });
      return stdout;
    };
    const first = `${inspected.bytes} bytes, 64 keys, slot 1000000\n`;
    assert.match(await run(list), new RegExp(`^${first}valid, after \\d+ ms\n$`));
    list.claims[0].slot = 5;
    assert.equal(await run(list), `${first}not valid: proof (8) lookup-root\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
