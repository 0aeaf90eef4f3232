"""The SQL of the limit: for each request one text, written by hand for the very tables the starter package makes.

Each answers with the JSON as bytes: text would be decoded and encoded again on its way, a third of a list page's CPU.
"""

SCHEMA = "app_trading_starter"
NUMBERS = "bench_number"
"""The sequence that numbers the limit's orders."""

_ORDER = """
    o.id, o.revision, {people} o.number, o.customer{customer}, o.date, o.delivery_on, o.salesperson{salesperson},
    o.state, o.payment, o.contact, o.phone, o.address, trim_scale(o.credit_limit)::text AS credit_limit,
    trim_scale(o.total_quantity)::text AS total_quantity, trim_scale(o.total)::text AS total, o.remark"""
_TITLES = {"customer": ", c.name AS customer__title", "salesperson": ", s.name AS salesperson__title"}
_LINE = """
    l.id, l.item{item}, l.spec, l.unit, trim_scale(l.quantity)::text AS quantity, trim_scale(l.price)::text AS price,
    trim_scale(l.discount)::text AS discount, trim_scale(l.amount)::text AS amount"""

GET = f"""
SELECT convert_to(row_to_json(r)::text, 'UTF8') FROM (
    SELECT {_ORDER.format(people='''o.created_at, o.created_by, a.name AS created_by__title, o.updated_at, o.updated_by,
        b.name AS updated_by__title,''', **_TITLES)}, coalesce((
        SELECT json_agg(row_to_json(x)) FROM (
            SELECT {_LINE.format(item=", i.name AS item__title")}
            FROM {SCHEMA}.sales_order__lines l LEFT JOIN {SCHEMA}.item i ON i.id = l.item
            WHERE l.parent = o.id ORDER BY l.position) x), '[]'::json) AS lines
    FROM {SCHEMA}.sales_order o
    LEFT JOIN {SCHEMA}.partner c ON c.id = o.customer
    LEFT JOIN app_organization."user" s ON s.id = o.salesperson
    LEFT JOIN app_organization."user" a ON a.id = o.created_by
    LEFT JOIN app_organization."user" b ON b.id = o.updated_by
    WHERE o.id = $1 AND o.deleted_at IS NULL) r
"""

_LIST = f"""
WITH q AS (
    SELECT {_ORDER.format(people='', **_TITLES)}
    FROM {SCHEMA}.sales_order o
    LEFT JOIN {SCHEMA}.partner c ON c.id = o.customer
    LEFT JOIN app_organization."user" s ON s.id = o.salesperson
    WHERE o.deleted_at IS NULL{{own}} ORDER BY o.date DESC, o.id DESC LIMIT $1)
SELECT convert_to(concat('{{"records":', (SELECT coalesce(json_agg(row_to_json(q))::text, '[]') FROM q),
    ',"next":', coalesce((SELECT json_build_array(date, id)::text FROM q OFFSET $1 - 1 LIMIT 1), 'null'),
    ',"previous":null,"total":', %s, '}}'), 'UTF8')
"""
LIST = _LIST % """'null,"total_is_exact":null'"""
LIST_WITH_TOTAL = _LIST % f"""(SELECT count(*) FROM {SCHEMA}.sales_order o WHERE deleted_at IS NULL{{own}}), ',"total_is_exact":true'"""
OWN = " AND o.salesperson = $2"
"""What stands for `{own}` in lists of what is somebody's own; nothing in those of everything."""

_ITEM = "code, name, spec, category, unit, barcode"
CREATE_ITEM = f"""
WITH o AS (
    INSERT INTO {SCHEMA}.item (id, revision, created_at, created_by, updated_at, updated_by, {_ITEM}, price, cost_price,
        gross_profit, safety_stock, active, remark)
    SELECT uuidv7(), 1, now(), $2, now(), $2, {_ITEM}, round(price, 2), round(cost_price, 2),
        round(coalesce(price, 0) - coalesce(cost_price, 0), 2), round(safety_stock, 3), coalesce(active, true), remark
    FROM json_to_record($1::json) AS x(code text, name text, spec text, category text, unit text, barcode text,
        price numeric, cost_price numeric, safety_stock numeric, active boolean, remark text)
    RETURNING *)
SELECT convert_to(row_to_json(r)::text, 'UTF8') FROM (
    SELECT id, revision, created_at, created_by, updated_at, updated_by, {_ITEM}, trim_scale(price)::text AS price,
        trim_scale(cost_price)::text AS cost_price, trim_scale(gross_profit)::text AS gross_profit,
        trim_scale(safety_stock)::text AS safety_stock, active, remark FROM o) r
"""

_PART = "code, name, spec, unit, category, brand, origin, remark"
_PART_SINCE = "made_on, due_on, seen_at"
_PART_NUMBERS = ("price", "cost", "quantity", "weight", "discount")
CREATE_PART = f"""
WITH o AS (
    INSERT INTO app_bulk.part (id, revision, created_at, created_by, updated_at, updated_by, {_PART}, {", ".join(_PART_NUMBERS)},
        {_PART_SINCE}, active, amount, net, margin)
    SELECT uuidv7(), 1, now(), $2, now(), $2, {_PART}, round(price, 2), round(cost, 2), round(quantity, 3), round(weight, 3),
        round(discount, 2), {_PART_SINCE}, coalesce(active, true), round(quantity * price, 2),
        round(round(quantity * price, 2) * (100 - discount) / 100, 2), round(price - cost, 2)
    FROM json_to_record($1::json) AS x(code text, name text, spec text, unit text, category text, brand text, origin text, remark text,
        price numeric, cost numeric, quantity numeric, weight numeric, discount numeric, made_on date, due_on date,
        seen_at timestamptz, active boolean)
    RETURNING *)
SELECT convert_to(row_to_json(r)::text, 'UTF8') FROM (
    SELECT id, revision, created_at, created_by, updated_at, updated_by, {_PART},
        {", ".join(f"trim_scale({key})::text AS {key}" for key in _PART_NUMBERS)}, {_PART_SINCE}, active,
        trim_scale(amount)::text AS amount, trim_scale(net)::text AS net, trim_scale(margin)::text AS margin FROM o) r
"""
"""The part of suite `bulk`: 20 fields, 3 of them computed."""

