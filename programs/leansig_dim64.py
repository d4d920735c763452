# leansig_dim64: n signatures of scheme leansig_dim64 (SPEC.md section 22) verify, each under its key, for its slot and message.
#
# Public input   [n, 0 .. 0, list_0 .. list_7, 1 x 64, capacity (9), 0 .. 0, coefficients, 0 .. 0, counts]
#                list: h_0 = [n, 0 .. 0]; h_(i+1) = compress_16(h_i | compress_24(root | entry)) for signature i, where the 16 elements of an entry
#                are the parameter (5), digits(slot 2^8 + 2, 2) and digits(m, 9). Everything behind list is the same for all statements: the
#                verifier writes it itself, as SPEC.md section 22 says.
# Private input  for each signature, made by the prover from key, slot, message and signature; the names are those of the hints below.
# Fails          unless every signature verifies, and each public 0 above is 0.
#
# How the encoding is shown. h is 15 elements; each is 1024^2 c + 1024 b + a with a <= 1024, b < 1024, c < 2032: at most p - 1, so this is the
# canonical integer of the element, also where there are two such triples. The prover says q and digits x_1 .. x_64 in 0 .. 7 that sum to 375; then
# d_i = 73 - sum_(k<i) (7 - x_k) is the distance that is left at coordinate i, 0 <= d_i <= min(73, 7 (65 - i)). With W(n, d) the number of vectors of
# length n within distance d of the top, the index of x among all vectors, layer by layer, is
#     W(64, 72) + sum_(i=1..63) (W(64 - i, d_i) - W(64 - i, d_(i+1)))  =  C - sum_(i=2..64) V(i, d_i),
#     V(i, d) = W(65 - i, d) - W(64 - i, d),   C = W(64, 72) + W(63, 73) - 1,
# since W(0, d_64) = W(1, d_64) - V(64, d_64) and W(1, d) = W(0, d) + V(64, d). So the digits are those of h if, and only if, as integers,
#     sum (pieces of h)(weight mod N) - q N - C + sum_(i=2..64) V(i, d_i) = 0   for some q,   N = W(64, 77):
# an index below N is the remainder, and a vector of a layer has one index. Both sums are dot products of extension elements whose coordinates
# are limbs in base 2^14, low and high five. Nothing wraps: the pieces of a signature sum to at most 61170, so a limb is at most
# (61170 + 63) 16383 < 1.0032 10^9 from above and, q < 61172, at least -61172 16383 from below; with a carry of at most 2^16 in and 2^14 times such a
# one out, every difference that is asserted to be zero is below 1.0032 10^9 + 2^30 + 2^16 < p.
#
# Tweaks. p = 127 2^24 + 1. So t_0 + p t_1 = 2^24 (c + 127 t_1) + (lo + t_1) where t_0 = lo + 2^24 c, with lo = a + 4096 b, a <= 4096,
# b < 4096, c < 127: at most p - 1, hence the canonical t_0. A tweak is compared in these two halves; every number is below 2^28.
from snark_lib import *

LIST = 8
ONES = 16
CAPACITY = 80
COEFFICIENTS_LOW = 96
COEFFICIENTS_HIGH = 336
COUNTS = 576

CHAINS = 64
TARGET_DISTANCE = 73
# The cells of one V(i, d), and of one V(i, 0 .. 73).
COUNT = 10
ROW = 740
LEVELS = 32
# At lower levels of the tree the position of a node is so large that it changes both digits of the tweak.
LARGE_POSITIONS = 9
BLOCKS = 35
# Unused cells that make the frame of `steps` too large to lie in each frame of `chain`, so that it exists only where the steps are taken.
ROOM = [0, 0, 0, 0, 0, 24, 48]
RATE = 15


def main():
    public = 0
    zeros(1, LIST)
    zeros(CAPACITY + 9, COEFFICIENTS_LOW)
    zeros(COEFFICIENTS_LOW + 5 * 47, COEFFICIENTS_HIGH)
    zeros(COEFFICIENTS_HIGH + 5 * 47, COUNTS)
    list: Mut = public
    for i in range(0, public[0]):
        list = signature(list)
    for j in unroll(0, 8):
        assert list[j] == public[LIST + j], "another list of keys, slots and messages"
    return


# Public elements that say nothing are 0.
@inline
def zeros(first: Const, end: Const):
    public = 0
    for i in unroll(first, end):
        assert public[i] == 0, "a public element that says nothing is not 0"
    return


