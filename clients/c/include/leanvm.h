/*
 * leanVM for C: keys, signatures, aggregates of signatures, merges of aggregates, verification.
 *
 * Made by cbindgen from clients/c/src. clients/c/README.md has an example and the flags to link.
 *
 * Each function, but those that cannot fail, returns a leanvm_status; leanvm_last_error has the
 * message of the last failure on this thread. Functions may be called at any time, from any thread,
 * several at once on one handle, and there is nothing to set up. None unwinds, ends the process or
 * calls back.
 *
 * Pointers. A pointer with a length is to as many elements, which are valid, and which nobody else
 * writes, until the call returns; it may be null where the length is 0. Another pointer is null
 * only where it is said. Alignment does not matter, and arguments may overlap. The library keeps no
 * pointer, frees no memory of the caller and gives out none to free.
 *
 * Buffers. A function that fills a buffer takes (buffer, capacity, length) and tells the length
 * that is needed in *length, unless length is null. With buffer null and capacity 0 it tells the
 * length alone. A buffer that is too small stays as it is, and nothing is done.
 *
 * Handles are numbers that are never used again: one that is freed twice, used after it was freed,
 * or of another kind is LEANVM_STATUS_INVALID_HANDLE. One that is all zero is none, which may be
 * freed; a function that makes a handle and fails writes that. A call that uses a handle while
 * another thread frees it goes on to its end.
 */

#ifndef LEANVM_H
#define LEANVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The default options. */
#define LEANVM_OPTIONS_INIT { sizeof(leanvm_options), 0, 0, 0, 0, 0, 0, { 0 } }

/**
 * The version of this interface: a greater one adds, and takes nothing away.
 */
#define LEANVM_ABI_VERSION 1

/**
 * Bytes of a public key.
 */
#define LEANVM_PUBLIC_KEY_BYTES 32

/**
 * Bytes of a message.
 */
#define LEANVM_MESSAGE_BYTES 32

/**
 * Bytes of a signature.
 */
#define LEANVM_SIGNATURE_BYTES 1208

/**
 * Most children of a merge.
 */
#define LEANVM_MAX_CHILDREN 16

/**
 * Most claims of an aggregate.
 */
#define LEANVM_MAX_CLAIMS 256

/**
 * What a call returns. Later versions may add numbers, and give none another meaning.
 */
typedef enum {
  /**
   * Done.
   */
  LEANVM_STATUS_OK = 0,
  /**
   * A null pointer, a length that does not fit, a path that is not UTF-8, an option of unknown
   * value, an entry that stands in a list twice.
   */
  LEANVM_STATUS_INVALID_ARGUMENT = 1,
  /**
   * A handle that was never made, is freed already, or is of another kind.
   */
  LEANVM_STATUS_INVALID_HANDLE = 2,
  /**
   * The buffer is too small. Nothing is written but the length that is needed, nothing is done.
   */
  LEANVM_STATUS_BUFFER_TOO_SMALL = 3,
  /**
   * Bytes are not the encoding of what they should be.
   */
  LEANVM_STATUS_MALFORMED = 4,
  /**
   * A number is beyond what there is: slots, signatures, keys, claims, an index, a rate.
   */
  LEANVM_STATUS_OUT_OF_RANGE = 5,
  /**
   * The key or its file refuses: the slot is used, the file is locked, open to others, older
   * than its record, there already.
   */
  LEANVM_STATUS_REFUSED = 6,
  /**
   * A signature or an aggregate does not show what it should.
   */
  LEANVM_STATUS_NOT_VALID = 7,
  /**
   * The cancel handle of the options is set.
   */
  LEANVM_STATUS_CANCELLED = 8,
  /**
   * The deadline or the limit of memory of the options is reached.
   */
  LEANVM_STATUS_LIMIT = 9,
  /**
   * The system refuses a file, a thread or random bytes.
   */
  LEANVM_STATUS_SYSTEM = 10,
  /**
   * A defect of the library. The process is as before the call, but for the key of a call that
   * signs: open its file again.
   */
  LEANVM_STATUS_INTERNAL = 11,
} leanvm_status;

