# SPEC.md section 9: the constraints and interactions of a row, of which the columns are elements of E.
#
# `columns` lie one after another in the order of SPEC.md; `row` is the virtual column; `slots` are eq(θ, slot).
# Constraints are written to `constraints`, one after another, and interactions to `sent`.
from snark_lib import *
from recursion.field import *
from recursion.sizes import *
from recursion.poseidon import *

NUM_CONSTRAINTS = [0, 0, 10, 10, 6, 10, 9, 12, 15, 10, 1, 10, 1, 12, 12, 0, 0, 12, 1, 12, 0, 0]
MAX_INTERACTIONS = 13
MAX_CONSTRAINTS = 15

SEND = 1
RECEIVE = -1

# Buses.
STATE = 1
BYTECODE = 2
MEMORY = 3
CHUNK = 4
DOT_LINK = 5
EQ_LINK = 6
HALF = 7
CHAIN_LINK = 8
STEP_LINK = 9
PATH_LINK = 10
SPONGE_LINK = 11

# The interactions of a row: of each the sum of eq(θ, slot) * value over slots from 1 on, then their numerators, then
# their buses. Numerators of BYTECODE and MEMORY are columns.
NUMERATORS = EXT * MAX_INTERACTIONS
BUSES = NUMERATORS + MAX_INTERACTIONS
SENT = BUSES + MAX_INTERACTIONS

# The factors of a word, filled by zerocheck.py: of mem_0, frame_0, .., mem_3, frame_3, between which are cell_i and
# k_(i+1); then those of the flags, which follow the operands: half and permute, or imm and base.
WORD_FACTORS = [
    2**5, 2**6, 0, 0, 2**7, 2**8, 0, 0, 2**9, 2**10, 0, 0, 2**11, 2**12,
    2**13, 2**14,
    0, 2**15
]
JUMP = 5  # its opcode
NO_FLAGS = 0
HASH_FLAGS = 14
LENGTH_FLAGS = 16
WORDS = NUMBERS_END


# Four elements.
@inline
def four(elements):
    return elements, elements + EXT, elements + EXT * 2, elements + EXT * 3


# a + k for k in F.
@inline
def plus(a, k):
    sum = Array(EXT)
    sum[0] = a[0] + k
    for i in unroll(1, EXT):
        sum[i] = a[i]
    return sum


# (1 - bit) * a + bit * b.
@inline
def choose(bit, a, b):
    return add(a, mul(bit, sub(b, a)))


# The elements of a list, one after another.
@inline
def gather(list):
    elements = Array(EXT * len(list))
    for i in unroll(0, len(list)):
        dot_product_be(ONES, list[i], elements + EXT * i, 1)
    return elements


# The constraint b * (b - 1).
@inline
def boolean(b, constraint):
    sub_to(mul(b, b), b, constraint)
    return


# The sum of eq(θ, slot) * value over n slots from `slot` on, of which the values follow one another.
@inline
def in_slots(slots, slot: Const, values, n: Const):
    return dot(slots + EXT * slot, values, n)


# Interaction j: a tuple with a list of values from slot 1 on.
@inline
def interaction(slots, sent, j, numerator, bus, values):
    interaction_run(slots, sent, j, numerator, bus, gather(values), len(values))
    return


# The same where the values follow one another.
@inline
def interaction_run(slots, sent, j, numerator, bus, values, n: Const):
    sent[NUMERATORS + j] = numerator
    sent[BUSES + j] = bus
    dot_product_ee(slots + EXT, values, sent + EXT * j, n)
    return


# The same with `others`, a sum of in_slots, for further slots.
@inline
def interaction_and(slots, sent, j, numerator, bus, values, others):
    sent[NUMERATORS + j] = numerator
    sent[BUSES + j] = bus
    add_to(in_slots(slots, 1, gather(values), len(values)), others, sent + EXT * j)
    return


@inline
def send_memory(slots, sent, j, address, value):
    interaction(slots, sent, j, SEND, MEMORY, DynArray([address, value]))
    return


