# prints: 6 15
# a comment

      # an indented comment


X = [   1,
  2,      # a comment in brackets

        3,
]   # and after

def add(a,
        b,
        c):   # a comment
# a comment at the margin
    s = (a
         + b
         + c)
        # deeper

    return s
            # trailing


def main():

    # first
    print(add(X[0], X[1],
              X[2]))

    y = 1 + \
        2 + 3 \
        + 4
    print(y + add(1, 2,
  2))
    return
# the end
