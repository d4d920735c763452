# error: PlaceholderMissing
def main():
    print(N_PLACEHOLDER)
    return
