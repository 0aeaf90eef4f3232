"""What stops work with packages."""

from dougong.errors import PlatformError


class PackageNotFound(PlatformError):
    """The library has no such package."""

    code = "package-not-found"
    title = {"zh-CN": "没有这个应用包", "en": "There is no such package"}
    status = 404
    sentence = {"zh-CN": "模板库中没有“{package}”。", "en": "The library has no package {package}."}


class PackageInvalid(PlatformError):
    """The package cannot be installed; the issues say why."""

    code = "package-invalid"
    title = {"zh-CN": "应用包有误", "en": "The package is not right"}
    status = 422
