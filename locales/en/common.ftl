# Words that the window and the terminal share. Keys end in the codes of crates/engine/src/wire.

app-name = Quaymaster

# Why the owner of a socket is not known: short, for a cell …
owner-gap-other_user = another user’s
owner-gap-protected = protected program
owner-gap-no_holder = no program
owner-gap-pending = looking…
owner-gap-not_reported = not told
owner-kernel = system (closing)
owner-waiting = not accepted yet
# … and whole, with the remedy.
owner-gap-other_user-why = It belongs to another user, and the system shows that user’s programs only to them and to an administrator. Start Quaymaster as administrator to see the program.
owner-gap-protected-why = It belongs to you, but the system does not let the program that holds it be looked into. Administrator rights help with most such programs.
owner-gap-no_holder-why = Every program could be read and none of them holds it: the system itself keeps it open, a program in a container does, or it is on its way from one program to another.
owner-gap-pending-why = It opened a moment ago. The next look will tell.
owner-gap-not_reported-why = The system’s list names no program for it.
owner-kernel-why = The program has let go of it. The system keeps it for a while so that late packets are not mistaken for a new connection.
owner-waiting-why = Somebody has connected, and the program has not taken the connection yet. The system keeps it until then.
owner-kernel-last = Last held by { $program } (PID { $pid })

# Why a fact about a program is not known.
fact-gap-denied = Hidden by the system: only an administrator may read it
fact-gap-gone = The program ended before it could be read
fact-gap-none = There is none
fact-gap-pending = Being read…
fact-gap-unsupported = This system does not tell

# From where a port can be reached, judged by its address alone.
reach-this_computer = this computer only
reach-local_network = the local network
reach-everywhere = every network this computer is in

# What this computer’s settings say of a port.
port-dynamic = This computer hands out the ports { $first }–{ $last } to programs that ask for any. A server on a fixed port in there may one day find it taken.
port-excluded = The ports { $first }–{ $last } are set aside on this computer, mostly by Hyper-V, WSL or Docker: no program may listen there, although nobody does.
port-excluded-administered = The ports { $first }–{ $last } were set aside by an administrator of this computer: other programs may not listen there.
# The kernel of Windows, which is process 4.
windows-kernel = This is Windows itself, not a program. File sharing (SMB, port 445), web serving for other programs (HTTP.sys, often port 80 or 5985) and other drivers listen in its name.

# States in a few plain words. The names themselves stay as they are in every language.
state-LISTEN = waiting for connections
state-SYN_SENT = calling, no answer yet
state-SYN_RECV = being called
state-ESTABLISHED = connected
state-FIN_WAIT1 = closing: we said goodbye
state-FIN_WAIT2 = closing: waiting for the other end’s goodbye
state-CLOSE_WAIT = the other end hung up, this program has not
state-CLOSING = both ends are closing
state-LAST_ACK = closing: waiting for the last confirmation
state-TIME_WAIT = closed, number kept for a while
state-CLOSED = closed
state-BOUND = reserved, not in use
state-UDP = no connections, just messages

# Why a program is not ended.
refusal-itself = This is Quaymaster itself. Close its window to end it.
refusal-ancestor = Quaymaster was started from this program: ending it would end Quaymaster too.
refusal-system = This is the system itself. Without it the computer stops.
refusal-essential = Your session depends on this program: ending it could log you out or freeze the screen.
refusal-replaced = The program that was shown has ended, and another program has its number now. Nothing was ended.
refusal-gone = The program has already ended.
refusal-not_allowed = The system does not let you end it: it belongs to another user or has more rights than you. An administrator may be able to.
refusal-never_allowed = The system does not let it be ended, not even by an administrator.

# Why a look at the machine is less than whole.
trouble-netlink_refused = The system’s fast socket list is not allowed here. The slower list is in use: some details are missing.
trouble-truncated = The system’s list came back cut short. Rows that are missing from it stay until a whole list comes.
trouble-unreadable = The list “{ $what }” could not be read (system error { $os_error }). Its last rows stay until it can be read again.
trouble-processes_hidden = This system hides other users’ programs (hidepid). An administrator sees them.

