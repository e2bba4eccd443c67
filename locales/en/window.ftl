# The window. Ports and PIDs come as text; what is counted comes as a number, or already written out.

close = Close
understood = Got it
cancel = Cancel
copy = Copy
pause = Pause
go-on = Go on
starting = Looking at the sockets…
also-ipv4 = also IPv4
program-being-read = (being read)
program-pid = { $program } (PID { $pid })

# Views
views = Views
view-all = All connections
view-listening = Listening ports
view-programs = Programs
view-history = History
view-settings = Settings

# Search
search-label = Port, program, address or filter
search-placeholder = Type a port, a program or an address, for example 7897
search-clear = Clear the search
more-actions = Actions
export-csv = Export as CSV…
export-json = Export as JSON…
copy-selected = Copy selected rows
panel-title = Details
panel-toggle = Show or hide the details
panel-width = Width of the details

# Spans of time, coarse enough for a glance
age-seconds = { $seconds } s
age-minutes = { $minutes } min
age-hours = { $hours } h { $minutes } min
age-days = { $days } d { $hours } h
age-at-least = over { $age }

# Amounts of data
bytes = { $amount } { $unit }
per-second = { $bytes }/s
millis = { $millis } ms

# Grid
grid-label = Sockets
grid-no-sockets = There is no socket on this computer.
grid-none-listening = Nothing is listening.
grid-nothing-matches = Nothing matches what you typed.
menu-label = Menu
column-program = Program
column-pid = PID
column-protocol = Protocol
column-local_address = Local address
column-local_port = Local port
column-remote_address = Remote address
column-remote_port = Remote port
column-state = State
column-user = User
column-first_seen = Open for
column-receive_queue = To be read
column-send_queue = To be confirmed
column-path = Program file
column-usual_program = Often used by
column-organisation = Organisation
column-peer = Other end
peer-unknown = unknown program
peer-note = Both ends of this connection are on this computer: this is the program at the other one.
column-country = Country
country-note = Where the address is registered. The computer itself may stand elsewhere.
fact-organisation = Organisation
column-receiving = Receiving
column-sending = Sending
traffic-not-counted = Not counted: the system counts bytes only for TCP connections that a program holds, and only on Linux.
sort-ascending = Smallest first
sort-descending = Largest first
usual-program-note = What is often at this port. It says nothing about what really is there.
fold = Fold { $name }
unfold = Unfold { $name }
group-sockets = { $number ->
    [one] 1 socket
   *[other] { $sockets } sockets
}
group-listeners = { $number ->
    [one] 1 listening
   *[other] { $listeners } listening
}
menu-port = Who holds port { $port }?
menu-connections = Show this program’s connections
menu-filter = Only rows with this value
menu-copy-rows = { $rows ->
    [one] Copy row
   *[other] Copy { $rows } rows
}
menu-copy-cell = Copy cell

# Notices
notice-copied = Copied.
notice-copied-rows = { $rows ->
    [0] Those rows are gone; nothing was copied.
    [one] 1 row copied.
   *[other] { $rows } rows copied.
}
notice-exported = { $rows ->
    [one] 1 row written to { $path }
   *[other] { $rows } rows written to { $path }
}

# Status bar
status-total = { $number ->
    [one] 1 socket
   *[other] { $total } sockets
}
status-matched = { $matched } of { $total } sockets
status-looked = Looked at { $time }
status-paused = Paused at { $time }
status-look-took = The last look took { $millis } ms.
status-held = order held
status-held-why = Rows keep their places while the pointer is over them. New ones come at the end.
hidden-other_user = { $number ->
    [one] 1 hidden (another user’s)
   *[other] { $sockets } hidden (other users’)
}
hidden-protected = { $sockets } hidden (protected)
hidden-no_holder = { $sockets } without a program
hidden-not_reported = { $sockets } not told

