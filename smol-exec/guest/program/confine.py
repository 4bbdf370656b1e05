"""What a worker takes from itself before it runs anything: limits, privileges, files, system calls. The process has run
only this program by then, and what it gives up it cannot take back."""

import os
import sys

# linux/landlock.h; the numbers of these system calls are the same on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
# linux/prctl.h
SET_PDEATHSIG, SET_SECCOMP, SET_NO_NEW_PRIVS, FILTER = 1, 22, 38, 2
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
# How many of the rights to files, to the network and of scopes each version of Landlock knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
READ = EXECUTE | READ_FILE | READ_DIR


def confine(order):
    """Does what is ordered, in the order in which each step is still allowed. Says what was done."""
    done = []
    for name, step in STEPS.items():
        if order.get(name) is not None:
            step(order[name])
            done.append(name)
    return done


def real(path):
    """A path that is no text comes as its bytes."""
    return path if isinstance(path, str) else bytes(path)


def die_with_parent(parent):
    prctl(SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        raise OSError("its parent has gone")


def folder(path):
    os.chdir(real(path))


def limits(order):
    import resource

    for name, limit in order.items():
        if limit is None:
            continue
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        hardest = resource.getrlimit(kind)[1]
        if hardest != resource.RLIM_INFINITY:
            limit = min(limit, hardest)
        resource.setrlimit(kind, (limit, limit))


def user(number):
    import struct

    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    # linux/capability.h; for whom stays root.
    c_function("capset", struct.pack("=Ii", 0x20080522, 0), bytes(24))
    if not os.access(os.__file__, os.R_OK):
        raise PermissionError(f"the user {number} cannot read this Python's library, `{os.path.dirname(os.__file__)}`")


def no_new_privileges(_):
    prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def landlock(order):
    import ctypes
    import struct

    version = syscall(CREATE_RULESET, None, 0, VERSION_FLAG)
    rights = (1 << FILE_RIGHTS.get(version, 16)) - 1
    network = 0b11 if version >= 4 and not order["network"] else 0
    scopes = 0b11 if version >= 6 else 0
    attributes = struct.pack("QQQ", rights, network, scopes)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    for access, paths in ((READ, order["read"]), (rights & ~EXECUTE, order["write"])):
        for path in map(real, paths):
            allow(ruleset, path, access & rights)
    syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def allow(ruleset, path, access):
    import struct

    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        # Of the rights, these are a file's.
        access &= EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15
    syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", access, place), 0)
    os.close(place)


def filters(programs):
    """Each is a program of the kernel's packet filter as hexadecimal bytes; linux/filter.h."""
    import ctypes

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    for program in map(bytes.fromhex, programs):
        prctl(SET_SECCOMP, FILTER, ctypes.byref(Program(len(program) // 8, program)))


STEPS = {
    "folder": folder,
    "limits": limits,
    "user": user,
    # After the user, whose change would clear it.
    "die_with_parent": die_with_parent,
    "no_new_privileges": no_new_privileges,
    "landlock": landlock,
    "filters": filters,
}


def syscall(*arguments):
    return c_function("syscall", *arguments)


def prctl(*arguments):
    return c_function("prctl", *arguments)


def c_function(name, *arguments):
    import ctypes

    result = getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name} of {sys._getframe(2).f_code.co_name}: {os.strerror(error)}")
    return result
