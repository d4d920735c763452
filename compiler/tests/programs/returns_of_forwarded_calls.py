# public: 3
# prints: 9 6 27
def pair(x):
    return x * x, x + x

def forward(x):
    return pair(x)

@inline
def forward_inline(x):
    return pair(x)

def main():
    p = 0
    a, b = forward(p[0])
    print(a, b)
    c, d = forward_inline(p[0])
    print(c * d / 2)
    return
