# private left: 1
# outcome: WitnessMissing
def main():
    a = Array(2)
    hint_witness("left", a)
    hint_witness("left", a + 1)
    return
