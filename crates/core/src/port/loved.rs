//! Ports that programs are known to use by default, from their own documentation, whether registered or not. "Often used
//! by", never "is": anybody may listen anywhere.

use crate::endpoint::Protocol;

/// Programs that use `port` by default, the best known first.
pub(super) fn programs(port: u16, protocol: Protocol) -> &'static [&'static str] {
    let fits = |over: Over| match over {
        Over::Tcp => protocol == Protocol::Tcp,
        Over::Udp => protocol == Protocol::Udp,
        Over::Both => true,
    };
    let at = LOVED.partition_point(|entry| entry.0 < port);
    let entry = LOVED[at..].iter().take_while(|entry| entry.0 == port).find(|entry| fits(entry.1));
    entry.map_or(&[], |entry| entry.2)
}

#[derive(Clone, Copy)]
enum Over {
    Tcp,
    Udp,
    Both,
}
use Over::{Both, Tcp, Udp};

/// Sorted by port.
const LOVED: &[(u16, Over, &[&str])] = &[
    (21, Tcp, &["FTP"]),
    (67, Udp, &["DHCP"]),
    (68, Udp, &["DHCP"]),
    (123, Udp, &["NTP time service"]),
    (137, Udp, &["NetBIOS"]),
    (139, Tcp, &["Windows file sharing"]),
    (445, Tcp, &["Windows file sharing"]),
    (500, Udp, &["IPsec VPN"]),
    (546, Udp, &["DHCPv6"]),
    (631, Both, &["CUPS printing"]),
    (902, Tcp, &["VMware"]),
    (912, Tcp, &["VMware"]),
    (1080, Both, &["SOCKS proxy"]),
    (1194, Both, &["OpenVPN"]),
    (1234, Tcp, &["LM Studio"]),
    (1313, Tcp, &["Hugo"]),
    (1420, Tcp, &["Tauri dev server"]),
    (1433, Tcp, &["Microsoft SQL Server"]),
    (1434, Udp, &["Microsoft SQL Server"]),
    (1521, Tcp, &["Oracle Database"]),
    (1716, Both, &["KDE Connect"]),
    (1883, Tcp, &["MQTT", "Mosquitto"]),
    (1900, Udp, &["UPnP discovery"]),
    (2019, Tcp, &["Caddy admin"]),
    (2049, Both, &["NFS"]),
    (2181, Tcp, &["ZooKeeper"]),
    (2375, Tcp, &["Docker"]),
    (2376, Tcp, &["Docker"]),
    (2379, Tcp, &["etcd"]),
    (2380, Tcp, &["etcd"]),
    (3000, Tcp, &["Node.js dev servers", "Grafana", "Next.js"]),
    (3001, Tcp, &["Node.js dev servers", "Uptime Kuma"]),
    (3128, Tcp, &["Squid proxy"]),
    (3306, Tcp, &["MySQL", "MariaDB"]),
    (3389, Both, &["Remote Desktop"]),
    (3478, Both, &["STUN/TURN"]),
    (3702, Udp, &["WS-Discovery"]),
    (4000, Tcp, &["Phoenix", "Jekyll"]),
    (4200, Tcp, &["Angular"]),
    (4222, Tcp, &["NATS"]),
    (4321, Tcp, &["Astro"]),
    (4369, Tcp, &["Erlang epmd"]),
    (4500, Udp, &["IPsec VPN"]),
    (4567, Tcp, &["Sinatra"]),
    (5000, Tcp, &["Flask", "Docker registry", "AirPlay receiver"]),
    (5001, Tcp, &["ASP.NET dev server", "iperf"]),
    (5037, Tcp, &["Android adb"]),
    (5040, Tcp, &["Windows Connected Devices"]),
    (5044, Tcp, &["Logstash"]),
    (5060, Both, &["SIP telephony"]),
    (5173, Tcp, &["Vite"]),
    (5174, Tcp, &["Vite"]),
    (5201, Both, &["iperf3"]),
    (5222, Tcp, &["XMPP"]),
    (5228, Tcp, &["Google push messages"]),
    (5298, Both, &["XMPP link-local"]),
    (5353, Udp, &["mDNS (Bonjour, Avahi)"]),
    (5355, Udp, &["LLMNR"]),
    (5357, Tcp, &["Windows network discovery"]),
    (5432, Tcp, &["PostgreSQL"]),
    (5500, Tcp, &["VS Code Live Server"]),
    (5555, Tcp, &["Android adb over network"]),
    (5601, Tcp, &["Kibana"]),
    (5672, Tcp, &["RabbitMQ"]),
    (5900, Tcp, &["VNC"]),
    (5938, Both, &["TeamViewer"]),
    (5984, Tcp, &["CouchDB"]),
    (6006, Tcp, &["TensorBoard", "Storybook"]),
    (6333, Tcp, &["Qdrant"]),
    (6379, Tcp, &["Redis"]),
    (6380, Tcp, &["Redis"]),
    (6443, Tcp, &["Kubernetes API"]),
    (6666, Tcp, &["IRC"]),
    (6667, Tcp, &["IRC"]),
    (6800, Tcp, &["aria2"]),
    (6881, Both, &["BitTorrent"]),
    (7000, Tcp, &["frp", "AirPlay receiver", "Cassandra"]),
    (7070, Tcp, &["AnyDesk"]),
    (7474, Tcp, &["Neo4j"]),
    (7500, Tcp, &["frp dashboard"]),
    (7680, Tcp, &["Windows Update delivery"]),
    (7687, Tcp, &["Neo4j"]),
    (7860, Tcp, &["Gradio", "Stable Diffusion web UI"]),
    (7890, Both, &["Clash"]),
    (7891, Both, &["Clash"]),
    (7897, Both, &["Clash Verge"]),
    (8000, Tcp, &["Django", "Python http.server", "Uvicorn"]),
    (8008, Tcp, &["Matrix Synapse"]),
    (8080, Tcp, &["HTTP dev servers and proxies", "Tomcat", "Jenkins"]),
    (8081, Tcp, &["React Native Metro", "Nexus"]),
    (8086, Tcp, &["InfluxDB"]),
    (8088, Tcp, &["Superset", "Hadoop YARN"]),
    (8096, Tcp, &["Jellyfin"]),
    (8123, Tcp, &["Home Assistant", "ClickHouse"]),
    (8188, Tcp, &["ComfyUI"]),
    (8200, Tcp, &["Vault"]),
    (8265, Tcp, &["Ray dashboard"]),
    (8384, Tcp, &["Syncthing"]),
    (8443, Tcp, &["HTTPS dev servers"]),
    (8500, Tcp, &["Consul"]),
    (8787, Tcp, &["RStudio Server", "Cloudflare Wrangler"]),
    (8848, Tcp, &["Nacos"]),
    (8883, Tcp, &["MQTT over TLS"]),
    (8888, Tcp, &["Jupyter"]),
    (8983, Tcp, &["Solr"]),
    (9000, Tcp, &["PHP-FPM", "MinIO", "Portainer", "SonarQube"]),
    (9001, Tcp, &["MinIO console", "Tor"]),
    (9042, Tcp, &["Cassandra"]),
    (9050, Tcp, &["Tor"]),
    (9090, Tcp, &["Prometheus", "Cockpit", "Clash dashboard"]),
    (9091, Tcp, &["Transmission"]),
    (9092, Tcp, &["Kafka"]),
    (9093, Tcp, &["Prometheus Alertmanager"]),
    (9097, Tcp, &["Clash Verge controller"]),
    (9100, Tcp, &["Prometheus node exporter", "Network printers"]),
    (9150, Tcp, &["Tor Browser"]),
    (9200, Tcp, &["Elasticsearch", "OpenSearch"]),
    (9222, Tcp, &["Chrome remote debugging"]),
    (9229, Tcp, &["Node.js debugger"]),
    (9300, Tcp, &["Elasticsearch"]),
    (9418, Tcp, &["Git"]),
    (9443, Tcp, &["Portainer"]),
    (9993, Both, &["ZeroTier"]),
    (10808, Both, &["v2rayN"]),
    (10809, Both, &["v2rayN"]),
    (11211, Both, &["Memcached"]),
    (11434, Tcp, &["Ollama"]),
    (15672, Tcp, &["RabbitMQ management"]),
    (17500, Both, &["Dropbox LAN sync"]),
    (19000, Tcp, &["Expo"]),
    (19132, Udp, &["Minecraft Bedrock"]),
    (19530, Tcp, &["Milvus"]),
    (20170, Tcp, &["v2rayA"]),
    (21115, Tcp, &["RustDesk"]),
    (21116, Both, &["RustDesk"]),
    (21117, Tcp, &["RustDesk"]),
    (21118, Tcp, &["RustDesk"]),
    (21119, Tcp, &["RustDesk"]),
    (22000, Both, &["Syncthing"]),
    (24800, Tcp, &["Synergy", "Barrier", "Input Leap"]),
    (25565, Tcp, &["Minecraft"]),
    (26379, Tcp, &["Redis Sentinel"]),
    (27015, Both, &["Steam game servers"]),
    (27017, Tcp, &["MongoDB"]),
    (27036, Both, &["Steam"]),
    (27060, Tcp, &["Steam"]),
    (32400, Tcp, &["Plex"]),
    (33060, Tcp, &["MySQL X Protocol"]),
    (35729, Tcp, &["LiveReload"]),
    (41641, Udp, &["Tailscale"]),
    (47984, Tcp, &["Sunshine", "Moonlight"]),
    (50051, Tcp, &["gRPC"]),
    (51413, Both, &["Transmission"]),
    (51820, Udp, &["WireGuard"]),
    (53317, Both, &["LocalSend"]),
    (57621, Both, &["Spotify Connect"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_says_something() {
        assert!(LOVED.is_sorted_by_key(|entry| entry.0));
        assert!(LOVED.iter().all(|entry| !entry.2.is_empty()));
    }

    #[test]
    fn the_protocol_matters() {
        assert_eq!(programs(41_641, Protocol::Tcp), [""; 0]);
        assert_eq!(programs(41_641, Protocol::Udp), ["Tailscale"]);
        assert_eq!(programs(7_890, Protocol::Udp), ["Clash"]);
    }
}