/**
 * That each of some keys has signed a message for a slot.
 */
typedef struct {
  /**
   * The slot.
   */
  uint32_t slot;
  /**
   * The message.
   */
  uint8_t message[32];
  /**
   * The public keys, one after another, in any order.
   */
  const uint8_t *keys;
  /**
   * Bytes of all keys: 32 for each.
   */
  size_t keys_len;
} leanvm_claim;

/**
 * A secret key. All zero is none.
 */
typedef struct {
  /**
   * Not for the caller.
   */
  uint64_t id;
} leanvm_key;

/**
 * A flag by which another thread cancels work. All zero is none.
 */
typedef struct {
  /**
   * Not for the caller.
   */
  uint64_t id;
} leanvm_cancel;

/**
 * How to aggregate and merge. Begin with `LEANVM_OPTIONS_INIT`, which is the defaults. The struct
 * may grow: `struct_size` tells the library which version of it the caller was compiled with.
 */
typedef struct {
  /**
   * `sizeof(leanvm_options)`.
   */
  size_t struct_size;
  /**
   * 1 to 4: 1 is fastest, 4 gives the smallest aggregates. 0 is 1.
   */
  uint32_t log_inv_rate;
  /**
   * Number of threads, of which no more are used than the machine runs at a time. 0: those that
   * all calls share.
   */
  uint32_t threads;
  /**
   * 1 to go on without signatures that are not valid, or not the first of their key; 0 to refuse
   * them. For signatures alone.
   */
  uint32_t skip_invalid;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * Milliseconds from the call on, after which the work is given up. 0: as long as it takes.
   */
  uint64_t deadline_ms;
  /**
   * Most bytes that the work may need, by an estimate. 0: any. For signatures alone.
   */
  uint64_t memory_limit;
  /**
   * A flag by which another thread cancels the work, or none.
   */
  leanvm_cancel cancel;
} leanvm_options;

/**
 * An aggregate of signatures or a merge, with the claims that it states. All zero is none.
 */
typedef struct {
  /**
   * Not for the caller.
   */
  uint64_t id;
} leanvm_aggregate;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the interface that the library has, to compare with `LEANVM_ABI_VERSION`, which
 * is that of the header.
 */
uint32_t leanvm_abi_version(void);

/**
 * The version of the library, as "0.1.0". It is static.
 */
const char *leanvm_version(void);

/**
 * Tells the allocator of the process, if it is that of glibc, to give freed blocks back to the
 * system at once. The library frees all that it takes, but glibc keeps tens of MiB after large
 * work. This changes the allocator for the whole process, so it is left to the caller, who may
 * never call it; it costs a few per cent of time. `LEANVM_STATUS_REFUSED` with another allocator.
 */
leanvm_status leanvm_give_back_memory(void);

/**
 * The message of the last call on this thread that did not return `LEANVM_STATUS_OK`, in UTF-8
 * with a terminating zero. It stays until the next such call, whatever succeeds between. This
 * function leaves it as it is.
 *
 * `length` counts the terminating zero. Of a message that does not fit the beginning is written,
 * with a terminating zero, and `LEANVM_STATUS_BUFFER_TOO_SMALL` is returned.
 */
leanvm_status leanvm_last_error(char *buffer, size_t capacity, size_t *length);

/**
 * The name of a status, "ok" or "malformed"; "unknown" for a number that is none. It is static.
 */
const char *leanvm_status_name(int status);

/**
 * The message, of `LEANVM_MESSAGE_BYTES`, that stands for any bytes, fewer than 2^25: a hash of
 * them. What is signed is a message; a hash or a root of another kind is bytes like any other.
 */