# The answer for a port
port-held = Port { $port } is held by { $names }
# … and by whom, where the system does not show the program.
holder-other_user = another user’s program
holder-protected = a protected program
holder-no_holder = no program that could be found
holder-pending = a program that is still being looked up
holder-not_reported = a program that the system does not name
port-client = Nobody listens on port { $port }, but a program uses it for a connection of its own
port-lingering = Nobody listens on port { $port }; closed connections linger there
port-free = Port { $port } is free
port-set-aside = No program holds port { $port }, but it is set aside on this computer
port-connections = { $connections ->
    [one] 1 connection from
   *[other] { $connections } connections from
}
port-no-clients = Nobody is connected to it.
port-own-end = It uses the port as its own end of a connection to somewhere else. It does not listen there.
port-rest = { $sockets ->
    [one] 1 closed connection still occupies the port
   *[other] { $sockets } closed connections still occupy the port
} in the system’s care; programs may listen there all the same.
port-rest-until = The last one goes at { $time }.
port-outgoing = { $sockets ->
    [one] 1 connection goes from here to port { $port } of another computer.
   *[other] { $sockets } connections go from here to port { $port } of other computers.
}
since = Since { $time } ({ $age }).
since-before = For more than { $age }: it was open before Quaymaster looked.
program-started = The program started at { $time }.
bound-dual = { $place } (also IPv4)
reachable-from = Reachable from { $reach }.
firewall-not-asked = (A firewall may still stand before it.)
client-program = { $program } (PID { $pids }) × { $connections }
client-remote = { $address } × { $connections }
client-unknown = { $why } × { $connections }
hint-programs = This port is often used by { $programs }: a custom, not a finding.
hint-registered = Registered with IANA as “{ $name }” ({ $description }).
end-program = End program
end-program-dots = End program…
show-connections = Show its connections
open-folder = Open folder

# Details
panel-empty = This row is gone. Choose another to read about its program and its connection.
panel-process = Program
panel-connection = Connection
panel-siblings = { $sockets ->
    [one] 1 other socket of this program
   *[other] { $sockets } other sockets of this program
}
fact-program = Program
fact-pid = PID
fact-path = File
fact-command-line = Command
fact-started = Started
fact-folder = Works in
fact-parents = Started by
fact-services = Services
fact-description = Calls itself
fact-company = Says it is by
service-name = { $display } ({ $name })
runs-services = runs { $services }
fact-local = Local
fact-remote = Remote
fact-open-for = Open for
fact-queues = Waiting
fact-received = Received
fact-sent = Sent
fact-round-trip = Round trip
fact-retransmitted = Segments sent again
fact-other-end = Other end
queues-listener = { $waiting } connections to be accepted, { $most } at the most
queues-connection = { $received } bytes to be read, { $sent } bytes to be confirmed

# Ending a program
end-title = End { $program }?
end-title-plain = End the program?
end-planning = Looking what will go…
end-port = { $protocol } port { $port } will be released
end-port-shared = { $protocol } port { $port } stays open: other programs hold it too
end-connections = { $connections ->
    [one] 1 connection will break
   *[other] { $connections } connections will break
}
end-children = { $children ->
    [one] Also end the program that it started
   *[other] Also end the { $children } programs that it started
}
end-how = It is asked to end and has 5 seconds for it. What is not saved in it may be lost.
end-waiting = Asked to end. Waiting { $seconds } s more…
end-forcing = Being ended by force…
end-progress = Time that the program has
end-still-running = It was asked to end and still runs. You can end it by force: it gets no chance to save anything.
end-cannot-be-asked = It cannot be asked to end: it has no window that could be closed. Nothing was done. You can end it by force: it gets no chance to save anything.
end-elevating = The system asks whether this may be done as administrator…
end-stuck = It was ended by force and is still there: the system itself holds it, most likely waiting for a disk or the network.
end-ended = { $program } has ended.
end-children-running = Still running: PID { $pids }.
end-force = End by force
end-elevate = End as administrator…
end-leave = Leave it running
fate-released = Port { $port } is released.
fate-held = Port { $port } is held now by { $holders }.
fate-held-unknown = Port { $port } is still held, by a program that is hidden from you.
fate-respawned = Port { $port } is held again by { $holders }: something started the program anew.
fate-time-wait = Nobody listens on port { $port } any more. Closed connections linger there for a while; most programs may listen there at once.
fate-time-wait-until = Nobody listens on port { $port } any more. Closed connections linger there until { $time } at the latest; most programs may listen there at once.