_STOCK = "id, revision, created_at, created_by, updated_at, updated_by, name"
_STOCK_NUMBERS = ", ".join(f"trim_scale({key})::text AS {key}" for key in ("on_hand", "reserved", "free"))
TAKE_STOCK = f"""
WITH w AS MATERIALIZED (
    SELECT x.id, (x.add ->> 'reserved')::numeric AS amount
    FROM json_to_recordset($1::json -> 'rows') AS x(id uuid, add json)),
l AS MATERIALIZED (
    SELECT id, on_hand - reserved AS free FROM app_bulk.stock WHERE id = ANY(ARRAY(SELECT id FROM w)) AND deleted_at IS NULL
    ORDER BY id FOR NO KEY UPDATE),
bad AS MATERIALIZED (SELECT 1 FROM w LEFT JOIN l ON l.id = w.id WHERE l.id IS NULL OR l.free < w.amount),
n AS (
    UPDATE app_bulk.stock t SET reserved = t.reserved + w.amount, free = t.on_hand - t.reserved - w.amount, revision = t.revision + 1,
        updated_at = now(), updated_by = $2
    FROM w WHERE t.id = w.id AND NOT EXISTS (SELECT FROM bad) RETURNING t.*)
SELECT convert_to(json_build_object('rows', json_agg(json_build_object('id', n.id, 'revision', n.revision,
    'granted', json_build_object('reserved', trim_scale(w.amount)::text), 'record', (SELECT row_to_json(r) FROM (
        SELECT {_STOCK}, {_STOCK_NUMBERS} FROM n AS z WHERE z.id = n.id) r))), 'change_set', NULL)::text, 'UTF8')
FROM n JOIN w ON w.id = n.id HAVING count(*) > 0
"""
"""Taking from several stocks, all or nothing: the guard that nothing goes below zero by hand."""

CREATE_ORDER = f"""
WITH x AS MATERIALIZED (
    SELECT * FROM json_to_record($1::json) AS x(customer uuid, date date, delivery_on date, salesperson uuid, state text,
        payment text, contact text, phone text, address text, remark text, lines json)),
y AS MATERIALIZED (
    SELECT uuidv7() AS id, (y.n - 1)::integer AS position, y.item, coalesce(y.spec, i.spec) AS spec,
        coalesce(y.unit, i.unit) AS unit, round(coalesce(y.quantity, 1), 3) AS quantity,
        round(coalesce(y.price, i.price), 2) AS price, round(coalesce(y.discount, 0), 2) AS discount,
        round(coalesce(y.quantity, 1) * coalesce(y.price, i.price, 0) * (100 - coalesce(y.discount, 0)) / 100, 2) AS amount
    FROM x, ROWS FROM (json_to_recordset(x.lines) AS (item uuid, spec text, unit text, quantity numeric, price numeric,
        discount numeric)) WITH ORDINALITY AS y(item, spec, unit, quantity, price, discount, n)
    LEFT JOIN {SCHEMA}.item i ON i.id = y.item),
o AS (
    INSERT INTO {SCHEMA}.sales_order (id, revision, created_at, created_by, updated_at, updated_by, number, customer, date,
        delivery_on, salesperson, state, payment, contact, phone, address, credit_limit, total_quantity, total, remark)
    SELECT uuidv7(), 1, now(), $2, now(), $2,
        'LM-' || to_char(now(), 'YYYYMM-') || lpad(nextval('{SCHEMA}.{NUMBERS}')::text, 6, '0'), x.customer,
        coalesce(x.date, current_date), x.delivery_on, coalesce(x.salesperson, $2), coalesce(x.state, 'draft'),
        coalesce(x.payment, 'monthly'), coalesce(x.contact, c.contact), coalesce(x.phone, c.phone),
        coalesce(x.address, c.address), c.credit_limit, (SELECT sum(quantity) FROM y), (SELECT sum(amount) FROM y), x.remark
    FROM x LEFT JOIN {SCHEMA}.partner c ON c.id = x.customer RETURNING *),
l AS (
    INSERT INTO {SCHEMA}.sales_order__lines (id, parent, position, item, spec, unit, quantity, price, discount, amount)
    SELECT y.id, o.id, y.position, y.item, y.spec, y.unit, y.quantity, y.price, y.discount, y.amount FROM o, y RETURNING *)
SELECT convert_to(row_to_json(r)::text, 'UTF8') FROM (
    SELECT {_ORDER.format(people="o.created_at, o.created_by, o.updated_at, o.updated_by,", customer="", salesperson="")}, (
        SELECT json_agg(row_to_json(z)) FROM (SELECT {_LINE.format(item="")} FROM l ORDER BY l.position) z) AS lines
    FROM o) r
"""
