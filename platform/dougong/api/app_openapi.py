"""OpenAPI of an app: its AppModel and the entities somebody may read in, the document of their records' endpoints out.

Schemas come from the entities: what is read (`sales_order`), what may be sent (`sales_order.input`), a page of a list.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dougong.api.bulk_openapi import BULK_ANSWER, bulk_schema, upsert_schema
from dougong.api.decide import decide_answer, decide_schema
from dougong.api.explain_openapi import EXPLANATION
from dougong.api.group_openapi import FACET_ANSWER, FACET_PARAMETERS, GROUP_ANSWER, GROUP_PARAMETERS
from dougong.api.guarded import GuardedBody, guarded_schema
from dougong.api.open_transitions import open_answer, open_schema
from dougong.api.record_query import LONGEST_KEY
from dougong.api.shares import share_schema
from dougong.api.value_schemas import ID, VALUE_SCHEMAS, Schema
from dougong.model.app_model import AppModel
from engines.entity.entity import Entity, Field
from engines.values.value_types import ERROR_CODES

_ID = dict(ID)
_FILE: Schema = {
    "type": "object",
    "properties": {
        "id": _ID, "name": {"type": "string"}, "type": {"type": "string"}, "size": {"type": "integer"},
        "width": {"type": ["integer", "null"]}, "height": {"type": ["integer", "null"]},
        "address": {"type": "string", "description": "Where it is, in what is told of the past."},
    },
}  # fmt: skip
"""What is read of a file; its content is at `/api/files/{id}/{name}`, or at its address."""

_ERROR: Schema = {
    "type": ["string", "null"],
    "enum": [*ERROR_CODES, None],
    "readOnly": True,
    "description": "Why the formula has no value.",
}

_SYSTEM: Mapping[str, Schema] = {
    "id": _ID,
    "revision": {"type": "integer", "minimum": 1},
    "created_at": {"type": "string", "format": "date-time"},
    "created_by": _ID,
    "created_by__title": {"type": ["string", "null"]},
    "updated_at": {"type": "string", "format": "date-time"},
    "updated_by": _ID,
    "updated_by__title": {"type": ["string", "null"]},
}

_LIST_PARAMETERS = (
    ("filter", {"type": "string"}, "An expression; the records for which it is true."),
    ("search", {"type": "string"}, "Words that the texts of the search fields all contain, Chinese in pinyin too."),
    ("similar", {"type": "string", "enum": ["true", "false"]}, "Whether longer words may have a letter that is wrong."),
    ("sort", {"type": "string"}, "Up to three fields or paths; `-` before one turns its order round: `-date,customer.city`."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "How many records a page has at most."),
    ("fields", {"type": "string"}, "Fields to answer, and paths through references, `customer.city`, separated by commas; without them all fields."),
    ("after", {"type": "string"}, "The cursor `next` of another page, as JSON."),
    ("before", {"type": "string"}, "The cursor `previous` of another page, as JSON."),
    ("at", {"type": "string", "enum": ["end"]}, "The last page."),
    ("from", {"type": "string"}, "Where to begin: a value of the first sort field, as JSON."),
    ("total", {"type": "string", "enum": ["none", "exact", "estimate"]}, "Whether to count."),
    ("trash", {"type": "string", "enum": ["true", "false"]}, "The records in the trash, for those who may delete them."),
)

_FILE_PARAMETERS = (
    ("format", {"type": "string", "enum": ["xlsx", "csv"], "default": "xlsx"}, "The kind of file."),
    ("language", {"type": "string", "enum": ["zh-CN", "en"]}, "The language of headers and options; without it that of the request."),
)
_FILES = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv; charset=utf-8")
_PAGE_ONLY = frozenset(("limit", "after", "before", "at", "from", "total"))

_THEN_PARAMETERS = (
    ("at", {"type": "string", "format": "date-time"}, "The record as it was at that instant."),
    ("revision", {"type": "integer", "minimum": 1}, "The record as it was at that revision."),
)
_HISTORY_PARAMETERS = (
    ("before", {"type": "string"}, "`next` of another answer: the changes before it."),
    ("field", {"type": "string"}, "Only changes of this field, and what made or deleted the record."),
    ("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, "How many changes at most."),
)
_VALUE: Schema = {"description": "A value as it is read in the record."}
_FILES_THEN: Schema = {"type": "array", "items": _FILE}
_FIELD_CHANGES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["field", "from", "to"],
        "properties": {"field": {"type": "string"}, "from": _VALUE, "to": _VALUE, "from__title": _VALUE, "to__title": _VALUE, "from__files": _FILES_THEN, "to__files": _FILES_THEN},
    },
}
_HISTORY: Schema = {
    "type": "object",
    "required": ["changes", "next"],
    "properties": {
        "next": {"type": ["string", "null"]},
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "revision", "action", "channel", "change_set", "at", "actor", "actor__title", "transition", "fields", "rows"],
                "properties": {
                    **{key: {"type": "string"} for key in ("id", "action", "channel")},
                    "revision": {"type": "integer"},
                    "change_set": _ID,
                    "at": {"type": "string", "format": "date-time"},
                    "actor": _ID,
                    "actor__title": {"type": ["string", "null"]},
                    "transition": {"type": ["string", "null"], "description": "Key of the transition the record took by it."},
                    "fields": _FIELD_CHANGES,
                    "rows": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["field", "id", "action", "fields"],
                            "properties": {
                                "field": {"type": "string"}, "id": _ID, "fields": _FIELD_CHANGES,
                                "action": {"type": "string", "enum": ["create", "update", "delete"]},
                            },
                        },
                    },
                },
            },
        },
    },
}

_PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        **{key: {"type": "string"} for key in ("type", "title", "detail", "instance", "code")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    **{key: {"type": "string"} for key in ("pointer", "field", "parameter", "code", "detail")},
                    "span": {
                        "type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2,
                        "description": "The characters of a filter that are wrong: from, to.",
                    },
                },
            },
        },
    },
}


def app_openapi(model: AppModel, readable: Collection[str] | None = None) -> Schema:
    """Return the OpenAPI 3.1 document of the records of an app.

    readable: keys of the entities it describes, None for all; rows are described with the record that owns them.
    """
    entities = (entity for entity in model.entities.values() if entity.parent is None)
    owners = [entity for entity in entities if readable is None or entity.key in readable]
    schemas: dict[str, Schema] = {"problem": _PROBLEM}
    paths: dict[str, Schema] = {}
    for entity in owners:
        schemas |= _schemas(model, entity)
        paths |= _paths(model.app, entity)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _english(model.definition.name),
            "description": _english(model.definition.description or {}),
            "version": str(model.version),
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {
                "type": "apiKey", "in": "cookie", "name": "dougong_session", "description": "`__Host-dougong_session` where cookies go by https alone",
            }},
        },
        "security": [{"session": []}],
    }


def _schemas(model: AppModel, entity: Entity) -> dict[str, Schema]:
    read = {**_SYSTEM, **_read(model, entity, entity.fields.values())}
    sent = _sent(model, entity, entity.fields.values())
    if entity.states is not None:
        read["transitions"] = {"type": "array", "items": {"enum": list(entity.states.transitions)}, "readOnly": True}
    listed = {key: schema for key, schema in read.items() if key not in {field.key for field in entity.line_fields}}
    page = {
        "records": {"type": "array", "items": {"type": "object", "properties": listed}},
        "next": {"type": ["array", "null"]},
        "previous": {"type": ["array", "null"]},
        "total": {"type": ["integer", "null"]},
        "total_is_exact": {"type": ["boolean", "null"]},
        "similar": {"const": True},
    }
    description = _english(entity.name)
    return {
        entity.key: {"type": "object", "description": description, "properties": read},
        f"{entity.key}.input": {
            "type": "object",
            "description": description,
            "additionalProperties": False,
            "properties": {"id": _ID, "revision": {"type": "integer", "minimum": 1}, **sent},
        },
        f"{entity.key}.page": {"type": "object", "properties": page},
    }


def _read(model: AppModel, entity: Entity, fields: Iterable[Field]) -> dict[str, Schema]:
    """Return how fields are answered: references with the title of what they point to."""
    properties: dict[str, Schema] = {}
    for field in fields:
        if field.lines is not None:
            rows = model.entities[field.lines]
            row = {"id": _ID, **_read(model, rows, rows.fields.values())}
            properties[field.key] = _rows(field, {"type": "object", "properties": row})
            continue
        properties[field.key] = _value(field)
        if field.to is not None or field.any_of:
            properties[f"{field.key}__title"] = {"type": ["string", "null"], "readOnly": True}
        if field.files is not None:
            properties[f"{field.key}__files"] = {"type": "array", "items": _FILE, "readOnly": True}
        elif field.links is not None:
            titles = {"type": "array", "items": {"type": ["string", "null"]}, "readOnly": True}
            properties[f"{field.key}__title"] = titles
        if field.error_column is not None:
            properties[f"{field.key}__error"] = _ERROR
    return properties


def _sent(model: AppModel, entity: Entity, fields: Iterable[Field]) -> dict[str, Schema]:
    """Return how writable fields are sent; the list of rows is always the whole list wanted."""
    properties: dict[str, Schema] = {}
    for field in fields:
        if field.lines is not None:
            rows = model.entities[field.lines]
            row = {"id": _ID, **_sent(model, rows, rows.fields.values())}
            properties[field.key] = _rows(field, {"type": "object", "additionalProperties": False, "properties": row})
        elif field.is_writable:
            schema = _value(field)
            if field.value_type.name == "number":
                schema["type"] = ["string", "number", "null"]
            properties[field.key] = schema
    return properties


def _rows(field: Field, row: Schema) -> Schema:
    return {"type": "array", "title": _english(field.name), "items": row}


def _value(field: Field) -> Schema:
    schema = {"title": _english(field.name), **VALUE_SCHEMAS[field.kind.key](field)}
    if field.help:
        schema["description"] = _english(field.help)
    if not field.is_writable:
        schema["readOnly"] = True
    if field.kind.key == "json":
        return {"title": schema["title"], "anyOf": [VALUE_SCHEMAS["json"](field), {"type": "null"}]}
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _paths(app: str, entity: Entity) -> dict[str, Schema]:
    key, base = entity.key, f"/api/apps/{app}/records/{entity.key}"
    record, page, values = _ref(key), _ref(f"{key}.page"), _ref(f"{key}.input")
    sent = _content(values)
    csrf = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    repeat = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": LONGEST_KEY}}
    confirmed = {"name": "X-Confirm-Warnings", "in": "header", "schema": {"enum": ["true"]}}
    one = [{"name": "id", "in": "path", "required": True, "schema": _ID}]
    revision = {"name": "revision", "in": "query", "schema": {"type": "integer"}}
    then = [{"name": n, "in": "query", "schema": s, "description": d} for n, s, d in _THEN_PARAMETERS]
    past = [{"name": n, "in": "query", "schema": s, "description": d} for n, s, d in _HISTORY_PARAMETERS]
    listing = [{"name": n, "in": "query", "schema": s, "description": d} for n, s, d in _LIST_PARAMETERS]

    file = [{"name": n, "in": "query", "schema": s, "description": d} for n, s, d in _FILE_PARAMETERS]
    whole = [parameter for parameter in listing if parameter["name"] not in _PAGE_ONLY]

    def operation(act: str, status: str, answer: Schema | None, parameters: list[Schema], body: bool = False) -> Schema:
        answered: Schema = {"description": "Done"} if answer is None else {"description": "The answer", **_content(answer)}
        refused = {"description": "The request was refused", "content": {"application/problem+json": {"schema": _ref("problem")}}}
        made: Schema = {
            "operationId": f"{act}_{key}",
            "tags": [key],
            "parameters": parameters,
            "responses": {status: answered, "4XX": refused},
        }
        return {**made, "requestBody": {"required": True, **sent}} if body else made

    create = operation("create", "201", record, [csrf, repeat, confirmed], body=True)
    create["responses"]["200"] = {"description": "The answer to a request that was sent before", **_content(record)}
    paths: dict[str, Schema] = {
        base: {
            "get": operation("list", "200", page, listing),
            "post": create,
        },
        f"{base}/export": {"get": _file(operation("export", "200", None, [*file, *whole]))},
        f"{base}/template": {"get": _file(operation("template_of", "200", None, file))},
        f"{base}/preview": {"post": operation("preview", "200", record, [csrf], body=True)},
        f"{base}/groups": {"get": operation("group", "200", GROUP_ANSWER, _narrowing(GROUP_PARAMETERS))},
        f"{base}/facets": {"get": operation("count", "200", FACET_ANSWER, _narrowing(FACET_PARAMETERS))},
        f"{base}/bulk": {"post": {**operation("bulk", "200", BULK_ANSWER, [csrf, repeat, confirmed]), **_sending(bulk_schema(values))}},
        f"{base}/upsert": {"post": {**operation("upsert", "200", record, [csrf, repeat, confirmed]), **_sending(upsert_schema(values))}},
        f"{base}/{{id}}/restore": {"post": operation("restore", "200", record, [*one, revision, csrf, repeat])},
        f"{base}/{{id}}": {
            "get": operation("read", "200", record, [*one, *then]),
            "patch": operation("change", "200", record, [*one, csrf, repeat, confirmed], body=True),
            "delete": operation("delete", "204", None, [*one, revision, csrf, repeat]),
        },
        f"{base}/{{id}}/history": {"get": operation("history_of", "200", _HISTORY, [*one, *past])},
    }
    paths[f"{base}/guarded"] = {"post": operation("guard", "200", guarded_schema(record), [csrf, repeat])}
    paths[f"{base}/guarded"]["post"]["requestBody"] = {"required": True, **_content(_whole_schema(GuardedBody.model_json_schema()))}
    secrets = [field.key for field in entity.stored_fields if field.kind.key == "secret"]
    if secrets:
        hidden = {"name": "field", "in": "path", "required": True, "schema": {"enum": secrets}}
        answer = {"type": "object", "properties": {"value": {"type": "string"}}}
        paths[f"{base}/{{id}}/reveal/{{field}}"] = {"post": operation("reveal", "200", answer, [*one, hidden, csrf])}
    if entity.kind == "ledger":
        paths[f"{base}/{{id}}/reverse"] = {"post": operation("reverse", "201", record, [*one, csrf, repeat], body=True)}
    if entity.decision is not None:
        paths[f"{base}/decide"] = {"post": {**operation("decide", "200", decide_answer(entity, record), [csrf]), **_sending(decide_schema(entity))}}
    if entity.kind != "single":
        share = {"name": "share", "in": "path", "required": True, "schema": _ID}
        paths[f"{base}/{{id}}/shares"] = {
            "get": operation("shares_of", "200", {"type": "object", "properties": {"shares": {"type": "array", "items": share_schema()}}}, one),
            "post": {**operation("share", "201", share_schema(), [*one, csrf]), **_sending(share_schema())},
        }
        paths[f"{base}/{{id}}/shares/{{share}}"] = {"delete": operation("unshare", "204", None, [*one, share, csrf])}
    computed = [field.key for field in entity.fields.values() if field.formula is not None]
    if computed:
        told = {"name": "field", "in": "path", "required": True, "schema": {"enum": computed}}
        paths[f"{base}/{{id}}/explain/{{field}}"] = {"get": operation("explain", "200", EXPLANATION, [*one, told])}
    if entity.states is not None:
        paths[f"{base}/transitions"] = {"post": {**operation("open_to", "200", open_answer(entity), [csrf]), **_sending(open_schema())}}
        taken = {"name": "key", "in": "path", "required": True, "schema": {"enum": list(entity.states.transitions)}}
        paths[f"{base}/{{id}}/transitions/{{key}}"] = {"post": operation("move", "200", record, [*one, taken, csrf, repeat, confirmed], body=True)}
    return paths


def _file(operation: Schema) -> Schema:
    """Return an operation that answers with a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _FILES}
    operation["responses"]["200"] = {"description": "The file", "content": content}
    return operation


def _narrowing(own: tuple[tuple[str, Schema, str], ...]) -> list[Schema]:
    """Return parameters of a call's own after those that say which records of a list it is about."""
    which = tuple(parameter for parameter in _LIST_PARAMETERS if parameter[0] in ("filter", "search", "similar"))
    return [{"name": n, "in": "query", "schema": s, "description": d} for n, s, d in (*which, *own)]


def _whole_schema(schema: Schema) -> Schema:
    """Return a schema with the parts it names in their places, as parts of this document lie elsewhere."""
    parts = schema.get("$defs", {})

    def place(node: Any) -> Any:  # noqa: ANN401 – any part of a schema
        if isinstance(node, dict):
            named = node.get("$ref", "").removeprefix("#/$defs/")
            return place(parts[named]) if named in parts else {key: place(part) for key, part in node.items() if key != "$defs"}
        return [place(part) for part in node] if isinstance(node, list) else node

    found: Schema = place(schema)
    return found


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _sending(schema: Schema) -> Schema:
    return {"requestBody": {"required": True, **_content(schema)}}


def _content(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _english(texts: Mapping[Any, str]) -> str:
    """Return the English text, or whatever there is: this document has no languages."""
    return texts.get("en") or next(iter(texts.values()), "")
