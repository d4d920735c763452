# public: 0
# prints: 3
def main():
    public = 0
    x: Imu
    if public[0] == 1:
        assert False, "one is not accepted"
    else:
        x = 3
    print(x)
    return
