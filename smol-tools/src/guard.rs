//! Which addresses a page may be fetched from. A model chooses the address, and whoever wrote the last page it
//! read may have chosen for it: without this, an agent would fetch its host's own services for a stranger.
//!
//! The rule is asked at the only two places from which an address reaches the connection: a URL that holds a
//! number, first or by redirect, and the resolver. The connection takes what the resolver gave, so a name cannot
//! be public when asked and private when used.

use crate::fetch::USER_AGENT;
use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::{Attempt, Policy},
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// More than any honest site needs.
const MAX_REDIRECTS: usize = 10;

/// The registry of special purposes for version 4: none of these is a place on the public Internet.
const SPECIAL_V4: [Ipv4Net; 14] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
];

/// Of version 6 only this block is given out to the public Internet.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Within it: protocol assignments with Teredo, documentation, and 6to4, which holds a version 4 address.
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), length)
}

/// Whether `address` is a place on the public Internet.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address))
        }
    }
}

/// The rule, as all who ask it hold it.
#[derive(Clone, Copy)]
pub(crate) struct Guard {
    /// Whether an address may be reached.
    pub(crate) may_reach: fn(IpAddr) -> bool,
}

/// Why an address is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// Another protocol.
    #[error("only `http` and `https` addresses can be visited, not `{0}`")]
    Scheme(String),
    /// Not on the public Internet.
    #[error("`{0}` is not on the public Internet, and this tool may not visit private addresses")]
    Private(String),
    /// Not one of those granted.
    #[error("this tool may not reach `{host}`\n\nhint: it may reach `{granted}`")]
    Host {
        /// The one asked for.
        host: String,
        /// Those that may be reached.
        granted: String,
    },
    /// It never arrives.
    #[error("it redirects more than {MAX_REDIRECTS} times")]
    Redirects,
}

impl Guard {
    /// The public Internet; this machine and private networks too, if they are allowed.
    pub(crate) fn new(allow_private: bool) -> Self {
        Self { may_reach: if allow_private { |_| true } else { is_public } }
    }

    /// A client that keeps to the rule. It takes no proxy, which would look names up out of our sight.
    pub(crate) fn client(self, timeout: Duration) -> reqwest::Result<Client> {
        self.client_by(timeout, redirects(move |url| self.check(url)))
    }

    /// The same, which follows redirects only to `hosts`.
    pub(crate) fn client_within(self, timeout: Duration, hosts: Arc<[String]>) -> reqwest::Result<Client> {
        self.client_by(timeout, redirects(move |url| self.check_within(url, &hosts)))
    }

    fn client_by(self, timeout: Duration, redirects: Policy) -> reqwest::Result<Client> {
        let client = Client::builder().user_agent(USER_AGENT).timeout(timeout).no_proxy();
        client.redirect(redirects).dns_resolver(Arc::new(self)).build()
    }

    /// Checks all that a URL tells by itself.
    pub(crate) fn check(self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme(url.scheme().to_owned()));
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        if (self.may_reach)(address) { Ok(()) } else { Err(Refusal::Private(address.to_string())) }
    }

    /// The same, for an address that must be at one of `hosts`.
    pub(crate) fn check_within(self, url: &Url, hosts: &[String]) -> Result<(), Refusal> {
        let host = url.host_str().unwrap_or_default();
        if hosts.iter().any(|granted| is_granted(granted, host)) {
            return self.check(url);
        }
        Err(Refusal::Host { host: host.to_owned(), granted: hosts.join("`, `") })
    }
}

/// Checks every redirect as the first address was checked.
fn redirects(check: impl Fn(&Url) -> Result<(), Refusal> + Send + Sync + 'static) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| match check(attempt.url()) {
        Err(refusal) => attempt.error(refusal),
        Ok(()) if attempt.previous().len() > MAX_REDIRECTS => attempt.error(Refusal::Redirects),
        Ok(()) => attempt.follow(),
    })
}

/// Whether `granted` is this host, or `*.` and what it ends with.
fn is_granted(granted: &str, host: &str) -> bool {
    match granted.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => host == granted,
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| (guard.may_reach)(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Refusal::Private(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], public: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn tells_public_addresses_from_special_ones() {
        check(&["1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.0.1"], true);
        check(&["172.32.0.1", "192.0.1.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"], true);
        check(&["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254"], false);
        check(&["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.1"], false);
        check(&["198.18.0.1", "198.19.255.255", "203.0.113.9", "224.0.0.1", "255.255.255.255"], false);
        check(&["::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"], false);
        check(&["fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1"], false);
        check(
            &["64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1"],
            false,
        );
        check(&["::ffff:8.8.8.8"], true);
    }

    fn refusal(url: &str) -> String {
        let guard = Guard { may_reach: is_public };
        guard
            .check(&url.parse().unwrap())
            .map_or_else(|refusal| refusal.to_string(), |()| "allowed".to_owned())
    }

    #[test]
    fn a_host_is_granted_by_its_name_or_by_its_parents() {
        let check = |granted: &str, host: &str, expected| {
            assert_eq!(is_granted(granted, host), expected, "{granted} {host}");
        };
        check("example.org", "example.org", true);
        check("example.org", "a.example.org", false);
        check("example.org", "example.org.evil.test", false);
        check("*.example.org", "a.b.example.org", true);
        check("*.example.org", "example.org", false);
        check("*.example.org", ".example.org", false);
        check("*.example.org", "evilexample.org", false);
    }

    #[test]
    fn reads_addresses_however_they_are_written() {
        for url in ["http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/", "http://0177.0.0.1/"] {
            assert!(refusal(url).starts_with("`127.0.0.1` is not on the public Internet"), "{url}");
        }
        assert!(refusal("http://[::1]:80/").starts_with("`::1` is not"));
        assert!(refusal("http://user:password@10.0.0.1/").starts_with("`10.0.0.1` is not"));
        assert!(refusal("http://①②⑦.0.0.1/").starts_with("`127.0.0.1` is not"));
        assert!(refusal("javascript:alert(1)").contains("not `javascript`"));
        assert!(refusal("file:///etc/passwd").contains("not `file`"));
        assert_eq!(refusal("https://1.1.1.1/"), "allowed");
        assert_eq!(refusal("https://example.org/"), "allowed");
    }
}
