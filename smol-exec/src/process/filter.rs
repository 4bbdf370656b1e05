//! The filter of system calls: what a block has no use for and a kernel's bugs are often in. Under bubblewrap it is one wall
//! more; under Landlock, which knows of files and little else, it is what keeps code from the network and from others.

use super::Confinement;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use std::collections::BTreeMap;

/// Never of use to a block: they reach into other processes or change the system.
const NEVER: &[i64] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// Where there are no namespaces: signals to others, and new programs.
const WITHOUT_NAMESPACES: &[i64] = &[
    libc::SYS_kill,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_send_signal,
    libc::SYS_execve,
    libc::SYS_execveat,
];

/// The programs, each as hexadecimal bytes.
pub(super) fn programs(confinement: Confinement, network: bool) -> Result<Vec<String>, seccompiler::Error> {
    let refused = filter(rules(confinement, network)?, libc::EPERM)?;
    // C libraries that are told there is no such call use the older one, whose flags can be looked at.
    let absent = filter(BTreeMap::from([(libc::SYS_clone3, vec![])]), libc::ENOSYS)?;
    let foreign = if cfg!(target_arch = "x86_64") { foreign_calls() } else { BpfProgram::new() };
    let programs = [refused, absent, foreign];
    Ok(programs.iter().filter(|program| !program.is_empty()).map(to_hex).collect())
}

/// Refuses the calls of x32, which reach the same kernel by other numbers; asm/unistd.h, linux/bpf_common.h, linux/seccomp.h.
fn foreign_calls() -> BpfProgram {
    const FIRST: u32 = 0x4000_0000;
    const REFUSE: u32 = 0x0005_0000 | libc::EPERM.cast_unsigned();
    const ALLOW: u32 = 0x7fff_0000;
    let step = |code, jt, jf, k| seccompiler::sock_filter { code, jt, jf, k };
    // Load the call's number; if it is not below the first, go on, else skip one; return.
    vec![step(0x20, 0, 0, 0), step(0x35, 0, 1, FIRST), step(0x06, 0, 0, REFUSE), step(0x06, 0, 0, ALLOW)]
}

fn rules(
    confinement: Confinement,
    network: bool,
) -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::Error> {
    let mut rules: BTreeMap<_, _> = NEVER.iter().map(|call| (*call, vec![])).collect();
    let namespaces = libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWNET | libc::CLONE_NEWPID;
    let mut clone = each_bit(namespaces)?;
    if confinement == Confinement::Landlock {
        rules.extend(WITHOUT_NAMESPACES.iter().map(|call| (*call, vec![])));
        // A thread, not a process.
        clone.push(argument(libc::CLONE_THREAD, 0)?);
        #[cfg(target_arch = "x86_64")]
        rules.extend([libc::SYS_fork, libc::SYS_vfork].map(|call| (call, vec![])));
        if !network {
            rules.insert(libc::SYS_socket, vec![]);
        }
    }
    rules.insert(libc::SYS_clone, clone);
    Ok(rules)
}

/// Rules for any of these flags in the first argument.
fn each_bit(flags: i32) -> Result<Vec<SeccompRule>, seccompiler::Error> {
    (0..i32::BITS).map(|bit| 1 << bit).filter(|bit| flags & bit != 0).map(|bit| argument(bit, bit)).collect()
}

/// A rule for a first argument whose bits under `mask` are `value`.
fn argument(mask: i32, value: i32) -> Result<SeccompRule, seccompiler::Error> {
    let (mask, value) = (u64::from(mask.cast_unsigned()), u64::from(value.cast_unsigned()));
    let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), value)?;
    Ok(SeccompRule::new(vec![condition])?)
}

fn filter(rules: BTreeMap<i64, Vec<SeccompRule>>, error: i32) -> Result<BpfProgram, seccompiler::Error> {
    let refuse = SeccompAction::Errno(error.cast_unsigned());
    let machine = std::env::consts::ARCH.try_into()?;
    Ok(SeccompFilter::new(rules, SeccompAction::Allow, refuse, machine)?.try_into()?)
}

/// As the kernel reads it, `struct sock_filter` of linux/filter.h.
fn to_hex(program: &BpfProgram) -> String {
    let bytes = |step: &seccompiler::sock_filter| {
        let [low, high] = step.code.to_ne_bytes();
        let [a, b, c, d] = step.k.to_ne_bytes();
        [low, high, step.jt, step.jf, a, b, c, d]
    };
    program.iter().flat_map(bytes).map(|byte| format!("{byte:02x}")).collect()
}
