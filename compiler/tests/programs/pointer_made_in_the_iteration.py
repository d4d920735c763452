# public: 2
# prints: 10 11 11
def main():
    p = 0
    holder = Array(1)
    data = Array(4)
    for i in range(0, 1):
        h = holder + 0
        h[0] = data
        for j in range(0, 2):
            holder[0][j] = 10 + j
    for j in range(0, 2):
        print(data[j])
    print(holder[0][1])
    return
