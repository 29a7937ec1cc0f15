//! What is found where a text is one line, one sentence, a pasted list or a row of a table: nothing else
//! says whose a value is.

#![expect(clippy::tests_outside_test_module, reason = "a test of the crate from outside")]

use forewarn_extract::extract;

/// A text, and the values in it that are an attacker's.
type Case = (&'static str, &'static [&'static str]);

fn found(text: &str) -> Vec<String> {
    extract(text).observables.into_iter().map(|one| one.value).collect()
}

fn check(cases: &[Case]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| found(text) != *expected)
        .map(|(text, expected)| format!("{text:?}\n  gives {:?}, not {expected:?}", found(text)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_value_alone_is_one_to_watch_for() {
    check(&[
        ("evil-update.org", &["evil-update.org"]),
        ("203.0.113.77", &["203.0.113.77"]),
        ("45.61.137.20:8443", &["45.61.137.20"]),
        ("2001:db8:44::1f", &["2001:db8:44::1f"]),
        ("hxxps://login-portal[.]top/verify", &["https://login-portal.top/verify"]),
        ("44d88612fea8a8f36de82e1278abb02f", &["44d88612fea8a8f36de82e1278abb02f"]),
        ("3395856ce81f2b7382dee72602f798b642f14140", &["3395856ce81f2b7382dee72602f798b642f14140"]),
        (
            "198.51.100.9\n203.0.113.77\nmail-secure-login.com\n",
            &["198.51.100.9", "203.0.113.77", "mail-secure-login.com"],
        ),
        (
            "198[.]51[.]100[.]9, 203[.]0[.]113[.]77, mail-secure-login[.]com",
            &["198.51.100.9", "203.0.113.77", "mail-secure-login.com"],
        ),
        (
            "domain-name,evil-update.org\nipv4-addr,198.51.100.9\nurl,http://evil-update.org/a.php\n",
            &["evil-update.org", "198.51.100.9", "http://evil-update.org/a.php"],
        ),
        (
            "| 203.0.113.5 | C2 | 2026-01-04 |\n| dropzone-files.com | payload | 2026-01-05 |\n",
            &["203.0.113.5", "dropzone-files.com"],
        ),
        ("C2: 203[.]0[.]113[.]44:8443", &["203.0.113.44"]),
        ("IOCs: evil-update.org; 198.51.100.9", &["evil-update.org", "198.51.100.9"]),
    ]);
}

#[test]
fn a_sentence_that_names_an_attackers_value_gives_it_in_any_language() {
    check(&[
        (
            "The malware calls home to c2.quillfeather.net and evil-update.org",
            &["c2.quillfeather.net", "evil-update.org"],
        ),
        (
            "Block these: evil-update.org, 198.51.100.9, http://evil-update.org/gate.php",
            &["evil-update.org", "198.51.100.9", "http://evil-update.org/gate.php"],
        ),
        ("Please block 198.51.100.9 at the firewall.", &["198.51.100.9"]),
        ("CVE-2024-3400 is being exploited in the wild.", &["CVE-2024-3400"]),
        ("The phishing mails come from billing@invoice-desk.net.", &["billing@invoice-desk.net"]),
        ("They scanned us from 203.0.113.140 all night.", &["203.0.113.140"]),
        (
            "Pay within 48 hours to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq or we publish.",
            &["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"],
        ),
        (
            "Die Schadsoftware verbindet sich mit update-dienst.net und 203.0.113.12.",
            &["update-dienst.net", "203.0.113.12"],
        ),
        (
            "Le logiciel malveillant contacte serveur-maj.info toutes les dix minutes.",
            &["serveur-maj.info"],
        ),
        (
            "Bloqueen ya estos dominios: banco-seguro-login.com, verifica-cuenta.net",
            &["banco-seguro-login.com", "verifica-cuenta.net"],
        ),
        ("O phishing vem de suporte@caixa-atualiza.com", &["suporte@caixa-atualiza.com"]),
        (
            "Il trojan scarica il resto da http://aggiorna-lettore.net/p.bin",
            &["http://aggiorna-lettore.net/p.bin"],
        ),
        ("De malware maakt verbinding met track-pakket.net.", &["track-pakket.net"]),
        ("Вредоносная программа обращается к серверу update-check.su", &["update-check.su"]),
        ("Шкідлива програма надсилає дані на 203.0.113.99.", &["203.0.113.99"]),
        ("Złośliwe oprogramowanie łączy się z faktura-online.net.", &["faktura-online.net"]),
        (
            "Zararlı yazılım guncelleme-merkezi.net adresine bağlanıyor.",
            &["guncelleme-merkezi.net"],
        ),
        ("تتصل البرمجية الخبيثة بالخادم update-center.net", &["update-center.net"]),
        ("بدافزار به سرور update-center.net وصل می‌شود", &["update-center.net"]),
        (
            "该恶意软件连接到 update-center.net 和 203.0.113.61。",
            &["update-center.net", "203.0.113.61"],
        ),
        ("マルウェアは update-center.net に接続する。", &["update-center.net"]),
        ("악성코드가 update-center.net 으로 통신한다.", &["update-center.net"]),
        ("Malware itu terhubung ke server update-data.net.", &["update-data.net"]),
        ("मैलवेयर update-center.net से जुड़ता है।", &["update-center.net"]),
    ]);
}

#[test]
fn what_is_somebody_elses_or_no_value_stays_out() {
    check(&[
        ("8.8.8.8", &[]),
        ("10.0.0.12", &[]),
        ("We use 1.1.1.1 and 9.9.9.9 as resolvers.", &[]),
        ("Version 10.2.0.1 of the firmware is out.", &[]),
        ("Update to 4.18.2.7 before Friday.", &[]),
        ("Open invoice.exe, report.pdf and libssl.so.1.1 with care.", &[]),
        ("The page is written in ASP.NET and node.js.", &[]),
        ("Call +49 30 901820 or 0800 111 222 0.", &[]),
        ("See section 4.2.1.3 of the annex.", &[]),
        ("Questions to soc@acme-bank.com please.", &[]),
        ("Contact: +44 20 7946 0018, duty@harbour-police.org", &[]),
        ("Source: https://www.daily-courier.com/world/2026/01/attack", &[]),
        ("Read more: https://blog.sample-vendor.com/2026/analysis", &[]),
        ("Our own scanner is 198.51.100.20; ignore it.", &[]),
        ("The internal host 192.168.4.17 was infected.", &[]),
        ("CVE-2023-1234 is fixed in version 4.2; no exploitation is known.", &[]),
        ("Fragen bitte an cert@stadtwerke-anger.de.", &[]),
        ("Pour toute question : securite@ville-anger.fr", &[]),
        ("Más información en https://www.diario-sur.com/noticias/123", &[]),
        ("Źródło: https://www.kurier-dzienny.com/swiat/12", &[]),
        ("Подробнее: https://www.gazeta-dnya.com/news/12", &[]),
        ("詳細は https://www.shimbun-daily.com/news/12 をご覧ください。", &[]),
        ("Bizim sunucumuz 198.51.100.20, engellemeyin.", &[]),
    ]);
}

#[test]
fn both_in_one_sentence_are_told_apart() {
    check(&[
        (
            "Our server 192.0.2.10 sent data to 198.51.100.9, the attackers' machine.",
            &["198.51.100.9"],
        ),
        ("The malware asks 8.8.8.8 for c2.quillfeather.net.", &["c2.quillfeather.net"]),
        ("The C2 is bad-host.net. Report: https://cert.harbour.gov/advisory/12", &["bad-host.net"]),
        ("Block drop-files[.]net; questions to soc@acme-bank.com.", &["drop-files.net"]),
        (
            "Der Trojaner lädt von lade-mich.net nach. Kontakt: soc@stadtwerke-anger.de",
            &["lade-mich.net"],
        ),
    ]);
}

#[test]
fn what_a_colleague_writes_in_one_line_is_understood() {
    check(&[
        ("new one today: paket-zustellung[.]shop", &["paket-zustellung.shop"]),
        ("fyi 193.42.33.10 is hammering our VPN", &["193.42.33.10"]),
        ("Got a hit on 5d41402abc4b2a76b9719d911017c592", &["5d41402abc4b2a76b9719d911017c592"]),
        ("pls add to the feed: kyc-wallet-sync.app", &["kyc-wallet-sync.app"]),
        (
            "The stealer posts to https://api-collect.net/v2/log",
            &["https://api-collect.net/v2/log"],
        ),
        ("Lure sent by hr-team@jobs-offer.net with a zip", &["hr-team@jobs-offer.net"]),
        ("DDoS sources: 91.10.2.3, 91.10.2.4, 91.10.2.5", &["91.10.2.3", "91.10.2.4", "91.10.2.5"]),
        ("CVE-2025-31337 exploited against ESXi hosts", &["CVE-2025-31337"]),
        ("IP 203.0.113.80, Port 443, Rolle: Steuerserver", &["203.0.113.80"]),
        ("Serveur de commande : 203.0.113.80", &["203.0.113.80"]),
        ("Servidor de mando: c2.sombra-net.com", &["c2.sombra-net.com"]),
        ("Командный сервер: 203.0.113.80", &["203.0.113.80"]),
        ("Sunucu: 203.0.113.80 (saldırgan)", &["203.0.113.80"]),
        ("攻击者服务器：203.0.113.80", &["203.0.113.80"]),
        ("攻撃元IP：203.0.113.80", &["203.0.113.80"]),
        ("Útočníci používají server 203.0.113.80.", &["203.0.113.80"]),
        ("Angriparna använder 203.0.113.80.", &["203.0.113.80"]),
        ("Οι επιτιθέμενοι χρησιμοποιούν το 203.0.113.80.", &["203.0.113.80"]),
        ("my mail is lena.berg@harbour-police.org", &[]),
        ("The meeting link: https://meet.harbour-police.org/r/77", &[]),
        ("Thanks, see https://en.wikipedia.org/wiki/Botnet", &[]),
        ("nginx 1.25.3.1 is the newest", &[]),
        ("The printer is at 192.168.10.20, not a threat.", &[]),
        ("Annual report: https://www.harbour-police.org/report2025.pdf", &[]),
        ("Presse : presse@ville-anger.fr, 01 70 18 00 00", &[]),
        ("Datei bericht.docx, Seite 4.1.2.3", &[]),
        ("The clean installer has the hash 5d41402abc4b2a76b9719d911017c592.", &[]),
        ("Our NTP server 198.51.100.123 had an outage.", &[]),
        ("CVE-2025-31337 has been patched; it was not exploited.", &[]),
        ("False positive: cdn.harbour-police.org is ours.", &[]),
    ]);
}
