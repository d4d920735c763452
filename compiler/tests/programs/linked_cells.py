# public: 4
# prints: 3 2 1 0
def main():
    p = 0
    list: Mut = 0
    for i in range(0, p[0]):
        node = Array(2)
        node[0] = i
        node[1] = list
        list = node
    at: Mut = list
    for i in range(0, p[0]):
        print(at[0])
        at = at[1]
    return
