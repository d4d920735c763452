# error: ImportCycle
from library.cycle_a import *

def main():
    return