# A chunk with `cells` in the slots from 8 on.
@inline
def send_chunk(slots, sent, j, address, cells):
    interaction_and(slots, sent, j, SEND, CHUNK, DynArray([scale(1 / 8, address)]), cells)
    return


# A half with `cells` in the slots from 4 on.
@inline
def send_half(slots, sent, j, address, cells):
    interaction_and(slots, sent, j, SEND, HALF, DynArray([scale(1 / 4, address)]), cells)
    return


# 9.3, of the number of operands, the opcode, the flags of the word, and the column imm or ZERO. The values v_i.
@inline
def head(columns, operands: Const, opcode: Const, flags: Const, imm, slots, sent, constraints):
    pc = columns
    fp = columns + EXT
    v = Array(EXT * operands)
    for i in unroll(0, operands):
        k, mem, frame, cell = four(columns + EXT * (2 + 4 * i))
        # k * (1 - mem) + mem * cell + frame * fp.
        dot_product_ee(k, gather(DynArray([complement(mem), cell, fp])), v + EXT * i, 3)
        boolean(mem, constraints + EXT * (3 * i))
        boolean(frame, constraints + EXT * (3 * i + 1))
        mul_to(mem, frame, constraints + EXT * (3 * i + 2))
        send_memory(slots, sent, 3 + i, mul(mem, add(fp, k)), cell)
    next_pc: Mut = plus(pc, 1)
    next_fp: Mut = fp
    if opcode == JUMP:
        next_pc = choose(v, next_pc, v + EXT)
        next_fp = choose(v, fp, v + EXT * 2)
    interaction_run(slots, sent, 0, RECEIVE, STATE, columns, 2)
    interaction(slots, sent, 1, SEND, STATE, DynArray([next_pc, next_fp]))

    word: Mut = plus(dot_base(WORDS, columns + EXT * 3, 4 * operands - 2), opcode)
    if flags != NO_FLAGS:
        word = add(word, dot_base(WORDS + flags, behind(columns, operands), 2))
    fields = DynArray([pc, word])
    for i in unroll(0, operands):
        fields.push(columns + EXT * (2 + 4 * i))
    for i in unroll(operands, 4):
        fields.push(ZERO)
    fields.push(imm)
    interaction(slots, sent, 2, SEND, BYTECODE, fields)
    return v


# The columns that follow those of the operands.
@inline
def behind(columns, operands: Const):
    return columns + EXT * (2 + 4 * operands)


