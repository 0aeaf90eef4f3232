"""What stops work on drafts and versions."""

from dougong.errors import PlatformError


class DraftConflict(PlatformError):
    """The draft was saved by someone else after it was read."""

    code = "definition-draft-conflict"
    title = {"zh-CN": "草稿已被他人修改", "en": "The draft has changed"}
    status = 409
    sentence = {
        "zh-CN": "草稿现为第 {current} 版，您的是第 {sent} 版。",
        "en": "The draft is at revision {current}, yours is {sent}.",
    }


class DefinitionInvalid(PlatformError):
    """The document cannot become a version; the issues say why."""

    code = "definition-invalid"
    title = {"zh-CN": "应用定义有误", "en": "The definition of the app is not right"}
    status = 422


class AppExists(PlatformError):
    """An app with this key is installed already."""

    code = "app-exists"
    title = {"zh-CN": "应用已安装", "en": "The app is installed already"}
    status = 409
    sentence = {"zh-CN": "应用“{app}”已安装。", "en": "App {app} is installed already."}


class VersionNotFound(PlatformError):
    """The app has no version of this number."""

    code = "app-version-not-found"
    title = {"zh-CN": "没有这个版本", "en": "There is no such version"}
    status = 404
    sentence = {"zh-CN": "应用“{app}”没有版本“{version}”。", "en": "App {app} has no version {version}."}


class VersionActive(PlatformError):
    """The version to go back to is the one in use."""

    code = "app-version-active"
    title = {"zh-CN": "已是当前版本", "en": "The version is in use already"}
    status = 409
    sentence = {"zh-CN": "版本 {version} 就是当前版本。", "en": "Version {version} is the one in use."}
