# game_of_life: the prover knows a board that becomes the public one in one step of Conway's Game of Life.
#
# Public input   64 cells, 0 or 1, of a board of 8 rows and 8 columns whose opposite edges touch
# Private input  "board": one list of 64 cells
# Fails          if the board before does not lead to the public one.
from snark_lib import *

SIZE = 8


def main():
    after = 0
    before = Array(SIZE * SIZE)
    hint_witness("board", before)
    for i in range(0, SIZE * SIZE):
        assert before[i] * before[i] == before[i], "neither 0 nor 1"
    for row in unroll(0, SIZE):
        for column in unroll(0, SIZE):
            neighbours: Mut = 0
            for down in unroll(0, 3):
                for right in unroll(0, 3):
                    if 3 * down + right != 4:
                        neighbours += before[wrap(row + down) * SIZE + wrap(column + right)]
            assert after[row * SIZE + column] == next_cell(before[row * SIZE + column], neighbours)
    return


@inline
def wrap(coordinate):
    return (coordinate + SIZE - 1) % SIZE


def next_cell(alive, neighbours):
    return match_range(
        neighbours,
        range(0, 2), lambda n: 0,  # lonely
        range(2, 3), lambda n: alive,
        range(3, 4), lambda n: 1,  # born
        range(4, 9), lambda n: 0,  # crowded
    )
