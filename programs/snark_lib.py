# Names of the guest language for editors, linters and Python itself. The compiler ignores this module: their meaning is in
# compiler/LANGUAGE.md. What can be said in Python is said, so that a pure function can be tried out in a Python shell.

Mut = Imu = Imm = Const = int
unroll = parallel_range = range


def dynamic_unroll(start, end, bits):
    return range(start, end)


def inline(function):
    return function


def Array(size):
    return [None] * size


class DynArray(list):
    def push(self, value):
        self.append(value)


def match_range(value, *ranges_and_lambdas):
    for values, function in zip(ranges_and_lambdas[::2], ranges_and_lambdas[1::2]):
        if value in values:
            return function(value)
    raise ValueError("no case")


def log2_ceil(n):
    return max(n - 1, 0).bit_length()


def div_ceil(a, b):
    return -(-a // b)


def div_floor(a, b):
    return a // b


def next_multiple_of(a, b):
    return -(-a // b) * b


def saturating_sub(a, b):
    return max(a - b, 0)


def debug_assert(condition, message=None):
    assert condition, message


def _machine(*arguments):
    raise NotImplementedError("only the machine has this")


hint_witness = hint_decompose_bits = hint_inverse = _machine
poseidon2_8 = poseidon2_8_half = poseidon2_8_permute = _machine
poseidon2_16 = poseidon2_16_half = poseidon2_16_permute = _machine
poseidon2_24 = poseidon2_24_half = poseidon2_24_permute = _machine
poseidon16_halves = _machine
dot_product_ee = dot_product_be = eq_ee = eq_be = _machine
poseidon16_chain = poseidon16_path = poseidon16_sponge = _machine
