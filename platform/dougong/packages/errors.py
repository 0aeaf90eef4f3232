"""What stops work with packages."""

from dougong.errors import PlatformError


class PackageNotFound(PlatformError):
    """The library has no such package."""

    code = "package-not-found"
    title = {"zh-CN": "没有这个应用包", "en": "There is no such package"}
    status = 404
    sentence = {"zh-CN": "模板库中没有“{package}”。", "en": "The library has no package {package}."}


class PackageFileNotFound(PlatformError):
    """There is no such file, or no `package.json` in the folder."""

    code = "package-file-not-found"
    title = {"zh-CN": "没有这个应用包文件", "en": "There is no such package file"}
    status = 404
    sentence = {"zh-CN": "没有文件“{file}”。", "en": "There is no file {file}."}


class PackageInvalid(PlatformError):
    """The package cannot be installed; the issues say why."""

    code = "package-invalid"
    title = {"zh-CN": "应用包有误", "en": "The package is not right"}
    status = 422


class PackageTooLarge(PlatformError):
    """The package has more bytes than the setting allows; it was not read."""

    code = "package-too-large"
    title = {"zh-CN": "应用包过大", "en": "The package is too large"}
    status = 413
    sentence = {"zh-CN": "“{file}”超过 {limit_mb} MB，没有读取。", "en": "{file} has more than {limit_mb} MB and was not read."}


class PackageVersionTaken(PlatformError):
    """The library has this version of the package with another content; a version never changes."""

    code = "package-version-taken"
    title = {"zh-CN": "此版本已有不同的内容", "en": "This version has another content"}
    status = 409
    sentence = {
        "zh-CN": "应用库中“{package}”的版本 {version} 内容不同；请改用新的版本号，或先删除原来的。",
        "en": "The library has version {version} of {package} with another content; give it a new version, or delete the one that is there.",
    }


class AppNeeded(PlatformError):
    """The platform relies on the app: signing in needs the people it keeps."""

    code = "app-needed"
    title = {"zh-CN": "此应用不能卸载", "en": "The app cannot be uninstalled"}
    status = 409
    sentence = {"zh-CN": "登录依赖应用“{app}”，不能卸载。", "en": "Signing in relies on app {app}, which cannot be uninstalled."}
