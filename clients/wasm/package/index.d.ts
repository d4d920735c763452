/** Bytes of a file. */
export type Bytes = Uint8Array | ArrayBuffer;
/** JSON: its text, the bytes of that, or the value. */
export type Json = Bytes | string | object;

/** The name of a signature scheme: SPEC.md sections 22 and 23. */
export type Scheme = "leanxmss42" | "leansig-dim64";
/** The name of a parameter set. Only `production` has security. */
export type Parameters = "production" | "small" | "tiny";

/** That keys have signed a message for a slot. */
export interface Claim {
  slot: number;
  /** The bytes of the message, in hexadecimal digits. */
  message: string;
  /** The encodings of the keys, in hexadecimal digits. */
  publicKeys: string[];
}

/** What the header of a proof announces. */
export interface Announced {
  parameters: Parameters;
  /** The rate is 2^-logInvRate. */
  logInvRate: number;
  /** Rows of each table that has any, but for that of the program. */
  rows: { table: string; rows: number }[];
}

/** What a file is and claims; none of it is verified. */
export type Inspection =
  | {
      kind: "aggregate";
      /** Whether it is a merge, which may have several claims. */
      merge: boolean;
      /** Whether its claims are in the file, or with the verifier alone. */
      form: "file" | "bytes";
      scheme: Scheme;
      /** Bytes of the file. */
      bytes: number;
      /** Bytes of the aggregate alone. */
      aggregateBytes: number;
      claims: Claim[] | null;
      /** Keys of all claims. */
      keys: number | null;
      /** What the proof announces, if it has a header. */
      proof: Announced | null;
    }
  | { kind: "proof"; bytes: number; proof: Announced }
  | {
      kind: "signature";
      bytes: number;
      scheme: Scheme;
      slot: number;
      message: string;
      publicKey: string;
      signatureBytes: number;
    }
  | { kind: "signers"; bytes: number; scheme: Scheme; claims: Claim[]; keys: number }
  | {
      kind: "program";
      bytes: number;
      /** Whether it is assembly text. */
      assembly: boolean;
      instructions: number;
      hints: number;
      /** What a proof is of: eight words. */
      digest: number[];
    }
  | { kind: "input"; bytes: number; public: number[] };

/** An aggregate or a merge that shows its claims. */
export interface AcceptedAggregate {
  /** Who chose the claims: the caller's list, or the file. Then they are to be compared. */
  claimsOf: "list" | "file";
  scheme: Scheme;
  claims: Claim[];
  /** Keys of all claims. */
  keys: number;
  /** Bytes of the aggregate alone. */
  aggregateBytes: number;
  /** Permutations of width 16 and of width 24 that verifying took. */
  permutations: [number, number];
  /** The time that verifying took. */
  milliseconds: number;
}

/** A signature that verifies. */
export interface AcceptedSignature {
  scheme: Scheme;
  slot: number;
  message: string;
  publicKey: string;
  milliseconds: number;
}

/** A proof that a program accepts a public input. */
export interface AcceptedProof {
  parameters: Parameters;
  publicElements: number;
  memoryCells: number;
  permutations: [number, number];
  milliseconds: number;
}

/** Why something is not accepted: every function throws this and nothing else. */
export class LeanvmError extends Error {
  name: "LeanvmError";
  /**
   * `rejected`: a rule of SPEC.md refuses it. `unusable`: it cannot be read, and SPEC.md does not
   * speak of it. `internal`: a defect of this library.
   */
  kind: "rejected" | "unusable" | "internal";
  /** What it is about. */
  subject:
    | "file"
    | "aggregate"
    | "signers"
    | "signature"
    | "program"
    | "proof"
    | "input"
    | null;
  /** The section of SPEC.md that has the code. */
  section: number | null;
  /**
   * Of a rejection its name in SPEC.md, `proof` or `duplicate-key`; otherwise `argument`, `json`,
   * `digits`, `field`, `scheme`, `length`, `kind`, `signers-missing`, `parameter-set`, `internal`.
   */
  code: string;
  /** Of a rejection its number, where its section has numbers. */
  number: number | null;
  /** Where a proof is refused: the rejection of SPEC.md, section 2. */
  proof: { code: string; number: number; detail: string } | null;
  /** The time that verifying took until it was refused. */
  milliseconds: number | null;
  cause?: unknown;
}

/** The verifier. */
export interface Verifier {
  /**
   * What a file is, and what it claims: an aggregate, a merge, a program proof, a signature, a list
   * of signers, a program or an input. Nothing is verified.
   */
  inspect(file: Bytes | string): Inspection;
  /**
   * Verifies an aggregate or a merge. The list of signers decides, in the form that `leanvm
   * aggregate --signers` writes. Without one the claims of the file are verified, which whoever
   * made it chose.
   */
  verifyAggregate(aggregate: Bytes, signers?: Json | null): AcceptedAggregate;
  /** Verifies a signature with its key, slot and message, as `leanvm xmss sign` writes it. */
  verifySignature(signature: Json): AcceptedSignature;
  /**
   * Verifies that a program, binary or assembly text, accepts the `public` of an input, which is
   * empty if it is left out. The proof must be of the parameter set, by default `production`.
   */
  verifyProgram(
    program: Bytes | string,
    proof: Bytes,
    options?: { input?: Json | null; parameters?: Parameters },
  ): AcceptedProof;
}

/**
 * Loads the verifier, once. The WebAssembly is beside this file; a bundler that does not find it
 * there is told by `source`: its address, a response, its bytes, or the compiled module.
 */
export function load(
  source?: URL | string | Response | BufferSource | WebAssembly.Module,
): Promise<Verifier>;