# Verifies the next signature; the hash of the list that ends with it.
def signature(list):
    root = Array(8)
    hint_witness("root", root)
    entry = Array(16)
    hint_witness("entry", entry)
    entry_hash = Array(8)
    poseidon2_24(root, entry, entry + 8, entry_hash)
    next_list = Array(8)
    poseidon2_16(list, entry_hash, next_list)

    # The slot, the highest bit first; prefix[k] is the number of its k highest bits (modulo p for k = 32).
    bits = Array(LEVELS)
    hint_witness("slot", bits)
    prefix = DynArray([0])
    for k in unroll(0, LEVELS):
        assert bits[k] * bits[k] == bits[k]
        prefix.push(2 * prefix[k] + bits[k])
    slot_high = prefix[16]
    slot_low = prefix[32] - 65536 * slot_high
    t0, t1 = tweak(0, 2, slot_low, slot_high)
    assert entry[5] == t0
    assert entry[6] == t1

    # 1. h, before the feed-forward.
    message = Array(24)
    hint_witness("randomness", message)
    copy(entry, message + 7)
    copy(entry + 5, message + 12)
    copy(entry + 10, message + 17)
    message[22] = entry[15]
    message[23] = 0
    permuted = Array(24)
    poseidon2_24_permute(message, message + 8, message + 16, permuted)

    # 2, 3. The digits.
    pieces = Array(47)
    hint_witness("pieces", pieces)
    for k in unroll(0, 15):
        assert pieces[3 * k] <= 1024
        assert pieces[3 * k + 1] < 1024
        assert pieces[3 * k + 2] < 2032
        assert pieces[3 * k] + 1024 * pieces[3 * k + 1] + 1024 * 1024 * pieces[3 * k + 2] == permuted[k] + message[k]
    minus_q = pieces[45]
    assert 0 - minus_q < 61172
    pieces[46] = 1
    low = Array(5 * CHAINS)
    high = Array(5 * CHAINS)
    dot_product_be(pieces, COEFFICIENTS_LOW, low, 47)
    dot_product_be(pieces, COEFFICIENTS_HIGH, high, 47)

    # What the leaf is made of: stream[1 ..] is parameter, tweak, ends of the chains.
    stream = Array(8 + 8 * CHAINS)
    copy(entry, stream + 1)
    s0, s1 = tweak(0, 1, slot_low, slot_high)
    stream[6] = s0
    stream[7] = s1

    digits = Array(CHAINS)
    hint_witness("digits", digits)
    first, highs_pointer, highs_stride = chain_tweak(slot_low, slot_high)
    highs: Mut = highs_pointer
    # 10 times the sum of the digits before i.
    sum: Mut = 0
    for i in unroll(0, CHAINS):
        if i != 0:
            count = sum + (COUNTS + ROW * (i - 1) + COUNT * (TARGET_DISTANCE - 7 * i))
            copy(count, low + 5 * i)
            copy(count + 5, high + 5 * i)
            highs += highs_stride
        sum += 10 * digits[i]
        chain(digits[i], first + 65536 * i, highs, entry, stream + 8 + 8 * i)
    assert sum == 3750, "the target sum"

    limbs = Array(10)
    dot_product_be(ONES, low, limbs, CHAINS)
    dot_product_be(ONES, high, limbs + 5, CHAINS)
    carries = Array(18)
    hint_witness("carries", carries)
    carry: Mut = 0
    for j in unroll(0, 9):
        assert carries[2 * j] < 65536
        assert carries[2 * j + 1] * carries[2 * j + 1] == carries[2 * j + 1]
        next_carry = carries[2 * j] + 65536 * carries[2 * j + 1] - 65536
        assert limbs[j] + carry == 16384 * next_carry
        carry = next_carry
    assert limbs[9] + carry == 0

    # 5. The leaf.
    states = Array(48 * BLOCKS)
    copy(stream + 1, states)
    copy(stream + 6, states + 5)
    copy(stream + 11, states + 10)
    copy(CAPACITY, states + 15)
    copy(CAPACITY + 4, states + 19)
    poseidon2_24_permute(states, states + 8, states + 16, states + 24)
    for k in unroll(1, BLOCKS):
        for j in unroll(0, RATE):
            if saturating_sub(8 + 8 * CHAINS, 1 + RATE * k + j) != 0:
                states[48 * k + j] = states[48 * k - 24 + j] + stream[1 + RATE * k + j]
            else:
                states[48 * k + j] = states[48 * k - 24 + j]
        copy(states + 48 * k - 24 + RATE, states + 48 * k + RATE)
        copy(states + 48 * k - 24 + RATE + 4, states + 48 * k + RATE + 4)
        poseidon2_24_permute(states + 48 * k, states + 48 * k + 8, states + 48 * k + 16, states + 48 * k + 24)

    # 6. The path.
    nodes = Array(8 * LEVELS)
    inputs = Array(24 * LEVELS)
    for l in unroll(0, LEVELS):
        input = inputs + 24 * l
        hint_witness("path", input + 7)
        copy(entry, input)
        position = prefix[LEVELS - 1 - l]
        if saturating_sub(LARGE_POSITIONS, l) != 0:
            position_high = prefix[saturating_sub(15, l)]
            n0, n1 = tweak(l + 1, 1, position - 65536 * position_high, position_high)
            input[5] = n0
            input[6] = n1
        else:
            # 2^40 = 516 p + 67108348. At the root 32 times the remainder exceeds p.
            input[5] = 256 * position + (67108348 * (l + 1) + 1)
            input[6] = 516 * (l + 1) + (l + 1) // 32
        input[23] = 0
        # The node goes to the left or to the right: the hinted child is asserted to be the node.
        child = input + 7 + 8 * bits[LEVELS - 1 - l]
        if l == 0:
            copy(states + 48 * BLOCKS - 24, child)
            copy(states + 48 * BLOCKS - 21, child + 3)
        else:
            copy(nodes + 8 * l - 8, child)
            copy(nodes + 8 * l - 5, child + 3)
        if l == LEVELS - 1:
            poseidon2_24(input, input + 8, input + 16, root)
        else:
            poseidon2_24(input, input + 8, input + 16, nodes + 8 * l)
    return next_list


