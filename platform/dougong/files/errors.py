"""What refuses a file."""

from dougong.errors import PlatformError


class FileTooLarge(PlatformError):
    """The file has more bytes than the setting allows."""

    code = "file-too-large"
    title = {"zh-CN": "文件过大", "en": "The file is too large"}
    status = 413
    sentence = {"zh-CN": "文件超过 {limit_mb} MB。", "en": "The file is larger than {limit_mb} MB."}


class FileMissing(PlatformError):
    """The upload has no file in it, or more than one: it must be a multipart form with one part called `file`."""

    code = "file-not-sent"
    title = {"zh-CN": "没有收到文件", "en": "No file was sent"}
    status = 400
    sentence = {
        "zh-CN": "请以 multipart/form-data 上传，其中有且只有一个名为 file 的文件。",
        "en": "Send a multipart form with exactly one file, in a part called file.",
    }


class FileDisguised(PlatformError):
    """The content is not what the name says, or could be taken for something else."""

    code = "file-disguised"
    title = {"zh-CN": "文件内容与名称不符", "en": "The file is not what its name says"}
    status = 422
    sentence = {
        "zh-CN": "文件“{name}”的内容是 {found}，与名称不符，不能上传。",
        "en": "The content of {name} is {found}, which is not what its name says.",
    }


class FileRefused(PlatformError):
    """Files of this kind are not taken: programs, or drawings with scripts in them."""

    code = "file-refused"
    title = {"zh-CN": "不接受这种文件", "en": "Files of this kind are not taken"}
    status = 422
    sentence = {"zh-CN": "不接受文件“{name}”：{found}。", "en": "{name} is not taken: it is {found}."}


class PictureTooLarge(PlatformError):
    """The picture has more pixels than can be shown."""

    code = "file-picture-too-large"
    title = {"zh-CN": "图片尺寸过大", "en": "The picture has too many pixels"}
    status = 422
    sentence = {
        "zh-CN": "图片“{name}”为 {width} × {height} 像素，超过 {limit} 百万像素的上限。",
        "en": "{name} has {width} × {height} pixels; {limit} million is the most.",
    }


class PictureDamaged(PlatformError):
    """The picture cannot be read to its end."""

    code = "file-picture-damaged"
    title = {"zh-CN": "图片已损坏", "en": "The picture is damaged"}
    status = 422
    sentence = {"zh-CN": "图片“{name}”无法读取，可能已损坏。", "en": "The picture {name} cannot be read; it may be damaged."}


class FileNotFound(PlatformError):
    """There is no such file, or the actor may not read a record that holds it."""

    code = "file-not-found"
    title = {"zh-CN": "没有这个文件", "en": "There is no such file"}
    status = 404


class FileStoreUnavailable(PlatformError):
    """The file store does not answer, or refuses its key; what was asked can be tried again."""

    code = "file-store-unavailable"
    title = {"zh-CN": "文件存储暂时不可用", "en": "The file store cannot be reached"}
    status = 503


class FileContentLost(PlatformError):
    """The file store does not have the content the database says it has."""

    code = "file-content-lost"
    title = {"zh-CN": "文件内容已丢失", "en": "The content of the file is lost"}
    status = 500
