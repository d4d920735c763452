# A linked list of pairs (value, address of the next), ended by 0.
# public: 4
# prints: 10 4
def push(list, value):
    node = Array(2)
    node[0] = value
    node[1] = list
    return node

def sum(list):
    if list == 0:
        return 0, 0
    rest, n = sum(list[1])
    return list[0] + rest, n + 1

def main():
    public = 0
    list: Mut = 0
    for i in range(1, public[0] + 1):
        list = push(list, i)
    total, length = sum(list)
    print(total, length)
    return
