# == one_big_block
bytearray(1 << 40)
# == one_that_nearly_fits
bytearray(200 << 20), bytearray(200 << 20)
# == many_small_blocks
kept = []
while True:
    kept.append(object())
# == many_small_blocks_caught
kept = []
while True:
    try:
        while True:
            kept.append([0] * 100)
    except MemoryError:
        pass
# == a_list_that_doubles
kept = [0]
while True:
    kept += kept
# == a_text_that_doubles
kept = "x"
while True:
    kept += kept
# == a_text_times_a_number
"x" * 10**11
# == a_tuple_times_a_number
(0,) * (1 << 60)
# == a_width_of_a_format
"%*d" % (2**31 - 1, 1)
# == a_width_in_a_literal
f"{1:>2000000000}"
# == a_replacement_that_grows
kept = "aa"
while True:
    kept = kept.replace("a", "aaaa")
# == a_join_that_grows
"x".join(["y" * 100_000] * 100_000)
# == a_dictionary_without_end
kept = {}
while True:
    kept[len(kept)] = len(kept)
# == a_set_of_everything
set(range(10**10))
# == a_list_of_everything
list(range(10**10))
# == sorted_without_end
import itertools
sorted(itertools.count())
# == a_generator_that_is_kept
import itertools
list(itertools.product(range(100), repeat=10))
# == tees_that_part
import itertools
first, second = itertools.tee(itertools.count())
for _ in first:
    pass
# == bits_by_the_million
1 << (1 << 36)
# == a_bytes_of_a_huge_number
(1).to_bytes(1 << 40, "big")
# == a_number_read_from_text
int("9" * 10_000_000, 16) ** 1000
# == an_array
import array
array.array("q", [0]) * (1 << 35)
# == shared_memory
import mmap
kept = [mmap.mmap(-1, 64 << 20) for _ in range(10_000)]
# == shared_memory_that_is_used
import mmap
kept = []
while True:
    kept.append(mmap.mmap(-1, 16 << 20))
    kept[-1][:] = b"x" * (16 << 20)
# == a_compressed_bomb
import zlib
zlib.decompress(zlib.compress(bytes(100 << 20), 9) * 1) * 100
# == a_bomb_of_a_bomb
import lzma
small = lzma.compress(bytes(64 << 20))
[lzma.decompress(small) for _ in range(100)]
# == a_zip_that_unfolds
import io, zipfile
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
    out.writestr("zeros", bytes(150 << 20))
zipfile.ZipFile(packed).read("zeros") * 10
# == entities_that_laugh
import xml.etree.ElementTree as tree
names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
tree.fromstring(f'<!DOCTYPE a [<!ENTITY l0 "ha">{names}]><a>&l11;</a>')
# == a_database_that_grows
import sqlite3
sqlite3.connect(":memory:").execute("select count(*) from (with recursive n(x) as (select 1 union all select x + 1 from n) select zeroblob(1000000), x from n order by 1)").fetchall()
# == memory_and_time
kept = [bytearray(150 << 20)]
while True:
    pass
# == memory_in_a_handler
try:
    kept = [bytearray(1 << 20) for _ in range(10**6)]
except MemoryError:
    kept = [bytearray(1 << 20) for _ in range(10**6)]
# == a_frame_that_keeps_all
def keep(n):
    kept = [0] * 1_000_000
    return keep(n + 1)
keep(0)
# == interned_names
import sys
number = 0
while True:
    sys.intern(f"name {number}" * 50)
    number += 1
# == stacks_of_threads
import threading
threading.stack_size(1 << 30)
[threading.Thread(target=threading.Event().wait).start() for _ in range(20)]
