# 窗口与终端共用的词句。键名末尾是 crates/engine/src/wire 中的代码。

app-name = Quaymaster

# 为什么不知道套接字属于谁：短句用于单元格……
owner-gap-other_user = 其他用户的程序
owner-gap-protected = 受保护的程序
owner-gap-no_holder = 没有程序
owner-gap-pending = 查找中…
owner-gap-not_reported = 系统未说明
owner-kernel = 系统（正在关闭）
owner-waiting = 尚未接受
# ……完整说明，并给出办法。
owner-gap-other_user-why = 它属于另一个用户。系统只让该用户本人和管理员看到是哪个程序。以管理员身份启动 Quaymaster 即可看到。
owner-gap-protected-why = 它属于您，但系统不允许查看占用它的程序。管理员权限对大多数这类程序有效。
owner-gap-no_holder-why = 所有程序都查过了，没有一个占用它：可能是系统自身保持打开，可能属于容器里的程序，也可能正在从一个程序交给另一个程序。
owner-gap-pending-why = 它刚刚打开，下一次查看就会知道。
owner-gap-not_reported-why = 系统的列表没有写明它属于哪个程序。
owner-kernel-why = 程序已经放开了它。系统会再保留一会儿，以免把迟到的数据包当成新连接。
owner-waiting-why = 已有人连接，但程序还没有接受这个连接，目前由系统保管。
owner-kernel-last = 之前由 { $program }（PID { $pid }）占用

# 为什么不知道程序的某项信息。
fact-gap-denied = 系统不允许查看：只有管理员可以读取
fact-gap-gone = 还没读到，程序就结束了
fact-gap-none = 没有
fact-gap-pending = 读取中…
fact-gap-unsupported = 此系统不提供

# 从哪里可以访问端口，只依据绑定的地址判断。
reach-this_computer = 仅本机
reach-local_network = 本地网络
reach-everywhere = 本机所在的所有网络

# 本机的设置对端口是怎么说的。
port-dynamic = 本机会把端口 { $first }–{ $last } 随机分给需要任意端口的程序。固定使用其中端口的服务器，有一天可能会发现它已被占用。
port-excluded = 端口 { $first }–{ $last } 在本机被预留，多半由 Hyper-V、WSL 或 Docker 预留：虽然没有程序占用，也不允许任何程序在此监听。
port-excluded-administered = 端口 { $first }–{ $last } 由本机管理员预留：其他程序不能在此监听。
# Windows 内核，即 4 号进程。
windows-kernel = 这是 Windows 系统本身，不是某个程序。文件共享（SMB，445 端口）、供其他程序使用的网页服务（HTTP.sys，常见于 80 或 5985 端口）以及其他驱动程序都以它的名义监听。

# 用几个字说明状态。状态名称本身在任何语言里都不变。
state-LISTEN = 等待连接
state-SYN_SENT = 正在呼叫，尚无应答
state-SYN_RECV = 正被呼叫
state-ESTABLISHED = 已连接
state-FIN_WAIT1 = 正在关闭：本端已道别
state-FIN_WAIT2 = 正在关闭：等对方道别
state-CLOSE_WAIT = 对方已挂断，本程序还没有
state-CLOSING = 双方都在关闭
state-LAST_ACK = 正在关闭：等最后的确认
state-TIME_WAIT = 已关闭，号码暂时保留
state-CLOSED = 已关闭
state-BOUND = 已占位，未使用
state-UDP = 没有连接，只收发消息

# 为什么不结束某个程序。
refusal-itself = 这是 Quaymaster 自己。要结束它，请关闭窗口。
refusal-ancestor = Quaymaster 是由这个程序启动的：结束它，Quaymaster 也会一起结束。
refusal-system = 这是系统本身。没有它，电脑就会停止运行。
refusal-essential = 您的会话依赖这个程序：结束它可能会让您退出登录或使屏幕卡死。
refusal-replaced = 之前显示的程序已经结束，它的编号现在属于另一个程序。没有结束任何程序。
refusal-gone = 这个程序已经结束了。
refusal-not_allowed = 系统不允许您结束它：它属于另一个用户，或权限比您高。管理员也许可以结束它。
refusal-never_allowed = 系统不允许结束它，管理员也不行。

# 为什么这次查看不完整。
trouble-netlink_refused = 这里不允许使用系统的快速套接字列表，改用较慢的列表：缺少一些细节。
trouble-truncated = 系统给出的列表不完整。列表里缺少的行会保留到收到完整列表为止。
trouble-unreadable = 无法读取列表“{ $what }”（系统错误 { $os_error }）。之前的行会保留到能够再次读取为止。
trouble-processes_hidden = 此系统隐藏了其他用户的程序（hidepid）。管理员可以看到。

