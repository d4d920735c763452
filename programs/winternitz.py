# winternitz: a one-time signature of a public message, of eight hash chains.
#
# Public input   [key_0 .. key_7, tweak_0 .. tweak_3, parameter_0 .. parameter_3, message]
# Private input  "number": one list of eight elements, the quotients of the message by 8^0 .. 8^7
#                "start": eight lists of four elements, the values of the signature
# Fails          if the ends of the chains do not hash to the key, the message is not below 2^24, or
#                its eight digits in base 8 do not sum to 28.
#
# The value of a chain is at the position that its digit says, from which anybody can go on, but
# nobody can go back. Of two messages with the same sum of digits each has a lower digit than the
# other, so who sees a signature cannot make another one.
from snark_lib import *

CHAINS = 8
BASE = 8
SUM = 28


def main():
    key = 0
    context = 8
    message = 16
    numbers = Array(CHAINS + 1)
    hint_witness("number", numbers)
    assert numbers[0] == message[0], "another message"
    chains = Array(8 * CHAINS)
    for i in unroll(0, CHAINS):
        hint_witness("start", chains + 8 * i)
    # Each end is written behind its start, the sum of the digits behind the numbers.
    poseidon16_chain(context, chains, BASE, numbers, CHAINS)
    assert numbers[CHAINS] == SUM, "another sum of digits"
    # The ends are halves, eight cells apart. Their hash is written over the key, which asserts that
    # the two are equal.
    poseidon16_sponge(context, chains + 4, 8, key, CHAINS // 2)
    return