# Five cells, as one element of the extension field times 1.
@inline
def copy(source, destination):
    dot_product_be(ONES, source, destination, 1)
    return


# digits(level 2^40 + position 2^8 + kind, 2), where position is low + 2^16 high, low < 2^16, and level < 10: the second is below 2^13.
@inline
def tweak(level, kind, low, high):
    t = Array(5)
    hint_witness("tweak", t)
    assert t[0] <= 4096
    assert t[1] < 4096
    assert t[2] < 127
    carry = t[3]
    assert carry * carry == carry
    second = t[4]
    assert second < 8192
    rest = t[0] + 4096 * t[1]
    assert rest + second == 256 * low + kind + 16777216 * carry
    assert 65536 * level + high == t[2] + 127 * second + carry
    return rest + 16777216 * t[2], second


# digits(slot 2^24, 2), and the second digits of the tweaks of the steps: those of chain i at the returned pointer plus i times the stride. To the
# first digit less than 2^22 is added for a step. The second is below 2^26 and compared in two halves.
def chain_tweak(slot_low, slot_high):
    t = Array(7)
    hint_witness("chain_tweak", t)
    assert t[0] <= 4096
    assert t[1] < 4096
    assert t[2] < 127
    assert t[3] < 4
    assert t[4] < 65536
    assert t[5] < 1024
    assert t[6] < 256
    rest = t[0] + 4096 * t[1]
    second = t[4] + 65536 * t[5]
    assert rest + second == 16777216 * t[3]
    assert slot_low + 65536 * t[6] == t[2] + t[3] + 127 * t[4]
    assert slot_high == 127 * t[5] + t[6]
    highs: Imu
    stride: Imu
    if t[2] == 126:
        highs = second_digits(rest, second)
        stride = 8
    else:
        # The first digit is at most 126 2^24, so nothing is carried.
        same = Array(8)
        for step in unroll(1, 8):
            same[step] = second
        highs = same
        stride = 0
    return rest + 16777216 * t[2], highs, stride


# The first digit is rest + 126 2^24: adding a step's share s carries if rest + s > 2^24.
def second_digits(rest, second):
    table = Array(8 * CHAINS)
    for i in range(0, CHAINS):
        for step in unroll(1, 8):
            t = Array(3)
            hint_witness("step_carry", t)
            carry = t[0]
            assert carry * carry == carry
            assert t[1] <= 4096
            assert t[2] < 4096
            room = 16777216 - rest - 65536 * i - 256 * step
            assert t[1] + 4096 * t[2] == room - carry * (2 * room + 1)
            table[8 * i + step] = second + carry
    return table


# 4. Completes a chain: writes its end.
def chain(digit, first, highs, entry, end):
    match digit:
        case 0:
            steps(0, first, highs, entry, end)
        case 1:
            steps(1, first, highs, entry, end)
        case 2:
            steps(2, first, highs, entry, end)
        case 3:
            steps(3, first, highs, entry, end)
        case 4:
            steps(4, first, highs, entry, end)
        case 5:
            steps(5, first, highs, entry, end)
        case 6:
            steps(6, first, highs, entry, end)
        case 7:
            hint_witness("chain", end)
    return


def steps(digit: Const, first, highs, entry, end):
    # The inputs, then the values between the steps.
    inputs = Array(24 * (7 - digit) - 8 + ROOM[digit])
    values = inputs + 16 * (7 - digit)
    hint_witness("chain", inputs + 7)
    for k in unroll(0, 7 - digit):
        input = inputs + 16 * k
        copy(entry, input)
        input[5] = first + 256 * (digit + 1 + k)
        input[6] = highs[digit + 1 + k]
        input[15] = 0
        if k == 6 - digit:
            poseidon2_16(input, input + 8, end)
        else:
            poseidon2_16(input, input + 8, values + 8 * k)
            copy(values + 8 * k, input + 23)
            copy(values + 8 * k + 3, input + 26)
    return
