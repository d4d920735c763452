# private left: 1
# private left: 2
# outcome: WitnessLeftOver
def main():
    a = Array(1)
    hint_witness("left", a)
    return
