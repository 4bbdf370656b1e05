"""What `transcribe` prints, by faster-whisper with the same weights: FOLDER FILE TIMES COMPUTE-TYPE."""

import json
import resource
import sys
import time

from faster_whisper import WhisperModel

folder, name, times, compute = sys.argv[1:]
begun = time.perf_counter()
model = WhisperModel(folder, device="cpu", compute_type=compute, cpu_threads=1)
loading = time.perf_counter() - begun
fastest = float("inf")
for _ in range(int(times)):
    begun = time.perf_counter()
    # Greedy first, as ours, and the same thresholds.
    segments, info = model.transcribe(name, beam_size=1, best_of=1)
    text = " ".join(segment.text.strip() for segment in segments)
    fastest = min(fastest, time.perf_counter() - begun)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"loading": loading, "seconds": fastest, "audio": info.duration, "megabytes": memory, "text": text}))
