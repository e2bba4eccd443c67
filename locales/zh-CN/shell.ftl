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