# Settings: each with its effect in a sentence
settings-search = Find a setting
settings-search-clear = Show all settings
settings-nothing-matches = No setting matches “{ $typed }”.
section-appearance = Language and appearance
section-refresh = Refresh
section-columns = Columns
section-notifications = Notifications
section-history = History
section-start = Start and tray
section-privacy = Privacy
section-file = Settings file
setting-language = Language
effect-language = The window, the tray and notifications speak this language, at once.
setting-theme = Light or dark
effect-theme = The window is drawn in light or dark colours.
setting-interval = Look every
effect-interval = All sockets are read again after this time; new listeners show sooner in any case. Longer spares the processor.
setting-seconds = { $seconds } s
setting-as-system = As the system
setting-columns = Shown columns
effect-columns = Columns with a tick are shown. Drag their headings in the grid to move or resize them.
setting-notify = Tell of new listeners
effect-notify = A notification is shown when a program starts to listen on a port. Without it new listeners are only counted and listed.
setting-udp = Tell of UDP as well
effect-udp = New UDP sockets are told of too. Programs open and close many of them all day long.
setting-quiet = Quiet hours
effect-quiet = No notification is shown in this part of the day; what came meanwhile is told in one at its end.
quiet-daily = Every day
quiet-from = From
quiet-until = until
quiet-wrong = Write a time of day such as 22:00.
quiet-empty = The beginning and the end must differ.
setting-rules = Rules
effect-rules = The first rule that fits a new listener decides. Where none fits, whatever is not known yet is told.
rules-none = There is no rule.
rule-add = Add a rule
rule-draft = A rule is kept once it says a program, ports, a reach or a protocol.
rule-number = Rule { $number }
rule-up = Move rule { $number } up
rule-down = Move rule { $number } down
rule-remove = Remove rule { $number }
rule-tell = What to do
rule-tell-always = Always tell
rule-tell-never = Never tell
rule-program = Program
rule-program-any = any program
rule-program-named = “{ $program }”
rule-program-hint = Name or path
rule-ports = Ports
rule-ports-any = any port
rule-ports-wrong = Write a port such as 8000, or a range with the smaller one first: 8000-9000.
rule-reach = Reachable from
rule-reach-any = anywhere
rule-reach-this_computer = this computer or further away
rule-reach-local_network = the local network or further away
rule-reach-everywhere = every network
rule-protocol = Protocol
rule-protocol-any = TCP or UDP
# The rule as a sentence: $parts is made of those below, in their order.
rule-always = Always tell of { $program }{ $parts }, even if it is known.
rule-never = Never tell of { $program }{ $parts }.
rule-part-port = , port { $first }
rule-part-ports = , ports { $first }–{ $last }
rule-part-tcp = , TCP only
rule-part-udp = , UDP only
rule-part-this_computer = , reachable from this computer or further away
rule-part-local_network = , reachable from the local network or further away
rule-part-everywhere = , reachable from every network
setting-keep = Keep a history
effect-keep = What opened, closed and was ended is remembered on this computer, so that you can look back. Without it nothing more is written; what is remembered already stays until you delete it.
setting-days = Days to keep
effect-days = What is older than this is forgotten.
setting-megabytes = Megabytes at most
effect-megabytes = The history takes no more room on the disk than this; the oldest goes first.
setting-forget = Delete it
effect-forget = Everything that is remembered is deleted from this computer, files that were put aside too. It cannot be undone.
number-wrong = Write a whole number from { $least } to { $most }.
setting-close_to_tray = Closing leaves it in the tray
effect-close_to_tray = Where there is a tray, closing the window leaves Quaymaster running in it. Without this, closing ends it.
setting-minimise_without_tray = Closing minimises where there is no tray
effect-minimise_without_tray = On a desktop without a tray, closing the window minimises it, and Quaymaster goes on telling of new listeners. Without this, closing ends it.
setting-start_with_system = Start with the system
effect-start_with_system = Quaymaster starts when you log in, without its window.
setting-networks = Organisations and countries
effect-networks = Told from a file on this computer, as an estimate of that day.
networks-own = A newer file counts instead, after a new start, when it lies here:
networks-as-of = As of { $date }.
port-remotes = On the Internet its process talks to { $remotes }.
setting-lookups = Lookups
effect-lookups = Quaymaster looks nothing up on the network and sends nothing. What it shows comes from this computer alone.
setting-file = Place of the file
effect-file = All of this is kept in this TOML file from the first change on. You may edit it too; it is read when Quaymaster starts.
setting-file-copy = Copy path
setting-reset = Defaults
reset-all = Back to the defaults
effect-reset = Everything on this page, and the order of columns and rows, goes back to what a new installation has. It can be undone.
notice-reset = All settings are back to the defaults.
undo = Undo
theme-light = Light
theme-dark = Dark
settings-corrupt = Your settings could not be understood, so the defaults are in use. The old file was kept as { $path }.
settings-corrupt-line = Your settings could not be understood from line { $line } on, so the defaults are in use. The old file was kept as { $path }.
settings-unreadable = Your settings could not be read ({ $detail }), so the defaults are in use. Changes will not be saved, and nothing is written over the old file.
settings-wrong = { $number ->
    [one] A value in the settings file is wrong: its default is used, and the line stays as it is until you change that setting.
   *[other] { $number } values in the settings file are wrong: their defaults are used, and the lines stay as they are until you change those settings.
}
# What is expected is one of the next.
settings-wrong-line = Line { $line }, { $key }: { $found }. { $expected }
expected-yes_or_no = Expected: true or false.
expected-number = Expected: a whole number from { $least } to { $most }.
expected-one_of = Expected: one of { $words }.
expected-text = Expected: text in quotation marks.
expected-time = Expected: a time of day such as "22:00".
expected-hours = Expected: two times of day, from and until.
expected-ports = Expected: a port or a range, such as "8000-9000".
expected-section = Expected: a section with values of its own.
expected-list = Expected: a list.
expected-once = Expected: each column only once.
expected-one_shown = Expected: at least one column that is shown.

