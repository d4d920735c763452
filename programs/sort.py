# sort: the second list is the first one in ascending order.
#
# Public input   [n, value_0 .. value_(n-1), sorted_0 .. sorted_(n-1)]      values below 2^16
# Private input  "order": one list of n elements, the index in the first list of each element of the second
# Fails          if the second list is not sorted, or not a permutation of the first.
#
# The prover sorts as it likes; the program only checks. That `order` has no index twice costs one store: memory is
# write-once, so `seen[j] = i` and `seen[j] = k` for i ≠ k contradict each other.
from snark_lib import *


def main():
    public = 0
    n = public[0]
    values = public + 1
    ascending = values + n
    order = Array(n)
    hint_witness("order", order)
    seen = Array(n)
    for i in range(0, n):
        j = order[i]
        assert j < n
        seen[j] = i
        assert values[j] == ascending[i], "not a permutation"
    for i in range(1, n):
        assert ascending[i - 1] <= ascending[i], "not sorted"
    return
