# Words that the shell around the page says: titles of the system's own dialogs.

export-dialog-title = Save what is shown
