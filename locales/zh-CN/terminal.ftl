# 终端程序 quay 的词句。以代码结尾的键，与 crates/engine/src/wire 中的代码一致。

# 帮助。
about-quay = 谁占用了端口，该怎么办。
about-list = 以表格列出本机的套接字
about-end = 结束程序：按 PID，或按它占用的端口
heading-usage = 用法：
heading-commands = 命令：
heading-arguments = 参数：
heading-options = 选项：
usage-quay =
    quay                  显示一次表格
    quay 端口             谁占用了这个端口
    quay list [筛选]      显示筛选后的表格
    quay end PID|:端口    结束程序
usage-list = quay list [选项] [筛选]...
usage-end = quay end [选项] PID|:端口
value-port = 端口
value-filter = 筛选
value-target = PID|:端口
value-sort = 列
value-interval = 秒
value-lang = 语言
value-color = 何时
help-port = 要查询的端口，例如 7897 或 :7897
help-filter = 要显示什么，例如 7897、chrome、state:listen、port:80-443、remote:10.0.0.0/8；! 表示排除，| 表示任选
help-sort = 按 program、pid、proto、local、port、remote、rport、state、user 或 path 排序 [默认：port]
help-desc = 从大到小
help-watch = 反复查看，直到按下 Ctrl-C
help-interval = 两次查看相隔的秒数，0.5 到 10 [默认：1]
help-target = 程序的 PID，或冒号加它占用的端口，例如 :7897
help-force = 强制结束而不是请它结束：它来不及保存任何内容
help-yes = 不再询问
help-children = 它启动的程序也一起结束
help-json = 输出 JSON（时间为 Unix 毫秒）
help-lang = en 或 zh-CN [默认：系统语言]
help-color = auto、always 或 never [默认：auto，即在终端上且未设置 NO_COLOR 时]
help-help = 显示本帮助
help-version = 显示版本
help-exit-codes = 退出码：0 完成或端口在使用中；1 端口空闲或没有匹配项；2 用法错误；3 被拒绝或失败。

# 用法错误。
usage-hint = “{ $command } --help”会说明可以怎样写。
usage-not-a-port = “{ $value }”既不是端口也不是命令。端口是 0 到 65535 之间的数字。要搜索它：quay list { $value }
usage-not-a-target = “{ $value }”既不是 PID 也不是端口。请写 PID，例如 4711；或写冒号加端口，例如 :7897。
usage-port-and-command = 端口和命令不能同时写。
usage-unknown = 看不懂“{ $argument }”。
usage-wrong-value = “{ $value }”不适用于 { $argument }。
usage-missing = 缺少内容：{ $argument }
usage-twice = { $argument } 只能写一次。
usage-needs-watch = --interval 要和 --watch 一起用。
usage-other = 看不懂这种写法。
usage-cannot-ask = 这里无法询问。加上 --yes 即可不经询问直接结束。
usage-filter = 筛选条件的这里不对：

# 表格。
column-program = 程序
column-pid = 进程号
column-protocol = 协议
column-local = 本地
column-remote = 远程
column-state = 状态
column-user = 用户
list-empty = 没有打开的套接字。
list-no-match = 没有匹配项。
list-all =
    { $total ->
       *[other] { $total } 个套接字
    }
list-some = { $total } 个套接字中的 { $matched } 个
list-more =
    { $count ->
       *[other] ……还有 { $count } 行放不下
    }
list-watching = { $time } · 每 { $seconds } 秒 · 按 Ctrl-C 结束
hidden-other_user =
    { $count ->
       *[other] { $count } 个套接字属于其他用户，只有管理员能看到是哪个程序。
    }
hidden-protected =
    { $count ->
       *[other] { $count } 个套接字属于您的、但受系统保护的程序，只有管理员能看到是哪个程序。
    }
hidden-no_holder =
    { $count ->
       *[other] { $count } 个套接字找不到占用它的程序：由系统自身保持，或在容器里。
    }
hidden-pending =
    { $count ->
       *[other] { $count } 个套接字刚刚打开，还不知道是哪个程序。
    }
hidden-not_reported =
    { $count ->
       *[other] 系统的列表没有写明 { $count } 个套接字属于哪个程序。
    }

