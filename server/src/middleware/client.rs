//! Who is calling: the address behind our own proxies.

use std::net::{IpAddr, Ipv4Addr};

use http::HeaderMap;

use crate::config::Network;

/// Header in which proxies name whom they speak for.
pub const FORWARDED_FOR: &str = "x-forwarded-for";

/// The caller's address, kept with the request.
#[derive(Debug, Clone, Copy)]
pub struct Source(pub IpAddr);

/// The caller's address: the connection's own unless it is a trusted proxy's, else the rightmost address of
/// `X-Forwarded-For` that no trusted proxy has. What stands left of it was written by the caller and proves nothing.
pub fn address(connection: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let connection = connection.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)).to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = connection;
    let hops = headers.get_all(FORWARDED_FOR).iter().rev();
    let hops = hops.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    for hop in hops {
        if !is_trusted(nearest) {
            break;
        }
        // A proxy of ours that writes no address: the best that is known is the proxy itself.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_of(connection: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        address(connection.parse().ok(), &headers, &trusted).to_string()
    }

    #[test]
    fn r53_believes_no_forwarded_address_of_a_stranger() {
        assert_eq!(address_of("203.0.113.7", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.7");
        assert_eq!(address_of("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
    }

    #[test]
    fn r53_takes_the_rightmost_hop_that_is_not_ours() {
        let ours = ["10.0.0.0/8"];
        assert_eq!(address_of("10.0.0.1", &["1.2.3.4, 203.0.113.7"], &ours), "203.0.113.7");
        assert_eq!(address_of("10.0.0.1", &["1.2.3.4, 203.0.113.7, 10.0.0.2"], &ours), "203.0.113.7");
        assert_eq!(address_of("10.0.0.1", &["1.2.3.4", "203.0.113.7, 10.9.9.9"], &ours), "203.0.113.7");
    }

    #[test]
    fn r53_stays_with_the_proxy_when_the_header_is_missing_or_garbage() {
        assert_eq!(address_of("10.0.0.1", &[], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address_of("10.0.0.1", &["unknown"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(address_of("10.0.0.1", &["1.2.3.4, garbage"], &["10.0.0.0/8"]), "10.0.0.1");
    }
}
