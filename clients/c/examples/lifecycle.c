/*
 * From keys to claims: two keys sign a message, and one another message; their signatures become
 * two aggregates, those one merge, which a verifier checks with its claims and the bytes alone.
 * Then what goes wrong, and how it is told. The argument is a folder for a key file.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leanvm.h"

#define SLOT 5
#define KEY LEANVM_PUBLIC_KEY_BYTES
#define SIGNATURE LEANVM_SIGNATURE_BYTES

static void explain(const char *call, leanvm_status status) {
  char text[1024] = "";
  leanvm_last_error(text, sizeof text, NULL);
  printf("%s: %s: %s\n", call, leanvm_status_name((int)status), text);
}

/* Ends the example unless the call is done. */
#define OK(call)                                                                                   \
  do {                                                                                             \
    leanvm_status status_ = (call);                                                                \
    if (status_ != LEANVM_STATUS_OK) {                                                             \
      explain(#call, status_);                                                                     \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

/* Ends the example unless the call fails for this reason. */
#define FAILS(status, call)                                                                        \
  do {                                                                                             \
    leanvm_status status_ = (call);                                                                \
    explain(#call, status_);                                                                       \
    if (status_ != (status)) {                                                                     \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

static void *taken(size_t size) {
  void *memory = malloc(size == 0 ? 1 : size);
  if (memory == NULL) {
    exit(1);
  }
  return memory;
}

/* Asks for the size, then for the bytes, which the caller frees. */
static uint8_t *bytes_of(leanvm_aggregate aggregate, size_t *length) {
  OK(leanvm_aggregate_to_bytes(aggregate, NULL, 0, length));
  uint8_t *bytes = taken(*length);
  OK(leanvm_aggregate_to_bytes(aggregate, bytes, *length, length));
  return bytes;
}

/* A new key in memory signs; the key is gone afterwards. */
static void sign_once(const uint8_t *message, uint8_t *public_key, uint8_t *signature) {
  leanvm_key key;
  OK(leanvm_key_generate(0, 8, &key));
  OK(leanvm_key_public(key, public_key, KEY, NULL));
  OK(leanvm_key_sign(key, SLOT, message, LEANVM_MESSAGE_BYTES, signature, SIGNATURE, NULL));
  OK(leanvm_verify_signature(public_key, KEY, SLOT, message, LEANVM_MESSAGE_BYTES, signature,
                             SIGNATURE));
  OK(leanvm_key_free(key));
}

/* A key in a file, which records what it signs before the signature comes out. */
static void sign_by_file(const char *folder, const uint8_t *message, const uint8_t *other,
                         uint8_t *public_key, uint8_t *signature) {
  char path[4096];
  if (snprintf(path, sizeof path, "%s/alice.key", folder) >= (int)sizeof path) {
    exit(1);
  }
  leanvm_key key, second;
  OK(leanvm_key_create(path, 0, 1024, &key));
  OK(leanvm_key_public(key, public_key, KEY, NULL));
  OK(leanvm_key_sign(key, SLOT, message, 32, signature, SIGNATURE, NULL));
  /* Nobody else signs with it meanwhile. */
  FAILS(LEANVM_STATUS_REFUSED, leanvm_key_open(path, &second));
  OK(leanvm_key_free(key));

  /* After a start of the process: the slot is used. */
  uint8_t unused[SIGNATURE];
  bool used = false;
  OK(leanvm_key_open(path, &key));
  OK(leanvm_key_is_used(key, SLOT, &used));
  if (!used) {
    exit(1);
  }
  FAILS(LEANVM_STATUS_REFUSED, leanvm_key_sign(key, SLOT, other, 32, unused, SIGNATURE, NULL));
  OK(leanvm_key_free(key));
}

/* What a thread works on. */
struct work {
  leanvm_aggregate child;
  leanvm_options options;
  leanvm_status status;
};

static void *merge_alone(void *argument) {
  struct work *work = argument;
  leanvm_aggregate merged;
  work->status = leanvm_merge(&work->child, 1, NULL, 0, &work->options, &merged);
  leanvm_aggregate_free(merged);
  return NULL;
}

/* Work on another thread, which is cancelled. */
static void cancel(leanvm_aggregate child) {
  struct work work = {child, LEANVM_OPTIONS_INIT, LEANVM_STATUS_OK};
  OK(leanvm_cancel_new(&work.options.cancel));
  pthread_t thread;
  if (pthread_create(&thread, NULL, merge_alone, &work) != 0) {
    exit(1);
  }
  OK(leanvm_cancel_set(work.options.cancel));
  pthread_join(thread, NULL);
  printf("work on another thread: %s\n", leanvm_status_name((int)work.status));
  if (work.status != LEANVM_STATUS_CANCELLED) {
    exit(1);
  }
  OK(leanvm_cancel_free(work.options.cancel));
}

/* What is wrong is told, and nothing is touched. */
static void errors(leanvm_aggregate aggregate, const uint8_t *bytes, size_t length,
                   const leanvm_claim *claim) {
  uint8_t small[LEANVM_MESSAGE_BYTES - 1];
  size_t needed = 0;
  FAILS(LEANVM_STATUS_BUFFER_TOO_SMALL,
        leanvm_message_of_bytes(bytes, length, small, sizeof small, &needed));
  if (needed != LEANVM_MESSAGE_BYTES) {
    exit(1);
  }
  FAILS(LEANVM_STATUS_INVALID_ARGUMENT, leanvm_verify(claim, 1, NULL, length));
  FAILS(LEANVM_STATUS_INVALID_ARGUMENT, leanvm_verify(claim, SIZE_MAX / 8, bytes, length));
  FAILS(LEANVM_STATUS_MALFORMED, leanvm_verify(claim, 1, bytes, 1));
  FAILS(LEANVM_STATUS_NOT_VALID, leanvm_verify(claim, 1, bytes, length - 1));
  leanvm_options options = {0};
  leanvm_aggregate merged;
  FAILS(LEANVM_STATUS_INVALID_ARGUMENT, leanvm_merge(&aggregate, 1, NULL, 0, &options, &merged));
  FAILS(LEANVM_STATUS_INVALID_HANDLE, leanvm_key_free((leanvm_key){aggregate.id}));
  OK(leanvm_aggregate_free(merged)); /* None, as the call failed. */
  OK(leanvm_aggregate_free(aggregate));
  FAILS(LEANVM_STATUS_INVALID_HANDLE, leanvm_aggregate_free(aggregate));
  FAILS(LEANVM_STATUS_INVALID_HANDLE, leanvm_aggregate_verify(aggregate));
}

/* What a verifier does: it has its claims, by keys that it knows, and the bytes. */
static void verifier(const leanvm_claim claims[2], const uint8_t *bytes, size_t length) {
  OK(leanvm_verify(claims, 2, bytes, length));
  FAILS(LEANVM_STATUS_NOT_VALID, leanvm_verify(claims, 1, bytes, length));
}

static void print_claims(leanvm_aggregate merged) {
  size_t count = 0;
  OK(leanvm_aggregate_claims(merged, &count));
  for (size_t index = 0; index < count; index++) {
    leanvm_claim claim;
    size_t length = 0;
    OK(leanvm_aggregate_claim(merged, index, &claim, NULL, 0, &length));
    uint8_t *keys = taken(length);
    OK(leanvm_aggregate_claim(merged, index, &claim, keys, length, &length));
    printf("claim %zu: slot %u, %zu keys\n", index, (unsigned)claim.slot, claim.keys_len / KEY);
    free(keys);
  }
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
    return 2;
  }
  if (leanvm_abi_version() < LEANVM_ABI_VERSION) {
    return 1;
  }
  printf("leanvm %s\n", leanvm_version());

  uint8_t one[LEANVM_MESSAGE_BYTES], two[LEANVM_MESSAGE_BYTES];
  OK(leanvm_message_of_bytes((const uint8_t *)"block 1", 7, one, sizeof one, NULL));
  OK(leanvm_message_of_bytes((const uint8_t *)"block 2", 7, two, sizeof two, NULL));

  uint8_t keys[3 * KEY], signatures[3 * SIGNATURE];
  sign_by_file(arguments[1], one, two, keys, signatures);
  sign_once(one, keys + KEY, signatures + SIGNATURE);
  sign_once(two, keys + 2 * KEY, signatures + 2 * SIGNATURE);

  leanvm_aggregate parts[2], merged;
  leanvm_options options = LEANVM_OPTIONS_INIT;
  options.log_inv_rate = 2;
  OK(leanvm_aggregate_signatures(SLOT, one, sizeof one, keys, 2 * KEY, signatures, 2 * SIGNATURE,
                                 &options, &parts[0]));
  OK(leanvm_aggregate_signatures(SLOT, two, sizeof two, keys + 2 * KEY, KEY,
                                 signatures + 2 * SIGNATURE, SIGNATURE, NULL, &parts[1]));
  OK(leanvm_aggregate_verify(parts[0]));

  OK(leanvm_merge(parts, 2, NULL, 0, &options, &merged));
  OK(leanvm_aggregate_free(parts[0]));
  OK(leanvm_aggregate_free(parts[1]));
  print_claims(merged);

  size_t length = 0;
  uint8_t *bytes = bytes_of(merged, &length);
  printf("%zu bytes\n", length);
  leanvm_claim claims[2] = {{.slot = SLOT, .keys = keys, .keys_len = 2 * KEY},
                            {.slot = SLOT, .keys = keys + 2 * KEY, .keys_len = KEY}};
  memcpy(claims[0].message, one, sizeof one);
  memcpy(claims[1].message, two, sizeof two);
  verifier(claims, bytes, length);

  cancel(merged);
  errors(merged, bytes, length, claims);
  free(bytes);
  printf("all as it should be\n");
  return 0;
}