# 端口的答案。
program-named = { $program }（PID { $pid }）
program-pids = { $program }（PID { $pids }）
program-unknown = 未知程序
answer-held = 端口 { $port } 被 { $program } 占用。
answer-held-unknown = 端口 { $port } 在使用中，但不知道是哪个程序。
answer-held-several = 端口 { $port } 被 { $count } 个程序占用：
answer-client = 没有程序监听端口 { $port }。它是 { $program } 的一个连接的本地端。
answer-client-several = 没有程序监听端口 { $port }。它是 { $count } 个程序的连接的本地端：
answer-lingering = 没有程序监听端口 { $port }。已关闭的连接还会在那里停留一会儿。
answer-free = 端口 { $port } 空闲。
answer-open-at = 打开于
answer-from = 可访问范围
answer-program = 程序文件
answer-user = 用户
answer-started = 启动于
answer-started-at = { $time }，{ $ago }前
answer-protected = 不会结束它
answer-why = 原因
answer-clients = 与它相连
answer-users = 还用它作连接的本地端的程序
connections =
    { $count ->
       *[other] { $count } 个连接
    }
answer-client-remote = { $connections }，来自 { $address }
answer-client-local = { $program }：{ $connections }，来自 { $address }
answer-lingers =
    { $count ->
       *[other] 有 { $count } 个已关闭的连接停留在这个端口。
    }
answer-lingers-until =
    { $count ->
       *[other] 有 { $count } 个已关闭的连接停留在这个端口，最后一个到 { $time } 为止。
    }
answer-outgoing =
    { $count ->
       *[other] 本机有 { $count } 个连接通往其他电脑的端口 { $port }。
    }
answer-hint = 常用于 { $programs }。这只是惯例，并不说明本机的情况。
answer-hint-separator = 、
answer-hint-registered = { $service }（{ $description }）

# 时间长度。
span-seconds = { $seconds } 秒
span-minutes = { $minutes } 分钟
span-hours = { $hours } 小时 { $minutes } 分钟
span-days = { $days } 天 { $hours } 小时

# 结束程序。
end-no-such-pid = 没有看到 PID 为 { $pid } 的程序占用套接字。要结束占用端口 { $pid } 的程序，请写 quay end :{ $pid }
end-no-such-large-pid = 没有看到 PID 为 { $pid } 的程序占用套接字。
end-port-free = 端口 { $port } 空闲：没有可结束的程序。
end-port-not-held = 没有程序监听端口 { $port }，所以没有可结束的程序。
end-port-unknown = 端口 { $port } 在使用中，但不知道是哪个程序，所以无法结束。
end-several = 端口 { $port } 被多个程序占用。请用 PID 指明其中一个：quay end PID
end-plan = 将要结束 { $program }。
end-plan-force = 将要强制结束 { $program }。它来不及保存任何内容。
end-ports = 端口
end-port-shared = { $port }（共用：会保持打开）
end-connections = 连接
end-children = 它启动的程序
end-children-stay = 不会动它们。加上 --children 可一起结束。
end-child-spared = { $program }：不会动它。{ $why }
end-ask = 结束它吗？[y/N]{ " " }
end-answers-yes = y yes 是 好 是的
end-nothing-done = 没有结束任何程序。
end-waiting = 已请它结束，还有 { $seconds } 秒……
end-done = { $program } 已结束。
end-still-running = 已请 { $program } 结束，{ $seconds } 秒后它仍在运行，可能正在保存内容。要强制结束：
end-still-running-forced = 已强制结束 { $program }，但它仍在运行：它卡在系统内部了。
end-child-running = 它启动的 { $program } 仍在运行。要强制结束：
fate-released = 端口 { $port } 已释放。
fate-held = 端口 { $port } 现在被 { $program } 占用。
fate-held-unknown = 端口 { $port } 在使用中，但不知道是哪个程序。
fate-respawned = 端口 { $port } 又被 { $program } 占用：同一个程序被重新启动了。
fate-time_wait = 端口 { $port } 已释放。已关闭的连接还会停留一会儿；新程序仍可监听。
fate-time_wait-until = 端口 { $port } 已释放。已关闭的连接会停留到 { $time }；新程序仍可监听。

# quay 自身出错。
failed = quay 没能完成工作：{ $why }
failed-detail = 系统的说明：{ $detail }
