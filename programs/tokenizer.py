# tokenizer: the numbers in a secret text such as [12,[3,45],[],6] have a public sum.
#
# Public input   [length of the text, sum of its numbers]
# Private input  "text": one list, the ASCII codes of the text
# Fails          if a character is not one of [ ] , 0-9, brackets do not match, a number is too large, or the sum is another.
from snark_lib import *

COMMA = 44
ZERO = 48
OPEN = 91
CLOSE = 93
MAX_DEPTH = 100
MAX_NUMBER = 1000


def main():
    public = 0
    length = public[0]
    text = Array(length)
    hint_witness("text", text)
    depth: Mut = 0
    number: Mut = 0
    sum: Mut = 0
    for i in range(0, length):
        depth, number, sum = read(text[i], depth, number, sum)
    assert depth == 0, "a bracket is open"
    assert number < MAX_NUMBER, "a number is too large"
    assert sum + number == public[1], "another sum"
    return


# The state after a character: how many brackets are open, the number being read, and the sum of those before it. What most cases
# need is computed first, so that they differ little in the cells that they use, and share nearly all of them.
@inline
def read(character, depth, number, sum):
    digit = character - ZERO
    longer = 10 * number + digit
    with_number = sum + number
    if character == CLOSE:
        assert depth != 0, "no bracket is open"
        assert number < MAX_NUMBER, "a number is too large"
        return depth - 1, 0, with_number
    if character == OPEN:
        assert depth < MAX_DEPTH, "too many brackets"
        return depth + 1, 0, with_number
    if character == COMMA:
        assert number < MAX_NUMBER, "a number is too large"
        assert depth != 0, "a comma outside of brackets"
        return depth, 0, with_number
    assert digit < 10, "not a digit"
    return depth, longer, sum
