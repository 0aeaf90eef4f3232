"""What stops an upgrade."""

from dougong.errors import PlatformError


class UpgradeConflictsOpen(PlatformError):
    """Both sides changed the same, and nobody has chosen yet whose it is to be."""

    code = "upgrade-conflicts-open"
    title = {"zh-CN": "尚有冲突未作选择", "en": "There are conflicts nobody has decided"}
    status = 409
    sentence = {
        "zh-CN": "尚有 {count} 处冲突未作选择，例如 {pointer}。",
        "en": "{count} conflicts are not decided, one at {pointer}.",
    }


class UpgradeChoiceUnknown(PlatformError):
    """A choice was sent for a place where there is nothing to choose."""

    code = "upgrade-choice-unknown"
    title = {"zh-CN": "此处没有冲突", "en": "There is no conflict there"}
    status = 422
    sentence = {"zh-CN": "choices：{pointer} 处没有冲突。", "en": "choices: there is no conflict at {pointer}."}


class UpgradeNotNewer(PlatformError):
    """The version is not newer than the one the app has."""

    code = "upgrade-not-newer"
    title = {"zh-CN": "不是更新的版本", "en": "The version is not newer"}
    status = 409
    sentence = {
        "zh-CN": "“{package}”已是 {installed} 版，{version} 版并不更新。",
        "en": "The app has {package} {installed}; {version} is not newer.",
    }


class UpgradePackageUnknown(PlatformError):
    """The app is not made of this package."""

    code = "upgrade-package-unknown"
    title = {"zh-CN": "应用中没有这个包", "en": "The app is not made of this package"}
    status = 404
    sentence = {"zh-CN": "应用“{app}”中没有包“{package}”。", "en": "App {app} is not made of package {package}."}


class UpgradeVersionUnknown(PlatformError):
    """There is no such version of the package."""

    code = "upgrade-version-unknown"
    title = {"zh-CN": "没有这个版本", "en": "There is no such version"}
    status = 404
    sentence = {"zh-CN": "没有“{package}”的 {version} 版。", "en": "There is no version {version} of package {package}."}


class UpgradePackageThere(PlatformError):
    """The app is made of this package already; a newer version of it is an upgrade."""

    code = "upgrade-package-there"
    title = {"zh-CN": "应用中已有这个包", "en": "The app is made of this package already"}
    status = 409
    sentence = {
        "zh-CN": "应用“{app}”中已有包“{package}”，新版本请用升级。",
        "en": "App {app} is made of package {package} already; upgrade it to a newer version.",
    }


class UpgradePackageOwn(PlatformError):
    """The app's own package is not taken out: without it there is no app."""

    code = "upgrade-package-own"
    title = {"zh-CN": "这是应用自己的包", "en": "It is the app's own package"}
    status = 409
    sentence = {
        "zh-CN": "“{app}”是应用自己的包，不能移除；不要此应用请卸载。",
        "en": "{app} is the app's own package and is not taken out; uninstall the app instead.",
    }


class PackageRequired(PlatformError):
    """Other packages of the app require it."""

    code = "package-required"
    title = {"zh-CN": "其他包需要此包", "en": "Other packages require it"}
    status = 409
    sentence = {
        "zh-CN": "包“{package}”不能移除，应用中的这些包需要它：{by}。",
        "en": "Package {package} is not taken out: these packages of the app require it: {by}.",
    }
