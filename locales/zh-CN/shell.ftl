# 页面之外的外壳在系统对话框中所说的话。

export-dialog-title = 保存所显示的内容

# 窗口出现之前，或无法出现窗口时。
shell-webview-missing =
    Quaymaster 无法打开窗口：这台电脑缺少 Microsoft Edge WebView2 运行时。

    窗口里的内容由 Windows 的这一组件来显示。Windows 11 自带它，Windows 10 绝大多数也有。它是免费的，可从微软的这个网页下载：

    { $address }

    终端程序 quay.exe 不需要它也能使用。

    现在用浏览器打开这个网页吗？
shell-not-started =
    Quaymaster 未能启动。

    { $reason }
shell-broke-down =
    Quaymaster 自身出错，只能退出。

    { $reason }

# 托盘：菜单，以及鼠标指向图标时的提示。
tray-open = 打开 Quaymaster
tray-find = 谁占用了端口…？
tray-port = { $port } · { $program }
tray-more = 还有 { $count } 个监听端口…
tray-pause = 暂停
tray-go-on = 继续
tray-quit = 退出 Quaymaster
tray-tooltip = { $listening } 个监听端口，{ $connections } 个连接
tray-tooltip-unread = { $unread } 个新的监听尚未查看
tray-tooltip-paused = 已暂停

# 新的监听的通知。
news-one-title = { $program } 开始监听端口 { $port }
news-one-title-unknown = 一个无法查看的程序开始监听端口 { $port }
news-one-body = 可访问范围：{ $reach }（{ $protocol }，{ $address }）。
news-one-usual = 这个端口常由 { $program } 使用。
news-one-back = 以前见过它，但已有一个月没有出现。
news-many-title = { $count } 个新的监听端口
news-many-program = { $program }：{ $ports }
news-many-unseen = 无法查看的程序
news-many-more = 还有 { $count } 个
news-action-show = 显示
news-action-expected = 意料之中
news-action-end = 结束…