leanvm_status leanvm_message_of_bytes(const uint8_t *bytes,
                                      size_t bytes_len,
                                      uint8_t *buffer,
                                      size_t capacity,
                                      size_t *length);

/**
 * Verifies a signature of a message for a slot. `LEANVM_STATUS_NOT_VALID` if it is not one.
 */
leanvm_status leanvm_verify_signature(const uint8_t *public_key,
                                      size_t public_key_len,
                                      uint32_t slot,
                                      const uint8_t *message,
                                      size_t message_len,
                                      const uint8_t *signature,
                                      size_t signature_len);

/**
 * Verifies that each key of each claim has signed the message of its claim for the slot of its
 * claim: the bytes are an aggregate of signatures, of one claim, or a merge. If they do not show
 * that, it is `LEANVM_STATUS_NOT_VALID`. Neither the order of the claims nor that of the keys
 * matters. It needs no handle, no other thread, and 64 KiB of stack.
 */
leanvm_status leanvm_verify(const leanvm_claim *claims,
                            size_t claims_len,
                            const uint8_t *bytes,
                            size_t bytes_len);

/**
 * Makes a key that signs for the slots `first` to `first + count - 1`, at most 2^26 of them, in
 * time and memory in proportion to `count`. It is in memory alone and never leaves it: what it has
 * signed is known to this handle, and when the handle is freed, the key is gone.
 */
leanvm_status leanvm_key_generate(uint64_t first, uint64_t count, leanvm_key *key);

/**
 * As `leanvm_key_generate`, in a new file. Beside the file there is a second one, `.lock`, that
 * belongs to it: never copy both. The file is locked for others until the handle is freed.
 */
leanvm_status leanvm_key_create(const char *path, uint64_t first, uint64_t count, leanvm_key *key);

/**
 * Opens a key file for signing. `LEANVM_STATUS_REFUSED` where it could sign for a slot twice: it
 * is open elsewhere, or older than its record.
 */
leanvm_status leanvm_key_open(const char *path, leanvm_key *key);

/**
 * Opens a key file that is older than its record or has none, as after a restored backup. All
 * slots below `skip_to` count as used from now on. The caller knows that the key has not signed
 * for `skip_to` and later slots.
 */
leanvm_status leanvm_key_recover(const char *path, uint64_t skip_to, leanvm_key *key);

/**
 * The public key, of `LEANVM_PUBLIC_KEY_BYTES`.
 */
leanvm_status leanvm_key_public(leanvm_key key, uint8_t *buffer, size_t capacity, size_t *length);

/**
 * The first and the last slot that the key may sign for.
 */
leanvm_status leanvm_key_slots(leanvm_key key, uint32_t *first, uint32_t *last);

/**
 * Whether the key has signed for a slot, or counts it as used.
 */
leanvm_status leanvm_key_is_used(leanvm_key key, uint32_t slot, bool *used);

/**
 * Signs a message for a slot, in `LEANVM_SIGNATURE_BYTES`. A key of a file records slot and
 * message on the disk before the signature is written to the buffer. The same message may be
 * signed again, another one is `LEANVM_STATUS_REFUSED`. Asking for the length, or a buffer that is
 * too small, signs nothing and uses no slot.
 */
leanvm_status leanvm_key_sign(leanvm_key key,
                              uint32_t slot,
                              const uint8_t *message,
                              size_t message_len,
                              uint8_t *buffer,
                              size_t capacity,
                              size_t *length);

/**
 * Frees a key: its secret is overwritten, its file is unlocked.
 */
leanvm_status leanvm_key_free(leanvm_key key);

/**
 * Makes a flag for the options of work that another thread may cancel. It is not set.
 */
leanvm_status leanvm_cancel_new(leanvm_cancel *cancel);

/**
 * Sets a flag, for good: all work that has it in its options returns `LEANVM_STATUS_CANCELLED`
 * when it next looks, between signatures and between phases.
 */
leanvm_status leanvm_cancel_set(leanvm_cancel cancel);

