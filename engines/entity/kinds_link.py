"""Rows of the table of field kinds whose values point to records."""

from engines.entity.field_kind import COUNTED, HOLDS, MEMBERSHIP, kind

_FILES = "dougong.file"
_USER, _DEPARTMENT = "organization.user", "organization.department"

LINK_KINDS = (
    kind("reference", ("引用", "Reference"), ("指向另一条记录。", "Points to another record."), None, "uuid", MEMBERSHIP),
    kind("references", ("多条引用", "References"),
         ("指向多条记录，按选取的顺序。", "Points to other records, in the order in which they were picked."), None, None, HOLDS, is_list=True),
    kind("any_reference", ("任意引用", "Any reference"),
         ("指向几种实体之一的一条记录；在表达式中，subject.entity 是哪一种，subject.customer 是那个客户，指向别的实体时为空。",
          "Points to a record of one of several entities; in expressions subject.entity tells which, subject.customer is that customer, or blank."),
         None, "uuid", ("=", "<>", "ISBLANK"), is_any=True),
    kind("member", ("成员", "Member"), ("组织中的一个人。", "A person of the organization."), None, "uuid", MEMBERSHIP, to=_USER),
    kind("members", ("多个成员", "Members"), ("组织中的多个人。", "People of the organization."), None, None, HOLDS, is_list=True, to=_USER),
    kind("department", ("部门", "Department"), ("组织中的一个部门。", "A department of the organization."), None, "uuid", MEMBERSHIP, COUNTED, to=_DEPARTMENT),
    kind("departments", ("多个部门", "Departments"),
         ("组织中的多个部门。", "Departments of the organization."), None, None, HOLDS, is_list=True, to=_DEPARTMENT),
    kind("attachments", ("附件", "Attachments"),
         ("上传的文件，按 types、max_size、max_count 限制。", "Uploaded files, within types, max_size and max_count."),
         None, None, HOLDS, is_list=True, to=_FILES),
    kind("images", ("图片", "Images"), ("上传的图片，显示缩略图。", "Uploaded pictures, shown small."), None, None, HOLDS, is_list=True, to=_FILES),
    kind("signature", ("手写签名", "Signature"), ("手写的签名，保存为一张图片。", "A signature drawn by hand, kept as a picture."),
         None, None, ("ISBLANK",), is_list=True, to=_FILES),
)  # fmt: skip
"""reference, references, any_reference, member, members, department, departments, attachments, images, signature."""
