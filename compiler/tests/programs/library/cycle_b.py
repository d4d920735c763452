from library.cycle_a import *

B = 1
