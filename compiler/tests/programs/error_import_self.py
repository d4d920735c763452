# error: ImportCycle
from error_import_self import *

def main():
    return
