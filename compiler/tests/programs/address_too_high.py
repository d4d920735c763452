# public: 100000000
# outcome: AddressOutOfRange
def main():
    public = 0
    p = public[0]
    print(p[0])
    return
