// Changes to what is verified, one thing at a time. Each is for the verifier to refuse.

/** The modulus p = 2^31 - 2^24 + 1. */
const MODULUS = 2130706433;

const below = (number) => Math.floor(Math.random() * number);
const hex = (byte) => `0x${byte.toString(16).padStart(2, "0")}`;
const number = (value) => value.toLocaleString("en");

/**
 * Hexadecimal digits with the lowest bit of a random byte the other way. Of words it is the lowest
 * byte, so that a word stays below p.
 */
function otherDigits(digits, wordBytes) {
  if (digits.length === 0) return { digits: "00", what: "there is a byte more" };
  const at = wordBytes * below(digits.length / (2 * wordBytes));
  const before = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  const after = (before ^ 1).toString(16).padStart(2, "0");
  return {
    digits: digits.slice(0, 2 * at) + after + digits.slice(2 * at + 2),
    what: `byte ${number(at + 1)} of ${number(digits.length / 2)}, ${hex(before)}, is now 0x${after}`,
  };
}

/** Bytes with one bit of one of the last `length`, the other way. */
function otherByte(bytes, length) {
  const changed = bytes.slice();
  const at = bytes.length - length + below(length);
  changed[at] ^= 1 << below(8);
  const place = `Byte ${number(at + 1)} of ${number(bytes.length)}`;
  const what = `${place}, ${hex(bytes[at])}, is now ${hex(changed[at])}`;
  return { changed, what };
}

/** Bytes without the last ones. */
function shorter(bytes) {
  const cut = Math.min(1024, Math.ceil(bytes.length / 2));
  return {
    changed: bytes.slice(0, bytes.length - cut),
    what: `The last ${number(cut)} bytes are cut off`,
  };
}

/** Another slot. */
const otherSlot = (slot) => (slot === 2 ** 32 - 1 ? slot - 1 : slot + 1);

/** The list of signers of claims. */
export function signersOf(scheme, claims) {
  if (scheme === "leansig-dim64") {
    return {
      scheme,
      claims: claims.map(({ slot, message, publicKeys: [public_key] }) => ({
        public_key,
        slot,
        message,
      })),
    };
  }
  return {
    scheme,
    claims: claims.map(({ slot, message, publicKeys }) => ({
      slot,
      message,
      public_keys: publicKeys,
    })),
  };
}

/** Claims with another one in the place of a random one. */
function otherClaims(claims, change) {
  const at = below(claims.length);
  const changed = claims.slice();
  changed[at] = { ...claims[at], ...change(claims[at]) };
  return changed;
}

/** The changes to an aggregate or a merge, which is verified by `claims`. */
function ofAggregate({ bytes, inspection: { aggregateBytes, scheme }, claims }) {
  /** Which claim is meant, where there are several. */
  const of = (slot) => (claims.length > 1 ? ` of slot ${number(slot)}` : "");
  const verify = (file, list) => ({
    method: "verifyAggregate",
    parameters: [file, signersOf(scheme, list)],
  });
  return {
    proof() {
      // Version and kind come before the proof.
      const { changed, what } = otherByte(bytes, aggregateBytes - 2);
      return { what, ...verify(changed, claims) };
    },
    key() {
      let what;
      const changed = otherClaims(claims, ({ slot, publicKeys }) => {
        const at = below(publicKeys.length);
        const keys = publicKeys.slice();
        const other = otherDigits(keys[at], 4);
        keys[at] = other.digits;
        what = `Key ${number(at + 1)} of ${number(keys.length)}${of(slot)}: ${other.what}`;
        return { publicKeys: keys };
      });
      return { what, ...verify(bytes, changed) };
    },
    slot() {
      let what;
      const changed = otherClaims(claims, ({ slot }) => {
        const other = otherSlot(slot);
        what = `Slot ${number(slot)} is now ${number(other)}`;
        return { slot: other };
      });
      return { what, ...verify(bytes, changed) };
    },
    message() {
      let what;
      const changed = otherClaims(claims, ({ slot, message }) => {
        const other = otherDigits(message, 1);
        what = `Message${of(slot)}: ${other.what}`;
        return { message: other.digits };
      });
      return { what, ...verify(bytes, changed) };
    },
    truncation() {
      const { changed, what } = shorter(bytes);
      return { what, ...verify(changed, claims) };
    },
  };
}

/** The changes to a signature. */
function ofSignature({ bytes }) {
  const record = JSON.parse(new TextDecoder().decode(bytes));
  const verify = (change) => ({
    method: "verifySignature",
    parameters: [{ ...record, ...change }],
  });
  const digits = (field, name, wordBytes) => () => {
    const other = otherDigits(record[field], wordBytes);
    return { what: `${name}: ${other.what}`, ...verify({ [field]: other.digits }) };
  };
  return {
    signature: digits("signature", "Signature", 4),
    key: digits("public_key", "Key", 4),
    slot() {
      const other = otherSlot(record.slot);
      const what = `Slot ${number(record.slot)} is now ${number(other)}`;
      return { what, ...verify({ slot: other }) };
    },
    message: digits("message", "Message", 1),
    truncation: () => ({
      what: "The last 4 bytes of the signature are cut off",
      ...verify({ signature: record.signature.slice(0, -8) }),
    }),
  };
}

/** The changes to a program proof. */
function ofProof({ bytes, program, input, parameters }) {
  const verify = (proof, changedInput) => ({
    method: "verifyProgram",
    parameters: [program, proof, { input: changedInput ?? input, parameters }],
  });
  return {
    proof() {
      const { changed, what } = otherByte(bytes, bytes.length);
      return { what, ...verify(changed) };
    },
    input() {
      const list = input ? (JSON.parse(new TextDecoder().decode(input)).public ?? []) : [];
      if (list.length === 0) {
        return { what: "There is an element more", ...verify(bytes, { public: [1] }) };
      }
      const at = below(list.length);
      const other = (list[at] + 1) % MODULUS;
      const what = `Element ${number(at + 1)}: ${number(list[at])} is now ${number(other)}`;
      const changed = list.map((element, index) => (index === at ? other : element));
      return { what, ...verify(bytes, { public: changed }) };
    },
    truncation() {
      const { changed, what } = shorter(bytes);
      return { what, ...verify(changed) };
    },
  };
}

const TITLES = {
  proof: "A byte of the proof",
  signature: "A byte of it",
  key: "A key",
  slot: "The slot",
  message: "The message",
  input: "The public input",
  truncation: "Cut it short",
};

/** The changes to something verified: `{id, title, change}`; `change()` says what to verify. */
export function changes(subject) {
  const of = { aggregate: ofAggregate, signature: ofSignature, proof: ofProof };
  const all = of[subject.inspection.kind](subject);
  return Object.entries(all).map(([id, change]) => ({ id, title: TITLES[id], change }));
}
