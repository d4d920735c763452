# public: 0 0 0 0 0 0 0 0 1 0 1
# prints: 1
LEVELS = 3

# The parent of a node that is the left child for side 0 and the right one for side 1.
def parent(tweak, parameter, node, sibling, side):
    left = Array(8)
    children = Array(8)
    for j in unroll(0, 4):
        left[j] = tweak[j]
        left[4 + j] = parameter[j]
    match side:
        case 0:
            for j in unroll(0, 4):
                children[j] = node[j]
                children[4 + j] = sibling[j]
        case 1:
            for j in unroll(0, 4):
                children[j] = sibling[j]
                children[4 + j] = node[j]
    result = Array(8)
    poseidon2_16_half(left, children, result)
    return result

def main():
    public = 0
    key = Array(8)
    nodes = Array(8)
    for j in unroll(0, 4):
        key[4 + j] = 50 + j
        nodes[4 + j] = j
    siblings = Array(4 * LEVELS)
    tweaks = Array(8 * LEVELS)
    for level in unroll(0, LEVELS):
        for j in unroll(0, 4):
            siblings[4 * level + j] = 1000 * level + j
            tweaks[8 * level + j] = 7 + level
        tweaks[8 * level + 4] = public[8 + level]
        for j in unroll(5, 8):
            tweaks[8 * level + j] = 0
    poseidon16_path(key, nodes + 4, siblings, tweaks, LEVELS)
    node: Mut = nodes + 4
    for level in unroll(0, LEVELS):
        node = parent(tweaks + 8 * level, key + 4, node, siblings + 4 * level, public[8 + level])
    for j in unroll(0, 4):
        assert key[j] == node[j]
    # Again, which checks the root.
    poseidon16_path(key, nodes + 4, siblings, tweaks, LEVELS)
    print(1)
    return