# 筛选条件哪里不对。$piece 是输入的内容。
filter-unknown_key = 不能按“{ $piece }”筛选。可以用 port、lport、rport、local、remote、pid、proc、user、path、state 或 proto。
filter-bad_port = “{ $piece }”不是端口。端口是 0 到 65535 之间的数字。
filter-bad_range = “{ $piece }”不是范围。请把小的数字写在前面，例如 80-443。
filter-bad_address = “{ $piece }”不是地址。请写成 192.168.1.7、fe80::1，或网段 10.0.0.0/8。
filter-bad_state = “{ $piece }”不是状态。可以用 listen、established、close_wait 或 time_wait。
filter-bad_protocol = “{ $piece }”不是协议。可以用 tcp、udp、tcp4、tcp6、udp4 或 udp6。
filter-not_in_history = “{ $piece }:”只能用于打开着的连接，历史记录中没有保存。
filter-bad_country = “{ $piece }”不是国家或地区：请写两个字母的代码，例如 cn 或 us。
filter-bad_pid = “{ $piece }”不是进程编号。
filter-bad_moment = “{ $piece }”不是时间。多久以前请写成 30m、2h、7d 或 2w，某一天请写成 2026-11-20、today 或 yesterday。
filter-bad_day = “{ $piece }”不是日期。请写成 2026-11-20，或 today、yesterday。
filter-only_in_history = “{ $piece }”查的是过去：只能用来筛选历史记录，不能筛选当前打开的端口。
filter-missing_value = “{ $piece }”后面缺少内容。
filter-open_quote = 引号没有结束。
filter-lone_not = “!”后面要紧跟被排除的内容。
filter-empty_choice = “|”有一边是空的。
filter-too_long = 筛选条件太长。

# 操作为什么失败。
error-refused = 没有执行。
error-not_elevated = 未获得管理员权限，没有结束任何程序。
error-not_ended = 无法结束这个程序。
error-engine_gone = Quaymaster 查看套接字的部分已经停止。请重新启动 Quaymaster。
error-write_failed = 无法写入文件。请换一个位置或腾出空间，然后重试。
error-settings_broken = 设置文件被编辑过，现在无法识别，因此没有写入。请更正或删除它，然后再更改一次设置。
error-read_failed = 无法读取。
error-bad_request = Quaymaster 看不懂自己发出的请求。这是 Quaymaster 的错误，请反馈给我们。

# 行的标记，供屏幕阅读器和提示使用。
mark-steady = 未变化
mark-new = 新增
mark-changed = 有变化
mark-closed = 已关闭

# 地址属于谁。
network-unknown = 未知：网络资料文件中没有这个地址。
network-no-name = 未知
network-estimate = 估计（资料日期：{ $date }），没有询问任何人。
network-registered = 注册于 { $country }
special-this_computer = 本机
special-this_computer-why = 回环地址：本机上的程序用它彼此通信。
special-your_network = 您的内网
special-your_network-why = 私有地址：您的内部网络中的电脑或设备，不在互联网上。
special-link_local = 相邻设备
special-link_local-why = 链路本地地址：只能到达同一条网线或同一个无线网络中的设备。
special-carrier_nat = 运营商内网
special-carrier_nat-why = 属于 100.64.0.0/10：运营商内部网络的地址，由多个用户共用；Tailscale 等 VPN 也使用这些地址。
special-multicast = 组播
special-multicast-why = 组播地址：加入该组的设备都会收到发往它的内容。
special-broadcast = 广播
special-broadcast-why = 广播地址：本网络中的所有设备都会收到发往它的内容。
special-proxy_fake = 测试网络
special-proxy_fake-why = 用于测量的地址，互联网上无人使用。在这里，它往往是代理或 VPN 程序用来代替域名的虚构地址。
special-documentation = 示例地址
special-documentation-why = 供文档举例用的地址，互联网上无人使用。
special-translation = 转换地址
special-translation-why = Teredo、6to4 或 NAT64 的地址，用于让 IPv4 与 IPv6 互相承载。仅凭它无法得知背后是谁。
special-unspecified = 任意地址
special-unspecified-why = 不代表任何具体地址。
special-reserved = 未分配
special-reserved-why = 保留地址，互联网上无人使用。
networks-absent = 缺少资料文件，因此不显示所属组织。重新安装 Quaymaster 即可恢复。
networks-useless = 有一个资料文件无法使用：{ $detail }
remote-organisation = { $organisation }（{ $connections }）
organisation-unknown = 未知网络
and-more = 另外 { $more } 个
