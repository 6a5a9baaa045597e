"""benchmarks"""
import sys, json
from pathlib import Path
from benchmarks.contenders import CONTENDERS, workshop
from benchmarks.inputs import make, given_charts
from benchmarks.measure import measure, median
runs = int(sys.argv[1])
with workshop() as w:
    for name in sys.argv[2:]:
        i = make(name, w.folder / "inputs", given_charts())
        s = {c.name: [] for c in CONTENDERS}
        for r in range(runs + 1):
            for c in CONTENDERS:
                if r and s[c.name] and s[c.name][0].fault: continue
                x = measure(c.command(i, w), 300)
                if r or x.fault: s[c.name].append(x)
        m = {n: median(v) for n, v in s.items()}
        b = m["conftest"]
        print(name, i.objects, i.size)
        for n, v in m.items():
            print(f"  {n:30} {v.wall:8.2f} s {v.cpu:8.2f} cpu {v.memory>>20:6} MiB ratio wall {v.wall/b.wall:.2f} cpu {v.cpu/b.cpu:.2f} mem/input {v.memory/i.size:.1f} {v.fault}", flush=True)
