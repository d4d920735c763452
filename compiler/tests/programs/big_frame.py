# prints: 1999 1999000
def main():
    a = Array(2000)
    for i in unroll(0, 2000):
        a[i] = i
    sum: Mut = 0
    for i in range(0, 2000):
        sum += a[i]
    print(a[1999], sum)
    return
