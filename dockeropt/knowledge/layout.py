"""Which directories an image has before anything is done to it.

Invariant: a directory is said to exist only when every tag of the family has it, and a path to
be free only when no tag of the image has anything there; all else is unknown. From the
Filesystem Hierarchy Standard, the base packages of the distributions (``base-files``,
``alpine-baselayout``, ``filesystem``) and the Dockerfiles of docker-library.
"""

_EVERYWHERE = "/ /bin /etc"
_FHS = f"{_EVERYWHERE} /dev /home /lib /media /mnt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local /usr/local/bin /usr/local/lib /usr/local/share /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/spool /var/tmp"
_LARGE = f"{_FHS} /boot /opt /usr/include /usr/local/etc /usr/local/include /usr/local/sbin /usr/local/src /usr/src /var/opt /etc/profile.d"
_DEBIAN = f"{_LARGE} /etc/apt /etc/apt/apt.conf.d /etc/apt/sources.list.d /etc/cron.daily /etc/default /etc/init.d /etc/skel /var/backups /var/local /var/mail"

_EXISTING = {
    family: frozenset(text.split())
    for family, text in {
        "debian": _DEBIAN,
        "ubuntu": _DEBIAN,
        "alpine": f"{_FHS} /etc/conf.d /etc/crontabs /etc/init.d /etc/periodic /etc/profile.d",
        "rhel": f"{_LARGE} /etc/yum.repos.d",
        "fedora": f"{_LARGE} /etc/yum.repos.d",
        "": _EVERYWHERE,
    }.items()
}

_ROOTS = frozenset(
    (
        "bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin selinux srv sys tmp usr"
        " var"
    ).split()
)
"""What stands in the root directory of a distribution."""

_OCCUPIED = {
    "almalinux": "",
    "alpine": "",
    "amazoncorretto": "",
    "amazonlinux": "/local",
    "buildpack-deps": "",
    "centos": "/anaconda-post.log",
    "debian": "",
    "eclipse-temurin": "/opt/java /__cacert_entrypoint.sh",
    "elixir": "",
    "erlang": "",
    "fedora": "",
    "gcc": "",
    "golang": "/go",
    "httpd": "",
    "java": "",
    "maven": "",
    "mongo": "/data /docker-entrypoint-initdb.d /home/mongodb /js-yaml.js",
    "mysql": "/docker-entrypoint-initdb.d /entrypoint.sh /healthcheck.sh",
    "nginx": "/docker-entrypoint.d /docker-entrypoint.sh",
    "node": "/home/node /opt",
    "openjdk": "/opt/java",
    "perl": "",
    "php": "/usr/src/php /usr/src/php.tar.xz /usr/src/php.tar.xz.asc",
    "postgres": "/docker-entrypoint-initdb.d",
    "pypy": "/opt/pypy",
    "python": "/usr/src/python",
    "redis": "/data",
    "rockylinux": "",
    "ruby": "",
    "rust": "",
    "tomcat": "/opt/java /__cacert_entrypoint.sh",
    "ubuntu": "/home/ubuntu",
}
"""What official images have in :data:`_FREE` and in the root directory beyond their distribution."""

_FREE = ("/home", "/srv", "/opt", "/usr/src")
"""Directories that distributions have and leave empty."""


def has_directory(family: str | None, path: str) -> bool:
    """Tell whether every image of the family has the directory."""
    return path in _EXISTING.get(family or "", _EXISTING[""])


def is_free(image: str | None, tag: str | None, path: str) -> bool:
    """Tell whether an official image is known to have nothing at ``path``.

    Args:
        image: Its bare name; ``None`` for any other image.
        tag: Its tag.
        path: An absolute, cleaned path.

    >>> is_free("python", "3.12-slim", "/app"), is_free("golang", "1.22", "/go/src/app")
    (True, False)
    """
    occupied = _OCCUPIED.get(image or "")
    if occupied is None or "onbuild" in (tag or ""):
        return False
    if any(
        path == other or path.startswith(other + "/") or other.startswith(path + "/")
        for other in occupied.split()
    ):
        return False
    first = path[1:].partition("/")[0]
    if first not in _ROOTS:
        return first != ""
    return any(path.startswith(place + "/") for place in _FREE)
