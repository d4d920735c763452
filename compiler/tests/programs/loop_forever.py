# The bounds are never met within the limits.
# public: 1
# outcome: StepLimit
def main():
    public = 0
    for i in range(public[0], 0):
        pass
    return
