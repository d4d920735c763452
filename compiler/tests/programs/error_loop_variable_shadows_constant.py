# error: Shadowing
i = 3

def main():
    for i in range(0, 2):
        print(i)
    return
