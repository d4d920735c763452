# error: NotAssignable
def main():
    for i in range(0, 3):
        i += 1
    return
