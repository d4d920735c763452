# The sum of the digits would be written to the first cell of the first start.
# outcome: Undefined
def main():
    context = 0
    cells = Array(24)
    cells[6] = 0
    cells[7] = 0
    for j in unroll(1, 4):
        cells[8 + j] = 0
    for j in unroll(0, 4):
        cells[16 + j] = 0
    poseidon16_chain(context, cells + 8, 4, cells + 6, 2)
    return
