# groupby, zip_longest, tee, pairwise, compress, filterfalse, starmap
from itertools import compress, filterfalse, groupby, pairwise, starmap, tee, zip_longest

words = ["apple", "avocado", "banana", "blueberry", "cherry", "apricot"]
print([(k, list(g)) for k, g in groupby(words, key=lambda w: w[0])])
print([(k, len(list(g))) for k, g in groupby(sorted(words), key=lambda w: w[0])])
print("".join(f"{c}{len(list(run))}" for c, run in groupby("aaabccdddd")))
print(list(zip_longest("abc", [1], fillvalue="-")))
one, two = tee(range(4))
next(two)
print(list(zip(one, two)), list(pairwise("abcd")))
print(list(compress("HELLO", [1, 0, 1, True, ""])), list(filterfalse(str.isupper, "aBcD")))
print(list(starmap(divmod, [(17, 5), (9, 4)])), list(starmap("{}-{}".format, zip("ab", "yz"))))
temps = [21, 21, 23, 22, 22, 22, 25]
print([b - a for a, b in pairwise(temps)])
print(max((len(list(g)), k) for k, g in groupby(temps)))
