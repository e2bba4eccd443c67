; What the installer says beyond what NSIS says by itself, in both languages.

!macro SAY NAME ENGLISH CHINESE
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
  LangString ${NAME} ${LANG_SIMPCHINESE} "${CHINESE}"
!macroend

!insertmacro SAY ABOUT "Who holds a port, and what to do about it" "查看端口被谁占用，并处理它"
!insertmacro SAY APP_MORE "The window and the terminal program quay, for you alone. No administrator rights are needed." "窗口程序和终端程序 quay，仅为当前用户安装，无需管理员权限。"
!insertmacro SAY AUTOSTART "Start when I sign in" "登录时自动启动"
!insertmacro SAY AUTOSTART_MORE "Starts Quaymaster beside the clock each time you sign in to Windows." "每次登录 Windows 时在任务栏通知区域启动 Quaymaster。"
!insertmacro SAY UN_APP_MORE "The program, its Start menu entry and its autostart. Other files in the folder stay." "程序、开始菜单项和自动启动项。文件夹中的其他文件会保留。"
!insertmacro SAY SETTINGS "My settings and history too" "同时删除我的设置和历史记录"
!insertmacro SAY SETTINGS_MORE "Deletes what you have set in Quaymaster and what it remembers. Without the tick it is there again when you install anew." "删除您在 Quaymaster 中的设置和它记住的内容。不勾选则会保留，重新安装后仍然有效。"
!insertmacro SAY RUNNING "Quaymaster is running (the window, its icon beside the clock, or quay in a terminal). Quit it, then choose Retry." "Quaymaster 正在运行（窗口、任务栏通知区域的图标，或终端中的 quay）。请先退出它，再选择“重试”。"
!insertmacro SAY NO_WEBVIEW "Quaymaster is installed, but its window cannot open yet: this computer lacks the Microsoft Edge WebView2 Runtime. It is free, and Microsoft offers it here:$\n$\n${WEBVIEW_PAGE}$\n$\nOpen that page in the browser now?" "Quaymaster 已安装，但窗口还无法打开：这台电脑缺少 Microsoft Edge WebView2 运行时。它是免费的，可从微软的这个网页下载：$\n$\n${WEBVIEW_PAGE}$\n$\n现在用浏览器打开这个网页吗？"
