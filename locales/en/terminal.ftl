# Words of the terminal program, quay. Keys that end in a code end as in crates/engine/src/wire.

# Help.
about-quay = Who holds a port, and what to do about it.
about-list = The sockets of this computer, as a table
about-end = Ends a program: by its PID, or by the port that it holds
heading-usage = Usage:
heading-commands = Commands:
heading-arguments = Arguments:
heading-options = Options:
usage-quay =
    quay                  the table, once
    quay PORT             who holds this port
    quay list [FILTER]    the table, filtered
    quay end PID|:PORT    ends a program
usage-list = quay list [OPTIONS] [FILTER]...
usage-end = quay end [OPTIONS] PID|:PORT
value-port = PORT
value-filter = FILTER
value-target = PID|:PORT
value-sort = COLUMN
value-interval = SECONDS
value-lang = LANGUAGE
value-color = WHEN
help-port = The port to ask about, like 7897 or :7897
help-filter = What to show, like 7897, chrome, state:listen, port:80-443, remote:10.0.0.0/8; ! denies, | offers a choice
help-sort = Order by program, pid, proto, local, port, remote, rport, state, user or path [default: port]
help-desc = Largest first
help-watch = Look again and again, until Ctrl-C
help-interval = Seconds between two looks, 0.5 to 10 [default: 1]
help-target = The program’s PID, or a colon and the port that it holds, like :7897
help-force = Force it instead of asking it: it cannot save anything
help-yes = Do not ask before
help-children = End the programs that it started, too
help-json = Print JSON (moments are Unix milliseconds)
help-lang = en or zh-CN [default: the system’s]
help-color = auto, always or never [default: auto: on a terminal, unless NO_COLOR is set]
help-help = Print this
help-version = Print the version
help-exit-codes = Exit codes: 0 done, or the port is in use; 1 the port is free, or nothing matched; 2 wrong usage; 3 refused or failed.

# Wrong usage.
usage-hint = “{ $command } --help” shows what can be written.
usage-not-a-port = “{ $value }” is neither a port nor a command. Ports are numbers from 0 to 65535. To search for it: quay list { $value }
usage-not-a-target = “{ $value }” is neither a PID nor a port. Write a PID like 4711, or a port with its colon, like :7897.
usage-port-and-command = A port and a command cannot stand together.
usage-unknown = “{ $argument }” is not understood.
usage-wrong-value = “{ $value }” does not fit { $argument }.
usage-missing = Something is missing: { $argument }
usage-twice = { $argument } may be given only once.
usage-needs-watch = --interval goes with --watch.
usage-other = This is not understood.
usage-cannot-ask = Nobody can be asked here. Add --yes to end it without being asked.
usage-filter = The filter is wrong here:

# The table.
column-program = Program
column-pid = PID
column-protocol = Proto
column-local = Local
column-remote = Remote
column-state = State
column-user = User
list-empty = No socket is open.
list-no-match = Nothing matches.
list-all =
    { $total ->
        [one] { $total } socket
       *[other] { $total } sockets
    }
list-some = { $matched } of { $total } sockets
list-more =
    { $count ->
        [one] … and { $count } row more than fits here
       *[other] … and { $count } rows more than fit here
    }
list-watching = { $time } · every { $seconds } s · Ctrl-C ends
hidden-other_user =
    { $count ->
        [one] { $count } socket belongs to another user, whose programs only an administrator sees.
       *[other] { $count } sockets belong to other users, whose programs only an administrator sees.
    }
hidden-protected =
    { $count ->
        [one] { $count } socket belongs to a program of yours that the system protects; only an administrator sees it.
       *[other] { $count } sockets belong to programs of yours that the system protects; only an administrator sees them.
    }
hidden-no_holder =
    { $count ->
        [one] { $count } socket is held by no program that could be found: by the system itself, or in a container.
       *[other] { $count } sockets are held by no program that could be found: by the system itself, or in a container.
    }
hidden-pending =
    { $count ->
        [one] { $count } socket opened a moment ago; its program is not known yet.
       *[other] { $count } sockets opened a moment ago; their programs are not known yet.
    }
