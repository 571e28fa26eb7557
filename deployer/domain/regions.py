"""Regions whose endpoints are known: choosing one fills the form of a target in. Any other may be typed.

Sources: ModelArts API reference of Open Telekom Cloud, "Endpoints" (2025-08: ModelArts is listed in eu-de alone);
Huawei Cloud SDK, region list of ModelArts (huaweicloudsdkmodelarts 3.1.219). Both name their hosts
{service}.{region}.{domain}; IAM and VPC of a region follow the same form.
"""

from dataclasses import dataclass

_OTC, _HUAWEI = "Open Telekom Cloud", "Huawei Cloud"


@dataclass(frozen=True)
class Region:
    """One region: whose it is, and the domain its hosts live below."""

    name: str
    vendor: str
    domain: str

    def address_of(self, service: str) -> str:
        """Where a service (`modelarts`, `iam`, `vpc`) of this region answers."""
        return f"https://{service}.{self.name}.{self.domain}"

    @property
    def endpoints(self) -> dict[str, str]:
        """The addresses of a target in this region, by the names of its columns."""
        return {
            "endpoint": self.address_of("modelarts"),
            "iam_endpoint": self.address_of("iam"),
            "vpc_endpoint": self.address_of("vpc"),
        }


_NAMES = (
    "cn-north-1", "cn-north-2", "cn-north-4", "cn-north-9", "cn-north-12", "cn-east-3", "cn-east-4", "cn-south-1",
    "cn-southwest-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "la-south-2",
    "la-north-2", "af-south-1", "af-north-1", "sa-brazil-1", "tr-west-1", "me-east-1",
)  # fmt: skip

REGIONS: dict[str, Region] = {
    "eu-de": Region("eu-de", _OTC, "otc.t-systems.com"),
    # The European partition has a domain of its own: endpoint pages of Huawei Cloud's other services.
    "eu-west-101": Region("eu-west-101", _HUAWEI, "myhuaweicloud.eu"),
    **{name: Region(name, _HUAWEI, "myhuaweicloud.com") for name in _NAMES},
}


def region_called(name: str) -> Region | None:
    """The region of this name, or None where its endpoints must be typed."""
    return REGIONS.get(name.strip().lower())


def is_from_table(name: str, address: str) -> bool:
    """Whether this address of this column (`endpoint`, `iam_endpoint`, `vpc_endpoint`) is that of a known region."""
    return any(region.endpoints[name] == address.rstrip("/") for region in REGIONS.values())
