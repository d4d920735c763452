# hash_chain: a chain of n compressions, x -> compress(x followed by eight zeros).
#
# Public input   [n, 0, 0, 0, 0, 0, 0, 0, end_0 .. end_7]       n is at least 1; the end is the chunk at address 8
# Private input  "start": one list of eight elements
# Fails          if the chain does not arrive at the end.
from snark_lib import *


def main():
    public = 0
    start = Array(8)
    hint_witness("start", start)
    x: Mut = start
    for i in range(1, public[0]):
        y = Array(8)
        poseidon2_8(x, y)
        x = y
    # The last one is written over the public chunk, which asserts that they are equal.
    poseidon2_8(x, public + 8)
    return