# The row of table T.
@inline
def table_row(table: Const, columns, row, program, slots, sent, constraints):
    # 9.1 BYTECODE: `program` is the sum over the slots 2 to 7.
    if table == 0:
        interaction_and(slots, sent, 0, RECEIVE, BYTECODE, DynArray([row]), program)
    # 9.2 MEMORY.
    elif table == 1:
        for j in unroll(0, 8):
            interaction(slots, sent, j, RECEIVE, MEMORY, DynArray([plus(scale(8, row), j), columns + EXT * j]))
        interaction_and(slots, sent, 8, RECEIVE, CHUNK, DynArray([row]), in_slots(slots, 8, columns, 8))
        for j in unroll(0, 2):
            cells = in_slots(slots, 4, columns + EXT * 4 * j, 4)
            interaction_and(slots, sent, 9 + j, RECEIVE, HALF, DynArray([plus(scale(2, row), j)]), cells)
    # 9.4 ADD.
    elif table == 2:
        v = head(columns, 3, 2, NO_FLAGS, ZERO, slots, sent, constraints)
        sub_to(add(v, v + EXT), v + EXT * 2, constraints + EXT * 9)
    # 9.5 MUL.
    elif table == 3:
        v = head(columns, 3, 3, NO_FLAGS, ZERO, slots, sent, constraints)
        sub_to(mul(v, v + EXT), v + EXT * 2, constraints + EXT * 9)
    # 9.6 DEREF.
    elif table == 4:
        imm = behind(columns, 2)
        v = head(columns, 2, 4, NO_FLAGS, imm, slots, sent, constraints)
        send_memory(slots, sent, 5, add(v, imm), v + EXT)
    # 9.7 JUMP.
    elif table == 5:
        v = head(columns, 3, JUMP, NO_FLAGS, ZERO, slots, sent, constraints)
        boolean(v, constraints + EXT * 9)
    # 9.8 POSEIDON_8, POSEIDON_16, POSEIDON_24: the number of input chunks, of columns `s`, of chunks `y`.
    elif table == 6:
        poseidon_row(columns, 1, 20, 2, slots, sent, constraints)
    elif table == 7:
        poseidon_row(columns, 2, 20, 2, slots, sent, constraints)
    elif table == 8:
        poseidon_row(columns, 3, 23, 3, slots, sent, constraints)
    # 9.9 POSEIDON_16_HALVES.
    elif table == 13:
        imm = behind(columns, 4)
        v = head(columns, 4, 15, NO_FLAGS, imm, slots, sent, constraints)
        first, second, chunk, out = four(v)
        input = imm + EXT
        y = input + EXT * (16 + 20)
        send_half(slots, sent, 7, first, in_slots(slots, 4, input, 4))
        send_half(slots, sent, 8, add(second, imm), in_slots(slots, 4, input + EXT * 4, 4))
        send_chunk(slots, sent, 9, chunk, in_slots(slots, 8, input + EXT * 8, 8))
        send_half(slots, sent, 10, add(out, imm), add(in_slots(slots, 4, y, 4), in_slots(slots, 4, input, 4)))
    # 9.10 DOT_PRODUCT, EQ: the opcode, the bus, acc_0 of `init`; 9.11 DOT_TERM, EQ_TERM.
    elif table == 9:
        reduction_row(columns, row, 9, DOT_LINK, ZERO, slots, sent, constraints)
    elif table == 10:
        term_row(columns, DOT_LINK, slots, sent, constraints)
    elif table == 11:
        reduction_row(columns, row, 10, EQ_LINK, ONE, slots, sent, constraints)
    elif table == 12:
        term_row(columns, EQ_LINK, slots, sent, constraints)
    # 9.12 CHAIN.
    elif table == 14:
        imm = behind(columns, 4)
        v = head(columns, 4, 12, NO_FLAGS, imm, slots, sent, constraints)
        context, chains, base, digits = four(v)
        tweak = imm + EXT
        number = tweak + EXT * 8
        sum = number + EXT
        send_chunk(slots, sent, 7, context, in_slots(slots, 8, tweak, 8))
        send_memory(slots, sent, 8, add(digits, imm), sum)
        first = DynArray([row, imm, chains, digits, ZERO, ZERO, base])
        last = DynArray([row, ZERO, chains, digits, number, sum, base])
        interaction_and(slots, sent, 9, SEND, CHAIN_LINK, first, in_slots(slots, 8, tweak, 8))
        interaction_and(slots, sent, 10, RECEIVE, CHAIN_LINK, last, in_slots(slots, 8, tweak, 8))
    # 9.13 CHAIN_TERM.
    elif table == 15:
        owner, remaining, chains, digits = four(columns)
        number, sum, base, tweak = four(columns + EXT * 4)
        parameter = tweak + EXT * 4
        digit = parameter + EXT * 4
        cell = digit + EXT
        start = cell + EXT
        end = start + EXT * 4
        i = plus(remaining, -1)
        next_number = add(mul(base, number), digit)
        after = DynArray([owner, i, chains, digits, next_number, add(sum, digit), base])
        interaction_run(slots, sent, 0, RECEIVE, CHAIN_LINK, columns, 15)
        interaction_and(slots, sent, 1, SEND, CHAIN_LINK, after, in_slots(slots, 8, tweak, 8))
        send_chunk(slots, sent, 2, add(chains, scale(8, i)), in_slots(slots, 8, start, 8))
        send_memory(slots, sent, 3, add(digits, i), next_number)
        send_memory(slots, sent, 4, digit, cell)
        # What is added to the first element of the tweak comes, in its slot, in the list.
        context = add(in_slots(slots, 2, tweak, 4), in_slots(slots, 10, parameter, 4))
        first = DynArray([row, add(mul(base, i), digit)])
        last = DynArray([row, add(mul(base, i), plus(base, -1))])
        interaction_and(slots, sent, 5, SEND, STEP_LINK, first, add(context, in_slots(slots, 6, start, 4)))
        interaction_and(slots, sent, 6, RECEIVE, STEP_LINK, last, add(context, in_slots(slots, 6, end, 4)))
    # 9.14 CHAIN_STEP.
    elif table == 16:
        owner = columns
        tweak = columns + EXT
        value = tweak + EXT * 4
        parameter = value + EXT * 4
        y = parameter + EXT * (4 + 20)
        context = add(in_slots(slots, 2, tweak, 4), in_slots(slots, 10, parameter, 4))
        out = add(in_slots(slots, 6, y, 4), in_slots(slots, 6, tweak, 4))
        before = add(context, in_slots(slots, 6, value, 4))
        interaction_and(slots, sent, 0, RECEIVE, STEP_LINK, DynArray([owner, MINUS_ONE]), before)
        interaction_and(slots, sent, 1, SEND, STEP_LINK, DynArray([owner]), add(context, out))
    # 9.15 PATH.
    elif table == 17:
        imm = behind(columns, 4)
        v = head(columns, 4, 13, NO_FLAGS, imm, slots, sent, constraints)
        key, place, siblings, tweaks = four(v)
        root = imm + EXT
        parameter = root + EXT * 4
        node = parameter + EXT * 4
        send_chunk(slots, sent, 7, key, in_slots(slots, 8, root, 8))
        send_half(slots, sent, 8, place, in_slots(slots, 4, node, 4))
        first = DynArray([row, imm, siblings, tweaks])
        last = DynArray([row, ZERO, add(siblings, scale(4, imm)), add(tweaks, scale(8, imm))])
        lowest = add(in_slots(slots, 5, node, 4), in_slots(slots, 9, parameter, 4))
        interaction_and(slots, sent, 9, SEND, PATH_LINK, first, lowest)
        interaction_and(slots, sent, 10, RECEIVE, PATH_LINK, last, in_slots(slots, 5, root, 8))
    # 9.16 PATH_STEP.
    elif table == 18:
        owner, remaining, siblings, tweaks = four(columns)
        side = columns + EXT * 4
        tweak, parameter, left, right = columns + EXT * 5, columns + EXT * 9, columns + EXT * 13, columns + EXT * 17
        y = right + EXT * (4 + 20)
        boolean(side, constraints)
        context = in_slots(slots, 9, parameter, 4)
        node = choose(side, in_slots(slots, 5, left, 4), in_slots(slots, 5, right, 4))
        sibling = choose(side, in_slots(slots, 4, right, 4), in_slots(slots, 4, left, 4))
        out = add(in_slots(slots, 5, y, 4), in_slots(slots, 5, tweak, 4))
        here = DynArray([owner, remaining, siblings, tweaks])
        after = DynArray([owner, plus(remaining, -1), plus(siblings, 4), plus(tweaks, 8)])
        interaction_and(slots, sent, 0, RECEIVE, PATH_LINK, here, add(node, context))
        interaction_and(slots, sent, 1, SEND, PATH_LINK, after, add(out, context))
        send_half(slots, sent, 2, siblings, sibling)
        send_chunk(slots, sent, 3, tweaks, add(in_slots(slots, 8, tweak, 4), in_slots(slots, 12, side, 1)))
    # 9.17 SPONGE.
    elif table == 19:
        imm = behind(columns, 4)
        v = head(columns, 4, 14, NO_FLAGS, imm, slots, sent, constraints)
        place, blocks, stride, out = four(v)
        start = imm + EXT
        end = start + EXT * 8
        send_chunk(slots, sent, 7, place, in_slots(slots, 8, start, 8))
        send_chunk(slots, sent, 8, out, in_slots(slots, 8, end, 8))
        first = DynArray([row, imm, blocks, stride])
        last = DynArray([row, ZERO, add(blocks, scale(2, mul(stride, imm))), stride])
        interaction_and(slots, sent, 9, SEND, SPONGE_LINK, first, in_slots(slots, 5, start, 8))
        interaction_and(slots, sent, 10, RECEIVE, SPONGE_LINK, last, in_slots(slots, 5, end, 8))
    # 9.18 SPONGE_STEP.
    elif table == 20:
        owner, remaining, address, stride = four(columns)
        state = columns + EXT * 4
        block = state + EXT * 8
        y = block + EXT * (8 + 20)
        after = DynArray([owner, plus(remaining, -1), add(address, scale(2, stride)), stride])
        out = add(in_slots(slots, 5, y, 8), in_slots(slots, 5, state, 8))
        interaction_run(slots, sent, 0, RECEIVE, SPONGE_LINK, columns, 12)
        interaction_and(slots, sent, 1, SEND, SPONGE_LINK, after, out)
        send_half(slots, sent, 2, address, in_slots(slots, 4, block, 4))
        send_half(slots, sent, 3, add(address, stride), in_slots(slots, 4, block + EXT * 4, 4))
    # 9.19 DOT_QUAD.
    else:
        owner, remaining, left, right = four(columns)
        accumulator = columns + EXT * 4
        x = accumulator + EXT * 5
        cells = x + EXT * 4
        here = DynArray([owner, remaining, left, right, ONE])
        after = DynArray([owner, plus(remaining, -4), plus(left, 4), plus(right, 20), ONE])
        before = in_slots(slots, 6, accumulator, EXT)
        elements = DynArray([in_slots(slots, 6, cells, EXT)])
        for i in unroll(1, 4):
            elements.push(in_slots(slots, 6, cells + EXT * EXT * i, EXT))
        interaction_and(slots, sent, 0, RECEIVE, DOT_LINK, here, before)
        interaction_and(slots, sent, 1, SEND, DOT_LINK, after, add(before, dot(x, gather(elements), 4)))
        send_half(slots, sent, 2, left, in_slots(slots, 4, x, 4))
        for i in unroll(0, EXT):
            send_half(slots, sent, 3 + i, plus(right, 4 * i), in_slots(slots, 4, cells + EXT * 4 * i, 4))
    return


