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
