"""How this process speaks with others: certificates that end soon, and addresses on which anybody can listen."""

from lika.operations.finding import Finding, broken, ok, warning
from lika.operations.installation import Installation
from services.chassis.ground.certificates import NEAR, used_certificates
from services.chassis.ground.provider_addresses import is_encrypted_or_here


def certificates(installation: Installation) -> Finding:
    """The one that ends first, of all that the settings name."""
    ends = []
    for used in used_certificates(installation.settings):
        try:
            ends.append((used.ends(), used))
        except (OSError, ValueError) as error:
            return broken(
                "certificates",
                "certificate_unreadable",
                setting=used.setting,
                file=used.file,
                error=type(error).__name__,
            )
    if not ends:
        return ok("certificates", "no_certificates")
    until, first = min(ends, key=lambda each: each[0])
    left = until - installation.clock.now()
    figures = {"setting": first.setting, "file": first.file, "until": f"{until:%Y-%m-%d %H:%M}"}
    if left.total_seconds() < 0:
        return broken("certificates", "certificate_ended", **figures)
    if left < NEAR:
        return warning("certificates", "certificate_ends_soon", days=left.days, **figures)
    return ok("certificates", "certificates_last", count=len(ends), until=figures["until"])


def peers(installation: Installation) -> Finding:
    """Whether tokens and facts go to the other services in the clear."""
    addresses = installation.settings.peers
    if not addresses:
        return ok("peers", "no_peers")
    if open_ones := sorted(name for name, address in addresses.items() if not is_encrypted_or_here(address)):
        return warning("peers", "peers_unencrypted", peers=open_ones)
    return ok("peers", "peers_encrypted_or_here", count=len(addresses))
