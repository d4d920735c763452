# public: 1
# prints: 1 2 3
def main():
 p = 0
 if p[0] == 1:
       print(1)
       for i in unroll(0, 1):
         print(2)
 else:
  print(9)
 print(3)
 return
