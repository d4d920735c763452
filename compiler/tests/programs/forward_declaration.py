# public: 2
# prints: 200 7
def main():
    public = 0
    a: Imu
    b: Imm
    if public[0] == 1:
        a = 100
        b = 5
    elif public[0] == 2:
        a = 200
        b = 7
    else:
        a = 300
        b = 9
    print(a, b)
    return
