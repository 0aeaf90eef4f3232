"""What stops an import or its file."""

from dougong.errors import PlatformError


class ImportNotFound(PlatformError):
    """There is no such import, or it is somebody else's."""

    code = "import-not-found"
    title = {"zh-CN": "没有这次导入", "en": "There is no such import"}
    status = 404


class ImportUnreadable(PlatformError):
    """The file is neither a workbook (XLSX) nor a text of cells (CSV), or is damaged."""

    code = "import-file-unreadable"
    title = {"zh-CN": "文件无法读取", "en": "The file cannot be read"}
    status = 422
    sentence = {
        "zh-CN": "无法读取这个文件：它不是 XLSX 或 CSV，或者已损坏（{reason}）。",
        "en": "The file cannot be read: it is neither XLSX nor CSV, or it is damaged ({reason}).",
    }


class ImportTooLarge(PlatformError):
    """The file has more megabytes than DOUGONG_IMPORT_MB allows."""

    code = "import-file-too-large"
    title = {"zh-CN": "文件过大", "en": "The file is too large"}
    status = 413
    sentence = {"zh-CN": "文件超过 {limit} MB 的上限。", "en": "The file is larger than {limit} MB."}


class ImportTooLong(PlatformError):
    """The sheet has more rows or columns than an import takes."""

    code = "import-file-too-long"
    title = {"zh-CN": "行或列过多", "en": "Too many rows or columns"}
    status = 422
    sentence = {
        "zh-CN": "这张表超过一次导入的上限（{limit} {what_zh}），请分成几个文件。",
        "en": "The sheet has more than an import takes ({limit} {what_en}). Split it into several files.",
    }


class ImportUnsafe(PlatformError):
    """The file unpacks to far more than a spreadsheet would, or needs more memory or time than it may have."""

    code = "import-file-unsafe"
    title = {"zh-CN": "文件不安全", "en": "The file is not safe"}
    status = 422
    sentence = {
        "zh-CN": "文件解开后大得不像电子表格，没有读取。",
        "en": "The file unpacks to far more than a spreadsheet would, so it was not read.",
    }


class ImportInterrupted(PlatformError):
    """PostgreSQL was killed while the import was written: the tables it was prepared in, which no log protects, are empty since."""

    code = "import-interrupted"
    title = {"zh-CN": "导入中断", "en": "The import was interrupted"}
    status = 409
    sentence = {
        "zh-CN": "数据库在写入时中断，准备好的数据已丢失。已写入 {done} 条，可以撤销；请重新上传文件。",
        "en": "The database broke down while the import was written, and what had been prepared is gone. {done} records are written and can"
        " be undone; upload the file again.",
    }


class ImportEmpty(PlatformError):
    """There is nothing in the sheet that could become records."""

    code = "import-file-empty"
    title = {"zh-CN": "表中没有数据", "en": "There is nothing in the sheet"}
    status = 422


class ImportNotNow(PlatformError):
    """The import is in a state in which this cannot be done: it is still being read, or is finished."""

    code = "import-not-now"
    title = {"zh-CN": "现在不能这样做", "en": "Not at this moment"}
    status = 409
    sentence = {"zh-CN": "这次导入{state_zh}，不能这样做。", "en": "The import is {state}; this cannot be done now."}


class ImportHasErrors(PlatformError):
    """The check found cells that are wrong; nothing is written until they are right, or the good rows alone are asked for."""

    code = "import-has-errors"
    title = {"zh-CN": "表中有错误", "en": "There are errors in the sheet"}
    status = 409
    sentence = {
        "zh-CN": "检查发现 {count} 处错误，没有写入任何东西。请改正后重新上传，或选择只导入正确的行。",
        "en": "The check found {count} errors, so nothing was written. Mend the file and upload it again, or import the good rows alone.",
    }


class ImportUnconfirmed(PlatformError):
    """Rules warn of records in the sheet; they are written once the request says that this is confirmed (`X-Confirm-Warnings: true`)."""

    code = "import-unconfirmed"
    title = {"zh-CN": "请确认后再导入", "en": "Confirm to import the records"}
    status = 409
    sentence = {
        "zh-CN": "检查发现 {count} 处提醒。请查看，确认后仍可导入。",
        "en": "The check found {count} warnings. Look at them; once confirmed, the records are imported all the same.",
    }
