# error: MissingPlaceholder
def main():
    print(N_PLACEHOLDER)
    return
