# Words of the terminal program, quay. Keys that end in a code end as in crates/engine/src/wire.

# Help.
quay-about-quay = Who holds a port, and what to do about it.
quay-about-list = The sockets of this computer, as a table
quay-about-end = Ends a program: by its PID, or by the port that it holds
quay-about-watch = What happens from now on: who begins to listen, who connects
quay-about-lookup = Whose an address is, from a file on this computer; nobody is asked
quay-about-history = What has happened, as far as Quaymaster’s window has kept it
quay-heading-usage = Usage:
quay-heading-commands = Commands:
quay-heading-arguments = Arguments:
quay-heading-options = Options:
quay-usage-quay =
    quay                  the table, once
    quay PORT             who holds this port
    quay list [FILTER]    the table, filtered
    quay end PID|:PORT    ends a program
    quay watch            what happens from now on
    quay lookup ADDRESS   whose this address is
    quay history          what has happened
quay-usage-list = quay list [OPTIONS] [FILTER]...
quay-usage-end = quay end [OPTIONS] PID|:PORT
quay-usage-watch = quay watch [OPTIONS] [FILTER]...
quay-usage-lookup = quay lookup [OPTIONS] ADDRESS...
quay-usage-history = quay history [OPTIONS] [FILTER]...
quay-value-limit = COUNT
quay-value-address = ADDRESS
quay-value-port = PORT
quay-value-filter = FILTER
quay-value-filter-past = FILTER
quay-value-target = PID|:PORT
quay-value-sort = COLUMN
quay-value-interval = SECONDS
quay-value-lang = LANGUAGE
quay-value-color = WHEN
quay-help-port = The port to ask about, like 7897 or :7897
quay-help-address = Addresses like 223.5.5.5 or 2400:3200::1
quay-help-filter = What to show, like 7897, chrome, state:listen, port:80-443, remote:10.0.0.0/8; ! denies, | offers a choice
quay-help-filter-past = What to show, like 8080, chrome, state:listen, and when: since:2h, until:2026-11-20, on:yesterday; ! denies, | offers a choice
quay-help-sort = Order by program, pid, proto, local, port, remote, rport, state, user, path, org, country or peer [default: port]
quay-help-desc = Largest first
quay-help-watch = Look again and again, until Ctrl-C
quay-help-interval = Seconds between two looks, 0.5 to 10 [default: 1]
quay-help-limit = So many events at most, the newest; 0 for all of them [default: 200]
quay-help-target = The program’s PID, or a colon and the port that it holds, like :7897
quay-help-force = Force it instead of asking it: it cannot save anything
quay-help-yes = Do not ask before
quay-help-children = End the programs that it started, too
quay-help-elevate = Where the system refuses: ask it for administrator rights (Windows)
quay-help-json = Print JSON (moments are Unix milliseconds)
quay-help-lang = en or zh-CN [default: QUAYMASTER_LANGUAGE, else the system’s]
quay-help-color = auto, always or never [default: auto: on a terminal, unless NO_COLOR is set]
quay-help-help = Print this
quay-help-version = Print the version
quay-help-exit-codes = Exit codes: 0 done, or the port is in use; 1 the port is free, or nothing matched; 2 wrong usage; 3 refused or failed.

# Wrong usage.
quay-usage-hint = “{ $command } --help” shows what can be written.
quay-usage-not-a-port = “{ $value }” is neither a port nor a command. Ports are numbers from 0 to 65535. To search for it: quay list { $value }
quay-usage-not-an-address = “{ $value }” is no address. Write it like 223.5.5.5 or 2400:3200::1.
quay-usage-not-a-target = “{ $value }” is neither a PID nor a port. Write a PID like 4711, or a port with its colon, like :7897.
quay-usage-port-and-command = A port and a command cannot stand together.
quay-usage-unknown = “{ $argument }” is not understood.
quay-usage-wrong-value = “{ $value }” does not fit { $argument }.
quay-usage-missing = Something is missing: { $argument }
quay-usage-twice = { $argument } may be given only once.
quay-usage-needs-watch = --interval goes with --watch.
quay-usage-other = This is not understood.
quay-usage-cannot-ask = Nobody can be asked here. Add --yes to end it without being asked.
quay-usage-filter = The filter is wrong here:

# The table.
quay-column-program = Program
quay-column-pid = PID
quay-column-protocol = Proto
quay-column-local = Local
quay-column-remote = Remote
quay-column-state = State
quay-column-user = User
quay-list-empty = No socket is open.
quay-list-no-match = Nothing matches.
quay-list-all =
    { $total ->
        [one] { $total } socket
       *[other] { $total } sockets
    }
quay-list-some = { $matched } of { $total } sockets
quay-list-more =
    { $count ->
        [one] … and { $count } row more than fits here
       *[other] … and { $count } rows more than fit here
    }
quay-list-watching = { $time } · every { $seconds } s · Ctrl-C ends
quay-hidden-other_user =
    { $count ->
        [one] { $count } socket belongs to another user, whose programs only an administrator sees.
       *[other] { $count } sockets belong to other users, whose programs only an administrator sees.
    }
quay-hidden-protected =
    { $count ->
        [one] { $count } socket belongs to a program of yours that the system does not let be looked into.
       *[other] { $count } sockets belong to programs of yours that the system does not let be looked into.
    }
quay-hidden-no_holder =
    { $count ->
        [one] { $count } socket is held by no program that could be found: by the system itself, or in a container.
       *[other] { $count } sockets are held by no program that could be found: by the system itself, or in a container.
    }
quay-hidden-pending =
    { $count ->
        [one] { $count } socket opened a moment ago; its program is not known yet.
       *[other] { $count } sockets opened a moment ago; their programs are not known yet.
    }
quay-hidden-not_reported =
    { $count ->
        [one] For { $count } socket the system’s list names no program.
       *[other] For { $count } sockets the system’s list names no program.
    }

# What happens.
quay-watch-begins = Watching. Ctrl-C ends it.
quay-watch-listener_opened = { $program } listens at { $local } ({ $protocol })
quay-watch-listener_closed = { $program } listens at { $local } ({ $protocol }) no more
quay-watch-connection_opened-incoming = { $program } is called by { $remote } at { $local } ({ $protocol })
quay-watch-connection_opened-outgoing = { $program } connects to { $remote } ({ $protocol })
quay-watch-connection_closed-incoming = { $program }: { $remote } at { $local } ({ $protocol }) is over
quay-watch-connection_closed-outgoing = { $program }: connection to { $remote } ({ $protocol }) is over

# What has happened.
quay-history-empty = Nothing is remembered. Quaymaster’s window keeps the history while it runs, in the tray too, unless that is switched off in its settings.
quay-history-no-match = Nothing of what is remembered matches.
quay-history-more = These are the newest { $count }; there are more. --limit 0 shows all of them.
quay-history-listener = { $program } listened at { $local } ({ $protocol })
quay-history-incoming = { $program } was called by { $remote } at { $local } ({ $protocol })
quay-history-outgoing = { $program } connected to { $remote } ({ $protocol })
quay-history-times = { $times } connections
quay-history-bytes = { $received } bytes received, { $sent } sent
quay-history-ended = You ended { $program }
quay-history-ended-port = You ended { $program }, which held port { $port }
quay-history-forced = You forced { $program } to end
quay-history-forced-port = You forced { $program } to end, which held port { $port }
quay-history-expected = You said that { $program } is expected
quay-history-expected-port = You said that { $program } is expected at port { $port }
quay-history-already-open = was there already
quay-history-open = still open
quay-history-cut = there at { $time }; its end was not seen
quay-history-for = for { $span }