# 9.8, of so many input chunks, columns `s` and chunks `y`. The cells of out are combined before they are put into
# slots.
@inline
def poseidon_row(columns, inputs: Const, partials: Const, outputs: Const, slots, sent, constraints):
    v = head(columns, inputs + 1, 5 + inputs, HASH_FLAGS, ZERO, slots, sent, constraints)
    half = behind(columns, inputs + 1)
    permute = half + EXT
    input = permute + EXT
    y = input + EXT * (8 * inputs + partials)
    o = y + EXT * 8 * outputs
    boolean(half, constraints + EXT * (3 * inputs + 3))
    boolean(permute, constraints + EXT * (3 * inputs + 4))
    mul_to(half, permute, constraints + EXT * (3 * inputs + 5))
    for i in unroll(0, inputs):
        send_chunk(slots, sent, 4 + inputs + i, v + EXT * i, in_slots(slots, 8, input + EXT * 8 * i, 8))

    # y_j + (1 - permute) * in_j for j < 8, and half * (o_(j-4) - y_j - in_j) for 4 <= j.
    first = in_slots(slots, 8, y, 8)
    whole = add(first, mul(complement(permute), in_slots(slots, 8, input, 8)))
    fed_forward = add(in_slots(slots, 12, y + EXT * 4, 4), in_slots(slots, 12, input + EXT * 4, 4))
    out = add(whole, mul(half, sub(in_slots(slots, 12, o, 4), fed_forward)))
    send_chunk(slots, sent, 4 + 2 * inputs, v + EXT * inputs, out)
    for e in unroll(1, outputs):
        address = add(v + EXT * inputs, scale(8 * e, permute))
        cells = mul(permute, sub(in_slots(slots, 8, y + EXT * 8 * e, 8), first))
        send_chunk(slots, sent, 4 + 2 * inputs + e, address, add(out, cells))
    return