# Keys
help-title = Keys
help-filter = The search box understands, among others:
help-history = In the history a time, too:
key-search = Go to the search box
key-escape = Clear the search, close a menu or dialog
key-move = Move through the rows
key-select = Select several rows
key-details = Show the details of a row
key-end = End the row’s program…
key-copy-rows = Copy the selected rows
key-copy-cell = Copy the cell
key-menu = Open the row’s menu
key-fold = Move between cells; fold a program
key-resize = Make a column narrower or wider (on its heading)
key-move-column = Move a column (on its heading)
key-views = Switch between the views
key-look = Look now
key-pause = Pause, or go on

# Closing the window for the first time: where there is a tray, and where there is none.
closing-title = Quaymaster goes on in the tray
closing-text = Closing the window leaves Quaymaster running: its icon in the tray shows which ports are listened on, and it can tell you of new listeners. Click the icon to open the window again; its menu ends the program.
closing-hint = What closing does can be changed in the settings at any time. This is not asked again.
closing-back = Back
closing-quit = Quit instead
closing-stay = Leave it in the tray
closing-trayless-title = Quaymaster ends with its window
closing-trayless-text = This desktop shows no tray in which Quaymaster could go on. Closed, it ends and tells you of nothing; minimised, it goes on telling you of new listeners.
closing-minimise = Minimise instead
closing-end = Quit

# What has begun to listen since the person last looked, above the listening ports.
news-title =
    { $count ->
        [one] { $count } new listening port
       *[other] { $count } new listening ports
    }
news-line = { $program } · port { $port } · reachable from { $reach }
news-line-back = { $program } · port { $port } · reachable from { $reach } · back after a month
news-program-unseen = A program that cannot be seen
news-show = Show
news-expect = Expected
news-expect-effect = You will not be told of it again
news-expect-all = All expected
news-dismiss = Seen
news-more =
    { $count ->
        [one] and one more, in the list below
       *[other] and { $count } more, in the list below
    }
# What is wrong with the list of listeners that are known: what happened, why, and what to do.
watch-trouble-aside = The list of known listeners was damaged or written by a newer Quaymaster, so whatever listens now counts as known. The old list was kept as { $kept_as }.
watch-trouble-unreadable = The list of known listeners could not be read ({ $detail }), so whatever listens now counts as known, and what you expect is forgotten when Quaymaster ends. Look whether you may read { $path }, then start Quaymaster again.
watch-trouble-unwritten = The list of known listeners could not be written ({ $detail }): what you expect is known only until Quaymaster ends. Look whether the disk is full and whether you may write { $path }; Quaymaster tries again by itself.

