# error: TabIndentation
def main():
    x = 1
	print(x)
    return
