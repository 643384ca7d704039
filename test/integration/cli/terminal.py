"""Runs a program in a pseudo-terminal: terminal.py PROGRAM ARGUMENT...

What comes on standard input is typed; what the terminal shows goes to standard error. Standard output is the program's own.
The exit status is the program's; 99 where it leaves the terminal changed.
"""

import os
import pty
import select
import sys
import termios

arguments = sys.argv[1:]
own_output = os.dup(1)
child, terminal = pty.fork()
if child == 0:
    os.dup2(own_output, 1)
    os.close(own_output)
    os.execvp(arguments[0], arguments)
before = termios.tcgetattr(terminal)
sources = [0, terminal]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b""
        if not data:
            sources.remove(source)
        elif source == terminal:
            os.write(2, data)
        else:
            os.write(terminal, data)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
changed = termios.tcgetattr(terminal) != before
sys.exit(99 if changed else status)
