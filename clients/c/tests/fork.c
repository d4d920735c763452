/*
 * A process uses the library, so that its threads run, and forks: the child works as well, and does
 * not sign with a key of its parent. Were it to wait for threads that are not there, an alarm would
 * end it.
 */

#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leanvm.h"

static leanvm_status aggregate(leanvm_key key, uint32_t slot) {
  uint8_t message[LEANVM_MESSAGE_BYTES], public_key[LEANVM_PUBLIC_KEY_BYTES];
  uint8_t signature[LEANVM_SIGNATURE_BYTES];
  leanvm_aggregate aggregate;
  leanvm_status status =
      leanvm_message_of_bytes((const uint8_t *)"a", 1, message, sizeof message, NULL);
  if (status == LEANVM_STATUS_OK) {
    status = leanvm_key_public(key, public_key, sizeof public_key, NULL);
  }
  if (status == LEANVM_STATUS_OK) {
    status = leanvm_key_sign(key, slot, message, sizeof message, signature, sizeof signature, NULL);
  }
  if (status == LEANVM_STATUS_OK) {
    status = leanvm_aggregate_signatures(slot, message, sizeof message, public_key,
                                         sizeof public_key, signature, sizeof signature, NULL,
                                         &aggregate);
  }
  if (status == LEANVM_STATUS_OK) {
    status = leanvm_aggregate_verify(aggregate);
    leanvm_aggregate_free(aggregate);
  }
  return status;
}

/* 0 if all is as it should be in the child. */
static int child(leanvm_key of_parent) {
  leanvm_key key;
  alarm(120);
  if (aggregate(of_parent, 2) != LEANVM_STATUS_REFUSED) {
    return 1;
  }
  if (leanvm_key_generate(0, 200, &key) != LEANVM_STATUS_OK) {
    return 2;
  }
  return aggregate(key, 2) == LEANVM_STATUS_OK ? 0 : 3;
}

int main(void) {
  leanvm_key key;
  if (leanvm_key_generate(0, 200, &key) != LEANVM_STATUS_OK ||
      aggregate(key, 1) != LEANVM_STATUS_OK) {
    return 1;
  }
  pid_t process = fork();
  if (process == 0) {
    _exit(child(key));
  }
  int status = 1;
  waitpid(process, &status, 0);
  if (status != 0) {
    printf("the child ends with %d\n", status);
    return 1;
  }
  /* The parent signs on. */
  if (aggregate(key, 2) != LEANVM_STATUS_OK || leanvm_key_free(key) != LEANVM_STATUS_OK) {
    return 1;
  }
  printf("all as it should be\n");
  return 0;
}
