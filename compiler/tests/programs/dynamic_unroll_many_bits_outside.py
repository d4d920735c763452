# public: 7 3
# outcome: OutOfRange
def main():
    p = 0
    for i in dynamic_unroll(p[0], p[1], 20):
        print(i)
    return
