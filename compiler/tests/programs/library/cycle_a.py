from library.cycle_b import *

A = 1
