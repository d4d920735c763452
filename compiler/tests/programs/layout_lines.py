# Brackets and backslashes join lines; comments and blank lines mean nothing; `#` and brackets may stand in strings.
# public: 3
# prints: 6 3
def add(a,
        b,  # the second
        c,
):
    """Three summands. # ( [ are text here."""
    return a + \
        b + c

def main():

    public = 0
    # not indented as the block is
  # nor here
    x = add(
        public[0],

        1, 2
    )
    print(x); print("# ( [", public[0])
    return
