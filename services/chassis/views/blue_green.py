"""Tables made anew beside the live ones: created alike, compared with them, and put in their place by renaming."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Cursor, sql

from services.chassis.postgres.accounts import SERVICE_SCHEMA
from services.chassis.views.table import Table

SHADOW, FORMER = "_shadow", "_former"

INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.contype
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
WHERE i.indrelid = %s::regclass ORDER BY 1
"""
DEPENDENTS = """
SELECT DISTINCT v.relnamespace::regnamespace::text, v.relname::text, v.relkind, pg_get_viewdef(v.oid), v.reloptions
FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
JOIN pg_class v ON v.oid = r.ev_class
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY(%s::regclass[]) AND v.oid <> d.refobjid
"""
BOUND = """
SELECT conname FROM pg_constraint WHERE contype = 'f' AND (conrelid = %(t)s::regclass OR confrelid = %(t)s::regclass)
UNION ALL SELECT tgname FROM pg_trigger WHERE tgrelid = %(t)s::regclass AND NOT tgisinternal
UNION ALL SELECT polname FROM pg_policy WHERE polrelid = %(t)s::regclass
"""
GRANTED = """
SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, string_agg(privilege_type, ', ')
FROM pg_class, aclexplode(relacl) WHERE oid = %s::regclass AND grantee <> relowner GROUP BY grantee
"""


class NotRebuildable(RuntimeError):
    """Something hangs on a view's table that does not move to another one by itself: a foreign key, a trigger, a
    policy, a materialised view."""


@dataclass(frozen=True)
class Difference:
    """Rows of one subject that stand in only one of the two tables, as name and value of each column."""

    table: str
    subject: str
    live: tuple[dict[str, Any], ...]
    rebuilt: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Comparison:
    """``rows`` that differ, of so many ``subjects``; the first of them as ``examples``."""

    rows: int = 0
    subjects: int = 0
    examples: tuple[Difference, ...] = ()

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(self.rows + other.rows, self.subjects + other.subjects, (*self.examples, *other.examples))


def shadow(table: Table) -> Table:
    return table.suffixed(SHADOW)


def columns_of(cur: Cursor[Any], table: Table) -> set[str]:
    """The columns the database has, whatever this release believes."""
    cur.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        (table.name,),
    )
    return {name for (name,) in cur}


def drop_shadows(cur: Cursor[Any], tables: Sequence[Table]) -> None:
    """Drop what a rebuild has left behind that was killed."""
    for table in tables:
        cur.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(shadow(table).name)))


def create_shadows(cur: Cursor[Any], tables: Sequence[Table]) -> tuple[int, ...]:
    """Empty tables like the live ones, without their indexes; their oids. Raises ``NotRebuildable``."""
    for table in tables:
        cur.execute(BOUND, {"t": table.name})
        if bound := [name for (name,) in cur]:
            raise NotRebuildable(f"{table.name}: {', '.join(bound)}")
        # Where the live one is: names are looked up in the log's schema first, where nothing of a service's is made.
        new, old = sql.Identifier(SERVICE_SCHEMA, shadow(table).name), sql.Identifier(table.name)
        cur.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES)").format(new, old))
        cur.execute("SELECT reloptions FROM pg_class WHERE oid = %s::regclass", (table.name,))
        options = (cur.fetchone() or (None,))[0]
        if options:
            cur.execute(sql.SQL("ALTER TABLE {} SET ({})").format(new, sql.SQL(", ".join(options))))
        for grantee, privileges in cur.execute(GRANTED, (table.name,)).fetchall():
            cur.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(privileges), new, sql.SQL(grantee)))
    cur.execute(
        "SELECT array_agg(oid::regclass::oid ORDER BY n) FROM unnest(%s::regclass[]) WITH ORDINALITY AS o (oid, n)",
        ([shadow(t).name for t in tables],),
    )
    row = cur.fetchone()
    assert row is not None
    return tuple(row[0])


def build_indexes(cur: Cursor[Any], tables: Sequence[Table]) -> None:
    """Give the new tables the live ones' indexes, under names of their own until the swap."""
    for table in tables:
        new = sql.Identifier(shadow(table).name)
        for name, definition, constraint in cur.execute(INDEXES, (table.name,)).fetchall():
            unique = sql.SQL("UNIQUE " if definition.startswith("CREATE UNIQUE") else "")
            rest = sql.SQL(definition.partition(" USING ")[2])
            own = sql.Identifier(_plain(name) + SHADOW)
            cur.execute(sql.SQL("CREATE {}INDEX {} ON {} USING {}").format(unique, own, new, rest))
            if constraint == "x":
                raise NotRebuildable(f"{table.name}: {name}")
            if constraint is not None:
                kind = sql.SQL("PRIMARY KEY" if constraint == "p" else "UNIQUE")
                cur.execute(sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}").format(new, own, kind, own))


