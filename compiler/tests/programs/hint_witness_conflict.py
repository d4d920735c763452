# private left: 1 2
# outcome: HintConflict
def main():
    a = Array(2)
    a[1] = 3
    hint_witness("left", a)
    return
