# error: MissingMain
