# fibonacci: the n-th Fibonacci number, modulo p.
#
# Public input   [n, fib(n) mod p]          (fib(0) = 0, fib(1) = 1)
# Private input  none
# Fails          if the second number is not fib(n).
from snark_lib import *


def main():
    public = 0
    a: Mut = 0
    b: Mut = 1
    for i in range(0, public[0]):
        next = a + b
        a = b
        b = next
    assert a == public[1], "not the Fibonacci number"
    return