# History: what happened while nobody looked.
history-search-label = Port, program, address or filter, also with a time
history-search-placeholder = Type a port, a program, an address or a time, for example 8080 since:2h
history-keys-too = Here since, until and on work too.
history-list = What happened, newest first
history-times-label = Time
history-time-hour = Last hour
history-time-today = Today
history-time-week = Last 7 days
history-time-all = All
history-events = { $number ->
    [one] 1 event
   *[other] { $events } events
}
history-more-than = more than { $events } events
history-fresh = Show new events
history-searching = Searching further back…
history-stop = Stop
history-stopped = Not searched further back.
history-resume = Go on searching
history-today = Today, { $date }
history-yesterday = Yesterday, { $date }
history-column-when = When
history-column-who = Program and PID
history-column-what = What it did
history-column-span = How long
history-column-received = Received
history-column-sent = Sent
history-program-unknown = not known
# What an event was; its program stands before it.
history-listens = listens at { $place } ({ $protocol })
history-listened = listened at { $place } ({ $protocol })
history-connected = connected to { $remote } ({ $protocol })
history-called = called from { $remote } at port { $port } ({ $protocol })
history-times = , { $times } times
history-deed-ended = you asked it to end
history-deed-forced = you ended it by force
history-deed-expected = you expect it
history-at-port = , at port { $port }
history-moment = under 1 s
history-still = { $span }, still open
history-cut = { $span }, end not seen
history-already-open = already open when Quaymaster began
history-already-open-why = It was already open when Quaymaster began to look: it is older than its first time here.
history-cut-why = Its end was not seen, for Quaymaster itself had ended. It was there at that time, and perhaps longer.
history-began = Began
history-ended = Ended
history-first-seen = First seen
history-last-seen = Last seen
history-only-program = Only this program
history-only-port = Only port { $port }
# Which programs had to do with a port.
history-port-users = Who has used port { $port } in the last { $days } days
history-port-nobody = Nobody, as far as is remembered.
history-user-listened = { $number ->
    [one] listened once
   *[other] listened { $times } times
}
history-user-incoming = { $number ->
    [one] 1 connection in
   *[other] { $times } connections in
}
history-user-outgoing = { $number ->
    [one] 1 connection out
   *[other] { $times } connections out
}
history-user-seen = from { $first } to { $last }
history-user-still = since { $first }, there now
# The chart.
history-listeners = Listeners opened
history-connections = Connections
history-chart-label = { $span }: listeners opened: { $listeners }, connections: { $connections }
history-stretch = { $span }: listeners opened: { $listeners }, connections: { $connections }
history-uncounted = The hatched part was not counted: it would take too long.
# Nothing to show, and why.
history-nothing-yet = Nothing has happened yet. What opens, closes or is ended from now on stands here.
history-nothing-fits = Nothing that is remembered fits what you typed.
history-any-time = Search at any time
history-off = The history is off: nothing is remembered.
history-off-now = The history is off: what happens now is not remembered.
history-to-settings = To its settings
# What is wrong with the history: what happened, why, and what to do.
history-trouble-disk_full = The disk is full, so what happens is not written to the history for now. Make room: Quaymaster tries again by itself.
history-trouble-unwritable = The history cannot be written: the system does not let its folder or file be made or changed ({ $detail }). Look whether you may write there; Quaymaster tries again by itself.
history-trouble-in_use = Another Quaymaster of yours is writing this history, so this one writes nothing to it. End one of the two; then this one goes on by itself.
history-trouble-failed = The history could not be written ({ $detail }). Quaymaster tries again by itself; if this stays, delete the history in the settings.
history-trouble-broken = The history’s file was damaged, so a new history was begun. The old file was kept as { $kept_as }; deleting the history deletes it too.
history-trouble-newer = The history was written by a newer Quaymaster, which this one cannot read, so a new history was begun. The old file was kept as { $kept_as }: the newer version can be given it back.
history-trouble-removed = Somebody removed the history’s file while Quaymaster was running, so a new history was begun. What was in it is gone, unless that person has it.
history-lost = { $number ->
    [one] 1 event was not kept: too much waited to be written.
   *[other] { $events } events were not kept: too much waited to be written.
}
# Deleting it.
history-delete = Delete history
history-delete-dots = Delete history…
history-delete-title = Delete the whole history?
history-delete-text = Everything that Quaymaster remembers is deleted: who listened when, what was connected to whom, and what you ended. Files of older or damaged histories that were put aside are deleted too.
history-delete-hint = It cannot be undone. Settings and known listeners stay. If the history is on, it goes on with what happens from now on.
notice-history-deleted = The history is deleted.