# The answer for a port.
quay-program-named = { $program } (PID { $pid })
quay-program-pids = { $program } (PID { $pids })
quay-program-unknown = a program that is not known
quay-answer-held = Port { $port } is held by { $program }.
quay-answer-held-unknown = Port { $port } is in use, but its program is not known.
quay-answer-held-several = Port { $port } is held by { $count } programs:
quay-answer-client = Nobody listens on port { $port }. It is the local end of a connection of { $program }.
quay-answer-client-several = Nobody listens on port { $port }. It is the local end of connections of { $count } programs:
quay-answer-lingering = Nobody listens on port { $port }. Closed connections linger there for a while.
quay-answer-free = Port { $port } is free.
quay-answer-set-aside = No program holds port { $port }, but it is set aside on this computer.
quay-answer-open-at = Open at
quay-answer-from = Reachable from
quay-answer-program = Program file
quay-answer-user = User
quay-answer-services = Services
quay-answer-description = Calls itself
quay-answer-kernel = What it is
quay-answer-started = Started
quay-answer-started-at = { $time }, { $ago } ago
quay-answer-remotes = Talks to
quay-answer-protected = Not to be ended
quay-answer-why = Why
quay-answer-clients = Connected to it
quay-answer-users = Also used as the local end of connections by
quay-connections =
    { $count ->
        [one] { $count } connection
       *[other] { $count } connections
    }
quay-answer-client-remote = { $connections } from { $address }
quay-answer-client-local = { $program }: { $connections } from { $address }
quay-answer-lingers =
    { $count ->
        [one] { $count } closed connection lingers at the port.
       *[other] { $count } closed connections linger at the port.
    }
quay-answer-lingers-until =
    { $count ->
        [one] { $count } closed connection lingers at the port until { $time }.
       *[other] { $count } closed connections linger at the port, the last until { $time }.
    }
quay-answer-outgoing =
    { $count ->
        [one] { $count } connection of this computer goes to port { $port } on another one.
       *[other] { $count } connections of this computer go to port { $port } on others.
    }
quay-answer-hint = Often used by { $programs }. A custom, which says nothing about this computer.
quay-answer-hint-separator = ,{ " " }
quay-answer-hint-registered = { $service } ({ $description })

# Spans of time.
quay-span-seconds = { $seconds } s
quay-span-minutes = { $minutes } min
quay-span-hours = { $hours } h { $minutes } min
quay-span-days = { $days } d { $hours } h

# Ending a program.
quay-end-no-such-pid = No program with the PID { $pid } is seen holding a socket. To end what holds port { $pid }, write quay end :{ $pid }
quay-end-no-such-large-pid = No program with the PID { $pid } is seen holding a socket.
quay-end-port-free = Port { $port } is free: there is nothing to end.
quay-end-port-not-held = Nobody listens on port { $port }, so there is nothing to end there.
quay-end-port-unknown = Port { $port } is in use, but its program is not known, so it cannot be ended.
quay-end-several = Port { $port } has several holders. Name one of them by its PID: quay end PID
quay-end-plan = This will end { $program }.
quay-end-plan-force = This will force { $program } to end. It cannot save anything.
quay-end-ports = Ports
quay-end-port-shared = { $port } (shared: stays open)
quay-end-connections = Connections
quay-end-children = Programs it started
quay-end-children-stay = They are left alone. --children ends them too.
quay-end-child-spared = { $program }: left alone. { $why }
quay-end-ask = End it? [y/N]{ " " }
quay-end-ask-elevated = The system does not let you end it. Ask for administrator rights? [y/N]{ " " }
quay-end-elevating = Asking the system for administrator rights…
quay-end-answers-yes = y yes
quay-end-nothing-done = Nothing was ended.
quay-end-waiting = Asked it to end. It has { $seconds } s…
quay-end-done = { $program } has ended.
quay-end-still-running = { $program } was asked and still runs after { $seconds } s. It may be saving something. To force it:
quay-end-still-running-forced = { $program } still runs although it was forced: it is stuck inside the system.
quay-end-cannot-be-asked = { $program } cannot be asked to end: it has no window that could be closed, and no console of its own. Nothing was done. To force it:
quay-end-child-running = { $program }, which it started, still runs. To force it:
quay-fate-released = Port { $port } is released.
quay-fate-held = Port { $port } is held now by { $program }.
quay-fate-held-unknown = Port { $port } is in use, by a program that is not known.
quay-fate-respawned = Port { $port } is held again by { $program }: the same program was started anew.
quay-fate-time_wait = Port { $port } is released. Closed connections linger there for a while; a new program may listen all the same.
quay-fate-time_wait-until = Port { $port } is released. Closed connections linger there until { $time }; a new program may listen all the same.

# When quay itself fails.
quay-failed = quay could not do its work: { $why }
quay-failed-detail = The system says: { $detail }
