# Words that the shell around the page says in the system's own dialogs.

export-dialog-title = Save what is shown

# Before there is a window, or when there can be none.
shell-webview-missing =
    Quaymaster cannot open its window: this computer lacks the Microsoft Edge WebView2 Runtime.

    That part of Windows draws what is in the window. Windows 11 always has it, Windows 10 nearly always. It is free, and Microsoft offers it here:

    { $address }

    The terminal program, quay.exe, works without it.

    Open that page in the browser now?
shell-not-started =
    Quaymaster could not be started.

    { $reason }
shell-broke-down =
    Quaymaster ran into a mistake of its own and has to stop.

    { $reason }

# The tray: its menu, and what it says under the pointer.
tray-open = Open Quaymaster
tray-find = Who holds port…?
tray-port = { $port } · { $program }
tray-more =
    { $count ->
        [one] 1 more listening port…
       *[other] { $count } more listening ports…
    }
tray-pause = Pause
tray-go-on = Go on
tray-quit = Quit Quaymaster
tray-tooltip =
    { $listening ->
        [one] 1 listening port
       *[other] { $listening } listening ports
    }, { $connections ->
        [one] 1 connection
       *[other] { $connections } connections
    }
tray-tooltip-unread =
    { $unread ->
        [one] 1 new listener not yet seen
       *[other] { $unread } new listeners not yet seen
    }
tray-tooltip-paused = Paused

# Notifications of new listeners.
news-one-title = { $program } started to listen on port { $port }
news-one-title-unknown = A program that cannot be seen started to listen on port { $port }
news-one-body = Reachable from { $reach } ({ $protocol }, { $address }).
news-one-usual = This port is often used by { $program }.
news-one-back = It was known here, and has not been seen for a month.
news-many-title =
    { $count ->
        [one] 1 new listening port
       *[other] { $count } new listening ports
    }
news-many-program = { $program }: { $ports }
news-many-unseen = programs that cannot be seen
news-many-more =
    { $count ->
        [one] and 1 more
       *[other] and { $count } more
    }
news-action-show = Show
news-action-expected = Expected
news-action-end = End…
