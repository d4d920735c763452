from snark_lib import *
from library.more import *

FOUR = 4

def triple(x):
    return 3 * x
