# public: 8
# outcome: OutOfRange
def main():
    public = 0
    sum: Mut = 0
    for i in dynamic_unroll(0, public[0], 3):
        sum += i
    return
