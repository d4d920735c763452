# prints: 1
"""A text
over lines # no comment
"""

def main():
    """What it does."""
    'single'
    # "no string
    print("# no comment", 1)  # a comment with "quotes' and (brackets
    assert 1 == 1, "a message with \"quotes\""
    return
