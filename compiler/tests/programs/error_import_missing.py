# error: MissingImport
from library.nowhere import *

def main():
    return
