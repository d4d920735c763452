# error: ImportMissing
from library.nowhere import *

def main():
    return
