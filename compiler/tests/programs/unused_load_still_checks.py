# public: 3
# outcome: AddressOutOfRange
def main():
    p = 0
    x = p[-1]
    return
