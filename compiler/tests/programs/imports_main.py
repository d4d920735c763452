# prints: 12 8
from snark_lib import *
from library.numbers import *

def main():
    print(triple(FOUR), EIGHT)
    return
