# prints: 2130706431 2130706432 0 1
def main():
    for i in range(-2, 2):
        print(i)
    return