# 9.10.
@inline
def reduction_row(columns, row, opcode: Const, link: Const, init, slots, sent, constraints):
    imm = behind(columns, 3)
    v = head(columns, 3, opcode, LENGTH_FLAGS, imm, slots, sent, constraints)
    base = imm + EXT
    result = base + EXT
    boolean(base, constraints + EXT * 9)
    for j in unroll(0, 5):
        send_memory(slots, sent, 6 + j, plus(v + EXT * 2, j), result + EXT * j)
    left = add(v, mul(left_step(base), imm))
    right = add(v + EXT, scale(5, imm))
    last = DynArray([row, ZERO, left, right, base])
    interaction(slots, sent, 11, SEND, link, DynArray([row, imm, v, v + EXT, base, init]))
    interaction_and(slots, sent, 12, RECEIVE, link, last, in_slots(slots, 6, result, 5))
    return


# 5 - 4 * base.
@inline
def left_step(base):
    return plus(scale(-4, base), 5)


# 9.11.
@inline
def term_row(columns, link: Const, slots, sent, constraints):
    owner, remaining, left, right = four(columns)
    base = columns + EXT * 4
    acc = base + EXT
    x_cells = acc + EXT * 5
    y = x_cells + EXT * 5
    not_base = complement(base)
    boolean(base, constraints)
    x = Array(EXT * 5)
    copy(x_cells, x)
    for j in unroll(1, 5):
        mul_to(not_base, x_cells + EXT * j, x + EXT * j)
    xy = product(x, y)
    next: Imu
    if link == DOT_LINK:
        next = Array(EXT * 5)
        for j in unroll(0, 5):
            add_to(acc + EXT * j, xy + EXT * j, next + EXT * j)
    else:
        # 2xy - x - y + 1.
        factor = Array(EXT * 5)
        for j in unroll(0, 5):
            double: Mut = scale(2, xy + EXT * j)
            if j == 0:
                double = plus(double, 1)
            sub_to(double, add(x + EXT * j, y + EXT * j), factor + EXT * j)
        next = product(acc, factor)

    after = DynArray([owner, plus(remaining, -1), add(left, left_step(base)), plus(right, 5), base])
    interaction_run(slots, sent, 0, RECEIVE, link, columns, 10)
    interaction_and(slots, sent, 1, SEND, link, after, in_slots(slots, 6, next, 5))
    send_memory(slots, sent, 2, left, x_cells)
    for j in unroll(1, 5):
        send_memory(slots, sent, 2 + j, mul(not_base, plus(left, j)), x_cells + EXT * j)
    for j in unroll(0, 5):
        send_memory(slots, sent, 7 + j, plus(right, j), y + EXT * j)
    return


# The product of two elements of which the coordinates are elements of E, one after another. X^i * y has the coordinates
# s_(i+1), s_i, s_(i+4), s_(i+3), s_(i+2) at 1, X, .., X^4, where X^5 = 1 - X^2 gives s_(i+5) = s_i - s_(i+2).
@inline
def product(x, y):
    s = Array(EXT * 9)
    copy(y + EXT, s)
    copy(y, s + EXT)
    for i in unroll(2, 5):
        copy(y + EXT * (6 - i), s + EXT * i)
    for i in unroll(0, 4):
        sub_to(s + EXT * i, s + EXT * (i + 2), s + EXT * (i + 5))
    coordinates = Array(EXT * 5)
    for i in unroll(0, 5):
        dot_product_ee(x, s + EXT * i, coordinates + EXT * ((6 - i) % 5), 5)
    return coordinates