def compare(
    cur: Cursor[Any], table: Table, *, without: Iterable[Any] = (), only: Iterable[Any] | None = None, most: int = 10
) -> Comparison:
    """What stands in only one of the live and the new table: of all subjects ``without`` these, or ``only`` of those."""
    subject = sql.Identifier(table.subject)
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    some = sql.SQL("{}::text <> ALL(%(without)s)" if only is None else "{0}::text = ANY(%(only)s)").format(subject)
    if only is not None:
        some = some + sql.SQL(" AND {}::text <> ALL(%(without)s)").format(subject)
    sides = [
        sql.SQL("SELECT {}, {} AS side_ FROM {} WHERE {}").format(columns, sql.SQL(side), sql.Identifier(name), some)
        for side, name in (("1", table.name), ("-1", shadow(table).name))
    ]
    # EXCEPT ALL both ways in one pass: rows that both have, as often as the other, weigh nothing.
    weighed = sql.SQL(
        "SELECT {}, sum(side_) AS side_ FROM ({} UNION ALL {}) AS both_ GROUP BY {} HAVING sum(side_) <> 0"
    )
    query = weighed.format(columns, *sides, columns)
    params = {"without": list(map(str, without)), "only": list(map(str, only or ()))}
    cur.execute(
        sql.SQL("SELECT coalesce(sum(abs(side_)), 0)::bigint, count(DISTINCT {}) FROM ({}) AS odd_").format(
            subject, query
        ),
        params,
    )
    rows, subjects = cur.fetchone() or (0, 0)
    if not rows:
        return Comparison()
    cur.execute(
        sql.SQL(
            "SELECT {}, {}, side_ FROM ({}) AS odd_ WHERE {} IN (SELECT DISTINCT {} FROM ({}) AS o_ ORDER BY 1 LIMIT {}) ORDER BY 1"
        ).format(subject, columns, query, subject, subject, query, sql.Literal(most)),
        params,
    )
    found: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    for key, *values, side in cur:
        live, new = found.setdefault(str(key), ([], []))
        (live if side > 0 else new).append(dict(zip(table.columns, values, strict=True)))
    examples = tuple(Difference(table.name, key, tuple(a), tuple(b)) for key, (a, b) in list(found.items())[:most])
    return Comparison(rows, subjects, examples)


def swap(cur: Cursor[Any], tables: Sequence[Table]) -> None:
    """Put the new tables in the place of the live ones, which are dropped, with all names as they were, and let SQL
    views that read them read the new ones. Waits for readers as long as ``lock_timeout`` allows."""
    names = [table.name for table in tables]
    cur.execute(
        sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(map(sql.Identifier, names)))
    )
    readers = cur.execute(DEPENDENTS, (names,)).fetchall()
    if odd := [name for _, name, kind, *_ in readers if kind != "v"]:
        raise NotRebuildable(", ".join(odd))
    indexes = [_plain(name) for table in names for name, *_ in cur.execute(INDEXES, (table,)).fetchall()]
    for table in tables:
        _rename(cur, "TABLE", table.name, table.name + FORMER)
        _rename(cur, "TABLE", shadow(table).name, table.name)
    for schema, name, _, definition, options in readers:
        having = sql.SQL(f" WITH ({', '.join(options)})" if options else "")
        cur.execute(
            sql.SQL("CREATE OR REPLACE VIEW {}{} AS {}").format(
                sql.Identifier(schema, name), having, sql.SQL(definition.rstrip("; "))
            )
        )
    for name in names:
        cur.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name + FORMER)))
    for name in indexes:
        _rename(cur, "INDEX", name + SHADOW, name)


def _rename(cur: Cursor[Any], kind: str, old: str, new: str) -> None:
    cur.execute(sql.SQL("ALTER {} {} RENAME TO {}").format(sql.SQL(kind), sql.Identifier(old), sql.Identifier(new)))


def _plain(name: str) -> str:
    """A name as PostgreSQL prints it, without quotes and schema."""
    return name.rpartition(".")[2].strip('"')