/**
 * Frees a flag. Work that has it goes on as if it had none, if it is not set.
 */
leanvm_status leanvm_cancel_free(leanvm_cancel cancel);

/**
 * Makes one proof of many signatures of one message for one slot. `keys` is the public keys one
 * after another, `signatures` their signatures in the same order. The order does not matter for
 * the bytes that come out. `options` may be null.
 *
 * `LEANVM_STATUS_NOT_VALID` names all signatures that are not valid; with `skip_invalid` they are
 * left out, as are later ones of one key, and `leanvm_aggregate_skipped` names them.
 */
leanvm_status leanvm_aggregate_signatures(uint32_t slot,
                                          const uint8_t *message,
                                          size_t message_len,
                                          const uint8_t *keys,
                                          size_t keys_len,
                                          const uint8_t *signatures,
                                          size_t signatures_len,
                                          const leanvm_options *options,
                                          leanvm_aggregate *aggregate);

/**
 * Makes one proof of the claims of 1 to `LEANVM_MAX_CHILDREN` aggregates, each of either kind,
 * which are verified first and stay as they are. Claims of one slot and message become one. Where
 * `keep` is null and `keep_len` 0, all claims are kept; else those of this list, each with any of
 * the keys that the children show. `options` may be null.
 */
leanvm_status leanvm_merge(const leanvm_aggregate *children,
                           size_t children_len,
                           const leanvm_claim *keep,
                           size_t keep_len,
                           const leanvm_options *options,
                           leanvm_aggregate *aggregate);

/**
 * Reads an aggregate of either kind. The bytes do not have the claims in them: those are what the
 * caller says they state, and nothing is verified here; `leanvm_aggregate_verify` and
 * `leanvm_merge` do that.
 */
leanvm_status leanvm_aggregate_from_bytes(const uint8_t *bytes,
                                          size_t bytes_len,
                                          const leanvm_claim *claims,
                                          size_t claims_len,
                                          leanvm_aggregate *aggregate);

/**
 * Reads an aggregate file, as the command `leanvm` writes it: the claims are in it. Nothing is
 * verified here.
 */
leanvm_status leanvm_aggregate_from_file(const uint8_t *bytes,
                                         size_t bytes_len,
                                         leanvm_aggregate *aggregate);

/**
 * The bytes of an aggregate, without its claims.
 */
leanvm_status leanvm_aggregate_to_bytes(leanvm_aggregate aggregate,
                                        uint8_t *buffer,
                                        size_t capacity,
                                        size_t *length);

/**
 * Verifies an aggregate: that it shows the claims of its handle. A verifier that has claims and
 * bytes calls `leanvm_verify`.
 */
leanvm_status leanvm_aggregate_verify(leanvm_aggregate aggregate);

/**
 * The number of claims of an aggregate.
 */
leanvm_status leanvm_aggregate_claims(leanvm_aggregate aggregate, size_t *count);

/**
 * A claim of an aggregate, by rising slot, then message: slot and message are written to `claim`,
 * the public keys, in rising order, to the buffer. `claim` then points to the buffer, and is a
 * claim for other functions as long as the buffer lives. Where only the length is asked for,
 * `claim` has no keys.
 */
leanvm_status leanvm_aggregate_claim(leanvm_aggregate aggregate,
                                     size_t index,
                                     leanvm_claim *claim,
                                     uint8_t *buffer,
                                     size_t capacity,
                                     size_t *length);

/**
 * The indices of the signatures that `leanvm_aggregate_signatures` was given and left out, by
 * rising index; none without `skip_invalid`. `capacity` and `length` count indices.
 */
leanvm_status leanvm_aggregate_skipped(leanvm_aggregate aggregate,
                                       size_t *buffer,
                                       size_t capacity,
                                       size_t *length);

/**
 * Frees an aggregate.
 */
leanvm_status leanvm_aggregate_free(leanvm_aggregate aggregate);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LEANVM_H */
