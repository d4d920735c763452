# public: 8
# error: NotConstant
def main():
    public = 0
    poseidon16_chain(public, 8, public[0], 16, 2)
    return