hidden-not_reported =
    { $count ->
        [one] For { $count } socket the system’s list names no program.
       *[other] For { $count } sockets the system’s list names no program.
    }

# The answer for a port.
program-named = { $program } (PID { $pid })
program-pids = { $program } (PID { $pids })
program-unknown = a program that is not known
answer-held = Port { $port } is held by { $program }.
answer-held-unknown = Port { $port } is in use, but its program is not known.
answer-held-several = Port { $port } is held by { $count } programs:
answer-client = Nobody listens on port { $port }. It is the local end of a connection of { $program }.
answer-client-several = Nobody listens on port { $port }. It is the local end of connections of { $count } programs:
answer-lingering = Nobody listens on port { $port }. Closed connections linger there for a while.
answer-free = Port { $port } is free.
answer-open-at = Open at
answer-from = Reachable from
answer-program = Program file
answer-user = User
answer-started = Started
answer-started-at = { $time }, { $ago } ago
answer-protected = Not to be ended
answer-why = Why
answer-clients = Connected to it
answer-users = Also used as the local end of connections by
connections =
    { $count ->
        [one] { $count } connection
       *[other] { $count } connections
    }
answer-client-remote = { $connections } from { $address }
answer-client-local = { $program }: { $connections } from { $address }
answer-lingers =
    { $count ->
        [one] { $count } closed connection lingers at the port.
       *[other] { $count } closed connections linger at the port.
    }
answer-lingers-until =
    { $count ->
        [one] { $count } closed connection lingers at the port until { $time }.
       *[other] { $count } closed connections linger at the port, the last until { $time }.
    }
answer-outgoing =
    { $count ->
        [one] { $count } connection of this computer goes to port { $port } on another one.
       *[other] { $count } connections of this computer go to port { $port } on others.
    }
answer-hint = Often used by { $programs }. A custom, which says nothing about this computer.
answer-hint-separator = ,{ " " }
answer-hint-registered = { $service } ({ $description })

# Spans of time.
span-seconds = { $seconds } s
span-minutes = { $minutes } min
span-hours = { $hours } h { $minutes } min
span-days = { $days } d { $hours } h

# Ending a program.
end-no-such-pid = No program with the PID { $pid } is seen holding a socket. To end what holds port { $pid }, write quay end :{ $pid }
end-no-such-large-pid = No program with the PID { $pid } is seen holding a socket.
end-port-free = Port { $port } is free: there is nothing to end.
end-port-not-held = Nobody listens on port { $port }, so there is nothing to end there.
end-port-unknown = Port { $port } is in use, but its program is not known, so it cannot be ended.
end-several = Port { $port } has several holders. Name one of them by its PID: quay end PID
end-plan = This will end { $program }.
end-plan-force = This will force { $program } to end. It cannot save anything.
end-ports = Ports
end-port-shared = { $port } (shared: stays open)
end-connections = Connections
end-children = Programs it started
end-children-stay = They are left alone. --children ends them too.
end-child-spared = { $program }: left alone. { $why }
end-ask = End it? [y/N]{ " " }
end-answers-yes = y yes
end-nothing-done = Nothing was ended.
end-waiting = Asked it to end. It has { $seconds } s…
end-done = { $program } has ended.
end-still-running = { $program } was asked and still runs after { $seconds } s. It may be saving something. To force it:
end-still-running-forced = { $program } still runs although it was forced: it is stuck inside the system.
end-child-running = { $program }, which it started, still runs. To force it:
fate-released = Port { $port } is released.
fate-held = Port { $port } is held now by { $program }.
fate-held-unknown = Port { $port } is in use, by a program that is not known.
fate-respawned = Port { $port } is held again by { $program }: the same program was started anew.
fate-time_wait = Port { $port } is released. Closed connections linger there for a while; a new program may listen all the same.
fate-time_wait-until = Port { $port } is released. Closed connections linger there until { $time }; a new program may listen all the same.

# When quay itself fails.
failed = quay could not do its work: { $why }
failed-detail = The system says: { $detail }
