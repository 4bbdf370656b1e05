#!/bin/sh
# Runs bench_gpu, which lies beside this script, with the CUDA libraries of this machine; then the same on PyTorch where it
# is installed. The libraries are looked for where toolkits and Python packages put them.
here=$(cd "$(dirname "$0")" && pwd)
packages=$(python3 -c '
import glob, os, sys
folders = [os.path.join(path, "nvidia", "*", "lib") for path in sys.path]
print(":".join(found for folder in folders for found in glob.glob(folder)))
' 2>/dev/null)
LD_LIBRARY_PATH="$packages:/usr/local/cuda/lib64:/usr/local/nvidia/lib64:$LD_LIBRARY_PATH"
export LD_LIBRARY_PATH
missing=$(ldd "$here/bench_gpu" | sed -n 's/^[[:space:]]*\(.*\) => not found.*/\1/p' | sort -u | tr '\n' ' ')
case "$missing" in
"") ;;
*libcuda.so.1*)
    echo "this machine has no NVIDIA driver: $missing not found" >&2
    printf '\nhint: run this where `nvidia-smi` lists a GPU; CUDA 13 needs a driver from 580 on\n' >&2
    exit 1
    ;;
*)
    echo "libraries of CUDA 13 are missing: $missing" >&2
    printf '\nhint: `python3 -m pip install nvidia-cublas nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-curand`\n' >&2
    exit 1
    ;;
esac
"$here/bench_gpu" gpu-bench "$@" || exit 1
python3 "$here/peer.py" "$@"