# What is wrong with a filter. $piece is what was typed.
filter-unknown_key = “{ $piece }” is not something to filter by. Try port, lport, rport, local, remote, pid, proc, user, path, state or proto.
filter-bad_port = “{ $piece }” is not a port. Ports are numbers from 0 to 65535.
filter-bad_range = “{ $piece }” is not a range. Write the smaller number first, like 80-443.
filter-bad_address = “{ $piece }” is not an address. Write 192.168.1.7, fe80::1 or a network like 10.0.0.0/8.
filter-bad_state = “{ $piece }” is not a state. Try listen, established, close_wait or time_wait.
filter-bad_protocol = “{ $piece }” is not a protocol. Try tcp, udp, tcp4, tcp6, udp4 or udp6.
filter-not_in_history = “{ $piece }:” asks what only an open connection can tell. The history does not keep it.
filter-bad_country = “{ $piece }” is not a country: write the two letters of its code, such as cn or us.
filter-bad_pid = “{ $piece }” is not a process number.
filter-bad_moment = “{ $piece }” is not a time. Write 30m, 2h, 7d or 2w for how long ago, or a day like 2026-11-20, today or yesterday.
filter-bad_day = “{ $piece }” is not a day. Write it like 2026-11-20, or today or yesterday.
filter-only_in_history = “{ $piece }” looks back in time: it can be asked of the history, not of what is open now.
filter-missing_value = Something is missing after “{ $piece }”.
filter-open_quote = The quotation mark is never closed.
filter-lone_not = “!” needs something right after it that it denies.
filter-empty_choice = One side of “|” is empty.
filter-too_long = The filter is too long.

# Why an order failed.
error-refused = It was not done.
error-not_elevated = Administrator rights were not granted. Nothing was ended.
error-not_ended = The program could not be ended.
error-engine_gone = The part of Quaymaster that looks at the sockets has stopped. Start Quaymaster again.
error-write_failed = The file could not be written. Choose another place or make room, then try again.
error-settings_broken = The settings file was edited and can no longer be understood, so nothing was written to it. Correct it or remove it, then change a setting again.
error-read_failed = It could not be read.
error-bad_request = Quaymaster did not understand its own request. This is a fault in Quaymaster; please report it.

# Marks of rows, for screen readers and tooltips.
mark-steady = unchanged
mark-new = new
mark-changed = changed
mark-closed = closed

# Whose an address is.
network-unknown = Not known: the file of networks has no entry for this address.
network-no-name = Not known
network-estimate = An estimate as of { $date }. Nobody was asked.
network-registered = Registered in { $country }
special-this_computer = This computer
special-this_computer-why = A loopback address: programs on this computer talk to each other there.
special-your_network = Your network
special-your_network-why = A private address: a computer or device in a network of yours, not on the Internet.
special-link_local = Next to this computer
special-link_local-why = A link-local address: it reaches devices on the same cable or wireless network and no further.
special-carrier_nat = Provider’s inner network
special-carrier_nat-why = From 100.64.0.0/10: an address within a provider’s network, shared by its customers; VPNs such as Tailscale use these, too.
special-multicast = A group
special-multicast-why = A multicast address: whoever has joined the group receives what is sent to it.
special-broadcast = Everybody nearby
special-broadcast-why = The broadcast address: every device in this network receives what is sent to it.
special-proxy_fake = Test network
special-proxy_fake-why = An address for measurements that nobody on the Internet has. Here it is often made up by a proxy or VPN program, in the place of a name.
special-documentation = An example
special-documentation-why = An address for examples in texts. Nobody on the Internet has it.
special-translation = Translated address
special-translation-why = An address of Teredo, 6to4 or NAT64, which carry IPv4 and IPv6 through one another. Who is behind it cannot be told from it.
special-unspecified = Any address
special-unspecified-why = Stands for no address in particular.
special-reserved = Given to nobody
special-reserved-why = A reserved address, which nobody on the Internet has.
networks-absent = The file is missing, so no organisation is shown. Installing Quaymaster again brings it back.
networks-useless = A file of networks is of no use: { $detail }
remote-organisation = { $organisation } ({ $connections })
organisation-unknown = unknown networks
and-more = { $more } more
