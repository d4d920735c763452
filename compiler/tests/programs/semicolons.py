# public: 4
# prints: 4 5
def main():
    p = 0; x = p[0]; print(x)
    y: Mut = x; y += 1; print(y);
    return
